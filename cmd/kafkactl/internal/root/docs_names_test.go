package root

import (
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// docs/architecture.md names files, by their path or the end of it, and functions with the file
// that declares them in brackets. What was renamed or moved away is found here, with the place
// where it is now.
func TestArchitectureNames(t *testing.T) {
	t.Parallel()
	all := readSources(t)
	prose := strings.Join(readDocument(t, "docs/architecture.md").prose, "\n")
	file := regexp.MustCompile("`([a-z0-9_/]+\\.go)`")
	declared := regexp.MustCompile("`([A-Za-z]+)`\\s+\\(`([a-z0-9_/]+\\.go)`\\)")
	line := func(at int) int { return 1 + strings.Count(prose[:at], "\n") }
	checked := 0
	for _, at := range file.FindAllStringSubmatchIndex(prose, -1) {
		checked++
		if name := prose[at[2]:at[3]]; len(all.named(name)) == 0 {
			t.Errorf("docs/architecture.md:%d: there is no file %s", line(at[0]), name)
		}
	}
	for _, at := range declared.FindAllStringSubmatchIndex(prose, -1) {
		checked++
		name, where := prose[at[2]:at[3]], prose[at[4]:at[5]]
		if len(all.named(where).declaring(name)) == 0 {
			t.Errorf("docs/architecture.md:%d: no %s declares %s; it is declared in: %s", line(at[0]), where, name,
				strings.Join(slices.Sorted(maps.Keys(all.declaring(name))), " "))
		}
	}
	if checked < 100 {
		t.Errorf("%d names were found: is the page read as it is written?", checked)
	}
}

// sources are Go files by their path from the root of the repository.
type sources map[string]string

// readSources reads the Go files of cmd/ and internal/.
func readSources(t *testing.T) sources {
	t.Helper()
	found := make(sources)
	root := os.DirFS(clitest.InRepo())
	for _, dir := range []string{"cmd", "internal"} {
		err := fs.WalkDir(root, dir, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") {
				return err
			}
			text, err := fs.ReadFile(root, name)
			found[name] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// named returns the files whose paths end with name, by whole parts.
func (s sources) named(name string) sources {
	return s.where(func(path, _ string) bool { return strings.HasSuffix("/"+path, "/"+name) })
}

// declaring returns the files that declare a function, method or type of that name.
func (s sources) declaring(name string) sources {
	declaration := regexp.MustCompile(`(?m)^(func (\([^)]*\) )?|type )` + name + `\b`)
	return s.where(func(_, text string) bool { return declaration.MatchString(text) })
}

func (s sources) where(is func(path, text string) bool) sources {
	found := make(sources)
	for path, text := range s {
		if is(path, text) {
			found[path] = text
		}
	}
	return found
}
