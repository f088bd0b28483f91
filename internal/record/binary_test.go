package record

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// What Kafka's serializers make of a number or a UUID is the key of it, and text stays text.
func TestParseKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "order-1": "order-1", "order:1": "order:1", "int": "int", "INT:1": "INT:1", "-": "-",
		"int:42": "\x00\x00\x00*", "int:-1": "\xff\xff\xff\xff", "int:2147483647": "\x7f\xff\xff\xff", "int:-2147483648": "\x80\x00\x00\x00", "int:0": "\x00\x00\x00\x00",
		"long:42": "\x00\x00\x00\x00\x00\x00\x00*", "long:-9223372036854775808": "\x80\x00\x00\x00\x00\x00\x00\x00",
		"uuid:0F8FAD5B-d9cb-469f-a165-70867728950e": "0f8fad5b-d9cb-469f-a165-70867728950e",
		"base64:/wA=": "\xff\x00", "base64:": "",
		"string:int:42": "int:42", "string:": "", "string:string:a": "string:a",
	} {
		key, err := ParseKey(text)
		if err != nil || string(key) != want || key == nil {
			t.Errorf("%s: %q, %v; want %q", text, key, err, want)
		}
	}
	for text, want := range map[string]string{
		"int:2147483648": `key "int:2147483648": "2147483648" is not a whole number of 32 bits; string:int:2147483648 is the text itself`,
		"int:":           `key "int:": "" is not a whole number of 32 bits; string:int: is the text itself`,
		"int:1.5":        `key "int:1.5": "1.5" is not a whole number of 32 bits; string:int:1.5 is the text itself`,
		"long:x":         `key "long:x": "x" is not a whole number of 64 bits; string:long:x is the text itself`,
		"uuid:0f8fad5b":  `key "uuid:0f8fad5b": "0f8fad5b" is not a UUID; string:uuid:0f8fad5b is the text itself`,
		"uuid:0f8fad5bd9cb469fa16570867728950e": `key "uuid:0f8fad5bd9cb469fa16570867728950e": "0f8fad5bd9cb469fa16570867728950e" is not a UUID; ` +
			`string:uuid:0f8fad5bd9cb469fa16570867728950e is the text itself`,
		"base64:_wA=": `key "base64:_wA=": "_wA=" is not base64; string:base64:_wA= is the text itself`,
	} {
		if _, err := ParseKey(text); fmt.Sprint(err) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The keys of a topic of numbers are told by one member, whatever the numbers are: 41 is UTF-8, and
// -1 is not. The record read back is the same.
func TestKeyBytes(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"\x00\x00\x00)":                    `"key":"\u0000\u0000\u0000)","keyBytes":{"base64":"AAAAKQ=="},`,
		"\xff\xff\xff\xff":                 `"key":{"base64":"/////w=="},"keyBytes":{"base64":"/////w=="},`,
		"\x01\x02\x03\x04":                 `"key":"\u0001\u0002\u0003\u0004","keyBytes":{"base64":"AQIDBA=="},`,
		"\x00\x00\x00\x00\x00\x00\x00*":    `"key":"\u0000\u0000\u0000\u0000\u0000\u0000\u0000*","keyBytes":{"base64":"AAAAAAAAACo="},`,
		"abcd":                             `"key":"abcd",`,
		"a\tb\n":                           `"key":"a\tb\n",`,
		"\x1b[31mred!":                     `"key":"\u001b[31mred!",`,
		"größe":                            `"key":"größe",`,
		"":                                 `"key":"",`,
		"\xff":                             `"key":{"base64":"/w=="},"keyBytes":{"base64":"/w=="},`,
		"0f8fad5b-d9cb-469f-a165-70867728": `"key":"0f8fad5b-d9cb-469f-a165-70867728",`,
	} {
		r := &kgo.Record{Timestamp: noon, Key: []byte(key), Value: []byte("v")}
		line := AppendJSON(nil, r)
		const before = `{"topic":"","partition":0,"offset":0,"timestamp":"2026-11-22T12:00:01.123Z",`
		if diff := cmp.Diff(before+want+`"headers":[],"value":"v"}`, string(line)); diff != "" {
			t.Errorf("%q: %s", key, diff)
		}
		again, err := ParseJSON(line)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plainOf(r), plainOf(again)); diff != "" {
			t.Errorf("%q: %s", key, diff)
		}
	}
	for line, want := range map[string]string{
		`{"keyBytes":{"base64":"AAAAKQ=="},"value":""}`:                "\x00\x00\x00)",
		`{"key":"edited","keyBytes":{"base64":"AAAAKQ=="},"value":""}`: "edited",
		`{"keyBytes":{"base64":"AAAAKQ=="},"key":"","value":""}`:       "",
	} {
		r, err := ParseJSON([]byte(line))
		if err != nil || string(r.Key) != want {
			t.Errorf("%s: %q, %v", line, r.Key, err)
		}
	}
	if r, err := ParseJSON([]byte(`{"key":null,"keyBytes":{"base64":"AAAAKQ=="},"value":""}`)); err != nil || r.Key != nil {
		t.Errorf("a null key is %q, %v", r.Key, err)
	}
}

