package record

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/google/go-cmp/cmp"
)

var conditions = []struct {
	where, value string
	want         bool
}{
	{"a=42", `{"a":42}`, true},
	{"a=42", `{"a":"42"}`, true},
	{"a=42", `{"a":42.0}`, true},
	{"a=42", `{"a":"42.0"}`, false}, // text
	{"a=4.2e1", `{"a":42}`, true},
	{"a=42", `{"a":420}`, false},
	{"a=9007199254740993", `{"a":9007199254740992}`, false}, // one float64
	{"a=9007199254740993", `{"a":9007199254740993}`, true},
	// Numbers beyond 64 bits, and fractions that a float64 takes for each other.
	{"a=9223372036854775808", `{"a":9223372036854775809}`, false},
	{"a=9223372036854775808", `{"a":9223372036854775808}`, true},
	{"a>9223372036854775807", `{"a":9223372036854775808}`, true},
	{"a>18446744073709551615", `{"a":18446744073709551616}`, true},
	{"a<18446744073709551616", `{"a":18446744073709551616}`, false},
	{"a<=-9223372036854775809", `{"a":-9223372036854775808}`, false},
	{"a=0.1", `{"a":0.1000000000000000055511151231257827}`, false},
	{"a<0.1000000000000000055511151231257827", `{"a":0.1}`, true},
	{"a=0.1", `{"a":0.10}`, true},
	{"a!=99999999999999999.99", `{"a":99999999999999999.98}`, true},
	{"a>=1.00000000000000000001", `{"a":1}`, false},
	{"a=1e2", `{"a":100.0}`, true},
	{"a=0", `{"a":-0.0e9}`, true},
	{"a>0.5", `{"a":".6"}`, true},
	{"a<1e400", `{"a":1e399}`, true},
	{"a>1e400", `{"a":1e99999999999999999999}`, true},
	{"a<-1e400", `{"a":-1e99999999999999999999}`, true},
	{"a>0", `{"a":1e-99999999999999999999}`, true},
	{"a>0", `{"a":"0x10"}`, false},
	{"a>0", `{"a":"1_0"}`, false},
	{"a>1", `{"a":"Infinity"}`, false},
	// Of two members with one name the last counts, at every step and however it is written.
	{"a=1", `{"a":1,"a":2}`, false},
	{"a=2", `{"a":1,"a":2}`, true},
	{"a=2", `{"a":1,"\u0061":2}`, true},
	{"a.b=2", `{"a":{"b":1},"a":{"b":2}}`, true},
	{"a.b=1", `{"a":{"b":1},"a":{}}`, false},
	{"a.b=2", `{"a":1,"a":{"b":2}}`, true},
	{"a.b=3", `{"a":{"b":1,"c":2,"b":3}}`, true},
	{"a.1.b=3", `{"a":[0,{"b":2,"b":3}]}`, true},
	{"a/b=2", `{"a/b":1,"a\/b":2}`, true},
	{"a=1", `{"b":{"a":2},"a":1,"c":"\"a\""}`, true},
	{"a=null", `{"a":null}`, true},
	{"a=true", `{"a":true}`, true},
	{"a=", `{"a":""}`, true},
	{"a=", `{"a":null}`, false},
	{"a = Ann Lee ", `{"a":"Ann Lee"}`, true},
	{`a=" Ann\u0020"`, `{"a":" Ann "}`, true},
	{`a="42"`, `{"a":42}`, true},
	{"a==42", `{"a":42}`, true},
	{"a=b=c", `{"a":"b=c"}`, true},
	{"a=é", `{"a":"\u00e9"}`, true},
	{"é=1", `{"é":1}`, true},
	{"a=1", `{"\u0061":1}`, true},
	{"a!=42", `{"a":43}`, true},
	{"a!=42", `{"a":"42"}`, false},
	{"a!=42", `{"a":null}`, true},
	{"a>5", `{"a":10}`, true},
	{"a>5", `{"a":"10"}`, true}, // numbers, not "1" before "5"
	{"a>10", `{"a":10}`, false},
	{"a>=10", `{"a":10.0}`, true},
	{"a<-1", `{"a":-1.5}`, true},
	{"a<=-1.5", `{"a":-1.5}`, true},
	{"a>9007199254740992", `{"a":9007199254740993}`, true},
	{"a>5", `{"a":"many"}`, false},
	{"a<5", `{"a":"many"}`, false},
	{"a>m", `{"a":"many"}`, true},
	{"a>m", `{"a":5}`, false},
	{"a>=2026-11-22", `{"a":"2026-11-22T12:00:01Z"}`, true},
	{"a<2026-11-22", `{"a":"2026-11-22T12:00:01Z"}`, false},
	{"a>0", `{"a":true}`, false},
	{"a>0", `{"a":null}`, false},
	{"a.b.c=1", `{"a":{"b":{"c":1}}}`, true},
	{"a.1.b=2", `{"a":[{"b":1},{"b":2}]}`, true},
	{"1=b", `["a","b"]`, true},
	{"a.-1=2", `{"a":[1,2]}`, false},
	{"a.1=2", `{"a":{"1":2}}`, true},
	{`a\.b=1`, `{"a.b":1,"a":{"b":2}}`, true},
	{`a\\b=1`, `{"a\\b":1}`, true},
	{"a.#=2", `{"a":[1,2]}`, false}, // what gjson and others would make more of
	{"a.#=2", `{"a":{"#":2}}`, true},
	{"a*=1", `{"ab":1}`, false},
	{"a?=1", `{"ab":1}`, false},
	{"@this=1", `{"@this":1}`, true},
	{"a|b=1", `{"a":{"b":1}}`, false},
	{"{a}=1", `{"a":1}`, false},
	{"a b=1", `{"a b":1}`, true},
	// What leads to nothing, or to no scalar, matches nothing.
	{"b=", `{"a":1}`, false},
	{"b!=1", `{"a":1}`, false},
	{"b=null", `{"a":1}`, false},
	{"a.b!=1", `{"a":1}`, false},
	{"a!=1", `{"a":{}}`, false},
	{"a!=1", `{"a":[1]}`, false},
	{"a=1", ``, false},
	{"a=1", `"a"`, false},
	{"a=1", `x {"a":1}`, false},
	{"a=1", `{"a":1} x`, false},
	{"a=1", `{"a":1,"b":}`, false},
	{"a=1", "{\"a\":1,\"b\":\"\xff\"}", false},
	{"a=1", "\n { \"a\" : 1 } ", true},
}

