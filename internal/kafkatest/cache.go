package kafkatest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Cached returns the directory called name in the user's cache, for what tests download or build
// once on a machine. When it does not exist yet, fill writes its content into an empty directory at
// another path. A directory that exists is taken as it is, so the name must change with what fill
// does. The name may be a path: what belongs to another such directory may be inside it.
//
// Test packages run at the same time: one of them fills the directory while the others wait, and a
// half-filled directory is never seen.
func Cached(name string, fill func(dir string) error) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache directory: %w", err)
	}
	root := filepath.Join(cache, "kafkactl", "kafkatest")
	dir := filepath.Join(root, name)
	if exists(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", fmt.Errorf("make the cache: %w", err)
	}
	lock, err := os.OpenFile(dir+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", fmt.Errorf("open the cache's lock: %w", err)
	}
	defer func() { _ = lock.Close() }() // closing lets the lock go
	if err := lockFile(lock); err != nil {
		return "", fmt.Errorf("lock the cache: %w", err)
	}
	if exists(dir) {
		return dir, nil
	}
	return dir, fillCache(dir, fill)
}

// fillCache builds dir beside itself and renames it into place. The caller holds the lock.
func fillCache(dir string, fill func(dir string) error) error {
	unfinished := dir + ".tmp"
	if err := os.RemoveAll(unfinished); err != nil { // of a run that was killed
		return fmt.Errorf("clear the cache: %w", err)
	}
	if err := os.MkdirAll(unfinished, 0o755); err != nil {
		return fmt.Errorf("fill the cache: %w", err)
	}
	if err := fill(unfinished); err != nil {
		return err
	}
	if err := os.Rename(unfinished, dir); err != nil {
		return fmt.Errorf("fill the cache: %w", err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
