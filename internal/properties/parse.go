package properties

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Source says what a file is called and how its variables are found. Nothing else is read.
type Source struct {
	// File is the name that problems begin with.
	File string
	// LookupEnv returns a variable of the environment, for ${env:NAME}. Nil knows none.
	LookupEnv func(name string) (string, bool)
	// ReadFile returns the content of a file, for ${file:…} and ${directory:…}. Nil reads none. Paths are as they
	// are in the file: a relative one is relative to the working directory, as in Java.
	ReadFile func(path string) ([]byte, error)
	// Settings come from elsewhere, flags and variables, and win over the file; later ones win over earlier ones.
	// Together with the file they have to fit.
	Settings []Setting
	// TLS is the name of a setting from elsewhere that wants TLS without saying which protocol, such as --tls; "" for
	// none. It makes SASL_SSL of settings with a login and SSL of others, whatever the file's security.protocol is.
	TLS string
	// Strict makes an unknown key a problem. Otherwise it is a warning.
	Strict bool
}

// Setting is a key of Kafka that is set outside the file.
type Setting struct {
	Name  string // as problems name it: "--sasl-mechanism"
	Key   string // the key that it sets: "sasl.mechanism"
	Value Secret // taken as it is, without escapes and variables
}

func (s Source) lookupEnv(name string) (string, bool) {
	if s.LookupEnv == nil {
		return "", false
	}
	return s.LookupEnv(name)
}

func (s Source) readFile(path string) ([]byte, error) {
	if s.ReadFile == nil {
		return nil, errors.New("files are not read here")
	}
	return s.ReadFile(path)
}

// Parse reads a client.properties as Kafka's clients in Java do, and takes librdkafka's keys, too.
//
// The error of what they refuse, or kafkactl cannot do, is [Problems]: all of them, in file order. The
// Client then holds warnings only.
func Parse(r io.Reader, source Source) (Client, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return Client{}, fmt.Errorf("read %s: %w", source.File, err)
	}
	b := newBuilder(source)
	b.read(data)
	client := b.client()
	client.Warnings = Problems(b.warnings).sorted()
	if len(b.problems) > 0 {
		return Client{Warnings: client.Warnings}, Problems(b.problems).sorted()
	}
	return client, nil
}

// setting is the value that a key has, and where.
type setting struct {
	name    string // as problems name it
	key     string
	value   text
	line    int
	outside bool // it is one of Source.Settings
}

// builder makes a Client of settings and collects what is wrong with them.
type builder struct {
	source   Source
	keys     keyTable
	settings map[string]setting
	problems []Problem
	warnings []Problem
	doubts   []Problem
}

func newBuilder(source Source) *builder {
	return &builder{source: source, keys: newKeyTable(), settings: make(map[string]setting)}
}

// read fills the settings: those of the file with their variables replaced, then the others.
func (b *builder) read(data []byte) {
	decoded, hasMark := decode(data)
	if hasMark {
		b.warnings = append(b.warnings, Problem{
			File: b.source.File, Line: 1,
			Message: "the file begins with a byte order mark, which Java takes for a part of the first key", Fix: "save it without",
		})
	}
	entries, faults := readEntries(decoded)
	for _, f := range faults {
		b.problems = append(b.problems, Problem{
			File: b.source.File, Line: f.at.line, Column: f.at.column,
			Message: `\u is not followed by four hexadecimal digits, and Java refuses the whole file`, Fix: `write \\ for a backslash`,
		})
	}
	b.judgeKeys(entries)
	for _, e := range entries {
		key := e.key.String()
		b.settings[key] = setting{name: key, key: key, value: e.value, line: e.line}
	}
	providers := b.providers()
	for key, s := range b.settings {
		if !strings.HasPrefix(key, providersKey) && b.keys.rule(key).treatment != ignored {
			b.settings[key] = b.expand(s, providers)
		}
	}
	for _, s := range b.source.Settings {
		b.settings[s.Key] = setting{name: s.Name, key: s.Key, value: placed(s.Value.Reveal(), char{}), outside: true}
	}
}

