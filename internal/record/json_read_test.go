package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestParseJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line string
		want       kgo.Record
	}{
		{"the value alone", `{"value":null}`, kgo.Record{Partition: -1}},
		{"nothing but nulls", `{"topic":null,"partition":null,"offset":null,"timestamp":null,"key":null,"headers":null,"value":null}`, kgo.Record{Partition: -1}},
		{"blanks around", " {\"value\" : \"a\"} \r", kgo.Record{Partition: -1, Value: []byte("a")}},
		{"unknown members", `{"schema":{"value":1},"value":"a"}`, kgo.Record{Partition: -1, Value: []byte("a")}},
		{"the last of two", `{"value":1,"value":2}`, kgo.Record{Partition: -1, Value: []byte("2")}},
		{"an escaped name", `{"\u0076alue":"a","k\u0065y":"b"}`, kgo.Record{Partition: -1, Value: []byte("a"), Key: []byte("b")}},
		{"escapes", `{"value":"\u00e9\ud83d\ude00\/\b\f\ud800"}`, kgo.Record{Partition: -1, Value: []byte("é😀/\b\f\ufffd")}},
		{"a header without a value", `{"headers":[{"key":"a"}],"value":""}`, kgo.Record{Partition: -1, Headers: []kgo.RecordHeader{{Key: "a"}}, Value: []byte{}}},
		{"a zone", `{"timestamp":"2026-11-22T13:00:01.123+01:00","value":""}`, kgo.Record{Partition: -1, Timestamp: noon, Value: []byte{}}},
		{"milliseconds", `{"timestamp":1795348801123,"value":""}`, kgo.Record{Partition: -1, Timestamp: noon, Value: []byte{}}},
		{"partition 0", `{"partition":0,"value":""}`, kgo.Record{Value: []byte{}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseJSON([]byte(tt.line))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plainOf(&tt.want), plainOf(got)); diff != "" {
				t.Error(diff)
			}
			if tt.want.Timestamp.IsZero() != got.Timestamp.IsZero() {
				t.Errorf("timestamp %v", got.Timestamp)
			}
		})
	}
}

