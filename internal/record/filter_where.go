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
	// The text as a number, where it is one: whole ones exactly.
	whole   int64
	number  float64
	isWhole bool
	isNum   bool
}

// ParseWhere reads PATH OPERATOR TEXT: "data.userId=42". The steps of the path are
// separated by dots, a number leads into an array, \. is a dot in a name. The operators
// are = != > >= < <= (and == for =). TEXT may be a JSON string.
//
// = compares the text of the scalar: 42 is found by the number 42 and by the string
// "42", null by null; 10 also by 10.0. The others compare numbers where both are, else
// strings, byte by byte, as suits ISO timestamps. A path that leads to nothing, to an
// object or to an array matches no condition, not even !=.
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
	w.whole, w.isWhole = wholeOf(w.text)
	w.number, w.isNum = numberOf(w.text)
	return w, nil
}

// parsePath is a dotted path in gjson's spelling, in which nothing but the dots between
// steps is special.
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

// match tells whether value meets the condition. It does not check that value is JSON
// all through.
func (w *Where) match(value []byte) bool {
	found, ok := scalar(value, w.path)
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
	text := textOf(found)
	if text == w.text {
		return true
	}
	if found.Type != gjson.Number || !w.isNum {
		return false
	}
	if _, whole := wholeOf(text); whole && w.isWhole {
		return false // two whole numbers of other text: as floats they could be the same
	}
	number, ok := numberOf(text)
	return ok && number == w.number
}

// compare orders what was found against the text; false when they have no order.
func (w *Where) compare(found gjson.Result) (int, bool) {
	if found.Type != gjson.Number && found.Type != gjson.String {
		return 0, false
	}
	text := textOf(found)
	if whole, ok := wholeOf(text); ok && w.isWhole {
		return cmp.Compare(whole, w.whole), true
	}
	if number, ok := numberOf(text); ok && w.isNum {
		return cmp.Compare(number, w.number), true
	}
	return strings.Compare(text, w.text), found.Type == gjson.String && !w.isNum
}

func wholeOf(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// numberOf is text as a JSON number or one with a sign: not NaN, Inf or hexadecimal.
func numberOf(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// Field is the text of the scalar that path (as of [ParseWhere]) leads to in a value
// that is JSON; false where there is none.
func Field(value []byte, path string) (string, bool) {
	steps, err := parsePath(path)
	if err != nil {
		return "", false
	}
	found, ok := scalar(value, steps)
	if !ok || !IsJSON(value) {
		return "", false
	}
	return textOf(found), true
}

// scalar is what path leads to in value, an object or an array.
func scalar(value []byte, path string) (gjson.Result, bool) {
	inner := bytes.TrimLeft(value, " \t\r\n")
	if len(inner) == 0 || inner[0] != '{' && inner[0] != '[' {
		return gjson.Result{}, false // gjson would look for one further on
	}
	found := gjson.GetBytes(inner, path)
	return found, found.Exists() && !found.IsObject() && !found.IsArray()
}

// textOf is a scalar as text: strings without quotes, others as they are written.
func textOf(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}
