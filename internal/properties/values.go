package properties

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setting returns the setting of a key that has a value; one that is empty counts as none.
func (b *builder) setting(key string) (setting, bool) {
	s, ok := b.settings[key]
	if !ok || len(s.value.trim()) == 0 {
		return setting{}, false
	}
	return s, true
}

// present returns the setting of a key, also when it is empty.
func (b *builder) present(key string) (setting, bool) {
	s, ok := b.settings[key]
	return s, ok
}

// either returns the setting of the first of several names of the same thing. Where two have values
// that differ, one from outside the file wins; else it is a problem.
func (b *builder) either(keys ...string) (setting, bool) {
	var found setting
	var ok bool
	for _, key := range keys {
		s, has := b.setting(key)
		switch {
		case !has:
		case !ok || s.outside && !found.outside:
			found, ok = s, true
		case found.outside && !s.outside:
		case s.value.trim().String() != found.value.trim().String():
			b.refuse(s, fmt.Sprintf("and %s are two names of the same thing, with different values", found.name), "keep one of them")
		}
	}
	return found, ok
}

// text returns the value of the first of keys that has one, without blanks around it, "" for none.
func (b *builder) text(keys ...string) string {
	s, _ := b.either(keys...)
	return s.value.trim().String()
}

// user is text for what is sent to the broker as it is, so that its bytes matter.
func (b *builder) user(keys ...string) string {
	s, _ := b.either(keys...)
	b.noteBytes(s)
	return s.value.trim().String()
}

// secret returns the value of a secret.
func (b *builder) secret(keys ...string) Secret {
	s, ok := b.either(keys...)
	if !ok {
		return Secret{}
	}
	b.noteBytes(s)
	value := s.value.trim().String()
	if len(value) > 1 && value[0] == value[len(value)-1] && (value[0] == '"' || value[0] == '\'') {
		b.warn(s, "begins and ends with a quote, which is part of the value: a properties file has no quotes", "take them out unless they are meant")
		b.doubts = append(b.doubts, b.warnings[len(b.warnings)-1])
	}
	if s.key != "sasl.password" && isCutOff(s.key, value) {
		b.refuse(s, "has the beginning of a PEM and not its end", `end each line of it but the last with \n\, or give a file by its location`)
	}
	return NewSecret(value)
}

// noteBytes remembers a value that Java reads otherwise.
func (b *builder) noteBytes(s setting) {
	if s.value.trim().isRaw() {
		b.doubts = append(b.doubts, b.problemOf(s, char{},
			"has characters beyond ASCII, which kafkactl reads as UTF-8 and Java as ISO-8859-1", `write each as \uXXXX, which both read alike`))
	}
}

// boolean returns true or false, fallback for none.
func (b *builder) boolean(key string, fallback bool) bool {
	s, ok := b.setting(key)
	if !ok {
		return fallback
	}
	switch strings.ToLower(s.value.trim().String()) {
	case "true":
		return true
	case "false":
		return false
	}
	b.refuse(s, "is neither true nor false", "")
	return fallback
}

// milliseconds returns a duration, 0 for none.
func (b *builder) milliseconds(keys ...string) time.Duration {
	s, ok := b.either(keys...)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(s.value.trim().String(), 10, 64)
	if err != nil || n < 0 || n > int64(1<<63-1)/int64(time.Millisecond) {
		b.refuse(s, "is no number of milliseconds", "write digits only, such as 30000")
		return 0
	}
	return time.Duration(n) * time.Millisecond
}

// list splits at commas, without blanks around the items.
func (b *builder) list(key string) (items []string, s setting, ok bool) {
	if s, ok = b.setting(key); !ok {
		return nil, s, false
	}
	for item := range strings.SplitSeq(s.value.trim().String(), ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items, s, true
}

// choice returns what a value means, of those that names lists; "" for none and for one that is refused.
func (b *builder) choice(names map[string]string, keys ...string) string {
	s, ok := b.either(keys...)
	if !ok {
		return ""
	}
	value := s.value.trim().String()
	if meaning, ok := names[value]; ok {
		return meaning
	}
	known := slices.Sorted(maps.Keys(names))
	b.refuse(s, "is none of "+strings.Join(known, ", "), didYouMean(value, known))
	return ""
}

// didYouMean is a fix, "" where nothing is near.
func didYouMean(word string, candidates []string) string {
	if near := nearestName(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return ""
}
