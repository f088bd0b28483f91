package kafkatest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The archive is one that the JVM takes, and one that it cannot take changes no answer.
func TestArchive(t *testing.T) {
	Require(t, Brokers)
	damaged := filepath.Join(t.TempDir(), archiveFile)
	if err := os.WriteFile(damaged, []byte("not an archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range []Flavour{ZK1, Kraft1} {
		t.Run(string(f), func(t *testing.T) {
			c, err := New(Options{Flavour: f})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			if c.archive == "" {
				lack(t, errors.New("the archive of classes: this Java makes none"))
			}
			want := toolVersion(t, c, "-Xshare:on") // the JVM refuses to start without it
			if want != f.Version()+"\n" {
				t.Errorf("kafka-topics --version: %q", want)
			}
			for _, path := range []string{damaged, filepath.Join(t.TempDir(), "missing.jsa"), otherArchive(t, f)} {
				c.archive = path
				if diff := cmp.Diff(want, toolVersion(t, c, "-Xshare:auto")); diff != "" {
					t.Errorf("with %s:\n%s", path, diff)
				}
			}
		})
	}
}

// otherArchive is an archive of other jars than the flavour's.
func otherArchive(t *testing.T, f Flavour) string {
	t.Helper()
	other := Kraft1
	if f == Kraft1 {
		other = ZK1
	}
	c, err := New(Options{Flavour: other})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c.archive
}

// toolVersion is all that kafka-topics --version prints, with one -Xshare for another.
func toolVersion(t *testing.T, c *Cluster, share string) string {
	t.Helper()
	argv, err := c.toolArgv("kafka-topics", []string{"--version"}, c.classFlags("kafka-topics"))
	if err != nil {
		t.Fatal(err)
	}
	argv[slices.Index(argv, "-Xshare:auto")] = share
	out, err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", argv, err, out)
	}
	return string(out)
}
