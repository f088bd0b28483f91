package topicspec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

// Source says where a spec comes from and in what surroundings it is read.
type Source struct {
	// File is the name that problems carry, "topics.yaml" or "<stdin>".
	File string
	// Lookup answers ${VAR}; nil has no variables.
	Lookup Lookup
	// Profile is the one that will be used, empty for none. Variables that only
	// other profiles mention may be unset.
	Profile string
}

// Parse reads and validates topics.yaml, offline. A file that is refused gives
// [Problems], every one of the run; an error that is not Problems is r's own.
//
// Every profile is validated, chosen or not, so that a development machine sees
// what would break production.
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

// document is the root of the only YAML document in data, a mapping.
func document(data []byte, file string) (*yaml.Node, *Problem) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	err := decoder.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF), err == nil && (len(doc.Content) == 0 || isNull(doc.Content[0])):
		return nil, &Problem{file, 1, 1, "the file is empty (it needs at least version and topics; see kafkactl schema)"}
	case err != nil:
		return nil, syntaxProblem(err, data, file)
	}
	root := doc.Content[0]
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
		if root.Kind != yaml.MappingNode {
			return nil, &Problem{file, root.Line, root.Column, "expected a mapping with version and topics, got " + nodeName(root)}
		}
		return root, nil
	case err != nil:
		return nil, syntaxProblem(err, data, file)
	default:
		return nil, &Problem{file, second.Line, second.Column, "a second document: the file must have only one"}
	}
}
