package composefile

import (
	"slices"
	"strings"

	"kafkactl/internal/yaml"
)

// step goes one step down from a node. It returns the node to point at and the node to go on from,
// both nil when the step leads nowhere.
type step func(n *yaml.Node) (at, next *yaml.Node)

// key goes to an entry of a mapping, or to the item of a list that is "name=value" (the other form
// of an environment) or name itself.
func key(name string) step {
	return func(n *yaml.Node) (at, next *yaml.Node) {
		for _, item := range items(n) {
			if item.Value == name || strings.HasPrefix(item.Value, name+"=") {
				return item, item
			}
		}
		return child(n, name)
	}
}

// item goes to the first item of a list for which is returns true.
func item(is func(*yaml.Node) bool) step {
	return func(n *yaml.Node) (at, next *yaml.Node) {
		for _, item := range items(n) {
			if is(item) {
				return item, item
			}
		}
		return nil, nil
	}
}

// find returns the place to which steps lead from a service, or the nearest place above it, at
// worst the service's key. Of several places it takes the one in the last file, as the merge does.
func (s *sources) find(service string, steps ...step) position {
	best, _ := s.follow(service, steps)
	return best
}

// value returns the node to which steps lead from a service, nil where they lead nowhere.
func (s *sources) value(service string, steps ...step) *yaml.Node {
	_, value := s.follow(service, steps)
	return value
}

// follow goes from every definition of a service as far as steps lead. It returns the place of the
// one that leads farthest, and the node there when it is the end.
func (s *sources) follow(service string, steps []step) (best position, value *yaml.Node) {
	best, depth := position{s.files[0], 1, 1}, -1
	for _, def := range s.definitions(service) {
		at, next, reached := def.key, def.value, 0
		for _, step := range steps {
			deeper, then := step(yaml.Resolve(next))
			if deeper == nil {
				break
			}
			at, next = deeper, then
			reached++
		}
		if reached > depth {
			best, depth = position{def.doc.name, at.Line, at.Column}, reached
			if reached == len(steps) {
				value = next
			}
		}
	}
	return best, value
}

// definition is one place where a service is written.
type definition struct {
	doc        *document
	key, value *yaml.Node
}

// definitions returns every place that says something about a service, the one that wins first: the
// files from the last to the first, each followed by what it extends.
func (s *sources) definitions(service string) []definition {
	var defs []definition
	searched := slices.Concat(s.included, s.documents)
	for _, doc := range slices.Backward(searched) {
		defs = s.extend(defs, doc, service)
	}
	return defs
}

// extend appends a service of doc and all it extends; circles are compose-go's error.
func (s *sources) extend(defs []definition, doc *document, service string) []definition {
	_, services := child(doc.root, "services")
	at, value := child(services, service)
	if at == nil || len(defs) > 100 {
		return defs
	}
	defs = append(defs, definition{doc, at, value})
	_, extends := child(value, "extends")
	if extends == nil {
		return defs
	}
	base := yaml.Resolve(extends).Value
	if _, name := child(extends, "service"); name != nil {
		base = yaml.Resolve(name).Value
	}
	_, file := child(extends, "file")
	if file == nil {
		return s.extend(defs, doc, base)
	}
	path := doc.beside(s.expand(yaml.Resolve(file).Value))
	for _, other := range slices.Concat(s.extended, s.included, s.documents) {
		if other.path == path {
			defs = s.extend(defs, other, base)
		}
	}
	return defs
}

// child returns an entry of a mapping, through aliases and merge keys.
func child(n *yaml.Node, name string) (at, value *yaml.Node) { return childWithin(n, name, 20) }

// childWithin follows merge keys to that depth: yaml.v3 lets a node merge itself.
func childWithin(n *yaml.Node, name string, depth int) (at, value *yaml.Node) {
	if n = yaml.Resolve(n); n == nil || n.Kind != yaml.MappingNode || depth == 0 {
		return nil, nil
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch n.Content[i].Value {
		case name:
			return n.Content[i], n.Content[i+1]
		case "<<":
			merged = append(merged, n.Content[i+1])
			merged = append(merged, items(n.Content[i+1])...)
		}
	}
	for _, m := range merged {
		if at, value := childWithin(m, name, depth-1); at != nil {
			return at, value
		}
	}
	return nil, nil
}

// items returns the items of a list, nil for anything else.
func items(n *yaml.Node) []*yaml.Node {
	if n = yaml.Resolve(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}
