package record

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

func mustWhere(t testing.TB, texts ...string) []Where {
	t.Helper()
	var where []Where
	for _, text := range texts {
		w, err := ParseWhere(text)
		if err != nil {
			t.Fatal(err)
		}
		where = append(where, w)
	}
	return where
}

func mustJQ(t testing.TB, expr string) *JQ {
	t.Helper()
	q, err := ParseJQ(expr)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestSieve(t *testing.T) {
	t.Parallel()
	order := &kgo.Record{Topic: "order.created", Key: []byte("order-123"), Value: envelope, Headers: []kgo.RecordHeader{
		{Key: "trace", Value: []byte("1")}, {Key: "trace", Value: []byte("2=3")}, {Key: "null"}, {Key: "empty", Value: []byte{}},
	}}
	text := &kgo.Record{Key: []byte{}, Value: []byte(`said {"eventType":"order.created"}`)}
	cut := &kgo.Record{Value: envelope[:len(envelope)-1]}
	tombstone := &kgo.Record{Key: nil}
	header := func(texts ...string) (hs []HeaderMatch) {
		for _, text := range texts {
			h, err := ParseHeaderMatch(text)
			if err != nil {
				t.Fatal(err)
			}
			hs = append(hs, h)
		}
		return hs
	}
	for _, tt := range []struct {
		name  string
		sieve Sieve
		r     *kgo.Record
		want  bool
	}{
		{"no condition", Sieve{}, tombstone, true},
		{"a key", Sieve{Keys: []string{"order-123"}}, order, true},
		{"one of two keys", Sieve{Keys: []string{"a", "order-123"}}, order, true},
		{"a part of a key", Sieve{Keys: []string{"order"}}, order, false},
		{"the empty key", Sieve{Keys: []string{""}}, text, true},
		{"the empty key and null", Sieve{Keys: []string{""}}, tombstone, false},
		{"a header", Sieve{Headers: header("trace=1")}, order, true},
		{"a header's second value", Sieve{Headers: header("trace=2=3")}, order, true},
		{"two headers", Sieve{Headers: header("trace=1", "trace=2=3")}, order, true},
		{"one of two headers", Sieve{Headers: header("trace=1", "trace=2")}, order, false},
		{"any value", Sieve{Headers: header("null", "empty")}, order, true},
		{"an empty value", Sieve{Headers: header("empty=")}, order, true},
		{"an empty value and null", Sieve{Headers: header("null=")}, order, false},
		{"no such header", Sieve{Headers: header("Trace")}, order, false},
		{"a type", Sieve{Types: []string{"a", "order.created"}}, order, true},
		{"another type", Sieve{Types: []string{"order.created.v2"}}, order, false},
		{"an event id", Sieve{EventIDs: []string{"0f8fad5b-d9cb-469f-a165-70867728950e"}}, order, true},
		{"another event id", Sieve{EventIDs: []string{"0f8fad5b"}}, order, false},
		{"a type in text", Sieve{Types: []string{"order.created"}}, text, false},
		{"a type in JSON cut off", Sieve{Types: []string{"order.created"}}, cut, false},
		{"a type and a tombstone", Sieve{Types: []string{""}}, tombstone, false},
		{"conditions", Sieve{Where: mustWhere(t, "data.userId=42", "data.total>99")}, order, true},
		{"one of two conditions", Sieve{Where: mustWhere(t, "data.userId=42", "data.total>100")}, order, false},
		{"jq", Sieve{Keys: []string{"order-123"}, JQ: mustJQ(t, ".value.data.ok")}, order, true},
		{"jq says no", Sieve{Keys: []string{"order-123"}, JQ: mustJQ(t, ".value.data.ok | not")}, order, false},
		{"jq is not asked", Sieve{Keys: []string{"a"}, JQ: mustJQ(t, "error")}, order, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, shown, err := tt.sieve.Keep(t.Context(), tt.r)
			if err != nil || shown != nil {
				t.Fatalf("shown %q, error %v", shown, err)
			}
			if got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
	if _, err := ParseHeaderMatch("=a"); err == nil {
		t.Error("a header without a name is taken")
	}
}

func TestJQ(t *testing.T) {
	t.Parallel()
	r := &kgo.Record{Topic: "order.created", Partition: 2, Offset: 41, Timestamp: noon, Key: []byte("k"), Value: []byte(`{"id":12345678901234567890,"n":1.50,"items":[1,2],"s":"<é>","ok":false}`)}
	for _, tt := range []struct {
		name, expr string
		keep       bool
		shown      string
	}{
		{"true", `.partition == 2`, true, ""},
		{"false", `.partition == 3`, false, ""},
		{"null", `.value.nothing`, false, ""},
		{"nothing", `empty`, false, ""},
		{"select", `select(.value.id > 5)`, true, ""},
		{"select nothing", `select(.value.id < 5)`, false, ""},
		{"itself", `.`, true, ""},
		{"itself, rebuilt", `. + {offset: (.offset + 0)}`, true, ""},
		{"any of several", `.value.items[] == 2`, true, ""},
		{"a scalar", `.value.id`, true, "12345678901234567890\n"},
		{"a number as it is written", `.value.n`, true, "1.50\n"},
		{"text", `.value.s`, true, "\"<é>\"\n"},
		{"an object", `{key, id: .value.id, a: null}`, true, "{\"a\":null,\"id\":12345678901234567890,\"key\":\"k\"}\n"},
		{"several", `.value.items[]`, true, "1\n2\n"},
		{"several, some of them false", `.value.ok, .value.n, null, true`, true, "1.50\ntrue\n"},
		{"an edit", `.value = 1 | del(.headers, .timestamp)`, true, `{"key":"k","offset":41,"partition":2,"topic":"order.created","value":1}` + "\n"},
		{"no environment", `env, $ENV`, true, "{}\n{}\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := Sieve{JQ: mustJQ(t, tt.expr)}
			keep, shown, err := s.Keep(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if keep != tt.keep || string(shown) != tt.shown {
				t.Errorf("got %t, %q; want %t, %q", keep, shown, tt.keep, tt.shown)
			}
		})
	}
}

func TestJQErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ expr, want string }{
		{`.value |`, `jq at byte 9: unexpected EOF`},
		{`.value == 'a'`, `jq at byte 11: unexpected token "'"`},
		{`nofunc(1)`, `jq: function not defined: nofunc/1`},
		{`$x`, `jq: variable not defined: $x`},
		{`input`, `jq: input(s)/0 is not allowed`},
		{`import "a" as a; .`, `jq: cannot load module: "a"`},
	} {
		_, err := ParseJQ(tt.expr)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.expr, err, tt.want)
		}
	}
	for _, tt := range []struct{ expr, want string }{
		{`.value | tonumber`, `jq: tonumber cannot be applied to "x\n\u001b[2J\u009b31m": invalid number`},
		{`error(.value)`, `jq: error: x\n\x1b[2J\u009b31m`},
	} {
		failing := Sieve{JQ: mustJQ(t, tt.expr)}
		keep, shown, err := failing.Keep(t.Context(), &kgo.Record{Value: []byte("x\n\x1b[2J\u009b31m")})
		if keep || shown != nil || err == nil || err.Error() != tt.want {
			t.Errorf("got %t, %q, %v; want %s", keep, shown, err, tt.want)
		}
	}
}

