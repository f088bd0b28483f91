package cli

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
func drawnBy(t *testing.T, a *App, o BarOptions, seconds int) string {
	t.Helper()
	var stderr bytes.Buffer
	a.Err = &stderr
	a.LookupEnv = func(string) (string, bool) { return "", false }
	synctest.Test(t, func(*testing.T) {
		b := a.NewBar(o)
		for range seconds {
			time.Sleep(time.Second)
			b.Add(10)
		}
		b.Finish()
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
	objects := func() func() any {
		n := 0
		return func() any { n++; return map[string]int{"n": n} }
	}
	for _, test := range []struct {
		name    string
		app     App
		opts    BarOptions
		seconds int
		want    string
	}{
		{"lines without a terminal", App{}, BarOptions{Total: 100, Line: moving()}, 25, "xx\nxxx\nxxxx\n"},
		{"nothing happened", App{}, BarOptions{Line: sent}, 25, ""},
		{"soon done", App{}, BarOptions{Line: moving()}, 9, ""},
		{"for machines", App{Format: FormatJSON}, BarOptions{Line: moving()}, 25, ""},
		{"for machines that are told", App{Format: FormatJSON}, BarOptions{Doc: objects()}, 25, "{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n"},
		{"nobody asks", App{}, BarOptions{Total: 100}, 25, ""},
		{"a terminal, and no total", App{Streams: Streams{ErrTTY: true}}, BarOptions{Line: moving()}, 15, "xx\nxxx\n"},
		{"a terminal, and soon done", App{Streams: Streams{ErrTTY: true}}, BarOptions{Total: 100, Line: moving()}, 0, ""},
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
	drawn := drawnBy(t, &App{Streams: Streams{ErrTTY: true}}, BarOptions{Total: 100, Bytes: true, Line: func() string { return "" }}, 5)
	for _, part := range []string{" 20% ", " 40% ", "40/100 B"} {
		if !strings.Contains(drawn, part) {
			t.Errorf("never shows %q: %q", part, drawn)
		}
	}
	if strings.Contains(drawn, "\n") || !strings.HasSuffix(drawn, "\r") {
		t.Errorf("leaves something behind: %q", drawn)
	}
}
