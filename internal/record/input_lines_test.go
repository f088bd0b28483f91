package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// readLines reads all of in, and what it ended with.
func readLines(in io.Reader, delimiter string) (values []string, err error) {
	lines := NewLines(in, []byte(delimiter))
	for {
		o, err := lines.Next()
		if err != nil {
			return values, err
		}
		if o.Key != nil || o.Partition != -1 || o.Line != len(values)+1 {
			return values, fmt.Errorf("line %d: %+v", len(values)+1, o)
		}
		values = append(values, string(o.Value))
		o.release()
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long", blockBytes) // four times a block
	for _, test := range []struct {
		name, delimiter, text string
		want                  []string
	}{
		{"nothing", "\n", "", nil},
		{"one", "\n", "a\n", []string{"a"}},
		{"no newline at the end", "\n", "a\nb", []string{"a", "b"}},
		{"empty lines", "\n", "\n\na\n\n", []string{"", "", "a", ""}},
		{"carriage returns and blanks stay", "\n", " a \r\n\r\n", []string{" a \r", "\r"}},
		{"another byte", "\x00", "a\nb\x00c\x00", []string{"a\nb", "c"}},
		{"several bytes", "--", "a--b---c-", []string{"a", "b", "-c-"}},
		{"the beginning of a delimiter at the end", "--", "a--b-", []string{"a", "b-"}},
		{"a line longer than a buffer", "\n", "a\n" + long + "\nb\n" + long, []string{"a", long, "b", long}},
		{"more records than a block has", "\n", strings.Repeat("\n", 3*blockRecords+1), make([]string, 3*blockRecords+1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for name, in := range map[string]io.Reader{
				"at once":      strings.NewReader(test.text),
				"in halves":    iotest.HalfReader(strings.NewReader(test.text)),
				"with its end": iotest.DataErrReader(strings.NewReader(test.text)),
			} {
				got, err := readLines(in, test.delimiter)
				if !errors.Is(err, io.EOF) {
					t.Errorf("%s: %v", name, err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s:\n%.2000s", name, diff)
				}
			}
		})
	}
}

func TestLinesByteByByte(t *testing.T) {
	t.Parallel()
	got, err := readLines(iotest.OneByteReader(strings.NewReader("ab--c-d--")), "--")
	if !errors.Is(err, io.EOF) {
		t.Errorf("ended with %v", err)
	}
	if diff := cmp.Diff([]string{"ab", "c-d"}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// What was cut off by a fault is no line: it is not known how it goes on.
func TestLinesEndWithAFault(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	got, err := readLines(io.MultiReader(strings.NewReader("a\nhal"), iotest.ErrReader(broken)), "\n")
	if !errors.Is(err, broken) {
		t.Errorf("ended with %v", err)
	}
	if diff := cmp.Diff([]string{"a"}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// A line is there as soon as it was written, though the input goes on.
func TestLinesDoNotWaitForMore(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	lines := NewLines(in, []byte("\n"))
	for _, text := range []string{"first", "second"} {
		go func() { _, _ = io.WriteString(out, text+"\n") }()
		o, err := lines.Next()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text, string(o.Value)); diff != "" {
			t.Errorf("line (-want +got):\n%s", diff)
		}
	}
}

// Memory is used again, but never while a record still points to it.
func TestLinesRecycle(t *testing.T) {
	t.Parallel()
	const count, held = 50_000, 3_000
	var text bytes.Buffer
	for i := range count {
		fmt.Fprintf(&text, "line %d %s\n", i, strings.Repeat("x", i%400))
	}
	lines := NewLines(&text, []byte("\n"))
	var outstanding []*Outgoing
	seen, next := make(map[*block]bool), 0
	check := func() {
		o := outstanding[0]
		outstanding = outstanding[1:]
		want := fmt.Sprintf("line %d %s", next, strings.Repeat("x", next%400))
		if string(o.Value) != want || o.Line != next+1 {
			t.Fatalf("line %d became %d: %s", next+1, o.Line, o.Value)
		}
		next++
		o.release()
	}
	for {
		o, err := lines.Next()
		if err != nil {
			break
		}
		seen[o.block] = true
		if outstanding = append(outstanding, o); len(outstanding) > held {
			check()
		}
	}
	for len(outstanding) > 0 {
		check()
	}
	if next != count {
		t.Errorf("%d lines, want %d", next, count)
	}
	if most := 8; len(seen) > most {
		t.Errorf("%d blocks of %d bytes for 10 MB with %d lines held, want at most %d", len(seen), blockBytes, held, most)
	}
}

// Lines of one byte need 60 times the memory of their text while they are under way; a
// block must not hold more of them for it, nor grow.
func TestShortLinesKeepBlocksSmall(t *testing.T) {
	t.Parallel()
	const held = 10 * blockRecords
	lines := NewLines(strings.NewReader(strings.Repeat("x\n", 2_000_000)), []byte("\n"))
	var outstanding []*Outgoing
	seen := make(map[*block]bool)
	for {
		o, err := lines.Next()
		if err != nil {
			break
		}
		seen[o.block] = true
		if outstanding = append(outstanding, o); len(outstanding) > held {
			outstanding[0].release()
			outstanding = outstanding[1:]
		}
	}
	bytes := 0
	for b := range seen {
		bytes += cap(b.text)
	}
	if most := 13 * blockBytes; bytes > most || lines.line != 2_000_000 {
		t.Errorf("%d lines took %d blocks with %d bytes, want at most %d", lines.line, len(seen), bytes, most)
	}
}