// The bytes count while they say what the value says: jq may have written it in its own
// way. Once it was edited, it counts.
func TestParseJSONValueBytes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, exact, want string }{
		{"as written", `{"a":1,"b":[2]}`, "{ \"a\":1,\n\"b\":[2]}", "{ \"a\":1,\n\"b\":[2]}"},
		{"members in another order", `{"b":[2],"a":1}`, "{\"a\":1,\n\"b\":[2]}", "{\"a\":1,\n\"b\":[2]}"},
		{"escapes written out", `{"a":"é"}`, "{\"a\":\"\\u00e9\"}\n", "{\"a\":\"\\u00e9\"}\n"},
		{"edited", `{"a":2}`, "{\"a\":1}\n", `{"a":2}`},
		{"a digit beyond float64", `{"a":12345678901234567891}`, "{\"a\":12345678901234567890}\n", `{"a":12345678901234567891}`},
		{"replaced by text", `"hi"`, "{\"a\":1}\n", `hi`},
		{"a string both", `"hi"`, "\"hi\"\n", `hi`},
		{"more behind it", `{"a":1}`, "{\"a\":1}]", `{"a":1}`},
		{"not JSON", `{"a":1}`, "{", `{"a":1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			line := appendBase64([]byte(`{"value":`+tt.value+`,"valueBytes":`), []byte(tt.exact))
			got, err := ParseJSON(append(line, '}'))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got.Value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseJSONErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 40)
	for _, tt := range []struct{ line, want string }{
		{``, `not JSON at byte 0: unexpected end of JSON input`},
		{`{"value":1`, `not JSON at byte 10: unexpected end of JSON input`},
		{`{"value":x}`, `not JSON at byte 10: invalid character 'x' looking for beginning of value`},
		{`{"value":1} x`, `not JSON at byte 13: invalid character 'x' after top-level value`},
		{"{\"value\":\"é\xff\"}", `not valid UTF-8 at byte 13`},
		{`{"value":` + string(nested(maxNesting+1)) + `}`, `nested deeper than 5001 levels`},
		{`[]`, `not a JSON object but an array`},
		{`"text"`, `not a JSON object but a string`},
		{`null`, `not a JSON object but null`},
		{`true`, `not a JSON object but true`},
		{`{}`, `has no "value"`},
		{`{"key":"a","Value":1}`, `has no "value"`},
		{`{"value":1,"topic":5}`, `topic: neither a string, null nor {"base64":…} but a number`},
		{`{"value":1,"partition":"2"}`, `partition: "2" is not an integer of 32 bits`},
		{`{"value":1,"partition":1.5}`, `partition: 1.5 is not an integer of 32 bits`},
		{`{"value":1,"partition":2147483648}`, `partition: 2147483648 is not an integer of 32 bits`},
		{`{"value":1,"offset":{}}`, `offset: an object is not an integer of 64 bits`},
		{`{"value":1,"timestamp":"noon"}`, `timestamp: "noon" is neither RFC 3339 nor Unix milliseconds`},
		{`{"value":1,"timestamp":"` + long + `"}`, `timestamp: "` + long[:60] + `…" is neither RFC 3339 nor Unix milliseconds`},
		{"{\"value\":1,\"timestamp\":\"\u009b31m\x7f\"}", `timestamp: "\u009b31m\x7f" is neither RFC 3339 nor Unix milliseconds`},
		{`{"value":1,"timestamp":true}`, `timestamp: true is neither RFC 3339 nor Unix milliseconds`},
		{`{"value":1,"timestamp":1.5}`, `timestamp: 1.5 is not an integer of 64 bits`},
		{`{"value":1,"key":1}`, `key: neither a string, null nor {"base64":…} but a number`},
		{`{"value":1,"key":{"base64":"?"}}`, `key: base64: illegal base64 data at input byte 0`},
		{`{"value":1,"key":{"base64":"","b":1}}`, `key: neither a string, null nor {"base64":…} but an object`},
		{`{"value":{"base64":1}}`, `value: base64: not a string but a number`},
		{`{"value":{},"valueBytes":{"base64":"?"}}`, `value: valueBytes: base64: illegal base64 data at input byte 0`},
		{`{"value":1,"headers":{}}`, `headers: not an array but an object`},
		{`{"value":1,"headers":[{"key":"a"},"b"]}`, `headers[1]: not an object but a string`},
		{`{"value":1,"headers":[{"value":"a"}]}`, `headers[0]: has no "key"`},
		{`{"value":1,"headers":[{"key":"a","value":[]}]}`, `headers[0].value: neither a string, null nor {"base64":…} but an array`},
		{`{"value":1,"headers":[{"key":true}]}`, `headers[0].key: neither a string, null nor {"base64":…} but true`},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			got, err := ParseJSON([]byte(tt.line))
			if err == nil {
				t.Fatalf("read as %v", got)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What AppendJSON writes is one line of JSON that ParseJSON reads as the same record.
func FuzzJSONRoundTrip(f *testing.F) {
	for _, tt := range forms {
		if len(tt.value) < 1000 {
			f.Add([]byte("key"), tt.value, []byte(`{"a":1}`), "trace", int64(1_795_348_801_123), int32(2), byte(0))
		}
	}
	f.Add([]byte{}, []byte{}, []byte{}, "", int64(-1), int32(-1), byte(7))
	f.Add([]byte{0xff}, []byte("\u2028\u0085\x9b"), []byte{0xfe}, "\xff", int64(1)<<60, int32(0), byte(0))
	f.Fuzz(func(t *testing.T, key, value, header []byte, name string, ms int64, partition int32, nulls byte) {
		for i, b := range []*[]byte{&key, &value, &header} {
			if nulls>>i&1 == 1 {
				*b = nil
			} else if *b == nil {
				*b = []byte{}
			}
		}
		if ms > 1<<61 || ms < -(1<<61) {
			return // time.Time cannot hold it
		}
		r := &kgo.Record{Topic: "t", Key: key, Value: value, Timestamp: time.UnixMilli(ms), Partition: partition, Offset: 5}
		r.Headers = []kgo.RecordHeader{{Key: name, Value: header}, {Key: name, Value: value}}
		line := AppendJSON(nil, r)
		if !json.Valid(line) || bytes.ContainsAny(line, "\r\n") {
			t.Fatalf("not one line of JSON: %q", line)
		}
		again, err := ParseJSON(line)
		if err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if diff := cmp.Diff(plainOf(r), plainOf(again)); diff != "" {
			t.Fatalf("%s: %s", line, diff)
		}
	})
}

// ParseJSON takes what encoding/json takes, reports anything else in one line, and what it has
// read survives being written.
func FuzzParseJSON(f *testing.F) {
	for _, tt := range forms {
		if len(tt.want) < 1000 {
			f.Add([]byte(`{"partition":1,"timestamp":"2026-11-22T12:00:01.123Z","key":"k","headers":[{"key":"a","value":null}],"value":` + tt.want + `}`))
		}
	}
	for _, line := range []string{`{"value":{"base64":1}}`, `{"value":1,"key":{"base64":"?"}}`, `[]`, `{"value":01}`, `{"value":1}}`, `{"value":"\ud800\u0000"}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := ParseJSON(line)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("%q is more than a line", err)
			}
			return
		}
		if !json.Valid(line) {
			t.Fatalf("%q is not JSON", line)
		}
		if year := r.Timestamp.UTC().Year(); year < 0 || year > 9999 {
			r.Timestamp = noon
		}
		again, err := ParseJSON(AppendJSON(nil, r))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plainOf(r), plainOf(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkParseJSON(b *testing.B) {
	line := AppendJSON(nil, &kgo.Record{Topic: "order.created", Partition: 2, Offset: 41, Timestamp: noon, Key: []byte("order-123"), Value: envelope})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseJSON(line); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}
