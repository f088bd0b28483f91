package topicspec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Pos is a place in the file, both counted from 1.
type Pos struct{ Line, Col int }

// path leads to a value: "topics", "order.created", "partitions".
type path []string

// String is the key of p in Spec.positions. It joins with NUL: a slash may be part of a service's
// name, or of an illegal topic's.
func (p path) String() string { return strings.Join(p, pathSeparator) }

const pathSeparator = "\x00"

// to extends a copy: paths are kept, and append could share a backing array.
func (p path) to(keys ...string) path { return append(slices.Clone(p), keys...) }

// split returns what p is inside of, as the start of a message, and the way on from there.
func (p path) split() (subject string, rest path) {
	switch {
	case len(p) >= 2 && p[0] == "profiles":
		subject, rest = p[2:].split()
		return fmt.Sprintf("profile %q: ", p[1]) + subject, rest
	case len(p) >= 2 && p[0] == "topics":
		return fmt.Sprintf("topic %q: ", p[1]), p[2:]
	case len(p) >= 2 && p[0] == "services":
		return fmt.Sprintf("service %q: ", p[1]), p[2:]
	case len(p) >= 1 && p[0] == "defaults":
		return "defaults: ", p[1:]
	default:
		return "", p
	}
}

// subject is the start of a message about something inside p.
func (p path) subject() string {
	subject, _ := p.split()
	return subject
}

// label is the start of a message about the value at p itself, after the subject: its field, or its
// setting, or the fields on the way to it ("quota.produce"). The items of a list go by the name of the list.
func (p path) label() string {
	switch _, rest := p.split(); {
	case len(rest) == 0:
		return ""
	case len(rest) > 1 && rest[0] == "config":
		return fmt.Sprintf("config %q: ", rest[1])
	default:
		return strings.Join(slices.DeleteFunc(slices.Clone(rest), isIndex), ".") + ": "
	}
}

// isIndex reports whether a key is the place of an item in a list.
func isIndex(key string) bool {
	_, err := strconv.Atoi(key)
	return err == nil
}

// has reports whether the file has something at p, refused or not.
func (s *Spec) has(p path) bool {
	_, ok := s.positions[p.String()]
	return ok
}

// at is the place of the nearest known value on the way to p.
func (s *Spec) at(p path) Pos {
	for ; len(p) > 0; p = p[:len(p)-1] {
		if pos, ok := s.positions[p.String()]; ok {
			return pos
		}
	}
	return Pos{1, 1}
}

// inFileOrder lists the keys of a map at p as the file has them.
func inFileOrder[V any](s *Spec, p path, m map[string]V) []string {
	names, places := make([]string, 0, len(m)), make(map[string]Pos, len(m))
	for name := range m {
		names = append(names, name)
		places[name] = s.at(p.to(name))
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := places[a], places[b]
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col), cmp.Compare(a, b))
	})
	return names
}
