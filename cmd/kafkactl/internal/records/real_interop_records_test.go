package records

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// interopRecord is a record twice: as the bytes that other clients write and read, and as the JSON
// that kafkactl must write and read for them, written by hand.
type interopRecord struct {
	name       string
	key, value []byte // nil is null
	headers    []interopHeader
	timestamp  int64 // milliseconds

	keyJSON, headersJSON, valueJSON string // in a line of kafkactl
	valueBytesJSON                  string // "" where valueJSON alone says the bytes
}

// interopPartitions is how many partitions the records are dealt to, in turn.
const interopPartitions = 3

// interopPlace returns where the record of that index is in a topic that holds nothing but the
// records, in their order.
func interopPlace(i int) (partition, offset int) { return i % interopPartitions, i / interopPartitions }

// json returns the record as a line of kafkactl, without the end of the line.
func (r interopRecord) json(topic string, partition, offset int) string {
	line := fmt.Sprintf(`{"topic":%q,"partition":%d,"offset":%d,"timestamp":%q,"key":%s,"headers":%s,"value":%s`,
		topic, partition, offset, time.UnixMilli(r.timestamp).UTC().Format("2006-01-02T15:04:05.000Z"),
		r.keyJSON, r.headersJSON, r.valueJSON)
	if r.valueBytesJSON != "" {
		line += `,"valueBytes":` + r.valueBytesJSON
	}
	return line + "}"
}

// line returns the record as the client programs read and write it; its index says where it is.
func (r interopRecord) line(topic string, i int) interopLine {
	partition, _ := interopPlace(i)
	return interopLine{topic, partition, r.timestamp, r.key, r.value, r.headers}
}

// interopRecords returns the records that all clients exchange. The time is long ago: a broker
// refuses one an hour ahead of its clock, and the topics keep everything.
func interopRecords() []interopRecord {
	records := append(append(interopKeys(), interopValues()...), interopHeaders()...)
	records = append(records, interopBig()...)
	for i := range records {
		r := &records[i]
		if r.timestamp == 0 && r.name != "the epoch" {
			r.timestamp = time.Date(2024, 2, 29, 23, 59, 58, 7_000_000, time.UTC).UnixMilli() + int64(i*i)
		}
		if r.keyJSON == "" {
			r.key, r.keyJSON = []byte("order-123"), `"order-123"`
		}
		if r.headersJSON == "" {
			r.headers, r.headersJSON = []interopHeader{}, "[]"
		}
		if r.valueJSON == "" {
			r.value, r.valueJSON = []byte(`{"n":1}`), `{"n":1}`
		}
	}
	return records
}

// interopKeys are about the key.
func interopKeys() []interopRecord {
	return []interopRecord{
		{name: "key", key: []byte("k"), keyJSON: `"k"`},
		{name: "null key", keyJSON: "null"},
		{name: "empty key", key: []byte{}, keyJSON: `""`},
		{name: "unicode key", key: []byte("clé-日本-🎉"), keyJSON: `"clé-日本-🎉"`},
		{name: "JSON key", key: []byte(`{"id":1}`), keyJSON: `"{\"id\":1}"`},
		{name: "number key", key: []byte("42"), keyJSON: `"42"`},
		{name: "UTF-16 key", key: []byte{0xff, 0xfe, 'k', 0}, keyJSON: `{"base64":"//5rAA=="},"keyBytes":{"base64":"//5rAA=="}`},
		{name: "null key and value", keyJSON: "null", valueJSON: "null"},
		{name: "the epoch", key: []byte("t"), keyJSON: `"t"`},
	}
}

