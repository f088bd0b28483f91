// Command kafkactl takes a Kafka stack from "containers are starting" to "every
// declared topic is there and usable", and answers the daily questions after that.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"syscall"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version = "dev"

func main() { os.Exit(run(os.Args[1:], version)) }

// delayCollection puts the first garbage collection off until the heap has 16 MB, which
// that of a command that asks and answers never has: a seventh of its time went into
// collecting what the start had left. After the first one all is as usual.
func delayCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	usual := debug.SetGCPercent(400)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

// run is the whole program: it returns the exit code. It stops within a second of SIGINT
// or SIGTERM, and at once at the second one, whatever still holds it up.
func run(args []string, version string) int {
	delayCollection()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	// Without a handler a closed pipe would end the process by a signal; so the write
	// fails, and whoever wrote decides. Ignoring it instead would pass to child processes.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	a := &app{streams: stdio(), version: version, child: new(atomic.Pointer[os.Process])}
	ended := make(chan exitCode, 1)
	go func() { ended <- a.execute(ctx, args) }()
	select {
	case code := <-ended:
		return int(code)
	case <-signals:
		cancel()
	}
	select {
	case code := <-ended:
		return int(code)
	case <-signals:
		a.killChild()
		return int(exitInterrupted)
	}
}

// stdio is the process's own streams and environment.
func stdio() streams {
	return streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		inTTY: isTerminal(os.Stdin), outTTY: isTerminal(os.Stdout), errTTY: isTerminal(os.Stderr),
		outWidth:  func() int { return terminalWidth(os.Stdout) },
		lookupEnv: os.LookupEnv,
	}
}
