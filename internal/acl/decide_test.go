package acl

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the authorizers do at each rule; the property tests hold Decide to real ones.
func TestDecide(t *testing.T) {
	t.Parallel()
	topic := func(name string) Resource { return Resource{Topic, Literal, name} }
	prefix := func(name string) Resource { return Resource{Topic, Prefixed, name} }
	ask := func(o Operation, name string) Question {
		return Question{Principal: "User:app", Host: "10.0.0.1", Operation: o, Type: Topic, Name: name}
	}
	allow := func(on Resource, o Operation) Binding { return Binding{"User:app", on, Any, o, Allow} }
	deny := func(on Resource, o Operation) Binding { return Binding{"User:app", on, Any, o, Deny} }
	with := func(b Binding, principal, host string) Binding { b.Principal, b.Host = principal, host; return b }
	open := func(q Question) Question { q.OpenToAll = true; return q }
	for _, test := range []struct {
		name     string
		bindings []Binding
		question Question
		allowed  bool
		decides  int // index of the binding, -1 for none
		noACL    bool
	}{
		{"no ACL", nil, ask(Read, "a"), false, -1, true},
		{"no ACL, open to all", nil, open(ask(Read, "a")), true, -1, true},
		{"ACLs of others alone", []Binding{with(allow(topic("a"), Read), "User:b", Any)}, open(ask(Read, "a")), false, -1, false},
		{"ACLs on others alone", []Binding{allow(topic("b"), Read), {"User:app", Resource{Group, Literal, "a"}, Any, Read, Allow}}, open(ask(Read, "a")), true, -1, true},
		{"literal", []Binding{allow(topic("a"), Read)}, ask(Read, "a"), true, 0, false},
		{"another operation", []Binding{allow(topic("a"), Read)}, ask(Write, "a"), false, -1, false},
		{"prefix", []Binding{allow(prefix("order."), Read)}, ask(Read, "order.created"), true, 0, false},
		{"a * in a prefix is a character", []Binding{allow(prefix("*"), Read)}, ask(Read, "a"), false, -1, true},
		{"every topic", []Binding{allow(topic("*"), Read)}, ask(Read, "a"), true, 0, false},
		{"everybody", []Binding{with(allow(topic("a"), Read), "User:*", Any)}, Question{Principal: "Group:g", Operation: Read, Type: Topic, Name: "a"}, true, 0, false},
		{"case of the type", []Binding{with(allow(topic("a"), Read), "user:app", Any)}, ask(Read, "a"), false, -1, false},
		{"host", []Binding{with(allow(topic("a"), Read), "User:app", "10.0.0.1")}, ask(Read, "a"), true, 0, false},
		{"another host", []Binding{with(allow(topic("a"), Read), "User:app", "10.0.0.2")}, ask(Read, "a"), false, -1, false},
		{"read implies describe", []Binding{allow(topic("a"), Read)}, ask(Describe, "a"), true, 0, false},
		{"alter configs implies describe configs", []Binding{allow(topic("a"), AlterConfigs)}, ask(DescribeConfigs, "a"), true, 0, false},
		{"alter configs does not imply describe", []Binding{allow(topic("a"), AlterConfigs)}, ask(Describe, "a"), false, -1, false},
		{"create does not imply describe", []Binding{allow(topic("a"), Create)}, ask(Describe, "a"), false, -1, false},
		{"all", []Binding{allow(topic("a"), All)}, ask("99", "a"), true, 0, false},
		{"denied read leaves describe", []Binding{deny(topic("a"), Read), allow(topic("*"), All)}, ask(Describe, "a"), true, 1, false},
		{"denial wins over what is nearer", []Binding{allow(topic("a"), Read), deny(topic("*"), All)}, ask(Read, "a"), false, 1, false},
		{"denial of everybody", []Binding{allow(topic("a"), Read), with(deny(prefix("a"), Read), "User:*", Any)}, ask(Read, "a"), false, 1, false},
		{"denial elsewhere", []Binding{allow(topic("a"), Read), with(deny(topic("a"), Read), "User:app", "10.0.0.2")}, ask(Read, "a"), true, 0, false},
		{"the nearest is named", []Binding{allow(topic("*"), Read), allow(prefix("o"), Read), allow(prefix("order"), Read), allow(topic("order"), All), allow(topic("order"), Write), allow(topic("order"), Describe), with(allow(topic("order"), Describe), "User:*", Any)}, ask(Describe, "order"), true, 5, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := Decision{Allowed: test.allowed, NoACL: test.noACL}
			if test.decides >= 0 {
				want.Binding = &test.bindings[test.decides]
			}
			for range 2 { // whatever the order
				if diff := cmp.Diff(want, Decide(test.bindings, test.question)); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				test.bindings = slices.Clone(test.bindings)
				slices.Reverse(test.bindings)
			}
		})
	}
}
