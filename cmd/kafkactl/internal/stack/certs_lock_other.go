//go:build !unix

package stack

import (
	"errors"
	"io/fs"
	"os"
)

// errNotDirectory is no error of these systems: a file below another file does not exist.
var errNotDirectory = errors.New("not a directory")

// lockFile makes a file; the error is errLocked when another process has.
func lockFile(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		err = errLocked
	}
	return file, err
}

// unlockFile removes the file.
func unlockFile(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name())
}

func staleLock(name string) string { return "when none runs, remove " + name }
