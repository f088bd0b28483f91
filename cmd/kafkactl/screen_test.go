package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/health"
)

func TestScreenFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		screen
		want []string
	}{
		{"the size is not known", screen{}, []string{"a", "b", "\x1b[1mlonger\x1b[0m", "d"}},
		{"it fits", screen{6, 5}, []string{"a", "b", "\x1b[1mlonger\x1b[0m", "d"}},
		{"too narrow", screen{5, 5}, []string{"a", "b", "\x1b[1mlong…\x1b[0m", "d"}},
		{"too low", screen{80, 4}, []string{"a", "b", "… and 2 more lines"}},
		{"one line, and one for the cursor", screen{80, 2}, []string{"… and 4 more lines"}},
	} {
		if diff := cmp.Diff(test.want, test.fit("a\nb\n\x1b[1mlonger\x1b[0m\nd\n")); diff != "" {
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
		if diff := cmp.Diff(test.want, drawn(screen{rows: test.rows}.fit("a\nb\nc\nd\n"))); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// On a low terminal the live ladder keeps what matters: first the rungs without an answer
// go, then those that hold.
func TestLadderOnALowScreen(t *testing.T) {
	t.Parallel()
	finding := func(name string, v health.Verdict, hint string) health.Finding {
		return health.Finding{Rung: name, Question: "q", Verdict: v, Evidence: "e", Hint: hint}
	}
	p := &progress{
		w: &strings.Builder{}, styles: newStyles((&app{color: "never"}).renderer(nil, false)), start: time.Now(),
		latest: health.Readiness{Rungs: []health.Finding{
			finding("K0", health.Pass, ""), finding("K1", health.Wait, "h"), finding("K2", health.Unasked, ""), finding("Z1", health.Skip, ""),
		}},
	}
	for rows, want := range map[int]string{
		0: "K0 K1 hint K2 Z1", 7: "K0 K1 hint K2 Z1", 6: "K0 K1 hint", 5: "K0 K1 hint", 4: "K1 hint", 2: "K1 hint",
	} {
		var got []string
		for line := range strings.Lines(p.ladder(screen{rows: rows})) {
			if fields := strings.Fields(line); fields[0] == "hint:" {
				got = append(got, "hint")
			} else if fields[0] != "waiting" {
				got = append(got, fields[1])
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%d rows: %s", rows, diff)
		}
	}
}
