package root

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/process"
	"kafkactl/cmd/kafkactl/internal/term"
)

// delayCollection puts the first garbage collection off until the heap has 16 MB. A command that
// asks and answers never needs that much, and spent a seventh of its time on collecting what the
// start had left. After the first collection all is as usual.
func delayCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(400)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

// echo is how soon after the first signal another one is the same event: what started us (npm,
// timeout) passes on a signal that reached us already.
const echo = 250 * time.Millisecond

// Run is the whole process: it runs one command line on the process's own streams and returns the
// exit code. version is what the program says it is. Run returns within a second of SIGINT, SIGTERM
// or SIGHUP, or once the command that runs for the user has ended; and at once at the second signal,
// whatever still holds it up.
func Run(args []string, version string) int {
	delayCollection()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(signals, syscall.SIGHUP)
	}
	defer signal.Stop(signals)
	// Without a handler a closed pipe would end the process by a signal; so the write
	// fails, and whoever wrote decides. Ignoring it instead would pass to child processes.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	a := &cli.App{Streams: stdio(), Version: version, Child: new(atomic.Pointer[process.Child])}
	ended := make(chan cli.ExitCode, 1)
	go func() { ended <- execute(ctx, a, args) }()
	var first time.Time
	for {
		select {
		case code := <-ended:
			return int(code)
		case s := <-signals:
			switch {
			case first.IsZero():
				first = time.Now()
				cancel(interrupted(s))
			case time.Since(first) > echo:
				a.KillChild()
				return int(cli.ExitInterrupted)
			}
		}
	}
}

// interrupted is why a context ended that a signal cancelled.
func interrupted(s os.Signal) error {
	number, _ := s.(syscall.Signal)
	return &process.Interrupted{Signal: number}
}

// stdio returns the process's own streams and environment.
func stdio() cli.Streams {
	return cli.Streams{
		In: term.OpenReader(os.Stdin, "stdin"), Out: term.OpenWriter(os.Stdout, "stdout"), Err: os.Stderr,
		InTTY: term.IsTerminal(os.Stdin), OutTTY: term.IsTerminal(os.Stdout), ErrTTY: term.IsTerminal(os.Stderr),
		OutWidth:  func() int { return term.ScreenOf(os.Stdout).Columns },
		LookupEnv: os.LookupEnv, Environ: os.Environ,
	}
}
