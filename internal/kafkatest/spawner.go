package kafkatest

import (
	"errors"
	"os/exec"
	"runtime"
	"sync"
)

var errClosed = errors.New("cluster is closed")

// spawner starts child processes, all from one OS thread that lives until end.
//
// On Linux a child is killed by the kernel when the thread that started it ends (PR_SET_PDEATHSIG),
// which covers every way a test process can die, SIGKILL included. A goroutine's thread may end
// long before the process does, so the children are started by one goroutine that owns its thread.
type spawner struct {
	work chan func()
	over chan struct{}
	once sync.Once
}

func newSpawner() *spawner {
	s := &spawner{work: make(chan func()), over: make(chan struct{})}
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		for {
			select {
			case f := <-s.work:
				f()
			case <-s.over:
				return
			}
		}
	}()
	return s
}

// start starts cmd so that it cannot outlive this process (Linux only); waiting for it is the
// caller's job.
func (s *spawner) start(cmd *exec.Cmd) error {
	dieWithParent(cmd)
	started := make(chan error, 1)
	select {
	case s.work <- func() { started <- cmd.Start() }:
		return <-started
	case <-s.over:
		return errClosed
	}
}

// end lets the thread go and, on Linux, kills what it started and nobody has ended.
func (s *spawner) end() { s.once.Do(func() { close(s.over) }) }
