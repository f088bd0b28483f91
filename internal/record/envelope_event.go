package record

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/tidwall/gjson"
)

// Event is an event with its envelope. The member eventType is the topic.
type Event struct {
	Topic, Version, ID string
	Time               time.Time
	Data               json.RawMessage
}

// ParseEvent reads an envelope leniently, for a view: it returns false unless value is a JSON
// object with the strings eventType and version and the object data. The other members may be
// wrong or missing; ID is empty or Time is zero then.
func ParseEvent(value []byte) (Event, bool) {
	if inner := trimBlanks(value); len(inner) == 0 || inner[0] != '{' || !IsJSON(value) {
		return Event{}, false
	}
	m := envelopeOf(gjson.ParseBytes(value))
	if m.kind.Type != gjson.String || m.version.Type != gjson.String || !m.data.IsObject() {
		return Event{}, false
	}
	e := Event{Topic: m.kind.Str, Version: m.version.Str, ID: m.id.Str, Data: json.RawMessage(m.data.Raw)}
	if t, err := time.Parse(time.RFC3339, m.timestamp.Str); err == nil {
		e.Time = t
	}
	return e, true
}

// Append appends the envelope as JSON on one line, eventId first. Data that is not JSON becomes a
// string, or {"base64":…} where it is not valid UTF-8: so it cannot end the member data, and
// [Event.Check] finds it.
func (e Event) Append(dst []byte) []byte {
	dst = append(dst, `{"eventId":`...)
	dst = appendName(dst, e.ID)
	dst = append(dst, `,"eventType":`...)
	dst = appendName(dst, e.Topic)
	dst = append(dst, `,"timestamp":`...)
	dst = AppendJSONTimestamp(dst, e.Time)
	dst = append(dst, `,"version":`...)
	dst = appendName(dst, e.Version)
	dst = append(dst, `,"data":`...)
	if !IsJSON(e.Data) {
		return append(appendBytes(dst, e.Data), '}')
	}
	return append(appendOneLine(dst, trimBlanks(e.Data)), '}')
}

// Value returns the envelope as the value of a record.
func (e Event) Value() []byte { return e.Append(nil) }

// Check returns the rules that the event breaks, as [CheckEnvelope] does for value, which is what
// [Event.Value] returned. Where the data is not JSON, the message of RuleData says so, and at which
// byte of the data.
func (e Event) Check(value []byte) []Breach {
	breaches := CheckEnvelope(e.Topic, value)
	if len(breaches) == 0 && utf8.Valid(e.Data) { // what is not, would be an object of base64
		return nil
	}
	err := e.checkData()
	if err == nil {
		return breaches
	}
	breaches = slices.DeleteFunc(breaches, func(b Breach) bool { return b.Rule == RuleData })
	return append(breaches, Breach{RuleData, err.Error()}) // the last one in the order of the rules
}

// checkData returns why the data is not JSON.
func (e Event) checkData() error {
	if len(trimBlanks(e.Data)) == 0 {
		return errors.New("missing")
	}
	return checkJSON(e.Data, maxNesting)
}

// EventIDs makes ids of events. Its zero value is not ready: see [NewEventIDs]. One goroutine at a
// time may use it.
type EventIDs struct{ random *bufio.Reader }

// NewEventIDs returns EventIDs that read the system's random numbers for some hundred ids at once.
func NewEventIDs() *EventIDs { return &EventIDs{bufio.NewReader(rand.Reader)} }

// Next returns a random UUID of version 4 (RFC 9562) in lower case.
func (ids *EventIDs) Next() string { return uuid.Must(uuid.NewRandomFromReader(ids.random)).String() }
