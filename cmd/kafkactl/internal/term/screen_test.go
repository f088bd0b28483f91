package term

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScreenFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		Screen
		want []string
	}{
		{"the size is not known", Screen{}, []string{"a", "b", "\x1b[1mlonger\x1b[0m", "d"}},
		{"it fits", Screen{6, 5}, []string{"a", "b", "\x1b[1mlonger\x1b[0m", "d"}},
		{"too narrow", Screen{5, 5}, []string{"a", "b", "\x1b[1mlong…\x1b[0m", "d"}},
		{"too low", Screen{80, 4}, []string{"a", "b", "… and 2 more lines"}},
		{"one line, and one for the cursor", Screen{80, 2}, []string{"… and 4 more lines"}},
	} {
		if diff := cmp.Diff(test.want, test.FitLines("a\nb\n\x1b[1mlonger\x1b[0m\nd\n")); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// What a screen of a known size shows, drawn over what was there.
func TestDrawn(t *testing.T) {
	t.Parallel()
	body := func(lines ...string) string {
		return "\x1b[?7l" + strings.Join(lines, "\x1b[K\r\n") + "\x1b[K\x1b[J\x1b[?7h"
	}
	for _, test := range []struct {
		name string
		rows int
		want string
	}{
		{"the height is not known", 0, body("a", "b", "c", "d")},
		{"it fits", 5, body("a", "b", "c", "d")},
		{"it does not", 4, body("a", "b", "… and 2 more lines")},
	} {
		if diff := cmp.Diff(test.want, Redraw(Screen{Rows: test.rows}.FitLines("a\nb\nc\nd\n"))); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
