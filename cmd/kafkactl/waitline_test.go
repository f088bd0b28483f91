package main

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
		app  app
		took time.Duration
		want string
	}{
		{"a log, and soon over", app{}, 9 * time.Second, ""},
		{"a log", app{}, 21 * time.Second, "  11.0s waiting: broker 2\n  21.0s waiting: broker 2\n"},
		{"JSON", app{format: formatJSON}, 11 * time.Second, `{"elapsedMs":11000,"ready":true,"rung":"","verdict":"","evidence":"broker 2"}` + "\n"},
		{"a terminal, and soon over", app{streams: streams{errTTY: true}}, 400 * time.Millisecond, ""},
		{
			"a terminal",
			app{streams: streams{errTTY: true}},
			900 * time.Millisecond,
			"\r\x1b[?7l   1.6s waiting: broker 2\x1b[K\x1b[J\x1b[?7h\r\x1b[?7l   1.8s waiting: broker 2\x1b[K\x1b[J\x1b[?7h\r\x1b[J",
		},
		{"a dumb terminal", app{streams: streams{errTTY: true, lookupEnv: func(string) (string, bool) { return "dumb", true }}}, 900 * time.Millisecond, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var shown bytes.Buffer
				a := test.app
				a.err = &shown
				if a.lookupEnv == nil {
					a.lookupEnv = func(string) (string, bool) { return "", false }
				}
				line := a.newWaitLine(time.Now().Add(-time.Second))
				line.say("broker 1")
				line.say("broker 2")
				time.Sleep(test.took)
				line.end()
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
		a := &app{streams: streams{err: &shown, errTTY: true, lookupEnv: func(string) (string, bool) { return "", false }}}
		line := a.newWaitLine(time.Now())
		time.Sleep(time.Minute)
		line.end()
		if shown.Len() > 0 {
			t.Errorf("told %q", shown.String())
		}
	})
}
