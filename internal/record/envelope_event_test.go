package record

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEvent(t *testing.T) {
	t.Parallel()
	e := Event{Topic: "order.created", Version: "1.0", ID: "0f8fad5b-d9cb-469f-a165-70867728950e", Time: noon}
	for _, tt := range []struct {
		name, data, want string
		breaches         []Breach
	}{
		{"an object", ` {"orderId": "order-123"} `, `{"orderId": "order-123"}`, nil},
		{"lines", "{\n\t\"a\": \"b c\"\n}\n", `{"a":"b c"}`, nil},
		{"not an object", `5`, `5`, []Breach{{RuleData, "a number, not an object"}}},
		{"none", ``, `null`, []Breach{{RuleData, "null, not an object"}}},
		{"members of the envelope", `{},"version":"9"`, `"{},\"version\":\"9\""`, []Breach{{RuleData, "a string, not an object"}}},
		{"a backslash at the end", `"\`, `"\"\\"`, []Breach{{RuleData, "a string, not an object"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := e
			if tt.data != "" {
				e.Data = json.RawMessage(tt.data)
			}
			got := e.Value()
			want := `{"eventId":"0f8fad5b-d9cb-469f-a165-70867728950e","eventType":"order.created",` +
				`"timestamp":"2026-11-22T12:00:01.123Z","version":"1.0","data":` + tt.want + `}`
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.breaches, CheckEnvelope("order.created", got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseEvent(t *testing.T) {
	t.Parallel()
	full := Event{"order.created", "1.0", "0f8fad5b-d9cb-469f-a165-70867728950e", noon, json.RawMessage(`{"orderId":"order-123","userId":42,"total":99.95,"ok":true}`)}
	for _, tt := range []struct {
		name, value string
		want        Event
		ok          bool
	}{
		{"an envelope", string(envelope), full, true},
		{"no more than is needed", " {\"eventType\":\"a\",\"version\":\"\",\"data\":{ } }\n", Event{Topic: "a", Data: json.RawMessage("{ }")}, true},
		{"a wrong time and id", `{"eventId":5,"timestamp":"noon","eventType":"a","version":"2","data":{}}`, Event{Topic: "a", Version: "2", Data: json.RawMessage("{}")}, true},
		{"no version", with("version", ""), Event{}, false},
		{"data that is no object", with("data", "[1]"), Event{}, false},
		{"cut off", string(envelope[:len(envelope)-1]), Event{}, false},
		{"an array", "[]", Event{}, false},
		{"empty", "", Event{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := ParseEvent([]byte(tt.value))
			if ok != tt.ok {
				t.Errorf("read: %t, want %t", ok, tt.ok)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
	if _, ok := ParseEvent(nil); ok {
		t.Error("a tombstone is an envelope")
	}
}

func TestEventCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, data, version string
		want                []Breach
	}{
		{"an object", `{"total": 1}`, "1.0", nil},
		{"an array", `[1]`, "1.0", []Breach{{RuleData, "an array, not an object"}}},
		{"nothing", "", "1.0", []Breach{{RuleData, "missing"}}},
		{"blanks", " \n", "1.0", []Breach{{RuleData, "missing"}}},
		{"a member without a value", `{"total": }`, "1.0", []Breach{{RuleData, "not JSON at byte 11: invalid character '}' looking for beginning of value"}}},
		{"cut off", `{"total": 1`, "1.0", []Breach{{RuleData, "not JSON at byte 11: unexpected end of JSON input"}}},
		{"not UTF-8", "{\"name\": \"M\xfcller\"}", "1.0", []Breach{{RuleData, "not valid UTF-8 at byte 12"}}},
		{"too deep", strings.Repeat("[", maxNesting+1) + strings.Repeat("]", maxNesting+1), "1.0", []Breach{{RuleData, "nested deeper than 5000 levels"}}},
		{"two faults", `{"total": }`, "", []Breach{{RuleVersion, "empty"}, {RuleData, "not JSON at byte 11: invalid character '}' looking for beginning of value"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := Event{Topic: "order.created", Version: tt.version, ID: NewEventIDs().Next(), Time: noon, Data: json.RawMessage(tt.data)}
			if diff := cmp.Diff(tt.want, e.Check(e.Value())); diff != "" {
				t.Errorf("breaches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEventIDs(t *testing.T) {
	t.Parallel()
	ids, seen := NewEventIDs(), make(map[string]bool)
	for range 1000 {
		id := ids.Next()
		if breaches := CheckEnvelope("order.created", []byte(with("eventId", `"`+id+`"`))); breaches != nil {
			t.Fatalf("%s: %v", id, breaches)
		}
		if seen[id] {
			t.Fatalf("%s came twice", id)
		}
		seen[id] = true
	}
}

func BenchmarkEvent(b *testing.B) {
	e := Event{Topic: "order.created", Version: "1.0", Time: noon, Data: json.RawMessage(`{"orderId":"order-123","userId":42,"total":99.95,"ok":true}`)}
	var dst []byte
	ids := NewEventIDs()
	b.ReportAllocs()
	for b.Loop() {
		e.ID = ids.Next()
		dst = e.Append(dst[:0])
	}
	perSecond(b)
}
