package topicspec

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/yaml"
)

// decoder fills the types of spec.go from YAML nodes. yaml.v3's own decoder stops at types that it
// cannot place in the file: its errors carry no column and print Go struct types.
type decoder struct {
	file      string
	lookup    Lookup
	profile   string // the chosen one; variables of the others may be unset
	positions map[string]Pos
	refused   map[string]bool  // paths of values that could not be what they should
	unset     map[string]error // first unset variable of each profile that was not chosen
	problems  Problems
}

// problemf notes a problem at n; p says what n is inside of.
func (d *decoder) problemf(n *yaml.Node, p path, format string, args ...any) {
	d.problems = append(d.problems, Problem{
		File: d.file, Line: n.Line, Column: n.Column,
		Message: p.subject() + fmt.Sprintf(format, args...),
	})
}

// value decodes n into v. It returns false, and v stays zero, when n itself cannot be a v; a
// problem further inside leaves out only that part.
func (d *decoder) value(n *yaml.Node, p path, v reflect.Value) bool {
	d.positions[p.String()] = Pos{n.Line, n.Column}
	if n.Kind == yaml.AliasNode {
		// An alias of the wrong type is wrong here, and not where its anchor is.
		target := *n.Alias
		target.Line, target.Column = n.Line, n.Column
		n = &target
	}
	ok := d.typed(n, p, v)
	if !ok {
		d.refused[p.String()] = true
	}
	return ok
}

// typed is value by v's type.
func (d *decoder) typed(n *yaml.Node, p path, v reflect.Value) bool {
	switch v.Type() {
	case reflect.TypeFor[Setting]():
		return d.setting(n, p, v)
	case reflect.TypeFor[NameList]():
		return d.names(n, p, v)
	case reflect.TypeFor[Streams]():
		return d.streams(n, p, v)
	case reflect.TypeFor[PasswordSource]():
		return d.passwordSource(n, p, v)
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.structure(n, p, v)
	case reflect.Map:
		return d.mapping(n, p, v)
	case reflect.Slice:
		return d.list(n, p, v)
	case reflect.Pointer:
		if isNull(n) && isMapping(v.Type().Elem()) {
			return true // as good as none
		}
		target := reflect.New(v.Type().Elem())
		if !d.typed(n, p, target.Elem()) {
			return false
		}
		v.Set(target)
		return true
	default:
		return d.scalar(n, p, v)
	}
}

// structure decodes a mapping whose keys are v's fields; null is an empty one.
func (d *decoder) structure(n *yaml.Node, p path, v reflect.Value) bool {
	entries, ok := d.entries(n, p)
	names := fieldNames(v.Type())
	for _, e := range entries {
		index, known := names[e.key.Value]
		if !known {
			d.problemf(e.key, p, "%sunknown field%s%s", p.label(), p.shownKey(e.key.Value), fieldHint(e, names))
			continue
		}
		d.value(e.value, p.to(e.key.Value), v.Field(index))
	}
	return ok
}

// fieldHint returns what may have been meant by an unknown field, "" for no idea.
func fieldHint(e entry, names map[string]int) string {
	name := e.key.Value
	if name == fieldState {
		return " (only a topic under topics has it: which topics exist is the same under every profile)"
	}
	_, isSetting := lookupConfig(name)
	_, hasConfig := names["config"]
	if isSetting && hasConfig {
		return " (topic settings go under config)"
	}
	if field := meantField(name); field != "" && hasConfig {
		return fmt.Sprintf(" (did you mean %q?)", field)
	}
	if hint := didYouMean(name, slices.Sorted(maps.Keys(names))); hint != "" || !hasConfig {
		return hint
	}
	setting := Setting{Unset: true}
	if e.value.Kind == yaml.ScalarNode && !isNull(e.value) {
		setting = Setting{Value: e.value.Value}
	}
	return meantSetting(name, setting).hint(hintUnderConfig)
}

// mapping decodes a map; the place of an entry is that of its key. An entry that is refused stays
// as an empty one, so that names that refer to it are not problems too. A setting that is refused
// is left out: an empty value is a setting.
func (d *decoder) mapping(n *yaml.Node, p path, v reflect.Value) bool {
	entries, ok := d.entries(n, p)
	v.Set(reflect.MakeMapWithSize(v.Type(), len(entries)))
	for _, e := range entries {
		d.key(e.key, p)
		item, below := reflect.New(v.Type().Elem()).Elem(), p.to(e.key.Value)
		if d.value(e.value, below, item) || item.Type() != reflect.TypeFor[Setting]() {
			v.SetMapIndex(reflect.ValueOf(e.key.Value), item)
		}
		d.positions[below.String()] = Pos{e.key.Line, e.key.Column}
	}
	return ok
}

