//go:build !unix

package filelock

import "os"

// Lock opens a file; the error is ErrLocked when another process has it open. On these systems
// a file that is open cannot be removed.
func Lock(name string) (*os.File, error) {
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
		return nil, ErrLocked
	}
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
}
