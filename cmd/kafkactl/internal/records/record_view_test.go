package records

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

// hostile is what no terminal may be given: a colour, the title, C1's CSI, DEL, a text turned
// round.
const hostile = "\x1b[31mred\x1b]0;title\x07 \u009b2J \x7f\u202e\r"

const sampleData = `{ "orderId": "order-123", "total": 99.950, "paid": true, "note": null, "items": [1, {}, []] }`

// samples have one record of each kind that views treat differently.
func samples() []*kgo.Record {
	at := time.Date(2026, 11, 22, 12, 0, 1, 123_000_000, time.UTC)
	envelope := func(eventType, version, data string) []byte {
		return []byte(`{"eventId":"0f8fad5b-d9cb-469f-a165-70867728950e","eventType":"` + eventType +
			`","timestamp":"2026-11-22T12:00:01.123Z","version":"` + version + `","data":` + data + `}`)
	}
	header := func(kv ...string) (hs []kgo.RecordHeader) {
		for i := 0; i < len(kv); i += 2 {
			hs = append(hs, kgo.RecordHeader{Key: kv[i], Value: []byte(kv[i+1])})
		}
		return hs
	}
	records := []*kgo.Record{
		{Key: []byte("order-123"), Value: envelope("order.created", "1.0", sampleData), Headers: header("trace", "abc", "source", "web shop")},
		{Key: []byte("order-124"), Value: envelope("order.changed", "2 beta", "{\n  \"a\": \"b c\"\n}")},
		{Key: nil, Value: nil, Headers: []kgo.RecordHeader{{Key: "reason"}, {Key: "", Value: []byte{}}}},
		{Key: []byte("-"), Value: []byte("plain text, \"as\" it is <&> \\n é")},
		{Key: []byte{}, Value: []byte{}},
		{Key: []byte("two words"), Value: []byte("null")},
		{Key: []byte("0xff"), Value: []byte("[1,\r\n 2.50, \"x\"]")},
		{Key: []byte{0xff, 0x00}, Value: bytes.Repeat([]byte{0xc3, 0x28}, 20)},
		{Key: []byte(hostile), Value: []byte(hostile + "\n\tend"), Headers: header(hostile, hostile)},
		{Key: []byte("json"), Value: []byte("{\"\u009b31m\":\"\x7f\u202e\"}")},
		{Key: []byte("event"), Value: envelope("\u009b31m", "\x7f", "{\"a\":\"\u202e\"}")},
		{Key: []byte("42"), Value: []byte("42"), Timestamp: at.AddDate(0, 0, -1)},
		{Key: []byte("true"), Value: []byte("true"), Timestamp: time.UnixMilli(-1)},
	}
	for i, r := range records {
		r.Topic, r.Partition, r.Offset = "order.created", 2, int64(40+i)
		if r.Timestamp.IsZero() {
			r.Timestamp = at
		}
	}
	return records
}

func noon() time.Time {
	return time.Date(2026, 11, 22, 13, 0, 0, 0, time.FixedZone("CET", 3600))
}

// TestRecordViews holds every view on every kind of stream against
// testdata/recordview/FORMAT-STREAM.txt.
func TestRecordViews(t *testing.T) {
	t.Parallel()
	for _, stream := range []struct {
		name    string
		tty     bool
		noColor string
	}{{"pipe", false, ""}, {"tty", true, ""}, {"nocolor", true, "1"}} {
		for _, f := range []cli.Format{cli.FormatLine, cli.FormatWide, cli.FormatJSON, cli.FormatValue, cli.FormatKey, cli.FormatRaw, "template"} {
			name := string(f) + "-" + stream.name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o := recordViewOptions{format: f, delimiter: "|\n"}
				if f == "template" {
					o.template = `{{.topic}} {{.partition}} {{.offset}} {{.timestamp}} {{.key}} {{json .headers}} {{json .value}}`
				}
				st := clitest.StylesFor(stream.tty, stream.noColor)
				view, err := newRecordView(o, stream.tty, st, noon())
				if err != nil {
					t.Fatal(err)
				}
				var got []byte
				for _, r := range samples() {
					start := len(got)
					if got, err = view(got, r); err != nil {
						t.Fatal(err)
					}
					if (f == cli.FormatLine || f == cli.FormatWide) && bytes.IndexByte(got[start:], '\n') != len(got)-start-1 {
						t.Errorf("not one line: %q", got[start:])
					}
				}
				checkHarmless(t, got, f, stream.tty && stream.noColor == "", stream.tty)
				clitest.CheckGolden(t, name, got)
			})
		}
	}
}