func TestWhere(t *testing.T) {
	t.Parallel()
	for _, tt := range conditions {
		t.Run(tt.where+" in "+tt.value, func(t *testing.T) {
			t.Parallel()
			s := Filter{Where: mustWhere(t, tt.where)}
			if got, _, _ := s.Keep(t.Context(), &kgo.Record{Value: []byte(tt.value)}); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestParseWhereErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"", `condition "": no operator (= != > >= < <=) behind the path`},
		{"a", `condition "a": no operator (= != > >= < <=) behind the path`},
		{"a!b", `condition "a!b": ! is not an operator, != is`},
		{"=5", `condition "=5": a step of the path is empty`},
		{".a=5", `condition ".a=5": a step of the path is empty`},
		{"a..b=5", `condition "a..b=5": a step of the path is empty`},
		{"a.=5", `condition "a.=5": a step of the path is empty`},
		{`a="b`, `condition "a=\"b": "b is not a JSON string`},
	} {
		_, err := ParseWhere(tt.text)
		if diff := cmp.Diff(tt.want, fmt.Sprint(err)); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	}
}

// field returns the text of the scalar that a path leads to in a value that is JSON.
func field(value []byte, path string) (string, bool) {
	steps, err := parsePath(path)
	if err != nil {
		return "", false
	}
	found, ok := scalarAt(value, &steps)
	if !ok || !IsJSON(value) {
		return "", false
	}
	return scalarText(found), true
}

// A field is what encoding/json finds at the end of the path, whatever is in names, and however
// often a name occurs.
func FuzzField(f *testing.F) {
	for _, tt := range conditions {
		f.Add([]byte(tt.value), "a.b")
	}
	f.Add([]byte(`{"a":{"@b|c#*":[null,"\u00e9"]}}`), "a.@b|c#*.1")
	f.Add([]byte(`[[1]]`), "0.00")
	f.Add([]byte(`{"a":1,"\u0061":{"b":2,"b":[3]}}`), "a.b.0")
	f.Fuzz(func(t *testing.T, value []byte, path string) {
		got, ok := field(value, path)
		if strings.Contains(path, `\`) {
			return
		}
		want, found := slowField(value, path)
		if ok != found || got != want {
			t.Errorf("%q in %q: got %q, %t; want %q, %t", path, value, got, ok, want, found)
		}
	})
}

func slowField(value []byte, path string) (string, bool) {
	if path == "" || !IsJSON(value) {
		return "", false
	}
	at, err := decodeJSON(value)
	if err != nil {
		return "", false
	}
	for step := range strings.SplitSeq(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok || step == "" {
				return "", false
			}
			at = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) || strings.Trim(step, "0123456789") != "" {
				return "", false
			}
			at = v[i]
		default:
			return "", false
		}
	}
	switch v := at.(type) {
	case map[string]any, []any:
		return "", false
	case nil:
		return "null", true
	default:
		return fmt.Sprint(v), true
	}
}
