package topicspec

import (
	"strings"

	"kafkactl/internal/yaml"
)

// entry is one key of a mapping and its value.
type entry struct{ key, value *yaml.Node }

// entries lists a mapping's entries in file order, keys from merges (<<) last and only where the
// mapping does not have the key itself. Duplicates and anything that is not a mapping are problems;
// null is an empty mapping. ok is false when n is not a mapping.
func (d *decoder) entries(n *yaml.Node, p path) (all []entry, ok bool) {
	if isNull(n) {
		return nil, true
	}
	if n.Kind != yaml.MappingNode {
		d.wrongType(n, p, "a mapping")
		return nil, false
	}
	own, merges := d.own(n, p)
	return append(own, d.merged(merges, own, p, map[*yaml.Node]bool{n: true})...), true
}

// own lists the entries written in the mapping itself, and apart from them the values of its merge
// keys.
func (d *decoder) own(n *yaml.Node, p path) (own []entry, merges []*yaml.Node) {
	first := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := yaml.Resolve(n.Content[i]), n.Content[i+1]
		switch line, repeated := first[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			d.problemf(n.Content[i], p, "a key must be a single value")
		case key.Tag == "!!merge":
			if list := yaml.Resolve(value); list.Kind == yaml.SequenceNode {
				merges = append(merges, list.Content...)
			} else {
				merges = append(merges, value)
			}
		case repeated:
			d.problemf(key, p, "duplicate key%s (first at line %d)", p.shownKey(key.Value), line)
		default:
			first[key.Value] = key.Line
			own = append(own, entry{key, value})
		}
	}
	return own, merges
}

// merged returns the entries that merge keys add to have; where two mappings have a key, the first
// one gives it. seen holds the mappings that were met, true while their own merges are being
// followed: a mapping that is met again then contains itself.
func (d *decoder) merged(merges []*yaml.Node, have []entry, p path, seen map[*yaml.Node]bool) []entry {
	taken := make(map[string]bool)
	for _, e := range have {
		taken[e.key.Value] = true
	}
	var added []entry
	for _, m := range merges {
		target := yaml.Resolve(m)
		around, met := seen[target]
		if target.Kind != yaml.MappingNode || around {
			d.problemf(m, p, "<< must name another mapping, or a list of them")
			continue
		}
		if met {
			continue // it gave its keys already
		}
		seen[target] = true
		own, deeper := d.own(target, p)
		for _, e := range append(own, d.merged(deeper, own, p, seen)...) {
			if !taken[e.key.Value] {
				taken[e.key.Value] = true
				added = append(added, e)
			}
		}
		seen[target] = false
	}
	return added
}

// key checks a name that the file chooses. Like a value it is what YAML takes it for: without quotes
// null, true and 1 are no strings. One that is refused stays, as [decoder.mapping] has it.
func (d *decoder) key(n *yaml.Node, p path) {
	switch below := p.to(n.Value).String(); {
	case n.Tag != "!!str" && n.Value == "":
		d.problemf(n, p, "a key is missing before the colon")
		d.refused[below] = true
	case n.Tag != "!!str":
		d.problemf(n, p, "expected a string as key, got %s: write %q in quotes", nodeName(n), n.Value)
		d.refused[below] = true
	case strings.Contains(n.Value, "${"):
		d.problemf(n, p, "the key %q: variables are replaced in values only", n.Value)
		d.refused[below] = true
	}
}
