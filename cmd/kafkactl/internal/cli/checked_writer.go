package cli

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
)

// CheckedWriter remembers the first write that failed, and writes nothing after it: an answer
// that a full disk swallowed is no answer, although most code that prints looks at no error.
//
// A goroutine that writes may outlive its command, so a CheckedWriter may be used by several.
type CheckedWriter struct {
	W io.Writer

	mu  sync.Mutex
	err error
}

// Write writes p, unless a write failed before: then it returns the same error again.
func (c *CheckedWriter) Write(p []byte) (int, error) {
	c.mu.Lock()
	err := c.err
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	n, err := c.W.Write(p) // may take for ever: the lock is not held
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && c.err == nil {
		c.err = err
	}
	return n, err
}

// Outcome returns what a command ends with that wrote here and ended with err. A failed write
// is a failure even where the command did not notice. A reader that has closed the pipe, as
// head does when it has its lines, is none: nobody wants the rest.
func (c *CheckedWriter) Outcome(err error) error {
	c.mu.Lock()
	failed := c.err
	c.mu.Unlock()
	switch {
	case failed == nil:
		return err
	case readerGone(failed) && errors.Is(err, failed):
		return nil
	case err == nil && !readerGone(failed):
		return fmt.Errorf("write the answer: %w", failed)
	default:
		return err
	}
}

// readerGone reports whether err is a write to a pipe that nobody reads any more.
func readerGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
