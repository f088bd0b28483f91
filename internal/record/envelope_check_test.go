package record

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kgo"
)

// with is the envelope with one member replaced; "" leaves it out.
func with(name, member string) string {
	text := string(envelope)
	old := regexp.MustCompile(`,?"` + name + `":("[^"]*"|\{[^}]*\})`).FindString(text)
	if member == "" {
		return strings.Replace(strings.Replace(text, old, "", 1), "{,", "{", 1)
	}
	return strings.Replace(text, old[strings.Index(old, ":")+1:], member, 1)
}

var envelopes = []struct {
	name  string
	value string
	want  []Breach
}{
	{"good", string(envelope), nil},
	{"blanks and more members", " { \"more\":1," + string(envelope)[1:] + "\n", nil},
	{"empty", "", []Breach{{RuleJSON, "not JSON at byte 0: unexpected end of JSON input"}}},
	{"text", "hello", []Breach{{RuleJSON, "not JSON at byte 1: invalid character 'h' looking for beginning of value"}}},
	{"cut off", string(envelope[:20]), []Breach{{RuleJSON, "not JSON at byte 20: unexpected end of JSON input"}}},
	{"bytes", "{\"a\":\"\xff\"}", []Breach{{RuleJSON, "not valid UTF-8 at byte 7"}}},
	{"an array", "[]", []Breach{{RuleJSON, "an array, not an object"}}},
	{"null as text", "null", []Breach{{RuleJSON, "null, not an object"}}},
	{"nothing in it", "{}", []Breach{{RuleEventID, "missing"}, {RuleEventType, "missing"}, {RuleTimestamp, "missing"}, {RuleVersion, "missing"}, {RuleData, "missing"}}},
	{"all wrong", `{"eventId":1,"eventType":true,"timestamp":1795348801123,"version":1.0,"data":[]}`, []Breach{
		{RuleEventID, "a number, not a string"},
		{RuleEventType, "true, not a string"},
		{RuleTimestamp, "a number, not a string"},
		{RuleVersion, "a number, not a string"},
		{RuleData, "an array, not an object"},
	}},
	{"nulls", `{"eventId":null,"eventType":null,"timestamp":null,"version":null,"data":null}`, []Breach{
		{RuleEventID, "null, not a string"},
		{RuleEventType, "null, not a string"},
		{RuleTimestamp, "null, not a string"},
		{RuleVersion, "null, not a string"},
		{RuleData, "null, not an object"},
	}},
	{"no id", with("eventId", ""), []Breach{{RuleEventID, "missing"}}},
	{"another id", with("eventId", `"order-1"`), []Breach{{RuleEventID, `"order-1" is not a UUID`}}},
	{"an escape in an id", with("eventId", `"\u001b[31m\n"`), []Breach{{RuleEventID, `"\x1b[31m\n" is not a UUID`}}},
	{"an id without dashes", with("eventId", `"0f8fad5bd9cb469fa16570867728950e"`), []Breach{{RuleEventID, `"0f8fad5bd9cb469fa16570867728950e" is not a UUID`}}},
	{"an id in braces", with("eventId", `"{0f8fad5b-d9cb-469f-a165-70867728950e}"`), []Breach{{RuleEventID, `"{0f8fad5b-d9cb-469f-a165-70867728950e}" is not a UUID`}}},
	{"an id as a URN", with("eventId", `"urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"`), []Breach{{RuleEventID, `"urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e" is not a UUID`}}},
	{"a letter in an id", with("eventId", `"0f8fad5b-d9cb-469f-a165-70867728950g"`), []Breach{{RuleEventID, `"0f8fad5b-d9cb-469f-a165-70867728950g" is not a UUID`}}},
	{"an id of version 1", with("eventId", `"0f8fad5b-d9cb-169f-a165-70867728950e"`), []Breach{{RuleEventID, `"0f8fad5b-d9cb-169f-a165-70867728950e" is not a UUID of version 4`}}},
	{"an id of another variant", with("eventId", `"0f8fad5b-d9cb-469f-c165-70867728950e"`), []Breach{{RuleEventID, `"0f8fad5b-d9cb-469f-c165-70867728950e" is not a UUID of version 4`}}},
	{"an id in capitals", with("eventId", `"0F8FAD5B-D9CB-469F-A165-70867728950E"`), nil},
	{"another type", with("eventType", `"order.create"`), []Breach{{RuleEventType, `"order.create", not the topic "order.created"`}}},
	{"a name twice, the last counts", strings.Replace(string(envelope), "{", `{"eventType":"order.create",`, 1), nil},
	{"no version", with("version", `""`), []Breach{{RuleVersion, "empty"}}},
	{"empty data", with("data", `{}`), nil},
	{"data as text", with("data", `"{}"`), []Breach{{RuleData, "a string, not an object"}}},
}

func TestCheckEnvelope(t *testing.T) {
	t.Parallel()
	for _, tt := range envelopes {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := CheckEnvelope("order.created", []byte(tt.value))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", tt.value, diff)
			}
		})
	}
	if got := CheckEnvelope("order.created", nil); got != nil {
		t.Errorf("a tombstone breaks %v", got)
	}
}