// checkHarmless looks for what would control a terminal.
func checkHarmless(t *testing.T, got []byte, f cli.Format, colored, tty bool) {
	t.Helper()
	if f == cli.FormatRaw || !tty && f != cli.FormatLine && f != cli.FormatWide {
		return // bytes as they are
	}
	text := string(got)
	if colored {
		for _, color := range []string{"\x1b[0m", "\x1b[1m", "\x1b[1;34m", "\x1b[32m", "\x1b[2m"} {
			text = strings.ReplaceAll(text, color, "")
		}
	}
	text = strings.NewReplacer("\n", "", "\t", "").Replace(text)
	if i := strings.IndexFunc(text, term.IsUnsafe); i >= 0 {
		t.Errorf("%q reaches the terminal", text[i:min(i+20, len(text))])
	}
}

// The JSON of a pipe is what produce reads again.
func TestRecordViewJSONIsLossless(t *testing.T) {
	t.Parallel()
	view, err := newRecordView(recordViewOptions{format: cli.FormatJSON}, false, clitest.StylesFor(false, ""), noon())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range samples() {
		line, err := view(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := record.ParseJSON(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(kgo.Record{}), cmpopts.EquateComparable(kgo.RecordAttrs{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRecordViewTime(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 11, 22, 0, 0, 0, 0, noon().Location())
	view, err := newRecordView(recordViewOptions{format: cli.FormatLine}, false, clitest.StylesFor(false, ""), noon())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{midnight, "00:00:00.000"},
		{midnight.Add(-time.Millisecond), "2026-11-21 23:59:59.999"},
		{midnight.Add(24*time.Hour - time.Millisecond), "23:59:59.999"},
		{midnight.Add(24 * time.Hour), "2026-11-23 00:00:00.000"},
		{time.UnixMilli(-1), "-"},
		{time.Time{}, "-"},
	} {
		got, _ := view(nil, &kgo.Record{Topic: "t", Timestamp: tt.at})
		if want := tt.want + " t/0@0 - null\n"; string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNewRecordViewErrors(t *testing.T) {
	t.Parallel()
	for _, o := range []recordViewOptions{{format: "table"}, {template: "{{.key"}, {template: "{{nofunc}}"}} {
		if _, err := newRecordView(o, false, clitest.StylesFor(false, ""), noon()); err == nil {
			t.Errorf("%v is taken", o)
		}
	}
}

func TestShownView(t *testing.T) {
	t.Parallel()
	const shown = "{\"a\":[1]}\n\"x\\ty \u009b\"\n42\n"
	for _, tt := range []struct {
		name   string
		format cli.Format
		tty    bool
		want   string
	}{
		{"a pipe", cli.FormatLine, false, shown},
		{"JSON in a pipe", cli.FormatJSON, false, shown},
		{"values in a pipe", cli.FormatValue, false, "{\"a\":[1]}\nx\ty \u009b\n42\n"},
		{"a terminal", cli.FormatLine, true, "{\"a\":[1]}\n\"x\\ty \\u009b\"\n42\n"},
		{"JSON on a terminal", cli.FormatJSON, true, "{\n  \"a\": [\n    1\n  ]\n}\n\"x\\ty \\u009b\"\n42\n"},
		{"values on a terminal", cli.FormatValue, true, "{\n  \"a\": [\n    1\n  ]\n}\nx\ty \\u009b\n42\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			view := newJQView(recordViewOptions{format: tt.format}, tt.tty, clitest.StylesFor(tt.tty, "1"))
			if diff := cmp.Diff(tt.want, string(view(nil, []byte(shown)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseDelimiter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want, err string }{
		{``, "", ""},
		{`, `, ", ", ""},
		{`\n\r\t\0\\`, "\n\r\t\x00\\", ""},
		{`\x1E\xffA`, "\x1e\xffA", ""},
		{`é`, "é", ""},
		{`a\`, "", `delimiter "a\\": \ at the end; \\ is a backslash`},
		{`\x1`, "", `delimiter "\\x1": \x wants two hexadecimal digits`},
		{`\xgg`, "", `delimiter "\\xgg": \x wants two hexadecimal digits`},
		{`\q`, "", `delimiter "\\q": \q is none of \n \r \t \0 \xNN \\`},
	} {
		got, err := parseDelimiter(tt.text)
		if got != tt.want || (err != nil || tt.err != "") && (err == nil || err.Error() != tt.err) {
			t.Errorf("%q: got %q, %v; want %q, %s", tt.text, got, err, tt.want, tt.err)
		}
	}
}

func BenchmarkRecordView(b *testing.B) {
	r := samples()[0]
	for _, bb := range []struct {
		name string
		o    recordViewOptions
		tty  bool
	}{
		{"line", recordViewOptions{format: cli.FormatLine}, false},
		{"line on a terminal", recordViewOptions{format: cli.FormatLine}, true},
		{"json", recordViewOptions{format: cli.FormatJSON}, false},
		{"value", recordViewOptions{format: cli.FormatValue}, false},
		{"template", recordViewOptions{template: "{{.key}} {{.value.data.total}}"}, false},
	} {
		b.Run(bb.name, func(b *testing.B) {
			view, err := newRecordView(bb.o, bb.tty, clitest.StylesFor(bb.tty, ""), noon())
			if err != nil {
				b.Fatal(err)
			}
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				if dst, err = view(dst[:0], r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
