package topicspec

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// quotaField is one quota: its field in the file, and its key at the brokers (KIP-13, KIP-124, KIP-599).
type quotaField struct {
	field, key string
	value      *Setting
	whole      bool // bytes, of which brokers take no fraction
}

// all lists every quota that a file has a word for, in the order of the file's schema.
func (q Quota) all() []quotaField {
	return []quotaField{
		{"produce", "producer_byte_rate", q.Produce, true},
		{"consume", "consumer_byte_rate", q.Consume, true},
		{"requestPercent", "request_percentage", q.RequestPercent, false},
		{"controllerMutations", "controller_mutation_rate", q.ControllerMutations, false},
	}
}

// fields lists the quotas that are declared.
func (q Quota) fields() []quotaField {
	return slices.DeleteFunc(q.all(), func(f quotaField) bool { return f.value == nil })
}

// CheckQuota returns why a file cannot declare a quota, by Kafka's key: it has no word for it, or does not take the value.
func CheckQuota(key, value string) error {
	for _, f := range (Quota{}).all() {
		if f.key == key {
			f.value = &Setting{Value: value}
			_, err := f.canonical()
			return err
		}
	}
	return errors.New("the file has no word for it")
}

// desired returns the quotas by Kafka's keys, in canonical form.
func (q Quota) desired() map[string]Setting {
	all := make(map[string]Setting)
	for _, f := range q.fields() {
		if f.value.Unset {
			all[f.key] = Setting{Unset: true}
			continue
		}
		if value, err := f.canonical(); err == nil { // validate has refused others
			all[f.key] = Setting{Value: value}
		}
	}
	return all
}

// canonical returns the value as a number without a unit: "5242880", "12.5".
func (f quotaField) canonical() (string, error) {
	text := strings.TrimSpace(f.value.Value)
	if f.whole {
		number, err := ParseSize(text)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return "", fmt.Errorf("%s is out of range: the largest value is %d", text, int64(math.MaxInt64))
		case err != nil:
			return "", fmt.Errorf("expected a whole number of bytes a second%s, got %q", unitHelp(sizes), text)
		case number <= 0:
			return "", fmt.Errorf("must be more than 0, got %s (null takes the quota off)", text)
		}
		return strconv.FormatInt(number, 10), nil
	}
	number, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsInf(number, 0) || math.IsNaN(number):
		return "", fmt.Errorf("expected a number like 12.5, got %q", text)
	case number <= 0:
		return "", fmt.Errorf("must be more than 0, got %s (null takes the quota off)", text)
	}
	return strconv.FormatFloat(number, 'f', -1, 64), nil
}