func TestCheckEnvelopeTimestamp(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2026-11-22T12:00:01.123Z":         true,
		"2026-11-22T12:00:01Z":             true,
		"2026-11-22T12:00:01+01:00":        true,
		"2026-11-22T12:00:01.123456789Z":   true,
		"2026-11-22T12:00:01,5Z":           true,
		"2026-11-22T12:00:01.123456":       true, // Python's isoformat
		"2026-11-22T12:00":                 true, // Java's LocalDateTime at a full minute
		"2026-11-22T12:00:01+0100":         true,
		"2026-11-22T12:00:01-03":           true,
		"2026-11-22T12:00Z":                true,
		"20261122T120001Z":                 true,
		"20261122T120001.5+0100":           true,
		"":                                 false,
		"2026-11-22":                       false,
		"2026-11-22 12:00:01":              false,
		"2026-11-22T9:00:01Z":              false,
		"2026-02-30T12:00:01Z":             false,
		"2026-11-22T25:00:01Z":             false,
		"2026-11-22T12:00:01 Z":            false,
		"22.11.2026 12:00":                 false,
		"Sun Nov 22 2026 12:00:01 GMT+000": false,
		"1795348801123":                    false,
	} {
		if got := CheckEnvelope("order.created", []byte(with("timestamp", `"`+text+`"`))) == nil; got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

// The first bad record is the same in whatever order partitions are read.
func TestAudit(t *testing.T) {
	t.Parallel()
	records := []*kgo.Record{
		{Topic: "order.created", Partition: 1, Offset: 7, Timestamp: noon, Value: []byte(with("version", ""))},
		{Topic: "order.created", Partition: 0, Offset: 9, Timestamp: noon, Value: []byte(with("version", `""`))},
		{Topic: "order.created", Partition: 0, Offset: 8, Timestamp: noon.Add(1e9), Value: []byte(with("version", `1`))},
		{Topic: "order.created", Partition: 2, Offset: 1, Timestamp: noon, Value: envelope},
		{Topic: "order.created", Partition: 2, Offset: 2, Timestamp: noon},
		{Topic: "order.created", Partition: 2, Offset: 3, Timestamp: noon, Value: []byte("text")},
		{Topic: "order.created", Partition: 2, Offset: 4, Timestamp: noon, Value: []byte(strings.Replace(with("version", `""`), "-469f-", "-169f-", 1))},
	}
	want := []Finding{
		{Rule: RuleJSON, Count: 1, Topic: "order.created", Partition: 2, Offset: 3, Message: "not JSON at byte 2: invalid character 'e' in literal true (expecting 'r')"},
		{Rule: RuleEventID, Count: 1, Topic: "order.created", Partition: 2, Offset: 4, Message: `"0f8fad5b-d9cb-169f-a165-70867728950e" is not a UUID of version 4`},
		{Rule: RuleVersion, Count: 4, Topic: "order.created", Partition: 0, Offset: 9, Message: "empty"},
	}
	for from := range records {
		var audit Audit
		for i := range records {
			audit.Check(records[(from+i)%len(records)])
		}
		if diff := cmp.Diff(want, audit.Findings(), cmpopts.IgnoreUnexported(Finding{})); diff != "" {
			t.Errorf("findings from record %d on (-want +got):\n%s", from, diff)
		}
		if diff := cmp.Diff(Audit{Records: 7, Bad: 5}, audit, cmpopts.IgnoreUnexported(Audit{})); diff != "" {
			t.Errorf("sums from record %d on (-want +got):\n%s", from, diff)
		}
	}
}

// The check never panics; what breaks no rule is an envelope to encoding/json as well,
// and every message is one line without control characters.
func FuzzCheckEnvelope(f *testing.F) {
	for _, tt := range envelopes {
		f.Add([]byte(tt.value))
	}
	f.Add([]byte(`{"eventId":"\u0030f8fad5b-d9cb-469f-a165-70867728950e","event\u0054ype":"order.created"}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		breaches := CheckEnvelope("order.created", value)
		for _, b := range breaches {
			if b.Message == "" || strings.ContainsFunc(b.String(), func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x9b }) {
				t.Errorf("%q", b)
			}
		}
		if breaches != nil || value == nil {
			return
		}
		var got struct {
			EventID, EventType, Timestamp, Version *string
			Data                                   map[string]any
		}
		var exact map[string]json.RawMessage
		if err := json.Unmarshal(value, &exact); err != nil {
			t.Fatalf("%q: %v", value, err)
		}
		text, _ := json.Marshal(map[string]json.RawMessage{
			"EventID": exact[RuleEventID], "EventType": exact[RuleEventType], "Timestamp": exact[RuleTimestamp],
			"Version": exact[RuleVersion], "Data": exact[RuleData],
		})
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%q: %v", value, err)
		}
		if got.EventID == nil || got.EventType == nil || *got.EventType != "order.created" || got.Timestamp == nil || got.Version == nil || got.Data == nil {
			t.Errorf("%q breaks no rule", value)
		}
	})
}

func BenchmarkCheckEnvelope(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if breaches := CheckEnvelope("order.created", envelope); breaches != nil {
			b.Fatal(breaches)
		}
	}
	perSecond(b)
}
