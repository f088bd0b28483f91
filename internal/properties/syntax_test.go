package properties

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// syntaxCase is a properties file and what java.util.Properties makes of it.
type syntaxCase struct {
	name, in string
	want     []pair // in the order of the file
	refused  bool
}

type pair struct {
	key, value string
	line       int
}

func syntaxCases() []syntaxCase {
	return []syntaxCase{
		{name: "separators", in: "a=1\nb:2\nc 3\nd = 4\ne : 5\nf\t6\ng\f7", want: []pair{
			{"a", "1", 1}, {"b", "2", 2}, {"c", "3", 3}, {"d", "4", 4}, {"e", "5", 5}, {"f", "6", 6}, {"g", "7", 7},
		}},
		{name: "one separator only", in: "a==1\nb=:2\nc = =3\nd  =4", want: []pair{
			{"a", "=1", 1}, {"b", ":2", 2}, {"c", "=3", 3}, {"d", "4", 4},
		}},
		{name: "blanks at the end stay", in: "a=1 \t \nb=2", want: []pair{{"a", "1 \t ", 1}, {"b", "2", 2}}},
		{name: "blanks at the beginning go", in: "  \t a= \f 1\n\n\n \tb=2", want: []pair{{"a", "1", 1}, {"b", "2", 4}}},
		{name: "comments", in: "# x=1\n!y=2\n  # z\\\na=1#2!", want: []pair{{"a", "1#2!", 4}}},
		{name: "key alone", in: "a\nb=\n=c\n", want: []pair{{"a", "", 1}, {"b", "", 2}, {"", "c", 3}}},
		{name: "continuation", in: "a=1\\\n   2\\\r\n\t3\nb=4", want: []pair{{"a", "123", 1}, {"b", "4", 4}}},
		{name: "continuation of the key", in: "a\\\n b=1", want: []pair{{"ab", "1", 1}}},
		{name: "two backslashes do not continue", in: "a=1\\\\\nb=2", want: []pair{{"a", `1\`, 1}, {"b", "2", 2}}},
		{name: "continuation by a blank line", in: "a=1\\\n\nb=2", want: []pair{{"a", "1", 1}, {"b", "2", 3}}},
		{name: "continuation by a comment", in: "a=1\\\n#2", want: []pair{{"a", "1#2", 1}}},
		{name: "backslash alone, then a comment", in: "\\\n# x\na=1", want: []pair{{"a", "1", 1}}},
		{name: "backslash at the end", in: "a=1\\", want: []pair{{"a", "1", 1}}},
		{name: "backslash and line end at the end", in: "a=1\\\n", want: []pair{{"a", "1", 1}}},
		{name: "backslash only", in: "\\", want: []pair{{"", "", 1}}},
		{name: "escapes", in: `a=\t\n\r\f\\\:\ \q\0`, want: []pair{{"a", "\t\n\r\f\\: q0", 1}}},
		{name: "a password with a backslash", in: `a=p\ass`, want: []pair{{"a", "pass", 1}}},
		{name: "escapes of the key", in: `a\ b\=c\:d=1`, want: []pair{{"a b=c:d", "1", 1}}},
		{name: "unicode", in: `\u0061=\u00e9\u20AC\ud83d\ude00`, want: []pair{{"a", "é€😀", 1}}},
		{name: "quotes are not special", in: `a="1"`, want: []pair{{"a", `"1"`, 1}}},
		{name: "line ends", in: "a=1\rb=2\r\nc=3\n\rd=4", want: []pair{{"a", "1", 1}, {"b", "2", 2}, {"c", "3", 3}, {"d", "4", 5}}},
		{name: "duplicate", in: "a=1\na=2", want: []pair{{"a", "1", 1}, {"a", "2", 2}}},
		{name: "nothing", in: ""},
		{name: "short unicode", in: `a=\u00e`, refused: true},
		{name: "no unicode", in: `a=\u00eg`, refused: true},
		{name: "unicode in capitals is none", in: `a=\U00e9`, want: []pair{{"a", "U00e9", 1}}},
	}
}

func TestReadEntries(t *testing.T) {
	t.Parallel()
	for _, tt := range syntaxCases() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in, _ := decode([]byte(tt.in))
			entries, faults := readEntries(in)
			var got []pair
			for _, e := range entries {
				got = append(got, pair{e.key.String(), e.value.String(), e.line})
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(pair{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if (len(faults) > 0) != tt.refused {
				t.Errorf("refused = %v, want %v", faults, tt.refused)
			}
		})
	}
}

// A file in UTF-8 is read as that, and it is known that Java reads it otherwise; any other one is
// ISO-8859-1, as for Java.
func TestDecode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string
		raw, mark      bool
	}{
		{"ASCII", "a", "a", false, false},
		{"UTF-8", "é€", "é€", true, false},
		{"ISO-8859-1", "\xe9\xa4", "é¤", false, false},
		{"byte order mark", "\ufeffa", "a", false, true},
	}
	for _, tt := range tests {
		got, mark := decode([]byte(tt.in))
		if got.String() != tt.want || got.isRaw() != tt.raw || mark != tt.mark {
			t.Errorf("%s: %q, raw %v, mark %v", tt.name, got, got.isRaw(), mark)
		}
	}
}

// Each character of a value knows its place, so that a fault in the middle of a value of several
// lines is shown where it stands.
func TestPlaces(t *testing.T) {
	t.Parallel()
	in, _ := decode([]byte("k=a\\\r\n  \\u0062é\nx=c"))
	entries, _ := readEntries(in)
	want := text{
		{r: 'a', line: 1, column: 3},
		{r: 'b', line: 2, column: 3},
		{r: 'é', line: 2, column: 9, raw: true},
	}
	if diff := cmp.Diff(want, entries[0].value, cmp.AllowUnexported(char{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
