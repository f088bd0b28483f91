package topicspec

import (
	"bytes"
	"errors"
	"regexp"
	"sort"

	"kafkactl/internal/yaml"
)

var (
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)
	// Wrong indentation, mostly. yaml.v3 names the line where the block began.
	blockError = regexp.MustCompile(`^did not find expected (key|'-' indicator)`)
	// yaml.v3 counts the lines of its scanner's errors from 1 and those of its parser's from 0;
	// these are the parser's.
	flowError  = regexp.MustCompile(`^did not find expected ','`)
	otherError = regexp.MustCompile(`^(did not find expected (<|node content)|found (undefined tag|duplicate %|incompatible))`)
)

// syntaxProblem gives an error of yaml.v3 its place in data: the library names no column, the wrong
// line of some errors, and none of others.
func syntaxProblem(err error, data []byte, file string) *Problem {
	line, text := syntaxError(err)
	p := &Problem{File: file, Line: line, Column: 1, Message: "not YAML: " + text}
	if e, found := errors.AsType[*yaml.SyntaxError](err); found && e.Column > 0 {
		p.Column = e.Column
		return p
	}
	lines := bytes.SplitAfter(bytes.TrimRight(data, "\r\n"), []byte("\n"))
	switch {
	case unknownAnchor.MatchString(text):
		before, _, _ := bytes.Cut(data, []byte("*"+unknownAnchor.FindStringSubmatch(text)[1]))
		p.Line = 1 + bytes.Count(before, []byte("\n"))
		p.Column = len(before) - bytes.LastIndexByte(before, '\n')
		if line := before[len(before)-p.Column+1:]; bytes.Contains(line, []byte(fieldPassword)) { // it may be one
			p.Message = "not YAML: a value that begins with * stands in quotes"
		}
	case blockError.MatchString(text):
		p.Line = 1 + sort.Search(len(lines)-1, func(i int) bool {
			_, err := yaml.Documents(bytes.Join(lines[:i+1], nil))
			_, same := syntaxError(err)
			return same == text
		})
	case flowError.MatchString(text), otherError.MatchString(text):
		p.Line++
	}
	// The library names the end of the file as the line after its last line break.
	p.Line = max(1, min(p.Line, len(lines)))
	if flowError.MatchString(text) && bytes.Contains(lines[p.Line-1], []byte("${")) {
		p.Message += " (inside [] and {} a ${VARIABLE} must be in quotes)"
	}
	return p
}

// syntaxError returns the line, 0 for none, and the message of a [yaml.SyntaxError]; 0 and "" of no
// error.
func syntaxError(err error) (line int, text string) {
	if e, found := errors.AsType[*yaml.SyntaxError](err); found {
		return e.Line, e.Message
	}
	return 0, ""
}