// The numbers of dead letters are shown as numbers, and text is left alone: that of Kafka Connect,
// of who writes digits by hand, and all that only has such a name.
func TestHeaderNumber(t *testing.T) {
	t.Parallel()
	type number struct {
		N  int64
		OK bool
	}
	for header, want := range map[[2]string]number{
		{"kafka_dlt-original-offset", "\x00\x00\x00\x00\x00\x00\x00*"}:       {42, true},
		{"kafka_dlt-original-partition", "\x00\x00\x00\x02"}:                 {2, true},
		{"kafka_dlt-original-timestamp", "\x00\x00\x01\xa0\xc4\x50\x74\x7b"}: {1_790_000_002_171, true},
		{"kafka_original-offset", "\x7f\xff\xff\xff\xff\xff\xff\xff"}:        {1<<63 - 1, true},
		{"kafka_original-timestamp", "\xff\xff\xff\xff\xff\xff\xff\xff"}:     {-1, true},
		{"kafka_deliveryAttempt", "\x00\x00\x00\x03"}:                        {3, true},
		{"x-original-offset", "\x00\x00\x00\x00\x00\x00\x00\x01"}:            {1, true},
		{"x-original-partition", "\x00\x00\x00\x00"}:                         {0, true},
		{"retry_topic-attempts", "\x00\x00\x00\x05"}:                         {5, true},
		{"retry_topic-attempts", "\x05"}:                                     {5, true},
		{"retry_topic-original-timestamp", "\x01\xa0\xc4\x50\x74\x7b"}:       {1_790_000_002_171, true},
		{"retry_topic-backoff-timestamp", "\x01\xa0\xc4\x50\x74\x7b"}:        {1_790_000_002_171, true},
		{"kafka_dlt-original-offset", "1234"}:                                {},
		{"kafka_dlt-original-offset", "12345678"}:                            {},
		{"kafka_dlt-original-offset", ""}:                                    {},
		{"kafka_dlt-original-offset", "\x01\x02"}:                            {},
		{"kafka_dlt-original-topic", "\x00\x00\x00\x02"}:                     {},
		{"kafka_dlt-original-timestamp-type", "Time"}:                        {},
		{"__connect.errors.offset", "12345678"}:                              {},
		{"offset", "\x00\x00\x00\x02"}:                                       {},
		{"my-original-offset", "\x00\x00\x00\x02"}:                           {},
	} {
		var got number
		got.N, got.OK = HeaderNumber(header[0], []byte(header[1]))
		if got != want {
			t.Errorf("%s=%q: %v, want %v", header[0], header[1], got, want)
		}
	}
	offset := kgo.RecordHeader{Key: "kafka_dlt-original-offset", Value: []byte("\x00\x00\x00\x00\x00\x00\x00*")}
	for condition, want := range map[string]bool{
		"kafka_dlt-original-offset=42": true, "kafka_dlt-original-offset": true, "kafka_dlt-original-offset=\x00\x00\x00\x00\x00\x00\x00*": true, "kafka_dlt-original-offset=4": false,
	} {
		match, err := ParseHeaderMatch(condition)
		if err != nil {
			t.Fatal(err)
		}
		if match.match(&kgo.Record{Headers: []kgo.RecordHeader{offset}}) != want {
			t.Errorf("%q: %t", condition, !want)
		}
	}
}
