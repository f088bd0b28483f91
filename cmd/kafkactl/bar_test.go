package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// drawnBy is what a bar writes to stderr while work goes on for some seconds: 10 of 100
// are done each second.
func drawnBy(t *testing.T, a *app, o barOptions, seconds int) string {
	t.Helper()
	var stderr bytes.Buffer
	a.err = &stderr
	a.lookupEnv = func(string) (string, bool) { return "", false }
	synctest.Test(t, func(*testing.T) {
		b := a.newBar(o)
		for range seconds {
			time.Sleep(time.Second)
			b.Add(10)
		}
		b.finish()
	})
	return stderr.String()
}

func TestBar(t *testing.T) {
	t.Parallel()
	sent := func() string { return "120,000 sent so far" }
	moving := func() func() string {
		n := 0
		return func() string { n++; return strings.Repeat("x", n) }
	}
	for _, test := range []struct {
		name    string
		app     app
		opts    barOptions
		seconds int
		want    string
	}{
		{"lines without a terminal", app{}, barOptions{total: 100, line: moving()}, 25, "xx\nxxx\n"},
		{"nothing happened", app{}, barOptions{line: sent}, 25, ""},
		{"soon done", app{}, barOptions{line: moving()}, 9, ""},
		{"for machines", app{format: formatJSON}, barOptions{line: moving()}, 25, ""},
		{"nobody asks", app{}, barOptions{total: 100}, 25, ""},
		{"a terminal, and no total", app{streams: streams{errTTY: true}}, barOptions{line: moving()}, 15, "xx\n"},
		{"a terminal, and soon done", app{streams: streams{errTTY: true}}, barOptions{total: 100, line: moving()}, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, drawnBy(t, &test.app, test.opts, test.seconds)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The bar shows how much is done, on one line, and leaves none behind.
func TestBarOnATerminal(t *testing.T) {
	t.Parallel()
	drawn := drawnBy(t, &app{streams: streams{errTTY: true}}, barOptions{total: 100, bytes: true, line: func() string { return "" }}, 5)
	for _, part := range []string{" 20% ", " 40% ", "40/100 B"} {
		if !strings.Contains(drawn, part) {
			t.Errorf("never shows %q: %q", part, drawn)
		}
	}
	if strings.Contains(drawn, "\n") || !strings.HasSuffix(drawn, "\r") {
		t.Errorf("leaves something behind: %q", drawn)
	}
}
