package properties

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with the settings, or hardly meant, at one place. No part of
// it holds the value of a secret, nor a part of one.
type Problem struct {
	File    string `json:"file,omitempty"`   // as it was given; empty for a setting that is in no file
	Line    int    `json:"line,omitempty"`   // counted from 1; 0 where it is about the file, or about no file
	Column  int    `json:"column,omitempty"` // in characters from 1; 0 where the whole line is meant
	Key     string `json:"key,omitempty"`    // the key; for a setting of [Source.Settings], its name
	Message string `json:"message"`          // what is wrong, and why
	Fix     string `json:"fix,omitempty"`    // what to write instead; empty where the message says it
}

// String is the form that editors and CI annotations understand: file:line: key: message; fix.
func (p Problem) String() string {
	var place string
	switch {
	case p.File != "" && p.Line > 0 && p.Column > 0:
		place = fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)
	case p.File != "" && p.Line > 0:
		place = fmt.Sprintf("%s:%d: ", p.File, p.Line)
	case p.File != "":
		place = p.File + ": "
	}
	if p.Key != "" {
		place += p.Key + ": "
	}
	if p.Fix == "" {
		return place + p.Message
	}
	return place + p.Message + "; " + p.Fix
}

// Problems is the error of settings that were refused: never empty, in file order.
type Problems []Problem

// Error returns one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted orders by place and drops repeats.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Key, b.Key),
			cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(ps)
}
