//go:build unix

package stack

import (
	"errors"
	"os"
	"syscall"
)

// errNotDirectory is the error for a file below another file.
const errNotDirectory = syscall.ENOTDIR

// lockFile opens and locks a file. The lock ends with the process, whatever ends it.
func lockFile(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	_ = file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errLocked
	}
	return nil, err
}

// unlockFile ends the lock. The file stays: who removed it could remove that of the next one.
func unlockFile(file *os.File) { _ = file.Close() }

func staleLock(string) string { return "its lock ends with it" }
