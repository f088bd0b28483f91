package kafkatest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// A cached directory is filled by one caller of many, once for good; what a fill that
// failed left behind is never seen.
func TestCached(t *testing.T) {
	for _, home := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(home, t.TempDir())
	}
	broken := errors.New("no network")
	if _, err := Cached("it", func(dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "half"), nil, 0o600), broken)
	}); !errors.Is(err, broken) {
		t.Fatalf("want %v, got %v", broken, err)
	}

	var fills atomic.Int32
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			dir, err := Cached("it", func(dir string) error {
				fills.Add(1)
				return os.WriteFile(filepath.Join(dir, "whole"), nil, 0o600)
			})
			if err != nil {
				t.Error(err)
				return
			}
			files, err := os.ReadDir(dir)
			if err != nil || len(files) != 1 || files[0].Name() != "whole" {
				t.Errorf("want the file whole alone, got %v, %v", files, err)
			}
		})
	}
	callers.Wait()
	if n := fills.Load(); n != 1 {
		t.Errorf("filled %d times", n)
	}
}
