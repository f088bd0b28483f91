package cli

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a command waits for is told where somebody looks: soon on a terminal, seldom in a
// log, and not at all when it is over at once.
func TestWaitLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		app  App
		took time.Duration
		want string
	}{
		{"a log, and soon over", App{}, 9 * time.Second, ""},
		{"a log", App{}, 21 * time.Second, "  11.0s waiting: broker 2\n  21.0s waiting: broker 2\n"},
		{"JSON", App{Format: FormatJSON}, 11 * time.Second, `{"elapsedMs":11000,"ready":true,"rung":"","verdict":"","evidence":"broker 2"}` + "\n"},
		{"a terminal, and soon over", App{Streams: Streams{ErrTTY: true}}, 400 * time.Millisecond, ""},
		{
			"a terminal",
			App{Streams: Streams{ErrTTY: true}},
			900 * time.Millisecond,
			"\r\x1b[?7l   1.6s waiting: broker 2\x1b[K\x1b[J\x1b[?7h\r\x1b[?7l   1.8s waiting: broker 2\x1b[K\x1b[J\x1b[?7h\r\x1b[J",
		},
		{"a dumb terminal", App{Streams: Streams{ErrTTY: true, LookupEnv: func(string) (string, bool) { return "dumb", true }}}, 900 * time.Millisecond, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var shown bytes.Buffer
				a := test.app
				a.Err = &shown
				if a.LookupEnv == nil {
					a.LookupEnv = func(string) (string, bool) { return "", false }
				}
				line := a.NewWaitLine(time.Now().Add(-time.Second))
				line.Show("broker 1")
				line.Show("broker 2")
				time.Sleep(test.took)
				line.Finish()
				if diff := cmp.Diff(test.want, shown.String()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Nothing is told of a command that waits for nothing.
func TestWaitLineOfNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shown bytes.Buffer
		a := &App{Streams: Streams{Err: &shown, ErrTTY: true, LookupEnv: func(string) (string, bool) { return "", false }}}
		line := a.NewWaitLine(time.Now())
		time.Sleep(time.Minute)
		line.Finish()
		if shown.Len() > 0 {
			t.Errorf("told %q", shown.String())
		}
	})
}
