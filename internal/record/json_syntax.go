package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// startsNested reports by the first byte whether text that is JSON would be nested in the JSON
// of a record.
func startsNested(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	switch c := text[0]; c {
	case '{', '[', 't', 'f', '-':
		return true
	default:
		return '0' <= c && c <= '9'
	}
}

// base64Member returns the value of the only member of an object, when that is called base64.
func base64Member(object []byte) (gjson.Result, bool) {
	if object[0] != '{' {
		return gjson.Result{}, false
	}
	key := trimBlanks(object[1:])
	if !bytes.HasPrefix(key, []byte(`"b`)) && !bytes.HasPrefix(key, []byte(`"\u`)) { // nearly all objects end here
		return gjson.Result{}, false
	}
	return soleBase64(gjson.ParseBytes(object))
}

// soleBase64 returns the value of the only member of v, when v is an object and that member is
// called base64.
func soleBase64(v gjson.Result) (text gjson.Result, ok bool) {
	if !v.IsObject() {
		return gjson.Result{}, false
	}
	members := 0
	v.ForEach(func(key, value gjson.Result) bool {
		members++
		text, ok = value, key.Str == "base64"
		return members < 2
	})
	return text, ok && members == 1
}

// appendOneLine appends JSON without line ends: as it is when it has none, otherwise compact.
func appendOneLine(dst, text []byte) []byte {
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') < 0 {
		return append(dst, text...)
	}
	return appendCompact(dst, text)
}

// appendCompact appends JSON without the blanks between its tokens.
func appendCompact(dst, text []byte) []byte {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			dst = append(dst, c)
			i++
			dst = append(dst, text[i])
		case c == '"':
			quoted = !quoted
			dst = append(dst, c)
		case quoted || !isBlank(c):
			dst = append(dst, c)
		}
	}
	return dst
}

// maxNesting is how deep a value may be nested to count as JSON. Other programs have limits too
// (encoding/json: 10,000), and the check is recursive.
const maxNesting = 5000

// IsJSON reports whether value is one JSON value in valid UTF-8, nested at most 5,000 deep.
func IsJSON(value []byte) bool { return utf8.Valid(value) && validJSON(value, maxNesting) }

// validJSON reports whether text, which must be valid UTF-8, is one JSON value, nested no deeper
// than deepest. The check of gjson takes a third of the time of encoding/json's.
func validJSON(text []byte, deepest int) bool {
	return (len(text) < 2*deepest || nesting(text) <= deepest) && gjson.ValidBytes(text)
}

// GoesOn reports whether text is the beginning of a JSON object or array that goes on behind it, as
// the first line of one that is written over several.
func GoesOn(text []byte) bool {
	text = trimBlanks(text)
	if len(text) == 0 || text[0] != '{' && text[0] != '[' || !utf8.Valid(text) {
		return false
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := dec.Token(); err != nil {
			return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) && !gjson.ValidBytes(text)
		}
	}
}

// nesting returns the depth of JSON. For other text it is at least the depth of the part before
// the first syntax error.
func nesting(text []byte) int {
	deepest, depth, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// isBlank reports whether JSON allows the byte between tokens.
func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// trimBlanks removes what JSON takes for blanks on both sides.
func trimBlanks(text []byte) []byte {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// jsonKind names the kind of a JSON value for an error.
func jsonKind(v gjson.Result) string {
	switch {
	case !v.Exists():
		return "missing"
	case v.IsObject():
		return "an object"
	case v.IsArray():
		return "an array"
	case v.Type == gjson.String:
		return "a string"
	case v.Type == gjson.Number:
		return "a number"
	case v.IsBool():
		return v.Raw
	default:
		return "null"
	}
}

// excerpt returns v for an error: short, and without control characters for a terminal.
func excerpt(v gjson.Result) string {
	switch v.Type {
	case gjson.String:
		return strconv.Quote(shorten(v.Str))
	case gjson.Number:
		return shorten(v.Raw)
	default:
		return jsonKind(v)
	}
}

// shorten returns at most 60 bytes of text for an error.
func shorten(text string) string {
	const enough = 60
	if len(text) <= enough {
		return text
	}
	end := enough
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
