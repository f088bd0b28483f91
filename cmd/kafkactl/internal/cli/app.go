package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"sync/atomic"

	"kafkactl/cmd/kafkactl/internal/process"
	"kafkactl/cmd/kafkactl/internal/term"
)

// Streams is what a program has from its caller. Whether a stream is a terminal (TTY) decides
// decoration, never content.
type Streams struct {
	In                    io.Reader
	Out, Err              io.Writer
	InTTY, OutTTY, ErrTTY bool
	// OutWidth returns how many columns the terminal at Out has now, 0 where that is not known.
	// nil is a width that is not known.
	OutWidth func() int
	// LookupEnv is [os.LookupEnv], or what a test puts in its place.
	LookupEnv func(string) (string, bool)
	// Environ is [os.Environ]; nil is an environment whose names are not known.
	Environ func() []string
}

// App is one run of the program. Commands read it; only root writes it, except Child.
type App struct {
	Streams
	Version string // of this program, as version prints it and the brokers log it (KIP-511)
	Color   Color  // --color
	// Started is true once flags and arguments were understood: an error before is a usage error.
	Started bool
	// RawOut and RawErr are stdout and stderr themselves, without the check for failed writes and
	// the end of those that nobody reads. A command that runs for the user gets them, since they
	// may be a terminal to it, and a [term.PipeWriter], which sees to both by itself.
	RawOut, RawErr io.Writer
	// Format is the output format of the command that runs. Errors follow it too.
	Format Format
	// Child holds the command that runs for the user now, nil without one.
	Child *atomic.Pointer[process.Child]
}

// Warn writes a note about what an answer lacks, or has twice. Programs need to know that, too: with
// -o json it is an object, {"note": "…"}.
func (a *App) Warn(text string) {
	if a.Format != FormatJSON {
		a.Notef("note: %s", text)
		return
	}
	line, _ := json.Marshal(map[string]string{"note": text})
	fmt.Fprintf(a.Err, "%s\n", line)
}

// Notef writes a note for people to stderr, in which a terminal obeys nothing but colours. With -o
// json there are none: stderr holds nothing but objects then.
func (a *App) Notef(format string, args ...any) {
	if a.Format != FormatJSON {
		fmt.Fprintln(a.Err, term.SafeLines(fmt.Sprintf(format, args...), a.colored(a.ErrTTY)))
	}
}
