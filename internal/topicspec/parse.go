package topicspec

import (
	"fmt"
	"io"
	"reflect"
	"slices"

	"kafkactl/internal/yaml"
)

// Source says where a spec comes from and in what surroundings it is read.
type Source struct {
	// File is the name that problems carry, "topics.yaml" or "<stdin>".
	File string
	// Lookup returns the value of ${VAR}; nil has no variables.
	Lookup Lookup
	// Profile is the one that will be used, empty for none. Variables that only other profiles
	// mention may be unset.
	Profile string
}

// Parse reads and validates topics.yaml, offline. The error is [Problems], every one of the run,
// when the file is refused; any other error is r's own.
//
// Every profile is validated, chosen or not, so that a development machine sees what would break
// production.
func Parse(r io.Reader, src Source) (*Spec, error) {
	if src.Lookup == nil {
		src.Lookup = func(string) (string, bool) { return "", false }
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", src.File, err)
	}
	root, problem := document(data, src.File)
	if problem != nil {
		return nil, Problems{*problem}
	}
	d := &decoder{
		file: src.File, lookup: src.Lookup, profile: src.Profile,
		positions: make(map[string]Pos), refused: make(map[string]bool), unset: make(map[string]error),
	}
	spec := &Spec{file: src.File, positions: d.positions, unset: d.unset}
	d.value(root, nil, reflect.ValueOf(spec).Elem())
	if problems := slices.Concat(d.problems, spec.validate(src.Profile, d.refused)); len(problems) > 0 {
		return nil, problems.sorted()
	}
	return spec, nil
}

// document returns the root of the only YAML document in data, a mapping.
func document(data []byte, file string) (*yaml.Node, *Problem) {
	docs, err := yaml.Documents(data)
	switch {
	case len(docs) == 0 && err == nil, len(docs) > 0 && (len(docs[0].Content) == 0 || isNull(docs[0].Content[0])):
		return nil, &Problem{file, 1, 1, "the file is empty (it needs at least version and topics; see kafkactl schema)"}
	case len(docs) > 1:
		return nil, &Problem{file, docs[1].Line, docs[1].Column, "a second document: the file must have only one"}
	case err != nil:
		return nil, syntaxProblem(err, yaml.UTF8(data), file)
	}
	root := docs[0].Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, &Problem{file, root.Line, root.Column, "expected a mapping with version and topics, got " + nodeName(root)}
	}
	return root, nil
}
