package acl_test

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafkatest"
)

// knows holds the operations of each type to what a super user may do: everything. Groups have settings since Kafka 4.0.
func (j judge) knows() {
	got := make(map[acl.ResourceType][]string)
	for _, thing := range j.ask(j.admin.Kgo) {
		got[thing.kind] = thing.operations
	}
	for _, kind := range []acl.ResourceType{acl.Topic, acl.Group, acl.Cluster} {
		var want []string
		for _, o := range acl.OperationsOf(kind) {
			if !j.unknown(kind, o) {
				want = append(want, string(o))
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, got[kind]); diff != "" {
			j.Errorf("%s, -want +got:\n%s", kind, diff)
		}
	}
}

// refusals holds Check to the broker: what it refuses, Check refuses. The other way there are bindings that brokers
// keep though they never matter.
func (j judge) refusals(flavour kafkatest.Flavour) {
	good := acl.Binding{Principal: "User:a", Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: "a"}, Host: "*", Operation: acl.Read, Permission: acl.Allow}
	with := func(change func(*acl.Binding)) acl.Binding { b := good; change(&b); return b }
	on := func(kind acl.ResourceType, pattern acl.PatternType, name string, o acl.Operation) acl.Binding {
		return with(func(b *acl.Binding) {
			b.Resource, b.Operation = acl.Resource{Type: kind, Pattern: pattern, Name: name}, o
		})
	}
	for _, test := range []struct {
		name    string
		b       acl.Binding
		refused map[kafkatest.Flavour]bool
	}{
		{"good", good, nil},
		{"no type of the principal", with(func(b *acl.Binding) { b.Principal = "a" }), both},
		{"no name of the principal", with(func(b *acl.Binding) { b.Principal = "User:" }), nil},
		{"wrong case", with(func(b *acl.Binding) { b.Principal = "user:a" }), nil},
		{"prefix of principals", with(func(b *acl.Binding) { b.Principal = "User:a*" }), nil},
		{"no host", with(func(b *acl.Binding) { b.Host = "" }), nil},
		{"host by name", with(func(b *acl.Binding) { b.Host = "localhost" }), nil},
		{"range", with(func(b *acl.Binding) { b.Host = "10.0.0.0/8" }), nil},
		{"no permission", with(func(b *acl.Binding) { b.Permission = "" }), both},
		{"no operation", with(func(b *acl.Binding) { b.Operation = "" }), both},
		{"operation of a newer Kafka", with(func(b *acl.Binding) { b.Operation = "99" }), both},
		{"two phase commit", on(acl.TransactionalID, acl.Literal, "a", acl.TwoPhaseCommit), map[kafkatest.Flavour]bool{kafkatest.ZK1: true}},
		{"no name", on(acl.Topic, acl.Literal, "", acl.Read), both},
		{"illegal name", on(acl.Topic, acl.Literal, "bad name!", acl.Read), nil},
		{"* in a prefix", on(acl.Topic, acl.Prefixed, "x*", acl.Read), nil},
		{"pattern of filters", on(acl.Topic, "2", "a", acl.Read), both},
		{"type of a newer Kafka", on("99", acl.Literal, "a", acl.Read), both},
		{"write to a group", on(acl.Group, acl.Literal, "a", acl.Write), nil},
		{"group with /", on(acl.Group, acl.Literal, "a/b", acl.Read), map[kafkatest.Flavour]bool{kafkatest.ZK1: true}},
		{"prefix of groups with /", on(acl.Group, acl.Prefixed, "a/", acl.Read), map[kafkatest.Flavour]bool{kafkatest.ZK1: true}},
		{"another cluster", on(acl.Cluster, acl.Literal, "kafka", acl.Alter), both},
		{"every cluster", on(acl.Cluster, acl.Literal, "*", acl.Alter), both},
		{"prefix of clusters", on(acl.Cluster, acl.Prefixed, acl.ClusterName, acl.Alter), nil},
		{"user without type", on(acl.User, acl.Literal, "a", acl.CreateTokens), nil},
	} {
		err := j.create([]acl.Binding{test.b})[0]
		if (err != nil) != test.refused[flavour] {
			j.Errorf("%s: the broker answers %v", test.name, err)
		}
		ours := acl.Check(test.b)
		if flavour == kafkatest.ZK1 && ours == nil {
			ours = acl.CheckZooKeeper(test.b)
		}
		if err != nil && ours == nil {
			j.Errorf("%s: only the broker refuses it: %v", test.name, err)
		}
	}
}

var both = map[kafkatest.Flavour]bool{kafkatest.Kraft1: true, kafkatest.ZK1: true}
