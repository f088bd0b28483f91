package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ReplaceFile puts a whole file in the place of what is there, or nothing: who reads it meanwhile, or after a
// run that was killed, has the one or the other. A new file is readable by all that the umask allows; one that
// is replaced keeps its mode, and a link stays one. What is no regular file, as a pipe, is written to.
func ReplaceFile(name string, content []byte) error {
	mode := fs.FileMode(0o644)
	old, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return os.WriteFile(name, content, mode)
	default:
		mode = old.Mode().Perm()
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	unfinished := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.new-%d", filepath.Base(name), os.Getpid()))
	file, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode) // which heeds the umask
	if err != nil {
		return err
	}
	defer os.Remove(unfinished) //nolint:errcheck // it is not there any more when all went well
	_, err = file.Write(content)
	if old != nil {
		err = cmp.Or(err, file.Chmod(mode))
	}
	if err = cmp.Or(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(unfinished, name)
}
