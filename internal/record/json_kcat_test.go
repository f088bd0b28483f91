package record

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseKcatErrors(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`{"key":"a","ts":1}`:                           `has no "value"`,
		`{"payload":"a","ts":"x"}`:                     `timestamp: "x" is neither RFC 3339 nor Unix milliseconds`,
		`{"payload":"a","headers":["a","b",null,"c"]}`: `headers[2]: a name is a string, not null`,
		`{"payload":"a","headers":["a",1]}`:            `headers[1]: neither a string, null nor {"base64":…} but a number`,
	} {
		if _, err := ParseJSON([]byte(line)); fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
	// What has a value is no line of kcat's, whatever else it has.
	r, err := ParseJSON([]byte(`{"value":"a","payload":"b","ts":1}`))
	if err != nil || string(r.Value) != "a" || !r.Timestamp.IsZero() {
		t.Errorf("read as %q at %s, %v", r.Value, r.Timestamp, err)
	}
}

func TestGoesOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"{": true, " [ ": true, `{"a": 1,`: true, `{"a": {`: true, `[{"a": 1},`: true, `{"a": "b`: true, `{"a":`: true, `{"a`: true, "[1": true,
		strings.Repeat("[", 200_000): true,
		"":                           false, "a": false, `"a`: false, "1": false, "{}": false, "[1]": false, `{"a": 1}`: false, "{a": false, "[INFO] x": false,
		"[2026-11-22T10:00:00] x": false, "{}}": false, "\xff{": false, "{\xff": false,
	} {
		if GoesOn([]byte(text)) != want {
			t.Errorf("%.40q: %t", text, !want)
		}
	}
}
