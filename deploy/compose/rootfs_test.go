package compose_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// rootfs writes an image's file system as a tar stream, from this machine's own files. The first error stays, and
// close tells it.
type rootfs struct {
	tar  *tar.Writer
	have map[string]bool
	err  error
}

func newRootfs(w io.Writer) *rootfs {
	r := &rootfs{tar: tar.NewWriter(w), have: map[string]bool{"": true}}
	for _, dir := range []string{"bin", "sbin", "lib", "lib64"} {
		r.link("usr/"+dir, "/"+dir)
	}
	for _, dir := range []string{"/tmp", "/var/tmp"} {
		r.dir(dir, 0o1777, 0)
	}
	for _, dir := range []string{"/proc", "/sys", "/dev", "/run", "/root", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64"} {
		r.dir(dir, 0o755, 0)
	}
	return r
}

func (r *rootfs) close() error { return errors.Join(r.err, r.tar.Close()) }

// add writes one entry once, and the directories above it.
func (r *rootfs) add(h *tar.Header, content io.Reader) {
	h.Name = strings.TrimPrefix(path.Clean(h.Name), "/")
	if r.err != nil || r.have[h.Name] {
		return
	}
	r.dir("/"+path.Dir(h.Name), 0o755, 0)
	r.have[h.Name] = true
	if r.err = r.tar.WriteHeader(h); r.err == nil && content != nil {
		_, r.err = io.Copy(r.tar, content)
	}
}

func (r *rootfs) dir(name string, mode int64, owner int) {
	r.add(&tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: mode, Uid: owner}, nil)
}

func (r *rootfs) link(target, name string) {
	r.add(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777}, nil)
}

func (r *rootfs) text(name string, mode int64, text string) {
	r.add(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(text))}, strings.NewReader(text))
}

// copy puts the file behind src, links followed, at name.
func (r *rootfs) copy(src, name string) {
	if r.err != nil {
		return
	}
	info, err := os.Stat(src)
	if err != nil {
		r.err = err
		return
	}
	file, err := os.Open(src)
	if err != nil {
		r.err = err
		return
	}
	defer file.Close() //nolint:errcheck // only read
	r.add(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: int64(info.Mode().Perm()), Size: info.Size()}, file)
}

// tree puts the files under src at name, links to files followed and dangling ones left out; skip names what stays behind, relative to src.
func (r *rootfs) tree(src, name string, skip ...string) {
	if r.err != nil {
		return
	}
	r.err = filepath.WalkDir(src, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(src, file)
		switch info, statErr := os.Stat(file); {
		case err != nil:
			return err
		case slices.Contains(skip, relative) && entry.IsDir():
			return filepath.SkipDir
		case slices.Contains(skip, relative), statErr != nil:
		case info.Mode().IsRegular():
			r.copy(file, path.Join(name, relative))
		case info.IsDir() && !entry.IsDir(): // a link to a directory
			r.tree(file+"/.", path.Join(name, relative))
		}
		return r.err
	})
}

// programs puts programs of this machine into /usr/bin.
func (r *rootfs) programs(names ...string) {
	var files []string
	for _, name := range names {
		file, err := exec.LookPath(name)
		if err != nil {
			r.err = errors.Join(r.err, err)
			return
		}
		r.copy(file, "/usr/bin/"+name)
		files = append(files, file)
	}
	r.libraries("", files...)
}

// libraries puts what the ELF files load where the loader looks for it, but for what lies under home: that is copied
// with its tree.
func (r *rootfs) libraries(home string, files ...string) {
	for _, file := range files {
		out, err := exec.Command("ldd", file).CombinedOutput() //nolint:noctx // local, and over at once
		if err != nil && !bytes.Contains(out, []byte("not a dynamic executable")) {
			r.err = errors.Join(r.err, fmt.Errorf("ldd %s: %w: %s", file, err, out))
			return
		}
		for line := range strings.Lines(string(out)) {
			for _, word := range strings.Fields(line) {
				if !filepath.IsAbs(word) || home != "" && strings.HasPrefix(word, home) {
					continue
				}
				name := word
				if !strings.HasPrefix(name, "/usr/") { // /lib is a link to /usr/lib
					name = "/usr" + name
				}
				r.copy(word, name)
			}
		}
	}
}
