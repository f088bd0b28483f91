package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Where is a condition on a scalar inside a value that is JSON.
type Where struct {
	path string // as gjson reads it
	op   string
	text string
	// The text as a number, if it is one. Integers are kept exactly.
	integer   int64
	number    float64
	isInteger bool
	isNumber  bool
}

// ParseWhere reads PATH OPERATOR TEXT, as "data.userId=42". Dots separate the steps of the path,
// a number is an index into an array, and \. is a dot in a name. The operators are
// = != > >= < <= (and == for =). TEXT may be a JSON string.
//
// The operator = compares the text of the scalar: 42 equals the number 42 and the string "42",
// null equals null, and 10 also equals the number 10.0. The operators of order compare numbers
// when both sides are numbers, and otherwise strings byte by byte, which suits ISO timestamps.
// A path that leads nowhere, to an object or to an array meets no condition, not even !=.
func ParseWhere(s string) (Where, error) {
	at := strings.IndexAny(s, "!=<>")
	if at < 0 {
		return Where{}, fmt.Errorf("condition %q: no operator (= != > >= < <=) behind the path", s)
	}
	w := Where{}
	for _, op := range []string{"!=", ">=", "<=", "==", "=", ">", "<"} {
		if strings.HasPrefix(s[at:], op) {
			w.op, w.text = op, strings.TrimSpace(s[at+len(op):])
			break
		}
	}
	if w.op == "" {
		return Where{}, fmt.Errorf("condition %q: ! is not an operator, != is", s)
	}
	if w.op == "==" {
		w.op = "="
	}
	var err error
	if w.path, err = parsePath(strings.TrimSpace(s[:at])); err != nil {
		return Where{}, fmt.Errorf("condition %q: %w", s, err)
	}
	if strings.HasPrefix(w.text, `"`) {
		if err := json.Unmarshal([]byte(w.text), &w.text); err != nil {
			return Where{}, fmt.Errorf("condition %q: %s is not a JSON string", s, w.text)
		}
	}
	w.integer, w.isInteger = parseInteger(w.text)
	w.number, w.isNumber = parseNumber(w.text)
	return w, nil
}

// parsePath returns a dotted path as gjson reads it, with everything escaped that gjson would
// take for more than a name.
func parsePath(s string) (string, error) {
	var steps []string
	var step strings.Builder
	for i := 0; i <= len(s); i++ {
		switch {
		case i == len(s) || s[i] == '.':
			if step.Len() == 0 {
				return "", errors.New("a step of the path is empty")
			}
			steps = append(steps, gjson.Escape(step.String()))
			step.Reset()
		case s[i] == '\\' && i+1 < len(s):
			i++
			step.WriteByte(s[i])
		default:
			step.WriteByte(s[i])
		}
	}
	return strings.Join(steps, "."), nil
}

// match reports whether value meets the condition. It does not check that all of value is JSON.
func (w *Where) match(value []byte) bool {
	found, ok := scalarAt(value, w.path)
	if !ok {
		return false
	}
	switch w.op {
	case "=":
		return w.equal(found)
	case "!=":
		return !w.equal(found)
	}
	order, ok := w.compare(found)
	if !ok {
		return false
	}
	switch w.op {
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	default:
		return order <= 0
	}
}

func (w *Where) equal(found gjson.Result) bool {
	text := scalarText(found)
	if text == w.text {
		return true
	}
	if found.Type != gjson.Number || !w.isNumber {
		return false
	}
	if _, ok := parseInteger(text); ok && w.isInteger {
		return false // two integers with different texts, which could be equal as floats
	}
	number, ok := parseNumber(text)
	return ok && number == w.number
}

// compare compares the scalar with the text of the condition; false when they have no order.
func (w *Where) compare(found gjson.Result) (int, bool) {
	if found.Type != gjson.Number && found.Type != gjson.String {
		return 0, false
	}
	text := scalarText(found)
	if integer, ok := parseInteger(text); ok && w.isInteger {
		return cmp.Compare(integer, w.integer), true
	}
	if number, ok := parseNumber(text); ok && w.isNumber {
		return cmp.Compare(number, w.number), true
	}
	return strings.Compare(text, w.text), found.Type == gjson.String && !w.isNumber
}

func parseInteger(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// parseNumber reads a number as JSON writes it, or with a plus sign: not NaN, Inf or hexadecimal.
func parseNumber(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// scalarAt returns the scalar that path leads to in value, which must be an object or an array.
func scalarAt(value []byte, path string) (gjson.Result, bool) {
	inner := bytes.TrimLeft(value, " \t\r\n")
	if len(inner) == 0 || inner[0] != '{' && inner[0] != '[' {
		return gjson.Result{}, false // gjson would search the text for an object
	}
	found := gjson.GetBytes(inner, path)
	return found, found.Exists() && !found.IsObject() && !found.IsArray()
}

// scalarText returns a scalar as text: a string without quotes, anything else as it is written.
func scalarText(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}
