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

var noon = time.Date(2026, 11, 22, 12, 0, 1, 123_000_000, time.UTC)

// forms are values and what stands behind "value": for them.
var forms = []struct {
	name  string
	value []byte
	want  string
}{
	{"a tombstone", nil, `null`},
	{"empty", []byte{}, `""`},
	{"text", []byte(`hello "world" <&>`), `"hello \"world\" <&>"`},
	{"control characters", []byte("a\tb\nc\r\x00\x1b[31m\x7f\\"), `"a\tb\nc\r\u0000\u001b[31m` + "\x7f" + `\\"`},
	{"an object", []byte(`{"a":1}`), `{"a":1}`},
	{"an object with blanks", []byte("{ \"a\" :\t1 }"), "{ \"a\" :\t1 }"},
	{"an array", []byte(`[1,"<"]`), `[1,"<"]`},
	{"a number", []byte(`-1.50e+2`), `-1.50e+2`},
	{"a number beyond float64", []byte(`12345678901234567890123`), `12345678901234567890123`},
	{"true", []byte(`true`), `true`},
	{"false", []byte(`false`), `false`},
	{"the word null", []byte(`null`), `"null"`},
	{"a JSON string", []byte(`"hi"`), `"\"hi\""`},
	{"blanks", []byte("  "), `"  "`},
	{"cut off", []byte(`{"a":`), `"{\"a\":"`},
	{"two values", []byte(`{} {}`), `"{} {}"`},
	{"a leading zero", []byte(`007`), `"007"`},
	{"a comma too many", []byte(`[1,]`), `"[1,]"`},
	{"a line end in a string", []byte("{\"a\":\"\n\"}"), `"{\"a\":\"\n\"}"`},
	{"NaN", []byte(`NaN`), `"NaN"`},
	{"bytes", []byte{0xff, 0x00}, `{"base64":"/wA="}`},
	{"JSON with bytes in a string", []byte("{\"a\":\"\xff\"}"), `{"base64":"eyJhIjoi/yJ9"}`},
	{"the form of bytes itself", []byte(`{"base64":"aGk="}`), `{"base64":"eyJiYXNlNjQiOiJhR2s9In0="}`},
	{"the form of bytes, escaped", []byte(`{ "\u0062ase64":1}`), `{"base64":"eyAiXHUwMDYyYXNlNjQiOjF9"}`},
	{"base64 and more", []byte(`{"base64":"aGk=","b":1}`), `{"base64":"aGk=","b":1}`},
	{"a line end behind", []byte("{\"a\":1}\n"), `{"a":1},"valueBytes":{"base64":"eyJhIjoxfQo="}`},
	{"a blank before", []byte(" true"), `true,"valueBytes":{"base64":"IHRydWU="}`},
	{"many lines", []byte("{\n  \"a\": \"x \\\" y\",\r\n  \"b\": 1\n}"), `{"a":"x \" y","b":1},"valueBytes":{"base64":"ewogICJhIjogInggXCIgeSIsDQogICJiIjogMQp9"}`},
	{"the deepest", nested(maxNesting), string(nested(maxNesting))},
	{"too deep", nested(maxNesting + 1), `"` + string(nested(maxNesting+1)) + `"`},
}

// nested is an array in an array, depth times.
func nested(depth int) []byte {
	return []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
}

