package cli

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// Streams is what a program has from its caller. TTY tells whether a stream is a
// terminal: it decides decoration, never content.
type Streams struct {
	In                    io.Reader
	Out, Err              io.Writer
	InTTY, OutTTY, ErrTTY bool
	// outWidth is how many columns the terminal that out is has now, 0 when it does not
	// tell; nil is 0.
	OutWidth  func() int
	LookupEnv func(string) (string, bool)
}

// App is one run of the program. Commands read it, only execute writes it, except child.
type App struct {
	Streams
	Version string // of this program, as version prints it and the brokers log it (KIP-511)
	Color   Color  // --color
	// started tells that flags and arguments were understood: errors before are usage
	// errors.
	Started bool
	// rawOut is stdout itself, for a command that is run for the user: it may be a
	// terminal to it.
	RawOut io.Writer
	// format is the output format of the command that runs: errors follow it too.
	Format Format
	// child is a command that runs for the user now, nil without one.
	Child *atomic.Pointer[os.Process]
}

// Env is a variable's value, "" when it is not set.
func (a *App) Env(name string) string {
	value, _ := a.LookupEnv(name)
	return value
}

// Notef writes a note for people to stderr; there are none with -o json.
func (a *App) Notef(format string, args ...any) {
	if a.Format != FormatJSON {
		fmt.Fprintf(a.Err, format+"\n", args...)
	}
}