// interopValues are about the value. A string ending in 64 is base64 of what stands before it.
func interopValues() []interopRecord {
	same := func(name, text string) interopRecord { // JSON that stands in the line as it is
		return interopRecord{name: name, value: []byte(text), valueJSON: text}
	}
	text := func(name, value, json string) interopRecord {
		return interopRecord{name: name, value: []byte(value), valueJSON: json}
	}
	lossy := func(name, value, json string) interopRecord { // JSON whose bytes the line says once more
		r := text(name, value, json)
		r.valueBytesJSON = base64JSON(value)
		return r
	}
	return []interopRecord{
		same("object", `{"eventId":"8b3c0f6e-9d0a-4a55-8a2b-0d7c5a3b1f10","data":{"userId":42,"total":19.90}}`),
		same("array", `[1,"two",null,{"three":[3]}]`),
		same("number", `42`),
		same("true", `true`),
		same("big integer", `{"id":9007199254740993,"big":123456789012345678901234567890}`),
		same("big number", `-1.0E+400`),
		same("blanks inside", `{"a" : 1,	"b":[ ]}`),
		same("one name twice", `{"a":1,"a":2}`),
		same("escapes", `{"a":"\u00e9\/\ud83d\ude00","b":"\ud800","é":"<b>&</b>"}`),
		lossy("pretty", "{\n  \"a\": 1,\n  \"b\": [\n    \"x\\ny\"\n  ]\n}\n", `{"a":1,"b":["x\ny"]}`),
		lossy("blanks around", ` {"a":1}  `, `{"a":1}`),

		{name: "tombstone", valueJSON: "null"},
		text("empty", "", `""`),
		text("text", "plain text", `"plain text"`),
		text("literal null", "null", `"null"`),
		text("JSON string", `"quoted"`, `"\"quoted\""`),
		text("nearly a number", "007", `"007"`),
		text("nearly an object", `{"a":1`, `"{\"a\":1"`),
		text("two objects", `{} {}`, `"{} {}"`),
		text("not a number", "NaN", `"NaN"`),
		text("unicode", "Grüße, 世界 🎉", `"Grüße, 世界 🎉"`),
		text("markup", `<a href="x">&amp;</a>`, `"<a href=\"x\">&amp;</a>"`),
		text("byte order mark", "\ufeff{}", "\"\ufeff{}\""),
		text("controls", "a\r\nb\tc\x00\x1b[31m\\", `"a\r\nb\tc\u0000\u001b[31m\\"`),

		text("binary", "\x00\xff\x80\xfe", `{"base64":"AP+A/g=="}`),
		text("cut UTF-8", "\"\xc3\"", `{"base64":"IsMi"}`),
		text("base64 object", `{"base64":"AAEC"}`, base64JSON(`{"base64":"AAEC"}`)),
	}
}

// interopHeaders are about headers.
func interopHeaders() []interopRecord {
	h := func(key, value string) interopHeader { return interopHeader{key, []byte(value)} }
	return []interopRecord{
		{
			name: "headers", headers: []interopHeader{h("traceparent", "00-4bf9"), h("b3", "1"), h("a", "2")},
			headersJSON: `[{"key":"traceparent","value":"00-4bf9"},{"key":"b3","value":"1"},{"key":"a","value":"2"}]`,
		},
		{
			name: "one name three times", headers: []interopHeader{h("x", "1"), h("x", ""), h("x", "1")},
			headersJSON: `[{"key":"x","value":"1"},{"key":"x","value":""},{"key":"x","value":"1"}]`,
		},
		{
			name: "one name apart", headers: []interopHeader{h("x", "1"), h("y", "2"), h("x", "3")},
			headersJSON: `[{"key":"x","value":"1"},{"key":"y","value":"2"},{"key":"x","value":"3"}]`,
		},
		{
			name: "names in digits", headers: []interopHeader{h("z", "0"), h("10", "1"), h("2", "2")},
			headersJSON: `[{"key":"z","value":"0"},{"key":"10","value":"1"},{"key":"2","value":"2"}]`,
		},
		{
			name: "null header", headers: []interopHeader{h("a", ""), {Key: "n"}},
			headersJSON: `[{"key":"a","value":""},{"key":"n","value":null}]`,
		},
		{
			name: "odd headers", headers: []interopHeader{h("", "no name"), h("schlüssel", "größe"), h("id", "\x00\x00\xff\x01"), h("json", `{"a":1}`)},
			headersJSON: `[{"key":"","value":"no name"},{"key":"schlüssel","value":"größe"},` +
				`{"key":"id","value":{"base64":"AAD/AQ=="}},{"key":"json","value":"{\"a\":1}"}]`,
		},
		{
			name: "headers of a tombstone", headers: []interopHeader{h("why", "gdpr")},
			headersJSON: `[{"key":"why","value":"gdpr"}]`, valueJSON: "null",
		},
	}
}

// interopBig returns large ones: two that compress well and one that does not, in all three
// partitions.
func interopBig() []interopRecord {
	noise := make([]byte, 150_000)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise) // never fails
	noise[0] = 0xff                                // never text
	object := `{"items":[` + strings.Repeat(`{"sku":"A-1","price":19.90},`, 8_000) + `{}]}`
	text := strings.Repeat("Größe\n", 30_000)
	return []interopRecord{
		{name: "big object", value: []byte(object), valueJSON: object},
		{name: "big text", value: []byte(text), valueJSON: `"` + strings.ReplaceAll(text, "\n", `\n`) + `"`},
		{name: "big object again", value: []byte(object), valueJSON: object},
		{name: "big binary", value: noise, valueJSON: base64JSON(string(noise))},
	}
}

// base64JSON returns how a line of kafkactl says bytes that are no text.
func base64JSON(data string) string {
	return `{"base64":"` + base64.StdEncoding.EncodeToString([]byte(data)) + `"}`
}
