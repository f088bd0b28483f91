package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Where is a condition on a scalar inside a value that is JSON.
type Where struct {
	path fieldPath
	op   string
	text string
	// The text as a number, if it is one.
	integer   int64
	number    decimal
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
// Numbers are compared digit by digit, however long they are. A path that leads nowhere, to an object or to an array meets no condition, not even !=.
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
	w.number, w.isNumber = parseDecimal(w.text)
	return w, nil
}

// match reports whether value meets the condition. It does not check that all of value is JSON.
func (w *Where) match(value []byte) bool {
	found, ok := scalarAt(value, &w.path)
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
	if integer, ok := parseInteger(text); ok && w.isInteger {
		return integer == w.integer
	}
	number, ok := parseDecimal(text)
	return ok && number.compare(w.number) == 0
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
	if number, ok := parseDecimal(text); ok && w.isNumber {
		return number.compare(w.number), true
	}
	return strings.Compare(text, w.text), found.Type == gjson.String && !w.isNumber
}

func parseInteger(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
