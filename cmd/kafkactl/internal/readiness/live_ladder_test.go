package readiness

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/health"
)

// On a low terminal the live ladder keeps what matters: first the rungs without an answer
// go, then those that hold.
func TestLadderOnALowScreen(t *testing.T) {
	t.Parallel()
	finding := func(name string, v health.Verdict, hint string) health.Finding {
		return health.Finding{Rung: name, Question: "q", Verdict: v, Evidence: "e", Hint: hint}
	}
	p := &progress{
		w: &strings.Builder{}, styles: term.NewStyles((&cli.App{Color: "never"}).Renderer(nil, false)), start: time.Now(),
		latest: health.Readiness{Rungs: []health.Finding{
			finding("K0", health.Pass, ""), finding("K1", health.Wait, "h"), finding("K2", health.Unasked, ""), finding("Z1", health.Skip, ""),
		}},
	}
	for rows, want := range map[int]string{
		0: "K0 K1 hint K2 Z1", 7: "K0 K1 hint K2 Z1", 6: "K0 K1 hint", 5: "K0 K1 hint", 4: "K1 hint", 2: "K1 hint",
	} {
		var got []string
		for line := range strings.Lines(p.ladder(term.Screen{Rows: rows})) {
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
