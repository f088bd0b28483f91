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
// The timestamp is in UTC with milliseconds. A year beyond 9999 has no such form; the timestamp
// is a number then, in Unix milliseconds.
func AppendJSON(dst []byte, r *kgo.Record) []byte {
	dst = append(dst, `{"topic":`...)
	dst = appendName(dst, r.Topic)
	dst = append(dst, `,"partition":`...)
	dst = strconv.AppendInt(dst, int64(r.Partition), 10)
	dst = append(dst, `,"offset":`...)
	dst = strconv.AppendInt(dst, r.Offset, 10)
	dst = append(dst, `,"timestamp":`...)
	dst = appendTimestamp(dst, r.Timestamp)
	dst = append(dst, `,"key":`...)
	dst = appendBytes(dst, r.Key)
	dst = append(dst, `,"headers":[`...)
	for i, h := range r.Headers {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"key":`...)
		dst = appendName(dst, h.Key)
		dst = append(dst, `,"value":`...)
		dst = appendBytes(dst, h.Value)
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

// AppendTimestamp appends t as [AppendJSON] writes it, without quotes.
func AppendTimestamp(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return strconv.AppendInt(dst, t.UnixMilli(), 10)
	}
	hour, minute, second := t.Clock()
	return append(dst,
		digit(year/1000), digit(year/100), digit(year/10), digit(year), '-',
		digit(int(month)/10), digit(int(month)), '-', digit(day/10), digit(day), 'T',
		digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':', digit(second/10), digit(second), '.',
		digit(t.Nanosecond()/1e8), digit(t.Nanosecond()/1e7), digit(t.Nanosecond()/1e6), 'Z')
}

// appendTimestamp appends t as a JSON value.
func appendTimestamp(dst []byte, t time.Time) []byte {
	quote := len(dst)
	dst = AppendTimestamp(append(dst, '"'), t)
	if dst[len(dst)-1] != 'Z' { // Unix milliseconds, a number
		return append(dst[:quote], dst[quote+1:]...)
	}
	return append(dst, '"')
}

// digit returns the last decimal digit of n.
func digit(n int) byte { return byte('0' + n%10) }

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
