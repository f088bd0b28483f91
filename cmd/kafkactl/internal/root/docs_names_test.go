package root

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// docs/architecture.md names files, and functions with the file that declares them in
// brackets. What was renamed or moved away is found here.
func TestArchitectureNames(t *testing.T) {
	t.Parallel()
	sources := sourcesByName(t)
	prose := strings.Join(readDocument(t, "docs/architecture.md").prose, "\n")
	file := regexp.MustCompile("`([a-z0-9_/]+\\.go)`")
	declared := regexp.MustCompile("`([A-Za-z]+)`\\s+\\(`([a-z0-9_/]+\\.go)`\\)")
	line := func(at int) int { return 1 + strings.Count(prose[:at], "\n") }
	checked := 0
	for _, at := range file.FindAllStringSubmatchIndex(prose, -1) {
		checked++
		if name := prose[at[2]:at[3]]; len(sources[path.Base(name)]) == 0 {
			t.Errorf("docs/architecture.md:%d: there is no file %s", line(at[0]), name)
		}
	}
	for _, at := range declared.FindAllStringSubmatchIndex(prose, -1) {
		checked++
		if name, where := prose[at[2]:at[3]], prose[at[4]:at[5]]; !declares(sources[path.Base(where)], name) {
			t.Errorf("docs/architecture.md:%d: no %s declares %s", line(at[0]), where, name)
		}
	}
	if checked < 100 {
		t.Errorf("%d names were found: is the page read as it is written?", checked)
	}
}

// sourcesByName reads the Go files of cmd/ and internal/, by the last part of their
// path; several packages may have a file of one name.
func sourcesByName(t *testing.T) map[string][]string {
	t.Helper()
	sources := make(map[string][]string)
	for _, dir := range []string{"cmd", "internal"} {
		root := os.DirFS(filepath.Join(clitest.InRepo(), dir))
		err := fs.WalkDir(root, ".", func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") {
				return err
			}
			text, err := fs.ReadFile(root, name)
			sources[path.Base(name)] = append(sources[path.Base(name)], string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return sources
}

// declares reports whether one of the sources declares a function, method or type.
func declares(sources []string, name string) bool {
	declaration := regexp.MustCompile(`(?m)^(func (\([^)]*\) )?|type )` + name + `\b`)
	for _, source := range sources {
		if declaration.MatchString(source) {
			return true
		}
	}
	return false
}
