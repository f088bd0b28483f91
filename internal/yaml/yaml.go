// Package yaml reads and writes YAML: the only package that imports a YAML library.
//
// It hands out nodes, which keep their positions and their comments, and no Go values: each package
// that reads a format of its own (internal/topicspec, internal/composefile) decides what a node of
// that format may be, and says where it is not.
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"
)

// Node is one node of a document. Its Line and Column count from 1.
type Node = yaml.Node

// The kinds of nodes.
const (
	MappingNode  = yaml.MappingNode
	SequenceNode = yaml.SequenceNode
	ScalarNode   = yaml.ScalarNode
	AliasNode    = yaml.AliasNode
)

// FlowStyle is of a mapping or a list on one line, in {} or [].
const FlowStyle = yaml.FlowStyle

// DoubleQuotedStyle is of a text in which what cannot be printed is escaped.
const DoubleQuotedStyle = yaml.DoubleQuotedStyle

// SyntaxError is a text that is not YAML.
type SyntaxError struct {
	// Line is what the library says, 0 where it says none. It is not always the right one: see
	// internal/topicspec/yaml_syntax.go.
	Line int
	// Column is 0 where the library found the error, which names none. With a column, the place is
	// right.
	Column  int
	Message string
}

// Error returns "line 3: did not find expected key".
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Message)
}

// Documents returns the documents in text, each as its document node, of which Content[0] is the
// root; a document without a root has no Content. The error is a [*SyntaxError], and comes with the
// documents before it.
func Documents(text []byte) ([]*Node, error) {
	text = UTF8(text)
	if err := checkText(text); err != nil {
		return nil, err
	}
	docs, err := parse(text)
	if err != nil {
		return docs, checkTabs(text, err)
	}
	return docs, nil
}

// parse is Documents as the library has it.
func parse(text []byte) ([]*Node, *SyntaxError) {
	var docs []*Node
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		doc := new(Node)
		err := decoder.Decode(doc)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return docs, syntaxError(err)
		}
		docs = append(docs, doc)
	}
}

// syntaxError reads the library's "yaml: line 3: …", in which the line may be missing.
func syntaxError(err error) *SyntaxError {
	m := regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)`).FindStringSubmatch(err.Error())
	line, _ := strconv.Atoi(m[1])
	return &SyntaxError{Line: line, Message: m[2]}
}

// Resolve returns the node that an alias stands for, and any other node as it is; nil of nil.
func Resolve(n *Node) *Node {
	for n != nil && n.Kind == AliasNode {
		n = n.Alias
	}
	return n
}

// WriteJSON writes a JSON text as YAML in block style, its keys in the order they have there: JSON
// is YAML, so it is read as nodes and only loses its braces.
func WriteJSON(w io.Writer, text []byte) error {
	var node Node
	if err := yaml.Unmarshal(text, &node); err != nil {
		return err
	}
	blockStyle(&node)
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(&node); err != nil {
		return err
	}
	return enc.Close()
}

// blockStyle removes the braces and quotes of JSON; the encoder quotes again where a string would
// be read as something else.
func blockStyle(n *Node) {
	if len(n.Content) > 0 || n.Kind == ScalarNode {
		n.Style = 0
	}
	for _, child := range n.Content {
		blockStyle(child)
	}
}

// Write returns a document with the node as its root, indented by two spaces.
func Write(root *Node) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(root), encoder.Close()); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out.Bytes(), nil
}