// A program that never ends does so with ctx.
func TestJQEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := Sieve{JQ: mustJQ(t, `def f: f; f`)}
	if _, _, err := s.Keep(ctx, &kgo.Record{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkSieveWhere(b *testing.B) {
	for _, bb := range []struct{ name, where string }{
		{"match", "data.userId=42"}, {"no match", "data.userId=43"}, {"no such path", "data.nothing=1"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s := Sieve{Where: mustWhere(b, bb.where)}
			benchmarkSieve(b, &s)
		})
	}
}

func BenchmarkSieveType(b *testing.B) {
	benchmarkSieve(b, &Sieve{Types: []string{"order.created"}})
}

func BenchmarkSieveJQ(b *testing.B) {
	benchmarkSieve(b, &Sieve{JQ: mustJQ(b, ".value.data.userId == 42")})
}

func benchmarkSieve(b *testing.B, s *Sieve) {
	r := &kgo.Record{Topic: "order.created", Timestamp: noon, Key: []byte("order-123"), Value: envelope}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.Keep(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

func TestFieldOfEnvelope(t *testing.T) {
	t.Parallel()
	type field struct {
		Text string
		OK   bool
	}
	for _, tt := range []struct {
		value, path string
		want        field
	}{
		{string(envelope), "eventType", field{"order.created", true}},
		{string(envelope), "data.total", field{"99.95", true}},
		{string(envelope), "data", field{}},
		{string(envelope), "", field{}},
		{string(envelope) + "}", "eventType", field{}},
		{`text {"a":1}`, "a", field{}},
		{` [{"a":null}]`, "0.a", field{"null", true}},
	} {
		var got field
		got.Text, got.OK = Field([]byte(tt.value), tt.path)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Field(%s, %s): %s", tt.value, tt.path, diff)
		}
	}
}
