package embedded

import (
	"errors"
	"io/fs"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// sameFailure is how long a cause of failed writes must be gone to be told of again.
const sameFailure = time.Minute

// writeFailures is the log of kfake, of which it picks the writes that failed: kfake answers clients
// with UNKNOWN_SERVER_ERROR, and says why in its log alone.
type writeFailures struct {
	found chan WriteFailure
	seen  map[error]time.Time // when each cause was seen last; of the goroutine that makes notices
}

func newWriteFailures() *writeFailures {
	return &writeFailures{found: make(chan WriteFailure, 16), seen: make(map[error]time.Time)}
}

// Logf is called by kfake. It does not wait: of failures that follow each other fast, some are lost.
func (f *writeFailures) Logf(level kfake.LogLevel, _ string, args ...any) {
	if level > kfake.LogLevelWarn {
		return
	}
	for _, arg := range args {
		failure, failed := writeFailureOf(arg)
		if !failed {
			continue
		}
		select {
		case f.found <- failure:
		default:
		}
	}
}

// writeFailureOf returns the failure that an argument of a log line is.
func writeFailureOf(arg any) (failure WriteFailure, failed bool) {
	err, _ := arg.(error)
	errno, failed := errors.AsType[syscall.Errno](err)
	if !failed {
		return failure, false
	}
	failure.Err = errno
	if at, named := errors.AsType[*fs.PathError](err); named {
		failure.Path = at.Path
	}
	return failure, true
}

// isNew reports whether a failure is not one of those that were told of.
func (f *writeFailures) isNew(failure WriteFailure, now time.Time) bool {
	last, seen := f.seen[failure.Err]
	f.seen[failure.Err] = now
	return !seen || now.Sub(last) > sameFailure
}

// last returns the last failure that nobody has taken from found.
func (f *writeFailures) last() (last WriteFailure, failed bool) {
	for {
		select {
		case last = <-f.found:
			failed = true
		default:
			return last, failed
		}
	}
}
