package kafkatest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// stopTimeout bounds how long a busy machine may take to stop the threads of a process.
const stopTimeout = 10 * time.Second

// awaitStopped returns once every thread of a process has stopped. The signal wakes a single
// thread, which stops the others when it is next run: on a busy machine they serve requests for
// some 100 ms more.
func awaitStopped(pid int) error {
	deadline := time.NewTimer(stopTimeout)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		stopped, err := allStopped(pid)
		if stopped || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			return fmt.Errorf("process %d did not stop within %s", pid, stopTimeout)
		}
	}
}

func allStopped(pid int) (bool, error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(threads) == 0 {
		return false, fmt.Errorf("process %d has no threads: %w", pid, os.ErrNotExist)
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			return false, nil //nolint:nilerr // a thread that has just ended: look again
		}
		// "pid (name) state ...": the name may hold anything, so the last parenthesis counts.
		if end := bytes.LastIndexByte(stat, ')'); end < 0 || !bytes.HasPrefix(stat[end+1:], []byte(" T")) {
			return false, nil
		}
	}
	return true, nil
}
