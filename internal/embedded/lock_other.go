//go:build !unix

package embedded

import "os"

// lockFile opens a file; the error is errLocked when another process has it open. On these systems
// a file that is open cannot be removed.
func lockFile(name string) (*os.File, error) {
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
		return nil, errLocked
	}
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
}
