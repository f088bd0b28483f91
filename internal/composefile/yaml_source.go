package composefile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/compose-spec/compose-go/v2/template"

	"kafkactl/internal/yaml"
)

// position is a place in one of the files; lines and columns count from 1.
type position struct {
	file         string
	line, column int
}

// document is one YAML document of a file.
type document struct {
	name string // as the user named the file
	path string // absolute
	root *yaml.Node
}

// sources is the files as written. compose-go's model has no positions: they are looked up here by
// the path of a key.
type sources struct {
	files     []string    // as the user named them
	documents []*document // those that Compose merges, in its order
	included  []*document // reached by include
	extended  []*document // reached by extends: only what is asked for counts
	expand    func(string) string
	unset     func(string) []string // the variables of a text that nothing sets and that have no default
}

// readSources parses files, which are called names, and what they include and extend as far as it
// can be read; lookup is the environment of the project. Only a file that was named makes it fail.
func readSources(names, files []string, lookup template.Mapping) (*sources, error) {
	s := &sources{
		files:  names,
		expand: func(text string) string { value, _, _ := substitute(text, lookup); return value },
		unset:  func(text string) []string { _, unset, _ := substitute(text, lookup); return unset },
	}
	for i, file := range files {
		docs, err := readDocuments(names[i], file)
		if err != nil {
			return nil, err
		}
		s.documents = append(s.documents, docs...)
	}
	seen := make(map[string]bool)
	for queue := slices.Clone(s.documents); len(queue) > 0; queue = queue[1:] {
		doc := queue[0]
		for _, path := range s.referred(doc, includedPaths) {
			queue = append(queue, collect(&s.included, seen, path)...)
		}
		for _, path := range s.referred(doc, extendedPaths) {
			queue = append(queue, collect(&s.extended, seen, path)...)
		}
	}
	return s, nil
}

// collect reads a file once. One that cannot be read is left out: compose-go reports it.
func collect(into *[]*document, seen map[string]bool, path string) []*document {
	if seen[path] {
		return nil
	}
	seen[path] = true
	docs, err := readDocuments(displayName(path), path)
	if err != nil {
		return nil
	}
	*into = append(*into, docs...)
	return docs
}

func readDocuments(name, file string) ([]*document, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("read the compose file: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the compose file: %w", err)
	}
	nodes, err := yaml.Documents(text)
	if err != nil {
		return nil, syntaxError(name, err)
	}
	var docs []*document
	for _, node := range nodes {
		if len(node.Content) > 0 {
			docs = append(docs, &document{name, path, node.Content[0]})
		}
	}
	return docs, nil
}

// syntaxError puts the file before a [yaml.SyntaxError], "FILE:3: …".
func syntaxError(name string, err error) error {
	if e, found := errors.AsType[*yaml.SyntaxError](err); found && e.Line > 0 {
		return fmt.Errorf("%s:%d: not YAML: %s", name, e.Line, e.Message)
	}
	return fmt.Errorf("%s: not YAML: %w", name, err)
}

// beside returns a path in the document, which is relative to it, as an absolute one.
func (d *document) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(d.path), path)
}

// referred returns the local files that doc refers to, absolute.
func (s *sources) referred(doc *document, paths func(*yaml.Node) []string) []string {
	var files []string
	for _, path := range paths(doc.root) {
		files = append(files, doc.beside(s.expand(path)))
	}
	return files
}

// includedPaths reads "include": a list of paths, or of mappings with one or more.
func includedPaths(root *yaml.Node) []string {
	_, list := child(root, "include")
	var paths []string
	for _, item := range items(list) {
		if _, path := child(item, "path"); path != nil {
			item = path
		}
		for _, node := range append(items(item), item) {
			if node = yaml.Resolve(node); node.Kind == yaml.ScalarNode {
				paths = append(paths, node.Value)
			}
		}
	}
	return paths
}

// extendedPaths reads the files of every service's "extends".
func extendedPaths(root *yaml.Node) []string {
	_, services := child(root, "services")
	var paths []string
	if services = yaml.Resolve(services); services == nil {
		return nil
	}
	for i := 1; i < len(services.Content); i += 2 {
		_, extends := child(services.Content[i], "extends")
		if _, file := child(extends, "file"); file != nil {
			paths = append(paths, yaml.Resolve(file).Value)
		}
	}
	return paths
}
