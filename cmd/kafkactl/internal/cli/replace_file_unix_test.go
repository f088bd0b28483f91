//go:build unix

package cli

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"testing"
)

// A file is replaced as a whole: its mode and a link to it stay, a new one is for all to read, and nothing else is
// left in the directory, also where it could not be done.
func TestReplaceFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(in("private.json"), []byte("much longer than what comes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("private.json", in("link.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(in("directory.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"link.json", "new.json"} {
		if err := ReplaceFile(in(name), []byte("new")); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"directory.json", "no/such/new.json"} {
		if err := ReplaceFile(in(name), []byte("new")); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	for name, mode := range map[string]fs.FileMode{"private.json": 0o600, "new.json": 0o644} {
		info, err := os.Lstat(in(name))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(in(name))
		if err != nil || string(text) != "new" || info.Mode()&^0o022 != mode&^0o022 {
			t.Errorf("%s has mode %s and %q, %v", name, info.Mode(), text, err)
		}
	}
	if info, err := os.Lstat(in("link.json")); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is no link any more: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 4 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// What is no regular file is written to, or cannot be: --out /dev/stdout must not put a file in the place of that.
func TestReplaceFileOfNoFile(t *testing.T) {
	t.Chdir(t.TempDir()) // the path of a socket must be short
	const socket = "socket"
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := ReplaceFile(socket, []byte("new")); err == nil {
		t.Error("a socket was written to as a file")
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Type() != fs.ModeSocket {
		t.Errorf("the socket is none any more: %v", err)
	}
}
