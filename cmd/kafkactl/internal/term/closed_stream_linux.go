package term

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// wasClosed reports whether a standard stream was closed when this process began. Nothing of this
// program runs early enough to see that: before it, Go's runtime opens /dev/null in place of a stream
// that is closed, for reading and writing (runtime/fds_unix.go).
//
// Shells open /dev/null for one of the two, but other programs for both, and discard the output of a
// child so: Python's DEVNULL and Node's "ignore" do. So it is also asked who began this process. Where
// that cannot be found out, the stream counts as open.
func wasClosed(stream *os.File) bool {
	mode, err := unix.FcntlInt(stream.Fd(), unix.F_GETFL, 0)
	if err != nil || mode&unix.O_ACCMODE != unix.O_RDWR {
		return false
	}
	if info, err := stream.Stat(); err != nil || !isDevNull(info) {
		return false
	}
	return closedByParent(fmt.Sprintf("/proc/%d", os.Getppid()), int(stream.Fd()))
}

// isDevNull reports whether info is of the device /dev/null, which has the same numbers on every Linux.
func isDevNull(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode()&fs.ModeCharDevice == 0 {
		return false
	}
	device := uint64(stat.Rdev) //nolint:unconvert // not on every processor
	return unix.Major(device) == 1 && unix.Minor(device) == 3
}

// closedByParent reports whether it was the parent that closed a descriptor, or had it closed itself;
// process is its directory in /proc.
func closedByParent(process string, descriptor int) bool {
	program, err := os.Readlink(filepath.Join(process, "exe"))
	if err != nil {
		return false
	}
	its, err := os.Stat(filepath.Join(process, "fd", fmt.Sprint(descriptor)))
	if errors.Is(err, fs.ErrNotExist) {
		return true // as of timeout, nice and others that hand on what they have
	}
	if err != nil || isDevNull(its) && opensBoth(process, descriptor) {
		return false // ours may be the one that it has
	}
	return slices.Contains(shells(), filepath.Base(program))
}

// opensBoth reports whether a descriptor of a process is open for reading and writing; true where that
// is not known.
func opensBoth(process string, descriptor int) bool {
	text, err := os.ReadFile(filepath.Join(process, "fdinfo", fmt.Sprint(descriptor)))
	if err != nil {
		return true
	}
	for line := range strings.Lines(string(text)) {
		if flags, found := strings.CutPrefix(line, "flags:"); found {
			mode, err := strconv.ParseUint(strings.TrimSpace(flags), 8, 32)
			return err != nil || mode&unix.O_ACCMODE == unix.O_RDWR
		}
	}
	return true
}

// shells lists programs that never open /dev/null for both reading and writing unless a script says
// so word for word.
func shells() []string {
	return []string{"sh", "ash", "bash", "busybox", "dash", "fish", "ksh", "ksh93", "mksh", "yash", "zsh", "make"}
}