// list decodes a sequence; null is an empty one. An item that is refused stays as an empty one, so
// that the others keep their index.
func (d *decoder) list(n *yaml.Node, p path, v reflect.Value) bool {
	if n.Kind != yaml.SequenceNode && !isNull(n) {
		d.wrongType(n, p, "a list")
		return false
	}
	for i, node := range n.Content {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(node, p.to(strconv.Itoa(i)), item)
		v.Set(reflect.Append(v, item))
	}
	return true
}

// scalar decodes a string, a whole number, true or false. YAML's own types count ("3" is a string), unless the
// text came from a variable, which has no type.
func (d *decoder) scalar(n *yaml.Node, p path, v reflect.Value) bool {
	text, expanded, ok := d.text(n, p)
	if !ok {
		return false
	}
	switch v.Kind() {
	case reflect.Bool:
		if text != "true" && text != "false" || n.Tag != "!!bool" && !expanded {
			d.wrongType(n, p, "true or false")
			return false
		}
		v.SetBool(text == "true")
	case reflect.String:
		if n.Tag != "!!str" {
			d.wrongType(n, p, "a string in quotes")
			return false
		}
		v.SetString(text)
	case reflect.Int:
		number, err := strconv.Atoi(text)
		switch {
		case err != nil && expanded && p.isSecret():
			d.wrongType(n, p, "a whole number like 3")
			return false
		case err != nil && expanded:
			d.problemf(n, p, "%sexpected a whole number like 3, got %q from %s", p.label(), text, n.Value)
			return false
		case err != nil || n.Tag != "!!int" && !expanded:
			d.wrongType(n, p, "a whole number like 3")
			return false
		}
		v.SetInt(int64(number))
	default:
		panic("topicspec: no decoding for " + v.Type().String())
	}
	return true
}

// setting decodes one config value: any scalar, or null.
func (d *decoder) setting(n *yaml.Node, p path, v reflect.Value) bool {
	if isNull(n) {
		v.Set(reflect.ValueOf(Setting{Unset: true}))
		return true
	}
	if n.Kind == yaml.SequenceNode {
		d.problemf(n, p, "%sexpected a single value, got a list (write %q)", p.label(), "a,b")
		return false
	}
	text, _, ok := d.text(n, p)
	if ok {
		v.Set(reflect.ValueOf(Setting{Value: text}))
	}
	return ok
}

// text returns a scalar's text with its variables replaced.
func (d *decoder) text(n *yaml.Node, p path) (text string, expanded, ok bool) {
	if n.Kind != yaml.ScalarNode {
		d.wrongType(n, p, "a single value")
		return "", false, false
	}
	if p.isPasswordSource() {
		return n.Value, false, true
	}
	text, expanded, err := expand(n.Value, d.lookup)
	if err != nil {
		if !d.spared(p, err) {
			d.problemf(n, p, "%s%s", p.label(), err)
		}
		return "", false, false
	}
	return text, expanded, true
}

// spared reports whether err is an unset variable of a profile that was not chosen, and remembers
// it: developers need not set production's variables.
func (d *decoder) spared(p path, err error) bool {
	if p[0] != "profiles" || p[1] == d.profile || !errors.As(err, new(unsetError)) {
		return false
	}
	if d.unset[p[1]] == nil {
		d.unset[p[1]] = err
	}
	return true
}

func (d *decoder) wrongType(n *yaml.Node, p path, want string) {
	if p.isSecret() {
		d.problemf(n, p, "%sexpected %s, and no password", p.label(), want)
		return
	}
	d.problemf(n, p, "%sexpected %s, got %s%s", p.label(), want, nodeName(n), unexpanded(n.Value))
}

// fieldNames maps the YAML names of a struct to its field indexes.
func fieldNames(t reflect.Type) map[string]int {
	names := make(map[string]int)
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" {
			names[name] = i
		}
	}
	return names
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// nodeName is what a message calls a node that has the wrong type.
func nodeName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "null"
	case n.Tag == "!!str":
		return fmt.Sprintf("the string %q", n.Value)
	default:
		return fmt.Sprintf("%s (%s)", n.Value, strings.TrimPrefix(n.Tag, "!!"))
	}
}