// judgeKeys tells of keys that are unknown, or a broker's.
func (b *builder) judgeKeys(entries []entry) {
	var brokers []entry
	for i, e := range entries {
		switch b.keys.rule(e.key.String()).treatment {
		case unknown:
			if !b.belongsToSecret(entries[:i]) {
				b.unknownKey(e)
			}
		case broker:
			brokers = append(brokers, e)
		case mapped, ignored, refused:
		}
	}
	if len(brokers) == 0 {
		return
	}
	message := "this is a broker's key, and no client has it"
	if more := len(brokers) - 1; more > 0 {
		message = fmt.Sprintf("this is a broker's key, as %d more of the file are", more)
	}
	b.problems = append(b.problems, Problem{
		File: b.source.File, Line: brokers[0].line, Key: b.keyName(brokers[0].key.String()),
		Message: message, Fix: "give a client's file, which has bootstrap.servers and security.protocol",
	})
}

// belongsToSecret reports whether the last known key holds a secret that goes on after its line: a
// PEM without its end, or a JAAS configuration without its semicolon. What follows is then no key, but a
// part of the secret.
func (b *builder) belongsToSecret(before []entry) bool {
	for _, e := range slices.Backward(before) {
		key, value := e.key.String(), e.value.String()
		if b.keys.rule(key).treatment == unknown {
			continue
		}
		return isCutOff(key, value)
	}
	return false
}

// isCutOff reports whether a value has a beginning and no end.
func isCutOff(key, value string) bool {
	if strings.Contains(value, "-----BEGIN ") {
		return strings.Count(value, "-----BEGIN ") > strings.Count(value, "-----END ")
	}
	return key == "sasl.jaas.config" && !strings.Contains(value, ";")
}

// keyPattern is what a key looks like. What does not is not repeated: it may be a part of a secret.
const keyPattern = `^[a-z]+([._-][a-z0-9]+)+$`

// keyName is a key for a problem, "" where it is not to be repeated.
func (b *builder) keyName(key string) string {
	if b.keys.rule(key).treatment == unknown && !regexp.MustCompile(keyPattern).MatchString(key) {
		return ""
	}
	if strings.HasPrefix(key, "user_") {
		return "user_…"
	}
	return key
}

// unknownKey tells of a key that nothing is known of.
func (b *builder) unknownKey(e entry) {
	key := e.key.String()
	p := Problem{File: b.source.File, Line: e.line, Key: b.keyName(key)}
	if p.Key == "" {
		p.Message = "the line does not begin with a key of Kafka's clients"
	} else {
		p.Message = "is no key of Kafka's clients, and has no effect"
	}
	if near := nearestName(key, keyNames()); near != "" {
		p.Fix = fmt.Sprintf("did you mean %s?", near)
	}
	if b.source.Strict {
		b.problems = append(b.problems, p)
		return
	}
	b.warnings = append(b.warnings, p)
}

// problemOf is a problem at a setting, or at one character of it.
func (b *builder) problemOf(s setting, at char, message, fix string) Problem {
	p := Problem{File: b.source.File, Line: s.line, Key: s.name, Message: message, Fix: fix}
	switch {
	case s.outside || s.line == 0:
		p.File, p.Line = "", 0
	case at.line > 0:
		p.Line, p.Column = at.line, at.column
	}
	return p
}

func (b *builder) refuse(s setting, message, fix string) { b.refuseAt(s, char{}, message, fix) }

func (b *builder) refuseAt(s setting, at char, message, fix string) {
	b.problems = append(b.problems, b.problemOf(s, at, message, fix))
}

func (b *builder) warn(s setting, message, fix string) { b.warnAt(s, char{}, message, fix) }

func (b *builder) warnAt(s setting, at char, message, fix string) {
	b.warnings = append(b.warnings, b.problemOf(s, at, message, fix))
}
