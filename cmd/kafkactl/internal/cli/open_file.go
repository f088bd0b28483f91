package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// OpenFile opens a file that the command line or the environment named. The error is a usage error;
// errors.Is finds fs.ErrNotExist in it. A directory is none: one that is empty is what Docker makes
// where the file of a bind mount is missing.
func OpenFile(name string) (*os.File, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, AsUsage(WithText(err, "no such file: "+name))
	}
	if err != nil {
		return nil, AsUsage(err)
	}
	if info, err := file.Stat(); err != nil || !info.IsDir() {
		return file, nil
	}
	defer file.Close() //nolint:errcheck // only read
	err = Usagef("%s is a directory", name)
	if _, end := file.Readdirnames(1); errors.Is(end, io.EOF) {
		return nil, WithHint(err, fmt.Sprintf("Docker makes an empty directory where the file of a bind mount is missing: "+
			"remove the directory on the host, put %s there, and make the container anew (docker compose up --force-recreate)", filepath.Base(name)))
	}
	return nil, err
}
