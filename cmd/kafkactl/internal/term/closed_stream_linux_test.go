package term

import (
	"os"
	"path/filepath"
	"testing"
)

// A stream that is /dev/null for reading and writing was closed where a shell began the process, or
// where the parent has none either: other programs discard a child's output so.
func TestClosedByParent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, program string
		has           string // what the parent has as its own stdout, "" where that is closed
		want          bool
	}{
		{"a shell", "/usr/bin/bash", "/dev/zero", true},
		{"a shell of BusyBox", "/bin/busybox", "/dev/zero", true},
		{"a shell that has it from its own parent", "/usr/bin/dash", "/dev/null", false},
		{"Python's DEVNULL", "/usr/bin/python3.13", "/dev/zero", false},
		{"Node's ignore", "/usr/bin/node", "/dev/zero", false},
		{"a program that was called with it closed", "/usr/bin/timeout", "", true},
		{"nothing is known", "", "/dev/zero", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			process := t.TempDir()
			links := map[string]string{"exe": test.program, "fd/1": test.has}
			if err := os.Mkdir(filepath.Join(process, "fd"), 0o700); err != nil {
				t.Fatal(err)
			}
			for name, target := range links {
				if target == "" {
					continue
				}
				if err := os.Symlink(target, filepath.Join(process, name)); err != nil {
					t.Fatal(err)
				}
			}
			if got := closedByParent(process, 1); got != test.want {
				t.Errorf("closed: %t, want %t", got, test.want)
			}
		})
	}
}
