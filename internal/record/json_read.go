package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kgo"
)

// ParseJSON reads one object that [AppendJSON] wrote, or one like it, as kcat -J writes them. Only
// the member value is required, so that an object of another kind does not become a tombstone. A missing partition
// is -1, a missing timestamp zero. Unknown members are ignored; of two members with one name
// the last counts.
//
// The record's value is valueBytes as long as they mean the same JSON as value; otherwise value
// was edited and counts. The key is keyBytes only where there is no member key: they say the same,
// unless key was edited. The record shares no memory with line. The error is one line that
// names the member, or the byte, counted from 1, where the line stops being JSON.
func ParseJSON(line []byte) (*kgo.Record, error) {
	r := new(kgo.Record)
	if err := readJSON(r, line); err != nil {
		return nil, err
	}
	return r, nil
}

// members are the members of a record's object. For one that is missing, Exists is false.
type members struct {
	topic, partition, offset, timestamp, key, keyBytes, headers, value, valueBytes gjson.Result
	kcat                                                                           kcatMembers
}

func readJSON(r *kgo.Record, line []byte) error {
	m, err := parseMembers(line)
	if err != nil {
		return err
	}
	m.readKcat()
	if !m.key.Exists() {
		m.key = m.keyBytes
	}
	if !m.value.Exists() {
		return errors.New(`has no "value"`)
	}
	if r.Topic, err = nameOf(m.topic); err != nil {
		return fmt.Errorf("topic: %w", err)
	}
	partition, err := integerOf(m.partition, -1, 32)
	if err != nil {
		return fmt.Errorf("partition: %w", err)
	}
	r.Partition = int32(partition)
	if r.Offset, err = integerOf(m.offset, 0, 64); err != nil {
		return fmt.Errorf("offset: %w", err)
	}
	if r.Timestamp, err = timestampOf(m.timestamp); err != nil {
		return fmt.Errorf("timestamp: %w", err)
	}
	if r.Key, err = bytesOf(m.key); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	if r.Headers, err = headersOf(m.headers); err != nil {
		return err
	}
	if r.Value, err = valueOf(m.value, m.valueBytes); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	return nil
}

func parseMembers(line []byte) (members, error) {
	var m members
	if err := CheckJSON(line); err != nil {
		return m, err
	}
	object := gjson.ParseBytes(line)
	if !object.IsObject() {
		return m, fmt.Errorf("not a JSON object but %s", jsonKind(object))
	}
	object.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "topic":
			m.topic = value
		case "partition":
			m.partition = value
		case "offset":
			m.offset = value
		case "timestamp":
			m.timestamp = value
		case "key":
			m.key = value
		case "keyBytes":
			m.keyBytes = value
		case "headers":
			m.headers = value
		case "value":
			m.value = value
		case "valueBytes":
			m.valueBytes = value
		default:
			m.kcat.take(name.Str, value)
		}
		return true
	})
	return m, nil
}

// CheckJSON returns an error when text is not one JSON value in valid UTF-8. The error is one
// line that names the byte, counted from 1, where it stops being one.
func CheckJSON(text []byte) error {
	return checkJSON(text, maxNesting+1) // the object of a record is one level more
}

// checkJSON is [CheckJSON] of text that may be nested so many levels deep.
func checkJSON(text []byte, deepest int) error {
	if !utf8.Valid(text) {
		at := 0
		for r, size := utf8.DecodeRune(text); r != utf8.RuneError || size != 1; r, size = utf8.DecodeRune(text[at:]) {
			at += size
		}
		return fmt.Errorf("not valid UTF-8 at byte %d", at+1)
	}
	if validJSON(text, deepest) {
		return nil
	}
	var syntax *json.SyntaxError
	if err := json.Unmarshal(text, new(any)); errors.As(err, &syntax) {
		return fmt.Errorf("not JSON at byte %d: %w", syntax.Offset, err)
	}
	return fmt.Errorf("nested deeper than %d levels", deepest)
}

// missingOrNull reports whether a member is missing or null.
func missingOrNull(v gjson.Result) bool { return v.Type == gjson.Null }

// integerOf returns an integer of so many bits, or without when the member is missing or null.
func integerOf(v gjson.Result, without int64, bits int) (int64, error) {
	if missingOrNull(v) {
		return without, nil
	}
	n, err := strconv.ParseInt(v.Raw, 10, bits)
	if err != nil {
		return 0, fmt.Errorf("%s is not an integer of %d bits", excerpt(v), bits)
	}
	return n, nil
}

