package records

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// A byte order mark is no part of the text, and UTF-16 is none that can be read, however little of
// it a read gives.
func TestTextReader(t *testing.T) {
	t.Parallel()
	const refused = "refused"
	for _, tt := range []struct{ text, lines, json string }{
		{"", "", ""},
		{"a", "a", "a"},
		{"\xef\xbb\xbfa\n", "a\n", "a\n"},
		{"\xef\xbb\xbf", "", ""},
		{"\xef\xbb", "\xef\xbb", "\xef\xbb"},
		{"a\xef\xbb\xbf", "a\xef\xbb\xbf", "a\xef\xbb\xbf"},
		{"\xff\xfea\x00", refused, refused},
		{"\xfe\xff\x00a", refused, refused},
		{"\xff\xfe\x00\x00", refused, refused}, // UTF-32
		{"\xff", "\xff", "\xff"},
		{"\xff\x00", "\xff\x00", "\xff\x00"},
		{"{\x00\"\x00", "{\x00\"\x00", refused},
		{"\x00[", "\x00[", refused},
	} {
		read := func(in io.Reader, json bool) string {
			got, err := io.ReadAll(&textReader{in: in, json: json})
			if err != nil && cli.CodeOf(err) == cli.ExitUsage {
				return refused
			}
			return string(got)
		}
		if got := read(strings.NewReader(tt.text), false); got != tt.lines {
			t.Errorf("%q is read as %q, want %q", tt.text, got, tt.lines)
		}
		if got := read(strings.NewReader(tt.text), true); got != tt.json {
			t.Errorf("%q as JSON is read as %q, want %q", tt.text, got, tt.json)
		}
		if got := read(iotest.OneByteReader(strings.NewReader(tt.text)), false); got != tt.lines {
			t.Errorf("%q, byte by byte, is read as %q, want %q", tt.text, got, tt.lines)
		}
	}
}
