package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/charmbracelet/lipgloss"
	"github.com/mattn/go-isatty"
	"github.com/muesli/termenv"
	"golang.org/x/term"
)

// streams is what a program has from its caller. TTY tells whether a stream is a
// terminal: it decides decoration, never content.
type streams struct {
	in                    io.Reader
	out, err              io.Writer
	inTTY, outTTY, errTTY bool
	// outWidth is how many columns the terminal that out is has now, 0 when it does not
	// tell; nil is 0.
	outWidth  func() int
	lookupEnv func(string) (string, bool)
}

// app is one run of the program. Commands read it, only execute writes it, except child.
type app struct {
	streams
	version string // of this program, as version prints it and the brokers log it (KIP-511)
	color   string // --color
	// started tells that flags and arguments were understood: errors before are usage
	// errors.
	started bool
	// rawOut is stdout itself, for a command that is run for the user: it may be a
	// terminal to it.
	rawOut io.Writer
	// format is the output format of the command that runs: errors follow it too.
	format format
	// child is a command that runs for the user now, nil without one.
	child *atomic.Pointer[os.Process]
}

// execute runs one command line to its exit code.
func (a *app) execute(ctx context.Context, args []string) exitCode {
	args, hint := modernize(args)
	stdout := &checkedWriter{w: a.out}
	a.rawOut, a.out = a.out, stdout
	root := newRootCmd(a)
	cmd, _, _ := root.Find(args) // the root where there is no such command
	if hint != "" && !a.wantsJSON(cmd, args) {
		a.notef("%s", hint)
	}
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.ExecuteContext(ctx)
	if err != nil && !a.started {
		err = usageOfCobra(err)
		if a.wantsJSON(cmd, args) {
			a.format = formatJSON // -o may stand behind what was not understood
		}
	}
	if failed := stdout.failure(); err == nil && failed != nil && !errors.Is(failed, syscall.EPIPE) { // a reader that has what it wants is no failure
		err = fmt.Errorf("write the answer: %w", failed)
	}
	code := codeOf(err)
	if err != nil && ctx.Err() != nil && !isChildExit(err) {
		code = exitInterrupted // whatever the signal cut off, it was not its own failure
	}
	a.printError(err, code)
	return code
}

// checkedWriter remembers that a write failed: an answer that a full disk swallowed
// is no answer, though none of those who print it looks.
//
// A goroutine that writes may outlive the command, so err is guarded.
type checkedWriter struct {
	w  io.Writer
	mu sync.Mutex

	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && c.err == nil {
		c.err = err
	}
	return n, err
}

// failure is the first error of a write.
func (c *checkedWriter) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// env is a variable's value, "" when it is not set.
func (a *app) env(name string) string {
	value, _ := a.lookupEnv(name)
	return value
}

// renderer styles text for one of the streams. It never looks at the process's own
// streams, unlike lipgloss's default one.
func (a *app) renderer(w io.Writer, tty bool) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(w)
	colored := tty && a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
	switch a.color {
	case "always":
		colored = true
	case "never":
		colored = false
	}
	if colored {
		r.SetColorProfile(termenv.ANSI)
	} else {
		r.SetColorProfile(termenv.Ascii)
	}
	return r
}

// tableStyles are the styles of an answer on w: tables fit the terminal as wide as it is
// now, unless all of them was asked for.
func (a *app) tableStyles(w io.Writer, tty bool) styles {
	st := newStyles(a.renderer(w, tty))
	st.terminal = tty
	if tty && a.format != formatWide && a.outWidth != nil {
		st.width = a.outWidth()
	}
	return st
}

// terminalWidth is how many columns the terminal has, 0 when it does not tell.
func terminalWidth(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }
