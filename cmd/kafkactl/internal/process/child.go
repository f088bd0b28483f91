package process

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	// Grace is how long a command may take to end after the first signal. A consumer needs seconds
	// to leave its group; a container engine waits as long, before it kills.
	Grace = 10 * time.Second
	// hearsay is how long the command may take to pass SIGTERM on, as npm does, to what it started.
	hearsay = 3 * time.Second
	// silence is how long that goes without a word.
	silence = time.Second
	// settle is how long the processes that a command left may take to end by themselves, as those
	// do whose stdin was a pipe from it.
	settle = 200 * time.Millisecond
	// killing is how long a killed process may take to be gone; one that hangs in a system call stays.
	killing = time.Second
	// pause is the time between two looks at what is left.
	pause = 10 * time.Millisecond
)

// Interrupted is the cause of a context that a signal to this process cancelled. It is a
// [context.Canceled], and says no more than that: who sent the signal knows it.
type Interrupted struct{ Signal syscall.Signal }

func (i *Interrupted) Error() string { return context.Canceled.Error() }

// Unwrap returns context.Canceled.
func (i *Interrupted) Unwrap() error { return context.Canceled }

// Child is a command that is run for the user, and the processes that it leaves.
type Child struct {
	cmd   *exec.Cmd
	grace time.Duration
	notef func(format string, args ...any)

	group  group
	once   sync.Once
	killed chan struct{} // closed by Kill
	ended  chan struct{} // closed once the command itself has ended
	over   chan struct{} // closed at the end of Run
}

// New returns a command that Run starts. notef writes a line for people to stderr.
func New(cmd *exec.Cmd, grace time.Duration, notef func(format string, args ...any)) *Child {
	return &Child{cmd: cmd, grace: grace, notef: notef, killed: make(chan struct{}), ended: make(chan struct{}), over: make(chan struct{})}
}

// Run runs the command to its end and returns how it ended. An error means that it did not start,
// or that it could not be killed.
//
// When ctx ends, the signal of [Interrupted] (SIGTERM without one) goes to the command and to what
// it started, SIGTERM to the latter once the command has ended or not ended in [hearsay]; what is
// left of them after the grace is killed. When the command ends by itself, what it left running gets
// SIGTERM and the same grace.
func (c *Child) Run(ctx context.Context) (*os.ProcessState, error) {
	defer close(c.over)
	// On Linux the command is told of the death of the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c.group = newGroup(c.cmd)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	defer c.group.reapAdopted()()
	var err error
	go func() {
		defer close(c.ended)
		err = c.cmd.Wait() // even after exit code 0 it returns the error of a stream
	}()
	c.supervise(ctx)
	if !c.hasEnded() {
		return nil, errors.New("it was killed, and goes on")
	}
	if c.cmd.ProcessState == nil {
		return nil, err
	}
	return c.cmd.ProcessState, nil
}

// Kill kills the command and what it started, and waits for the end of Run.
func (c *Child) Kill() {
	c.once.Do(func() { close(c.killed) })
	select {
	case <-c.over:
	case <-time.After(killing):
	}
}

// supervise returns when the command and what it left are gone.
func (c *Child) supervise(ctx context.Context) {
	name := c.cmd.Args[0]
	select {
	case <-c.killed:
		c.kill()
	case <-ctx.Done():
		signal, again := syscall.SIGTERM, "a second signal"
		if i, ok := errors.AsType[*Interrupted](context.Cause(ctx)); ok {
			signal = i.Signal
		}
		if signal == syscall.SIGINT {
			again = "Ctrl-C again"
		}
		c.group.pass(signal)
		c.await(nil, name, again, signal == syscall.SIGTERM)
	case <-c.ended:
		if c.goneWithin(settle, func() {}) {
			return
		}
		c.notef("%s left processes running: they are ended, too", name)
		c.group.terminate()
		c.await(ctx.Done(), "what "+name+" left", "Ctrl-C", false)
	}
}

// await waits for the end of what was signalled, and kills it after the grace or at the next signal.
// alone is true when only the command was signalled: what it started is as well once it has ended or
// had the time to pass the signal on.
func (c *Child) await(insisted <-chan struct{}, name, again string, alone bool) {
	look := time.NewTicker(pause)
	defer look.Stop()
	note, limit := time.After(silence), time.After(c.grace)
	start := time.Now()
	for !c.gone() {
		if alone && (c.hasEnded() || time.Since(start) > hearsay) {
			alone = false
			c.group.terminate()
		}
		select {
		case <-look.C:
			continue
		case <-note:
			c.notef("waiting up to %s for %s to end; %s kills it", c.grace, name, again)
			continue
		case <-limit:
			c.notef("%s did not end within %s: killed", name, c.grace)
		case <-insisted:
		case <-c.killed:
		}
		c.kill()
		return
	}
}

// kill kills until nothing is left: what is being forked meanwhile is seen at the next look.
func (c *Child) kill() {
	c.goneWithin(killing, c.group.kill)
}

// goneWithin waits until nothing is left, and does act before each look.
func (c *Child) goneWithin(limit time.Duration, act func()) bool {
	look := time.NewTicker(pause)
	defer look.Stop()
	over := time.After(limit)
	for {
		act()
		if c.gone() {
			return true
		}
		select {
		case <-look.C:
		case <-over:
			return false
		}
	}
}

// gone reports whether the command and what it left have ended.
func (c *Child) gone() bool { return c.hasEnded() && !c.group.alive() }

// hasEnded reports whether the command itself has ended.
func (c *Child) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}
