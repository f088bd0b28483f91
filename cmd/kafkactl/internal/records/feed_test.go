package records

import (
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// lineDigits is how many digits number each line of a feed.
const lineDigits = 9

// sendInput is produce with an endless input: numbered lines of 200 bytes, some 50 each
// millisecond, until it is stopped or the program reads no more.
type feed struct {
	cmd   *exec.Cmd
	lines atomic.Int64 // that were written whole
	stop  func()       // ends the input
	end   func(*testing.T) clitest.RunResult
}

// newFeed starts kafkactl produce with args.
func newFeed(t *testing.T, args ...string) *feed {
	t.Helper()
	cmd, result := clitest.Program(t, append([]string{"produce"}, args...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	stopped, fed := make(chan struct{}), make(chan struct{})
	f := &feed{cmd: cmd, stop: sync.OnceFunc(func() { close(stopped) })}
	padding := strings.Repeat("x", 200-lineDigits-2)
	go func() {
		defer close(fed)
		defer in.Close() //nolint:errcheck // the program may have ended first
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for n := int64(0); ; {
			for range 50 {
				if _, err := fmt.Fprintf(in, "%0*d %s\n", lineDigits, n+1, padding); err != nil {
					return
				}
				n++
				f.lines.Store(n)
			}
			select {
			case <-stopped:
				return
			case <-ticker.C:
			}
		}
	}()
	f.end = func(t *testing.T) clitest.RunResult {
		t.Helper()
		timer := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
		err := cmd.Wait()
		f.stop()
		<-fed
		return result(err)
	}
	return f
}

// until waits for a condition while the program runs.
func (f *feed) until(t *testing.T, holds func() bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("waited 2 minutes; %d lines were taken", f.lines.Load())
		case <-time.After(time.Millisecond):
		}
	}
}
