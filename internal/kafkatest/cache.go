package kafkatest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Cached returns the directory called name in the user's cache, for what tests download or build
// once on a machine. When it does not exist yet, fill writes its content into an empty directory at
// another path. A directory that exists is taken as it is, so the name must change with what fill
// does. The name may be a path: what belongs to another such directory may be inside it.
//
// Test packages run at the same time: one of them fills the directory while the others wait, and a
// half-filled directory is never seen.
func Cached(name string, fill func(dir string) error) (string, error) {
	root, err := cacheRoot()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, name)
	if exists(dir) {
		return dir, nil
	}
	unlock, err := takeTurn(name)
	if err != nil {
		return "", err
	}
	defer unlock()
	if exists(dir) {
		return dir, nil
	}
	return dir, fillCache(dir, fill)
}

// cacheRoot returns the directory of all that is cached.
func cacheRoot() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache directory: %w", err)
	}
	return filepath.Join(cache, "kafkactl", "kafkatest"), nil
}

// UsualPort waits until no other test of this machine listens on the port where a stack is reached from
// the host, 29092, or takes that nothing does, and keeps it for the test.
func UsualPort(t testing.TB) {
	t.Helper()
	done, err := takeTurn("usual-port")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(done)
}

// takeTurn waits until nobody on this machine, in this process or another, is at what is called
// name; done ends the turn.
func takeTurn(name string) (done func(), err error) {
	root, err := cacheRoot()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(root, name) + ".lock"
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the cache: %w", err)
	}
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := lockFile(lock); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), lock.Close())
	}
	return func() { _ = lock.Close() }, nil // which lets the lock go
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
