//go:build unix

package term

import (
	"context"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// readerGoneEvery is how often a pipe is asked whether somebody still reads it.
const readerGoneEvery = 200 * time.Millisecond

// WatchReader calls gone once nobody reads the pipe w any more, as when head has its lines. A write
// would fail then, but a follow may have nothing to write for long. WatchReader returns when ctx
// ends, and at once when w is no pipe.
func WatchReader(ctx context.Context, w io.Writer, gone func()) {
	pipe, ok := w.(*os.File)
	if !ok {
		return
	}
	if info, err := pipe.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return
	}
	ticker := time.NewTicker(readerGoneEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !isRead(pipe) {
			gone()
			return
		}
	}
}

// isRead reports whether somebody still has the other end of a pipe; true where that cannot be
// found out.
func isRead(pipe *os.File) bool {
	conn, err := pipe.SyscallConn()
	if err != nil {
		return true
	}
	asked := []unix.PollFd{{}}
	err = conn.Control(func(fd uintptr) {
		asked[0].Fd = int32(fd)
		_, _ = unix.Poll(asked, 0) // asked says nothing when it fails
	})
	return err != nil || asked[0].Revents&(unix.POLLERR|unix.POLLHUP) == 0
}
