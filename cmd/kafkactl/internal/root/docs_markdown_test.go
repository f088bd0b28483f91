package root

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// document is one Markdown file, split into what is prose and what is code.
type document struct {
	path   string   // from the root of the repository, with slashes: "docs/guide/lag.md"
	text   string   // the whole file
	prose  []string // its lines by number, from 0; those of code blocks are empty
	blocks []codeBlock
}

// codeBlock is a fenced block.
type codeBlock struct {
	language string // "console"
	name     string // what follows the language: the file that an example uses, "" for none
	line     int    // of its first line, from 1
	lines    []string
}

// readDocument reads a Markdown file by its path from the root of the repository.
func readDocument(t *testing.T, path string) document {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(clitest.InRepo(), path))
	if err != nil {
		t.Fatal(err)
	}
	d := document{path: path, text: string(text)}
	var open *codeBlock
	for i, line := range strings.Split(d.text, "\n") {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && open == nil:
			language, name, _ := strings.Cut(fence, " ")
			open = &codeBlock{language: language, name: name, line: i + 2}
			line = ""
		case isFence:
			d.blocks = append(d.blocks, *open)
			open = nil
			line = ""
		case open != nil:
			open.lines = append(open.lines, line)
			line = ""
		}
		d.prose = append(d.prose, line)
	}
	if open != nil {
		t.Errorf("%s:%d: the code block does not end", path, open.line-1)
	}
	return d
}

// documents reads README.md and every Markdown file below docs/.
func documents(t *testing.T) []document {
	t.Helper()
	all := []document{readDocument(t, "README.md")}
	err := fs.WalkDir(os.DirFS(clitest.InRepo("docs")), ".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			all = append(all, readDocument(t, "docs/"+path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// written returns the documents that a person wrote: all but docs/reference.
func written(t *testing.T) []document {
	t.Helper()
	return slices.DeleteFunc(documents(t), func(d document) bool { return strings.HasPrefix(d.path, "docs/reference/") })
}

// inlineCode finds code in a line of prose.
func inlineCode() *regexp.Regexp { return regexp.MustCompile("`([^`]+)`") }

// anchors returns the names that links to headings of d use, as GitHub makes them.
func (d document) anchors() map[string]bool {
	names := make(map[string]bool)
	dropped := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, line := range d.prose {
		heading := strings.TrimLeft(line, "#")
		if heading == line || !strings.HasPrefix(heading, " ") {
			continue
		}
		name := dropped.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
		names[strings.ReplaceAll(name, " ", "-")] = true
	}
	return names
}
