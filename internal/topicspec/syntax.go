package topicspec

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"sort"
	"strconv"

	"gopkg.in/yaml.v3"
)

var (
	yamlError     = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)
	// Wrong indentation, mostly. yaml.v3 tells the line where the block began.
	blockError = regexp.MustCompile(`^did not find expected (key|'-' indicator)`)
	// yaml.v3 counts the lines of its scanner's errors from 1 and those of its
	// parser's from 0; these are the parser's.
	flowError  = regexp.MustCompile(`^did not find expected ','`)
	otherError = regexp.MustCompile(`^(did not find expected (<|node content)|found (undefined tag|duplicate %|incompatible))`)
)

// syntaxProblem places what yaml.v3 says of data, "yaml: line 3: …": it names no
// column, the wrong line of some errors, and none of others.
func syntaxProblem(err error, data []byte, file string) *Problem {
	told, text := splitYAMLError(err)
	p := &Problem{File: file, Line: told, Column: 1, Message: "not YAML: " + text}
	lines := bytes.SplitAfter(bytes.TrimRight(data, "\r\n"), []byte("\n"))
	switch {
	case unknownAnchor.MatchString(text):
		before, _, _ := bytes.Cut(data, []byte("*"+unknownAnchor.FindStringSubmatch(text)[1]))
		p.Line = 1 + bytes.Count(before, []byte("\n"))
		p.Column = len(before) - bytes.LastIndexByte(before, '\n')
	case blockError.MatchString(text):
		p.Line = 1 + sort.Search(len(lines)-1, func(i int) bool {
			_, same := splitYAMLError(decodeAll(bytes.Join(lines[:i+1], nil)))
			return same == text
		})
	case flowError.MatchString(text), otherError.MatchString(text):
		p.Line++
	}
	// The end of the file is told as the line after its last line break.
	p.Line = max(1, min(p.Line, len(lines)))
	if flowError.MatchString(text) && bytes.Contains(lines[p.Line-1], []byte("${")) {
		p.Message += " (inside [] and {} a ${VARIABLE} must be in quotes)"
	}
	return p
}

// splitYAMLError parts "yaml: line 3: …" into the line, 0 for none, and the rest.
func splitYAMLError(err error) (line int, text string) {
	if err == nil {
		return 0, ""
	}
	m := yamlError.FindStringSubmatch(err.Error())
	line, _ = strconv.Atoi(m[1])
	return line, m[2]
}

// decodeAll is the first syntax error of any document in data.
func decodeAll(data []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		switch err := decoder.Decode(new(yaml.Node)); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
