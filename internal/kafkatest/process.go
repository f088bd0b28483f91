package kafkatest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

// killWait bounds how long a process that got SIGKILL may take to be gone.
const killWait = 10 * time.Second

// stopGrace is how long a process that got SIGTERM may take to be gone; a broker's controlled
// shutdown takes 1 to 3 s.
const stopGrace = 20 * time.Second

// process is one server that can be started, frozen and ended again and again; it appends to one
// log.
type process struct {
	name    string
	logPath string
	argv    []string
	spawner *spawner
	retry   func(log []byte) bool // whether an exit that logged this is worth another start; nil: never

	mu  sync.Mutex
	run *run // nil when never started, or ended on purpose
}

// run is one start of a process and the starts that retry made of it.
type run struct {
	cmd       *exec.Cmd
	logOffset int64
	begun     time.Time
	paused    bool
	stop      chan struct{} // closed when it is to end: no retry from then on
	done      chan struct{} // closed when it has ended for good
}

func (r *run) ended() bool { return closed(r.done) }

// start starts the process and returns at once; it is an error when it runs.
func (p *process) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run != nil && !p.run.ended() {
		return fmt.Errorf("start %s: already running", p.name)
	}
	r := &run{begun: time.Now(), stop: make(chan struct{}), done: make(chan struct{})}
	if err := p.exec(r); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.run = r
	go p.supervise(r)
	return nil
}

func (p *process) exec(r *run) error {
	log, err := os.OpenFile(p.logPath, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has its own
	info, err := log.Stat()
	if err != nil {
		return err
	}
	// No exec.CommandContext: a server outlives the call that starts it.
	cmd := &exec.Cmd{Path: p.argv[0], Args: p.argv, Stdout: log, Stderr: log}
	if err := p.spawner.start(cmd); err != nil {
		return err
	}
	r.cmd, r.logOffset, r.paused = cmd, info.Size(), false
	return nil
}

func (p *process) supervise(r *run) {
	defer close(r.done)
	for {
		_ = r.cmd.Wait() // how it ended is in its ProcessState
		if !p.again(r) {
			return
		}
	}
}

const (
	retryFor   = 20 * time.Second // well past the 6 s of a broker's ZooKeeper session
	retryPause = 300 * time.Millisecond
)

// again starts the process once more when retry asks for it, and reports whether it did.
func (p *process) again(r *run) bool {
	if p.retry == nil || time.Since(r.begun) > retryFor {
		return false
	}
	log, err := readFrom(p.logPath, r.logOffset)
	if err != nil || !p.retry(log) {
		return false
	}
	select {
	case <-r.stop:
		return false
	case <-time.After(retryPause):
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return !closed(r.stop) && p.exec(r) == nil
}

// end calls ask, which sends the signal, waits, and kills what has not ended by then. A process
// that does not run is left alone.
func (p *process) end(ask func(*os.Process) error, grace time.Duration) error {
	p.mu.Lock()
	r := p.run
	p.run = nil
	if r == nil || r.ended() {
		p.mu.Unlock()
		return nil
	}
	close(r.stop)
	proc := r.cmd.Process
	if r.paused {
		_ = wake(proc) // a stopped process acts on no signal but SIGKILL
	}
	err := ask(proc)
	p.mu.Unlock()
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end %s: %w", p.name, err)
	}
	if waitClosed(r.done, grace) {
		return nil
	}
	_ = proc.Kill()
	if waitClosed(r.done, killWait) {
		return nil
	}
	return fmt.Errorf("end %s: process %d is still there %v after SIGKILL", p.name, proc.Pid, killWait)
}

// stop asks the process to end (SIGTERM) and waits until it has.
func (p *process) stop() error { return p.end(terminate, stopGrace) }

func (p *process) kill() error { return p.end((*os.Process).Kill, killWait) }

// pause freezes the process, or thaws it.
func (p *process) pause(frozen bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run == nil || p.run.ended() {
		return fmt.Errorf("pause or resume %s: not running", p.name)
	}
	signal := wake
	if frozen {
		signal = suspend
	}
	if err := signal(p.run.cmd.Process); err != nil {
		return fmt.Errorf("pause or resume %s: %w", p.name, err)
	}
	p.run.paused = frozen
	if frozen {
		return awaitStopped(p.run.cmd.Process.Pid)
	}
	return nil
}

// serving reports whether the process runs and is not paused; err is that it ended by itself, with
// its last lines.
func (p *process) serving() (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run == nil {
		return false, nil
	}
	if p.run.ended() {
		return false, fmt.Errorf("%s ended by itself (%v); the end of %s:\n%s",
			p.name, p.run.cmd.ProcessState, p.logPath, logTail(p.logPath, p.run.logOffset))
	}
	return !p.run.paused, nil
}

func closed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// waitClosed waits up to d and reports whether ch was closed by then.
func waitClosed(ch <-chan struct{}, d time.Duration) bool {
	select {
	case <-ch:
		return true
	case <-time.After(d):
		return closed(ch)
	}
}
