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
		flags         string // with which that is open
		want          bool
	}{
		{"a shell", "/usr/bin/bash", "/dev/zero", "0100002", true},
		{"a shell of BusyBox", "/bin/busybox", "/dev/zero", "0100001", true},
		{"a shell that has it from its own parent", "/usr/bin/dash", "/dev/null", "0100002", false},
		{"a shell that has another one", "/usr/bin/dash", "/dev/null", "0100001", true},
		{"a shell that has one that is not known", "/usr/bin/dash", "/dev/null", "", false},
		{"Python's DEVNULL", "/usr/bin/python3.13", "/dev/zero", "0100002", false},
		{"Node's ignore", "/usr/bin/node", "/dev/null", "0100000", false},
		{"a program that was called with it closed", "/usr/bin/timeout", "", "", true},
		{"nothing is known", "", "/dev/zero", "0100002", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			process := t.TempDir()
			links := map[string]string{"exe": test.program, "fd/1": test.has}
			for _, dir := range []string{"fd", "fdinfo"} {
				if err := os.Mkdir(filepath.Join(process, dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if test.flags != "" {
				if err := os.WriteFile(filepath.Join(process, "fdinfo/1"), []byte("pos:\t0\nflags:\t"+test.flags+"\nmnt_id:\t1\n"), 0o600); err != nil {
					t.Fatal(err)
				}
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
