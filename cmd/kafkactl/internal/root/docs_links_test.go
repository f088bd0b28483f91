package root

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// A link that leads nowhere is found here: relative paths and the headings they name.
func TestDocumentLinks(t *testing.T) {
	t.Parallel()
	all := documents(t)
	anchors := make(map[string]map[string]bool)
	for _, d := range all {
		anchors[d.path] = d.anchors()
	}
	for _, d := range all {
		for _, l := range d.links() {
			file, anchor, _ := strings.Cut(l.to, "#")
			target := path.Join(path.Dir(d.path), file)
			if file == "" {
				target = d.path
			}
			if _, err := os.Stat(filepath.Join(clitest.InRepo(), filepath.FromSlash(target))); err != nil {
				t.Errorf("%s:%d: the link %s leads to %s, which does not exist", d.path, l.line, l.to, target)
			} else if anchor != "" && !anchors[target][anchor] {
				t.Errorf("%s:%d: the link %s names a heading that %s does not have", d.path, l.line, l.to, target)
			}
		}
	}
}

// link is one link of a document to a file of the repository.
type link struct {
	line int // from 1
	to   string
}

// links returns the relative links of d, and its pictures.
func (d document) links() []link {
	var found []link
	form := regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	for i, line := range d.prose {
		for _, match := range form.FindAllStringSubmatch(inlineCode().ReplaceAllString(line, ""), -1) {
			to := match[1] + match[2]
			if !regexp.MustCompile(`^[a-z]+:`).MatchString(to) {
				found = append(found, link{i + 1, to})
			}
		}
	}
	return found
}

// readmeLimit is how long README may be, in bytes: it is read on one page, and the guide has the
// rest.
const readmeLimit = 12_000

func TestReadmeIsShort(t *testing.T) {
	t.Parallel()
	if size := len(readDocument(t, "README.md").text); size >= readmeLimit {
		t.Errorf("README.md has %d bytes, the limit is %d: move what only some readers need to docs/guide", size, readmeLimit)
	}
}

// Whoever opens a page of the guide finds the way on: to README, to the index, to the
// pages before and after it and to the reference of its commands. README and the index
// name every page.
func TestGuideIsLinked(t *testing.T) {
	t.Parallel()
	pages := make(map[string]guidePage)
	for _, d := range written(t) {
		pages[d.path] = d.guidePage()
	}
	const readme, index = "README.md", "docs/guide/README.md"
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		page := pages[name]
		if path.Dir(name) != "docs/guide" || name == index {
			continue
		}
		if !page.targets[readme] || !page.targets[index] {
			t.Errorf("%s does not link to %s and to %s", name, readme, index)
		}
		if !pages[readme].targets[name] || !pages[index].targets[name] {
			t.Errorf("%s and %s do not both link to %s", readme, index, name)
		}
		if !page.hasReference() {
			t.Errorf("%s links to no page of docs/reference", name)
		}
		if page.next != "" && pages[page.next].previous != name {
			t.Errorf("%s is followed by %s, whose page before is %q", name, page.next, pages[page.next].previous)
		}
		if page.lastSection != "See also" {
			t.Errorf("%s does not end with the section See also, but with %q", name, page.lastSection)
		}
	}
}

// guidePage is what a page says of its place in the guide.
type guidePage struct {
	targets        map[string]bool // the files that it links to
	previous, next string          // the pages before and after it, "" for none
	lastSection    string
}

func (d document) guidePage() guidePage {
	page := guidePage{targets: make(map[string]bool)}
	for _, l := range d.links() {
		file, _, _ := strings.Cut(l.to, "#")
		page.targets[path.Join(path.Dir(d.path), file)] = true
	}
	neighbour := regexp.MustCompile(`(previous|next): \[[^\]]+\]\(([^)]+)\)`)
	for _, line := range d.prose {
		for _, match := range neighbour.FindAllStringSubmatch(line, -1) {
			target := path.Join(path.Dir(d.path), match[2])
			if match[1] == "next" {
				page.next = target
			} else {
				page.previous = target
			}
		}
		if section, isSection := strings.CutPrefix(line, "## "); isSection {
			page.lastSection = section
		}
	}
	return page
}

func (p guidePage) hasReference() bool {
	for target := range p.targets {
		if strings.HasPrefix(target, "docs/reference/") {
			return true
		}
	}
	return false
}
