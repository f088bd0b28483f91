package record

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// fieldPath leads to a value inside JSON. Of two members with one name the last counts, as it does
// for jq, Python and JavaScript; gjson takes the first.
type fieldPath struct {
	steps []string
	gjson string // the path as gjson reads it
	// quoted are the steps as they are written where nothing in them is escaped; nil when one of
	// them has to be.
	quoted []quotedName
}

// quotedName is a name in quotes. It is searched for by its letters from rare on: a capital, where
// it has one, since quotes and small letters are what most of JSON consists of.
type quotedName struct {
	text string
	rare int
}

func newQuotedName(text string) quotedName {
	rare := strings.IndexFunc(text, func(r rune) bool { return 'A' <= r && r <= 'Z' || r >= utf8.RuneSelf })
	return quotedName{text, max(rare, 1)}
}

// memberPath returns the path to a member of an object, whose name is letters.
func memberPath(name string) fieldPath {
	return fieldPath{[]string{name}, name, []quotedName{newQuotedName(`"` + name + `"`)}}
}

// parsePath reads a dotted path; \. is a dot in a name.
func parsePath(s string) (fieldPath, error) {
	var path fieldPath
	var step strings.Builder
	for i := 0; i <= len(s); i++ {
		switch {
		case i == len(s) || s[i] == '.':
			if step.Len() == 0 {
				return path, errors.New("a step of the path is empty")
			}
			path.steps = append(path.steps, step.String())
			step.Reset()
		case s[i] == '\\' && i+1 < len(s):
			i++
			step.WriteByte(s[i])
		default:
			step.WriteByte(s[i])
		}
	}
	var escaped []string
	plain := true
	for _, step := range path.steps {
		escaped = append(escaped, gjson.Escape(step)) // for what gjson would take for more than a name
		quoted := string(appendQuoted(nil, step))
		path.quoted = append(path.quoted, newQuotedName(quoted))
		plain = plain && len(quoted) == len(step)+len(`""`)
	}
	path.gjson = strings.Join(escaped, ".")
	if !plain {
		path.quoted = nil
	}
	return path, nil
}

// scalarAt returns the scalar that path leads to in value, which must be an object or an array.
func scalarAt(value []byte, path *fieldPath) (gjson.Result, bool) {
	inner := bytes.TrimLeft(value, " \t\r\n")
	if len(inner) == 0 || inner[0] != '{' && inner[0] != '[' {
		return gjson.Result{}, false // gjson would search the text for an object
	}
	found := path.find(inner)
	return found, found.Exists() && !found.IsObject() && !found.IsArray()
}

// find returns what the path leads to in text. gjson finds the first of two members with one name.
// Whether there are two is known much faster than by looking at all members: nearly all texts have
// a name once, and none in any other way than it is.
func (p *fieldPath) find(text []byte) gjson.Result {
	if p.quoted == nil || escapesNames(text) {
		return p.last(gjson.ParseBytes(text))
	}
	end := len(p.quoted) - 1
	if p.quoted[end].behind(text) == nil && strings.Trim(p.steps[end], "0123456789") != "" { // no index
		return gjson.Result{}
	}
	found := gjson.GetBytes(text, p.gjson)
	for i := range p.quoted {
		name := &p.quoted[i]
		rest := text[found.Index:] // a second member lies behind the first, and all that is in it
		if !found.Exists() {
			rest = name.behind(text)
		}
		if name.behind(rest) != nil {
			return p.last(gjson.ParseBytes(text))
		}
	}
	return found
}

// escapesNames reports whether a name in text may be written with escapes for letters or slashes.
func escapesNames(text []byte) bool {
	at := bytes.IndexByte(text, '\\')
	return at >= 0 && (bytes.Contains(text[at:], []byte(`\u`)) || bytes.Contains(text[at:], []byte(`\/`)))
}

// behind returns what follows the first n in text, from its closing quote on, which may open the next
// one; nil where there is none.
func (n *quotedName) behind(text []byte) []byte {
	for start := n.rare; start < len(text); start++ {
		at := bytes.Index(text[start:], []byte(n.text[n.rare:]))
		if at < 0 {
			return nil
		}
		if start += at; string(text[start-n.rare:start]) == n.text[:n.rare] {
			return text[start-n.rare+len(n.text)-1:]
		}
	}
	return nil
}

// last follows the path through the last members of its names.
func (p *fieldPath) last(v gjson.Result) gjson.Result {
	for _, step := range p.steps {
		var next gjson.Result
		switch index, err := strconv.Atoi(step); {
		case v.IsObject():
			v.ForEach(func(name, member gjson.Result) bool {
				if name.Str == step {
					next = member
				}
				return true
			})
		case v.IsArray() && err == nil && strings.Trim(step, "0123456789") == "":
			v.ForEach(func(_, item gjson.Result) bool {
				next = item
				index--
				return index >= 0
			})
			if index >= 0 {
				next = gjson.Result{}
			}
		}
		v = next
	}
	return v
}

// scalarText returns a scalar as text: a string without quotes, anything else as it is written.
func scalarText(v gjson.Result) string {
	if v.Type == gjson.String {
		return v.Str
	}
	return v.Raw
}