func TestAppendJSONValue(t *testing.T) {
	t.Parallel()
	for _, tt := range forms {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &kgo.Record{Topic: "order.created", Partition: 2, Offset: 41, Timestamp: noon, Value: tt.value}
			want := `{"topic":"order.created","partition":2,"offset":41,"timestamp":"2026-11-22T12:00:01.123Z",` +
				`"key":null,"headers":[],"value":` + tt.want + `}`
			got := AppendJSON(nil, r)
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Error(diff)
			}
			if !json.Valid(got) || bytes.ContainsAny(got, "\n\r") {
				t.Errorf("not one line of JSON: %s", got)
			}
			again, err := ParseJSON(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plainOf(r), plainOf(again)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAppendJSONRecord(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		record kgo.Record
		want   string
	}{
		{
			"key and headers",
			kgo.Record{Key: []byte(`{"id":1}`), Headers: []kgo.RecordHeader{{Key: "trace", Value: []byte("a=b")}, {Key: "", Value: nil}, {Key: "trace", Value: []byte{}}}, Value: []byte("v")},
			`{"topic":"","partition":0,"offset":0,"timestamp":null,"key":"{\"id\":1}",` +
				`"headers":[{"key":"trace","value":"a=b"},{"key":"","value":null},{"key":"trace","value":""}],"value":"v"}`,
		},
		{
			"bytes",
			kgo.Record{Key: []byte{0xff}, Headers: []kgo.RecordHeader{{Key: "\xff", Value: []byte{0xfe}}}},
			`{"topic":"","partition":0,"offset":0,"timestamp":null,"key":{"base64":"/w=="},"keyBytes":{"base64":"/w=="},` +
				`"headers":[{"key":{"base64":"/w=="},"value":{"base64":"/g=="}}],"value":null}`,
		},
		{
			"another zone, finer than milliseconds",
			kgo.Record{Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 6_999_999, time.FixedZone("", 3600)), Key: []byte{}},
			`{"topic":"","partition":0,"offset":0,"timestamp":"2026-01-02T02:04:05.006Z","key":"","headers":[],"value":null}`,
		},
		{
			"before 1970",
			kgo.Record{Timestamp: time.UnixMilli(-1)},
			`{"topic":"","partition":0,"offset":0,"timestamp":"1969-12-31T23:59:59.999Z","key":null,"headers":[],"value":null}`,
		},
		{
			"nanoseconds taken for milliseconds",
			kgo.Record{Timestamp: time.UnixMilli(1_790_000_000_123_456_789)},
			`{"topic":"","partition":0,"offset":0,"timestamp":1790000000123456789,"key":null,"headers":[],"value":null}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := AppendJSON([]byte("before "), &tt.record)
			if diff := cmp.Diff("before "+tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
			again, err := ParseJSON([]byte(tt.want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plainOf(&tt.record), plainOf(again)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// plain is what of a record the JSON form keeps.
type plain struct {
	Topic      string
	Partition  int32
	Offset, Ms int64
	Key, Value []byte
	Headers    []kgo.RecordHeader
}

func plainOf(r *kgo.Record) plain {
	return plain{r.Topic, r.Partition, r.Offset, r.Timestamp.UnixMilli(), r.Key, r.Value, r.Headers}
}

// Not parallel: others' allocations would be counted.
func TestAppendJSONAllocatesNothing(t *testing.T) {
	r := &kgo.Record{Topic: "order.created", Timestamp: noon, Key: []byte("order-123"), Value: envelope}
	r.Headers = []kgo.RecordHeader{{Key: "trace", Value: []byte{0xff}}}
	dst := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { dst = AppendJSON(dst[:0], r) }); n > 0 {
		t.Errorf("%g allocations a record", n)
	}
}

// envelope is 200 bytes, as the stack's events are.
var envelope = []byte(`{"eventId":"0f8fad5b-d9cb-469f-a165-70867728950e","eventType":"order.created",` +
	`"timestamp":"2026-11-22T12:00:01.123Z","version":"1.0","data":{"orderId":"order-123","userId":42,"total":99.95,"ok":true}}`)

func BenchmarkAppendJSON(b *testing.B) {
	r := &kgo.Record{Topic: "order.created", Partition: 2, Offset: 41, Timestamp: noon, Key: []byte("order-123"), Value: envelope}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendJSON(dst[:0], r)
	}
	perSecond(b)
}

func BenchmarkAppendJSONText(b *testing.B) {
	r := &kgo.Record{Topic: "order.created", Timestamp: noon, Value: bytes.Repeat([]byte("plain text "), 18)}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendJSON(dst[:0], r)
	}
	perSecond(b)
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
