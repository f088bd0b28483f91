package record

import (
	"context"
	"errors"
	"fmt"
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

// kept is what [Filter.Keep] returns.
type kept struct {
	keep       bool
	shown, err string
}

func newKept(keep bool, shown []byte, err error) kept {
	k := kept{keep: keep, shown: string(shown)}
	if err != nil {
		k.err = err.Error()
	}
	return k
}

func TestFilter(t *testing.T) {
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
		name   string
		filter Filter
		r      *kgo.Record
		want   bool
	}{
		{"no condition", Filter{}, tombstone, true},
		{"a key", Filter{Keys: []string{"order-123"}}, order, true},
		{"one of two keys", Filter{Keys: []string{"a", "order-123"}}, order, true},
		{"a part of a key", Filter{Keys: []string{"order"}}, order, false},
		{"the empty key", Filter{Keys: []string{""}}, text, true},
		{"the empty key and null", Filter{Keys: []string{""}}, tombstone, false},
		{"a header", Filter{Headers: header("trace=1")}, order, true},
		{"a header's second value", Filter{Headers: header("trace=2=3")}, order, true},
		{"two headers", Filter{Headers: header("trace=1", "trace=2=3")}, order, true},
		{"one of two headers", Filter{Headers: header("trace=1", "trace=2")}, order, false},
		{"any value", Filter{Headers: header("null", "empty")}, order, true},
		{"an empty value", Filter{Headers: header("empty=")}, order, true},
		{"an empty value and null", Filter{Headers: header("null=")}, order, false},
		{"no such header", Filter{Headers: header("Trace")}, order, false},
		{"a type", Filter{Events: []EventMatch{MatchType("a", "order.created")}}, order, true},
		{"another type", Filter{Events: []EventMatch{MatchType("order.created.v2")}}, order, false},
		{"an event id", Filter{Events: []EventMatch{MatchEventID("0f8fad5b-d9cb-469f-a165-70867728950e")}}, order, true},
		{"another event id", Filter{Events: []EventMatch{MatchEventID("0f8fad5b")}}, order, false},
		{"the last of two types", Filter{Events: []EventMatch{MatchType("b")}}, &kgo.Record{Value: []byte(`{"eventType":"a","eventType":"b"}`)}, true},
		{"the first of two types", Filter{Events: []EventMatch{MatchType("a")}}, &kgo.Record{Value: []byte(`{"eventType":"a","event\u0054ype":"b"}`)}, false},
		{"a type in text", Filter{Events: []EventMatch{MatchType("order.created")}}, text, false},
		{"a type in JSON cut off", Filter{Events: []EventMatch{MatchType("order.created")}}, cut, false},
		{"a type and a tombstone", Filter{Events: []EventMatch{MatchType("")}}, tombstone, false},
		{"conditions", Filter{Where: mustWhere(t, "data.userId=42", "data.total>99")}, order, true},
		{"one of two conditions", Filter{Where: mustWhere(t, "data.userId=42", "data.total>100")}, order, false},
		{"jq", Filter{Keys: []string{"order-123"}, JQ: mustJQ(t, ".value.data.ok")}, order, true},
		{"jq says no", Filter{Keys: []string{"order-123"}, JQ: mustJQ(t, ".value.data.ok | not")}, order, false},
		{"jq is not asked", Filter{Keys: []string{"a"}, JQ: mustJQ(t, "error")}, order, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, shown, err := tt.filter.Keep(t.Context(), tt.r)
			if diff := cmp.Diff(kept{keep: tt.want}, newKept(got, shown, err), cmp.AllowUnexported(kept{})); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
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
			s := Filter{JQ: mustJQ(t, tt.expr)}
			keep, shown, err := s.Keep(t.Context(), r)
			if diff := cmp.Diff(kept{keep: tt.keep, shown: tt.shown}, newKept(keep, shown, err), cmp.AllowUnexported(kept{})); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
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
		if diff := cmp.Diff(tt.want, fmt.Sprint(err)); diff != "" {
			t.Errorf("%s: error (-want +got):\n%s", tt.expr, diff)
		}
	}
	for _, tt := range []struct{ expr, want string }{
		{`.value | tonumber`, `jq: tonumber cannot be applied to "x\n\u001b[2J\u009b31m": invalid number`},
		{`error(.value)`, `jq: error: x\n\x1b[2J\u009b31m`},
	} {
		failing := Filter{JQ: mustJQ(t, tt.expr)}
		keep, shown, err := failing.Keep(t.Context(), &kgo.Record{Value: []byte("x\n\x1b[2J\u009b31m")})
		if diff := cmp.Diff(kept{err: tt.want}, newKept(keep, shown, err), cmp.AllowUnexported(kept{})); diff != "" {
			t.Errorf("%s: kept (-want +got):\n%s", tt.expr, diff)
		}
	}
}

// A program that never ends does so with ctx.
func TestJQEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := Filter{JQ: mustJQ(t, `def f: f; f`)}
	if _, _, err := s.Keep(ctx, &kgo.Record{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkFilterWhere(b *testing.B) {
	for _, bb := range []struct{ name, where string }{
		{"match", "data.userId=42"}, {"no match", "data.userId=43"}, {"no such path", "data.nothing=1"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s := Filter{Where: mustWhere(b, bb.where)}
			benchmarkFilter(b, &s)
		})
	}
}

func BenchmarkFilterType(b *testing.B) {
	benchmarkFilter(b, &Filter{Events: []EventMatch{MatchType("order.created")}})
}

func BenchmarkFilterJQ(b *testing.B) {
	benchmarkFilter(b, &Filter{JQ: mustJQ(b, ".value.data.userId == 42")})
}

func benchmarkFilter(b *testing.B, s *Filter) {
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
	type result struct {
		Text string
		OK   bool
	}
	for _, tt := range []struct {
		value, path string
		want        result
	}{
		{string(envelope), "eventType", result{"order.created", true}},
		{string(envelope), "data.total", result{"99.95", true}},
		{string(envelope), "data", result{}},
		{string(envelope), "", result{}},
		{string(envelope) + "}", "eventType", result{}},
		{`text {"a":1}`, "a", result{}},
		{` [{"a":null}]`, "0.a", result{"null", true}},
	} {
		var got result
		got.Text, got.OK = field([]byte(tt.value), tt.path)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("field(%s, %s): %s", tt.value, tt.path, diff)
		}
	}
}
