package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kafkactl/internal/filelock"
)

// InUseError is the error of [Start] for a data directory that another process uses.
type InUseError struct{ Dir string }

func (e *InUseError) Error() string {
	return fmt.Sprintf("data directory %s is in use by another kafkactl dev", e.Dir)
}

// lockDir makes sure that one process at a time uses a data directory: kfake would let a second one
// write into it.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	file, err := filelock.Lock(filepath.Join(dir, "kafkactl-dev.lock"))
	switch {
	case errors.Is(err, filelock.ErrLocked):
		return nil, &InUseError{dir}
	case err != nil:
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	return file, nil
}

// unlock ends a lock; nil is none.
func unlock(lock *os.File) {
	if lock != nil {
		_ = lock.Close()
	}
}
