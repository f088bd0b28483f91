package stack

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
	"kafkactl/internal/filelock"
)

const (
	// recordFile holds what this command wrote, so that it overwrites nothing else.
	recordFile = ".kafkactl-certs.json"
	lockName   = ".kafkactl-certs.lock"
)

// certsRecord lists the SHA-256 of everything that was written under a name. There are two for a
// moment, before a file is replaced.
type certsRecord struct {
	SchemaVersion int                 `json:"schemaVersion"`
	Files         map[string][]string `json:"files"`
}

// make plans and, where something is to be written, plans again under a lock and writes. A directory
// in which all is right may be read-only.
func (o *certsOptions) make(ctx context.Context, r certificates.Request) ([]certificates.File, error) {
	files, _, err := o.plan(r)
	if err != nil || o.check || !slices.ContainsFunc(files, isWritten) {
		return files, err
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return nil, o.unwritable(fmt.Errorf("make the directory %s: %w", o.dir, causeOf(err)))
	}
	lock, err := filelock.Lock(o.path(lockName))
	if errors.Is(err, filelock.ErrLocked) {
		return nil, cli.WithHint(fmt.Errorf("lock %s: another kafkactl certs is at work there: %w", o.dir, err), "wait for it and run this again; its lock ends with it")
	}
	if err != nil {
		return nil, o.unwritable(fmt.Errorf("write to %s: %w", o.dir, causeOf(err)))
	}
	defer lock.Close() //nolint:errcheck // nothing was written
	files, record, err := o.plan(r)
	if err != nil {
		return nil, err
	}
	return files, o.write(ctx, files, record)
}

func isWritten(f certificates.File) bool { return f.State != certificates.Kept }

func (o *certsOptions) unwritable(err error) error {
	return cli.WithHint(err, o.dirFlag+" names a directory that you may write in")
}

// causeOf is err without the operation and the path, which the caller names.
func causeOf(err error) error {
	if path, is := errors.AsType[*fs.PathError](err); is {
		return path.Err
	}
	return err
}

// plan reads the directory and decides.
func (o *certsOptions) plan(r certificates.Request) ([]certificates.File, certsRecord, error) {
	record, err := o.readRecord()
	if err != nil {
		return nil, record, err
	}
	found := map[string]certificates.Found{}
	for _, name := range r.Names() {
		content, err := readIfThere(o.path(name))
		if err != nil {
			return nil, record, err
		}
		if content != nil {
			found[name] = certificates.Found{Content: content, Made: slices.Contains(record.Files[name], digest(content))}
		}
	}
	if err := o.dirPassword(&r, found); err != nil {
		return nil, record, err
	}
	files, err := certificates.Plan(r, found, time.Now())
	return files, record, err
}

// readIfThere returns the content of a file, nil when there is none. An empty file is one.
func readIfThere(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(causeOf(cmp.Or(err, fs.ErrClosed)), syscall.ENOTDIR) {
		return nil, nil // a directory that cannot be there is told of when it is to be made
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, causeOf(err))
	}
	return append([]byte{}, content...), nil
}

func (o *certsOptions) readRecord() (certsRecord, error) {
	record := certsRecord{SchemaVersion: 1}
	text, err := readIfThere(o.path(recordFile))
	if err == nil && text != nil {
		if err = json.Unmarshal(text, &record); err != nil {
			err = cli.WithHint(fmt.Errorf("read %s: %w", o.path(recordFile), err),
				"remove it: what is valid is kept, and --force overwrites the rest")
		}
	}
	if record.Files == nil {
		record.Files = map[string][]string{}
	}
	return record, err
}

// write writes what the plan says, in its order. The record names a file's new content before it is
// there: what ends the run, all that it wrote is known as its own.
func (o *certsOptions) write(ctx context.Context, files []certificates.File, record certsRecord) error {
	for _, file := range files {
		if isWritten(file) {
			record.Files[file.Name] = append(record.Files[file.Name], digest(file.Content))
		}
	}
	if err := o.writeRecord(record); err != nil {
		return err
	}
	for _, file := range files {
		if !isWritten(file) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write %s: %w", o.path(file.Name), context.Cause(ctx))
		}
		if err := o.writeFile(file.Name, file.Mode, file.Content); err != nil {
			return err
		}
		record.Files[file.Name] = []string{digest(file.Content)}
	}
	return o.writeRecord(record)
}

func (o *certsOptions) writeRecord(record certsRecord) error {
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", o.path(recordFile), err)
	}
	return o.writeFile(recordFile, 0o600, append(text, '\n'))
}

// writeFile puts a whole file in the place of what is there, or nothing. It is never readable by
// more than its mode says, not for a moment.
func (o *certsOptions) writeFile(name string, mode fs.FileMode, content []byte) (err error) {
	defer func() {
		if err != nil {
			err = o.unwritable(fmt.Errorf("write %s: %w", o.path(name), causeOf(err)))
		}
	}()
	file, err := os.CreateTemp(o.dir, "."+filepath.Base(name)+".new-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it is not there any more when all went well
	_, err = file.Write(content)
	err = cmp.Or(err, file.Chmod(mode), file.Sync())
	if err = cmp.Or(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), o.path(name))
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
