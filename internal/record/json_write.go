package record

import (
	"encoding/base64"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"
)

// AppendJSON appends r as one compact JSON object, without a newline:
//
//	{"topic":…,"partition":2,"offset":41,"timestamp":"2026-11-22T12:00:01.123Z",
//	 "key":…,"headers":[{"key":…,"value":…}],"value":…}
//
// Bytes that are valid UTF-8 become a string, others {"base64":…}, and null is null. A value
// that is a JSON object, array, number, true or false is nested as it is written. All other
// text becomes a string, also a value that is itself a JSON string or the word null. Nesting
// takes out line ends, and the blanks around the value; where it took something out, the
// member valueBytes follows with the bytes of the record. So [ParseJSON] returns the same
// record.
//
// Behind a key that is no text ([IsBinary]) the member keyBytes follows with its bytes: whether the
// key itself is a string depends on the bytes, for numbers of one kind too. Behind the value of a
// header the member number follows where it is one ([HeaderNumber]).
//
// The timestamp has the form of [AppendTimestamp]; where that is Unix milliseconds, it is a number,
// and where there is none, null.
func AppendJSON(dst []byte, r *kgo.Record) []byte {
	dst = append(dst, `{"topic":`...)
	dst = appendName(dst, r.Topic)
	dst = append(dst, `,"partition":`...)
	dst = strconv.AppendInt(dst, int64(r.Partition), 10)
	dst = append(dst, `,"offset":`...)
	dst = strconv.AppendInt(dst, r.Offset, 10)
	dst = append(dst, `,"timestamp":`...)
	dst = AppendJSONTimestamp(dst, r.Timestamp)
	dst = append(dst, `,"key":`...)
	dst = appendBytes(dst, r.Key)
	if IsBinary(r.Key) {
		dst = append(dst, `,"keyBytes":`...)
		dst = appendBase64(dst, r.Key)
	}
	dst = append(dst, `,"headers":[`...)
	for i, h := range r.Headers {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"key":`...)
		dst = appendName(dst, h.Key)
		dst = append(dst, `,"value":`...)
		dst = appendBytes(dst, h.Value)
		if n, ok := HeaderNumber(h.Key, h.Value); ok {
			dst = append(dst, `,"number":`...)
			dst = strconv.AppendInt(dst, n, 10)
		}
		dst = append(dst, '}')
	}
	dst = append(dst, `],"value":`...)
	dst = appendValue(dst, r.Value)
	return append(dst, '}')
}

// appendValue appends a record's value, and valueBytes where they are needed.
func appendValue(dst, value []byte) []byte {
	inner := trimBlanks(value)
	if !startsNested(inner) || !utf8.Valid(value) || !validJSON(inner, maxNesting) {
		return appendBytes(dst, value)
	}
	if _, ok := base64Member(inner); ok {
		return appendBase64(dst, value) // nested, ParseJSON would decode it
	}
	start := len(dst)
	dst = appendOneLine(dst, inner)
	if len(dst)-start == len(value) {
		return dst
	}
	dst = append(dst, `,"valueBytes":`...)
	return appendBase64(dst, value)
}

// AppendJSONTimestamp appends t as a JSON value: a string that is a date, a number, or null for the
// zero time, as records of the format before Kafka 0.10 have it.
func AppendJSONTimestamp(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(dst, "null"...)
	}
	quote := len(dst)
	dst = AppendTimestamp(append(dst, '"'), t)
	if dst[len(dst)-1] != 'Z' { // Unix milliseconds
		return append(dst[:quote], dst[quote+1:]...)
	}
	return append(dst, '"')
}

// appendBytes appends null, a string or {"base64":…}.
func appendBytes(dst, b []byte) []byte {
	switch {
	case b == nil:
		return append(dst, "null"...)
	case utf8.Valid(b):
		return appendQuoted(dst, b)
	default:
		return appendBase64(dst, b)
	}
}

// appendName appends a string or {"base64":…}.
func appendName(dst []byte, name string) []byte {
	if utf8.ValidString(name) {
		return appendQuoted(dst, name)
	}
	return appendBase64(dst, []byte(name))
}

func appendBase64(dst, b []byte) []byte {
	dst = append(dst, `{"base64":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, b)
	return append(dst, `"}`...)
}

// appendQuoted appends text, which must be valid UTF-8, as a JSON string. It escapes nothing for
// HTML, unlike encoding/json.
func appendQuoted[T string | []byte](dst []byte, text T) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, text[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	dst = append(dst, text[done:]...)
	return append(dst, '"')
}