func timestampOf(v gjson.Result) (time.Time, error) {
	switch v.Type {
	case gjson.Null:
		return time.Time{}, nil
	case gjson.Number:
		ms, err := integerOf(v, 0, 64)
		return FromMillis(ms), err
	default:
		t, err := parseDate(time.RFC3339, v.Str, time.UTC)
		if err != nil {
			return time.Time{}, fmt.Errorf("%s is neither RFC 3339 nor Unix milliseconds", excerpt(v))
		}
		return notZero(t), nil
	}
}

func headersOf(v gjson.Result) ([]kgo.RecordHeader, error) {
	if missingOrNull(v) {
		return nil, nil
	}
	if !v.IsArray() {
		return nil, fmt.Errorf("headers: not an array but %s", jsonKind(v))
	}
	if isKcatHeaders(v) {
		return kcatHeaders(v)
	}
	var headers []kgo.RecordHeader
	var err error
	v.ForEach(func(_, header gjson.Result) bool {
		var h kgo.RecordHeader
		if h, err = headerOf(header); err != nil {
			err = fmt.Errorf("headers[%d]%w", len(headers), err)
		}
		headers = append(headers, h)
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	return headers, nil
}

// headerOf reads one header. Its error is meant to follow the header's name, as headers[0].
func headerOf(v gjson.Result) (h kgo.RecordHeader, err error) {
	if !v.IsObject() {
		return h, fmt.Errorf(": not an object but %s", jsonKind(v))
	}
	var key, value gjson.Result
	v.ForEach(func(name, member gjson.Result) bool {
		switch name.Str {
		case "key":
			key = member
		case "value":
			value = member
		}
		return true
	})
	if missingOrNull(key) {
		return h, fmt.Errorf(`: has no "key"`)
	}
	if h.Key, err = nameOf(key); err != nil {
		return h, fmt.Errorf(".key: %w", err)
	}
	if h.Value, err = bytesOf(value); err != nil {
		return h, fmt.Errorf(".value: %w", err)
	}
	return h, nil
}

// nameOf reads a string or {"base64":…}; null is the empty string.
func nameOf(v gjson.Result) (string, error) {
	if v.Type == gjson.String {
		return v.Str, nil
	}
	b, err := bytesOf(v)
	return string(b), err
}

// bytesOf reads null, a string or {"base64":…}.
func bytesOf(v gjson.Result) ([]byte, error) {
	switch {
	case missingOrNull(v):
		return nil, nil
	case v.Type == gjson.String:
		return []byte(v.Str), nil
	}
	if text, ok := soleBase64(v); ok {
		return decodeBase64(text)
	}
	return nil, fmt.Errorf(`neither a string, null nor {"base64":…} but %s`, jsonKind(v))
}

func decodeBase64(text gjson.Result) ([]byte, error) {
	if text.Type != gjson.String {
		return nil, fmt.Errorf("base64: not a string but %s", jsonKind(text))
	}
	b, err := base64.StdEncoding.DecodeString(text.Str)
	if err != nil {
		return nil, fmt.Errorf("base64: %w", err)
	}
	return b, nil
}

// valueOf reads the value of a record: what bytesOf reads, or JSON that AppendJSON nested.
func valueOf(v, exact gjson.Result) ([]byte, error) {
	if _, ok := soleBase64(v); ok || missingOrNull(v) || v.Type == gjson.String {
		return bytesOf(v)
	}
	if text, ok := soleBase64(exact); ok {
		b, err := decodeBase64(text)
		if err != nil {
			return nil, fmt.Errorf("valueBytes: %w", err)
		}
		if sameJSON(b, []byte(v.Raw)) {
			return b, nil
		}
	}
	return []byte(v.Raw), nil
}

// sameJSON reports whether two texts are JSON and mean the same.
func sameJSON(a, b []byte) bool {
	if !IsJSON(a) || !IsJSON(b) {
		return false
	}
	va, erra := decodeJSON(a)
	vb, errb := decodeJSON(b)
	return erra == nil && errb == nil && reflect.DeepEqual(va, vb)
}

// decodeJSON decodes text that is known to be JSON. Numbers become [json.Number], with their
// text.
func decodeJSON(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}
