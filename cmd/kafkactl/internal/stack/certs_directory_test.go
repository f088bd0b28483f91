package stack

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
	"kafkactl/internal/filelock"
)

// newCerts returns options for a node and a client with stores, in a directory that is not there yet.
func newCerts(t *testing.T) (*certsOptions, certificates.Request) {
	t.Helper()
	o := &certsOptions{app: &cli.App{}, dir: filepath.Join(t.TempDir(), "a", "certs"), nodes: []string{"kafka-1"}, clients: []string{"admin"}, p12: true, days: 365, renewDays: 30}
	r, err := o.request()
	if err != nil {
		t.Fatal(err)
	}
	return o, r
}

func countWritten(files []certificates.File) int {
	n := 0
	for _, file := range files {
		if isWritten(file) {
			n++
		}
	}
	return n
}

// Keys, stores and passwords are for their owner alone, and no half-written file stays.
func TestCertsModes(t *testing.T) {
	t.Parallel()
	o, r := newCerts(t)
	if _, err := o.make(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	got := map[string]fs.FileMode{}
	for _, path := range []string{o.dir, filepath.Dir(o.dir)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		got[filepath.Base(path)] = info.Mode().Perm()
	}
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		got[entry.Name()] = info.Mode().Perm()
	}
	want := map[string]fs.FileMode{"a": 0o700, "certs": 0o700, "ca.crt": 0o644, "kafka-1.crt": 0o644, "admin.crt": 0o644}
	for _, name := range []string{
		recordFile, lockName, "ca.key", "store-password", "truststore.p12", "kafka-1.pem", "kafka-1.key", "kafka-1.p12",
		"admin.pem", "admin.key", "admin.p12", "admin.properties",
	} {
		want[name] = 0o600
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("-want +got:\n" + diff)
	}
}

// While one run holds the lock another writes nothing; where all is right it needs no lock.
func TestCertsLock(t *testing.T) {
	t.Parallel()
	o, r := newCerts(t)
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	lock, err := filelock.Lock(o.path(lockName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.make(t.Context(), r); !errors.Is(err, filelock.ErrLocked) {
		t.Errorf("beside another run: %v", err)
	}
	_ = lock.Close()
	if files, err := o.make(t.Context(), r); err != nil || countWritten(files) != len(files) {
		t.Fatalf("after it: %d of %d written, %v", countWritten(files), len(files), err)
	}
	if lock, err = filelock.Lock(o.path(lockName)); err != nil {
		t.Fatal(err)
	}
	defer lock.Close() //nolint:errcheck // nothing was written
	if files, err := o.make(t.Context(), r); err != nil || countWritten(files) != 0 {
		t.Errorf("beside another run with nothing to do: %v, %v", files, err)
	}
}

// A run that ended anywhere left files that the next one knows as its own, and completes.
func TestCertsInterrupted(t *testing.T) {
	t.Parallel()
	for stop := range 11 {
		o, r := newCerts(t)
		files, record, err := o.plan(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(o.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := o.write(t.Context(), files[:stop], record); err != nil {
			t.Fatal(err)
		}
		// The record of a run that did not come to its end has what was there before, too.
		record, err = o.readRecord()
		if err != nil {
			t.Fatal(err)
		}
		for name, sums := range record.Files {
			record.Files[name] = append([]string{"before"}, sums...)
		}
		if err := o.writeRecord(record); err != nil {
			t.Fatal(err)
		}
		later := r
		later.Lifetime, later.RenewBefore = 800*24*time.Hour, 400*24*time.Hour // everything is due
		for _, request := range []certificates.Request{r, later} {
			if _, err := o.make(t.Context(), request); err != nil {
				t.Fatalf("after %d files: %v", stop, err)
			}
			if again, err := o.make(t.Context(), request); err != nil || countWritten(again) != 0 {
				t.Fatalf("after %d files, again: %v, %v", stop, again, err)
			}
		}
	}
}

// No error and no document has the password, or a part of a key.
func TestCertsTellNoSecret(t *testing.T) {
	t.Parallel()
	o, r := newCerts(t)
	if _, err := o.make(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	const canary = "c\xc3\xa4nary-pass"
	for name, text := range map[string]string{"store-password": canary, "ca.key": "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n"} {
		before, err := os.ReadFile(o.path(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(o.path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = o.make(t.Context(), r)
		if err = o.explain(err); err == nil || strings.Contains(err.Error()+cli.HintOf(err), "nary") || strings.Contains(err.Error(), "Y2Fu") {
			t.Errorf("with a bad %s: %v", name, err)
		}
		if err := os.WriteFile(o.path(name), before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
