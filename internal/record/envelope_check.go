package record

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/tidwall/gjson"
)

// Rules of the event envelope. Each is named after the member that it is about; RuleJSON is about
// the value as a whole.
const (
	RuleJSON      = "json"      // a JSON object
	RuleEventID   = "eventId"   // a UUID of version 4
	RuleEventType = "eventType" // the topic's name
	RuleTimestamp = "timestamp" // date and time in ISO-8601
	RuleVersion   = "version"   // a string that is not empty
	RuleData      = "data"      // an object
)

// Breach is a rule of the envelope that a value breaks, and how. Message is one line.
type Breach struct{ Rule, Message string }

// String returns the rule and the message, as "version: missing".
func (b Breach) String() string { return b.Rule + ": " + b.Message }

// CheckEnvelope returns the rules that a record of topic with this value breaks, in the order of
// their declaration; nil when it breaks none. A tombstone, whose value is nil, breaks none. A
// value that is not a JSON object breaks RuleJSON only. Members that are not part of the
// envelope are allowed; of two members with one name the last counts.
func CheckEnvelope(topic string, value []byte) []Breach {
	if value == nil {
		return nil
	}
	if err := CheckJSON(value); err != nil {
		return []Breach{{RuleJSON, err.Error()}}
	}
	object := gjson.ParseBytes(value)
	if !object.IsObject() {
		return []Breach{{RuleJSON, jsonKind(object) + ", not an object"}}
	}
	m := envelopeOf(object)
	var breaches []Breach
	for _, rule := range []struct {
		name    string
		message string
	}{
		{RuleEventID, checkID(m.id)},
		{RuleEventType, checkType(m.kind, topic)},
		{RuleTimestamp, checkTimestamp(m.timestamp)},
		{RuleVersion, checkVersion(m.version)},
		{RuleData, checkData(m.data)},
	} {
		if rule.message != "" {
			breaches = append(breaches, Breach{rule.name, rule.message})
		}
	}
	return breaches
}

// envelopeMembers are the members of an envelope. For one that is missing, Exists is false.
type envelopeMembers struct{ id, kind, timestamp, version, data gjson.Result }

func envelopeOf(object gjson.Result) (m envelopeMembers) {
	object.ForEach(func(name, member gjson.Result) bool {
		switch name.Str {
		case RuleEventID:
			m.id = member
		case RuleEventType:
			m.kind = member
		case RuleTimestamp:
			m.timestamp = member
		case RuleVersion:
			m.version = member
		case RuleData:
			m.data = member
		}
		return true
	})
	return m
}

// stringFault returns what v is instead of a string, or "" when it is one.
func stringFault(v gjson.Result) string {
	switch {
	case !v.Exists():
		return "missing"
	case v.Type != gjson.String:
		return jsonKind(v) + ", not a string"
	default:
		return ""
	}
}

func checkID(v gjson.Result) string {
	if wrong := stringFault(v); wrong != "" {
		return wrong
	}
	id, err := uuid.Parse(v.Str)
	if err != nil || len(v.Str) != uuidLength {
		return fmt.Sprintf("%q is not a UUID", shorten(v.Str))
	}
	if id.Version() != 4 || id.Variant() != uuid.RFC4122 {
		return fmt.Sprintf("%q is not a UUID of version 4", v.Str)
	}
	return ""
}

// uuidLength is the length of a UUID as RFC 9562 writes it. [uuid.Parse] also reads one in
// braces, behind urn:uuid: and without hyphens.
const uuidLength = 36

func checkType(v gjson.Result, topic string) string {
	if wrong := stringFault(v); wrong != "" {
		return wrong
	}
	if v.Str != topic {
		return fmt.Sprintf("%q, not the topic %q", shorten(v.Str), topic)
	}
	return ""
}

func checkTimestamp(v gjson.Result) string {
	if wrong := stringFault(v); wrong != "" {
		return wrong
	}
	if !isTimestamp(v.Str) {
		return fmt.Sprintf("%q is not an ISO-8601 date and time", shorten(v.Str))
	}
	return ""
}

// isTimestamp reports whether s is a date and a time in ISO-8601, extended or basic. Seconds,
// their fraction and the zone may be missing, as in what Java's LocalDateTime and Python's
// isoformat() write.
func isTimestamp(s string) bool {
	layouts := []string{"20060102T150405Z0700", "20060102T150405"}
	if len(s) > 13 && s[4] == '-' {
		if s[13] != ':' { // time.Parse accepts an hour of one digit
			return false
		}
		if _, err := time.Parse(time.RFC3339, s); err == nil { // nearly all end here
			return true
		}
		layouts = []string{
			"2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07",
			"2006-01-02T15:04", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04Z07",
		}
	}
	for _, layout := range layouts {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

func checkVersion(v gjson.Result) string {
	if wrong := stringFault(v); wrong != "" {
		return wrong
	}
	if v.Str == "" {
		return "empty"
	}
	return ""
}

func checkData(v gjson.Result) string {
	switch {
	case !v.Exists():
		return "missing"
	case !v.IsObject():
		return jsonKind(v) + ", not an object"
	default:
		return ""
	}
}
