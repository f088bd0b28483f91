package topicspec

import (
	"reflect"
	"strconv"

	"kafkactl/internal/yaml"
)

// names decodes one name, or a list of them.
func (d *decoder) names(n *yaml.Node, p path, v reflect.Value) bool {
	if n.Kind == yaml.SequenceNode {
		return d.list(n, p, v)
	}
	name := reflect.New(v.Type().Elem()).Elem()
	if !d.scalar(n, p, name) {
		return false
	}
	v.Set(reflect.Append(v, name))
	return true
}

// streams decodes an application: a string is its id.
func (d *decoder) streams(n *yaml.Node, p path, v reflect.Value) bool {
	switch n.Kind {
	case yaml.ScalarNode:
	case yaml.MappingNode:
		return d.structure(n, p, v)
	default:
		d.wrongType(n, p, "an application.id or a mapping")
		return false
	}
	application := v.Addr().Interface().(*Streams)
	d.positions[p.to(fieldApplicationID).String()] = Pos{n.Line, n.Column}
	return d.scalar(n, p, reflect.ValueOf(&application.ApplicationID).Elem())
}

// passwordSource decodes the place of a password. What may be the password itself is no part of the problem.
func (d *decoder) passwordSource(n *yaml.Node, p path, v reflect.Value) bool {
	if n.Kind != yaml.MappingNode && !isNull(n) {
		d.problemf(n, p, "%s%s", p.label(), passwordInFile)
		return false
	}
	return d.structure(n, p, v)
}

// passwordInFile is the problem of a password where its place is to be.
const passwordInFile = "the password must not be in the file: write {env: NAME}, {file: PATH} or {generate: PATH}"

// isSecret reports whether a password could stand at p by mistake. No problem must show what is there.
func (p path) isSecret() bool {
	_, rest := p.split()
	return len(rest) > 0 && rest[0] == fieldScram && len(p) > len(rest)
}

// isPasswordSource reports whether p is a field of the place of a password, in which variables are not replaced.
func (p path) isPasswordSource() bool {
	_, rest := p.split()
	return p.isSecret() && len(rest) == 3 && rest[1] == fieldPassword
}

// shownKey is ` "key"`, and "" where it may be a password.
func (p path) shownKey(key string) string {
	if p.isSecret() {
		return ""
	}
	return " " + strconv.Quote(key)
}
