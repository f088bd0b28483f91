package root

import (
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The picture of the rooms in docs/architecture.md has every package that the program is made of,
// and every import between them: as an arrow, or as the way along several. Which package of
// internal a room of cmd/kafkactl may ask is not drawn in full: any.
func TestArchitecturePicture(t *testing.T) {
	t.Parallel()
	drawn := readRooms(t)
	for name, imported := range importsBetween(t, readSources(t)) {
		if _, ok := drawn[name]; !ok {
			t.Errorf("the picture has no %s", name)
			continue
		}
		for _, to := range imported {
			outward := strings.HasPrefix(name, "cmd/") && strings.HasPrefix(to, "internal/")
			if !outward && !drawn.leads(name, to) {
				t.Errorf("the picture has no way from %s to %s", name, to)
			}
		}
	}
}

// rooms are the arrows of the picture: the packages that each one may import.
type rooms map[string][]string

// leads reports whether arrows lead from one package to another.
func (r rooms) leads(from, to string) bool {
	return slices.ContainsFunc(r[from], func(next string) bool { return next == to || r.leads(next, to) })
}

// readRooms reads the picture. A node is ID["NAME<br/>…"], where NAME is the package's path below
// the folder that begins the title of the subgraph; arrows have lines of their own.
func readRooms(t *testing.T) rooms {
	t.Helper()
	var picture []string
	for _, b := range readDocument(t, "docs/architecture.md").blocks {
		if b.language == "mermaid" {
			picture = b.lines
		}
	}
	node := regexp.MustCompile(`^(\w+)\["([a-z/.]+)<br/>`)
	folder := regexp.MustCompile(`^subgraph \w+ \["([a-z/]+):`)
	packages, found, in := make(map[string]string), make(rooms), ""
	for _, line := range picture {
		line = strings.TrimSpace(line)
		if match := folder.FindStringSubmatch(line); match != nil {
			in = match[1]
		} else if line == "end" {
			in = ""
		} else if match := node.FindStringSubmatch(line); match != nil {
			packages[match[1]] = path.Join(in, strings.TrimSuffix(match[2], "/main.go"))
			found[packages[match[1]]] = nil
		} else if from, to, isArrow := strings.Cut(line, " --> "); isArrow {
			for id := range strings.SplitSeq(from, " & ") {
				for other := range strings.SplitSeq(to, " & ") {
					found[packages[id]] = append(found[packages[id]], packages[other])
				}
			}
		}
	}
	if _, unknown := found[""]; unknown || len(found) < 15 {
		t.Fatalf("is the picture read as it is drawn? %d packages: %v", len(found), found)
	}
	return found
}

// importsBetween returns what each of our packages imports of ours, without those that are for
// tests and generators.
func importsBetween(t *testing.T, all sources) map[string][]string {
	t.Helper()
	ours := regexp.MustCompile(`^"kafkactl/(.+)"$`)
	support := regexp.MustCompile(`/(clitest|kafkatest|configkeys)(/|$)`)
	found := make(map[string][]string)
	for name, text := range all {
		from := path.Dir(name)
		if strings.HasSuffix(name, "_test.go") || support.MatchString(from) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		found[from] = slices.Concat(found[from]) // a package that imports none of ours is one, too
		for _, spec := range file.Imports {
			if match := ours.FindStringSubmatch(spec.Path.Value); match != nil {
				found[from] = append(found[from], match[1])
			}
		}
	}
	return found
}
