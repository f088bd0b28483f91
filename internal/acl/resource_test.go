package acl

import (
	"slices"
	"testing"
)

// Literal names, prefixes and * cover as sets of names do: checked with every short name over two letters and *.
func TestCoversNames(t *testing.T) {
	t.Parallel()
	names := []string{""}
	for from := 0; len(names[from]) < 3; from++ {
		for _, letter := range []string{"a", "b", "*"} {
			names = append(names, names[from]+letter)
		}
	}
	var all []Resource
	for _, name := range names[1:13] { // those of one and of two letters
		all = append(all, Resource{Topic, Literal, name}, Resource{Topic, Prefixed, name})
	}
	for _, a := range all {
		for _, b := range all {
			covers, overlaps := true, false
			for _, name := range names[1:] {
				covers = covers && (a.Has(name) || !b.Has(name))
				overlaps = overlaps || a.Has(name) && b.Has(name)
			}
			if got := a.Covers(b); got != covers {
				t.Errorf("%+v covers %+v: %v", a, b, got)
			}
			if got := a.Overlaps(b); got != overlaps {
				t.Errorf("%+v overlaps %+v: %v", a, b, got)
			}
		}
	}
	group := Resource{Group, Literal, Any}
	if group.Covers(Resource{Topic, Literal, "a"}) || group.Overlaps(Resource{Topic, Literal, "a"}) {
		t.Error("groups are not topics")
	}
}

// What covers and defeats is checked with every question that there can be about a few principals, hosts, names and
// operations.
func TestCoversAndDefeats(t *testing.T) {
	t.Parallel()
	bindings := everyBinding()
	questions := everyQuestion()
	permits := make([][]bool, len(bindings)) // by question
	for i, b := range bindings {
		for _, q := range questions {
			permits[i] = append(permits[i], Decide([]Binding{b}, q).Binding != nil)
		}
	}
	for i, a := range bindings {
		for j, b := range bindings {
			covers, meets := true, false
			for k := range questions {
				covers = covers && (permits[i][k] || !permits[j][k])
				meets = meets || permits[i][k] && permits[j][k]
			}
			if a.Permission == Allow && b.Permission == Allow && a.Covers(b) != covers {
				t.Fatalf("%+v covers %+v: %v", a, b, a.Covers(b))
			}
			if a.Permission == Deny && b.Permission == Allow && a.Defeats(b) != meets {
				t.Fatalf("%+v defeats %+v: %v", a, b, a.Defeats(b))
			}
			if (a.Permission == Deny || b.Permission == Deny) && a.Covers(b) || (a.Permission == Allow || b.Permission == Deny) && a.Defeats(b) {
				t.Fatalf("%+v and %+v: an allowance covers allowances, a denial defeats them", a, b)
			}
		}
	}
}

func everyBinding() []Binding {
	var all []Binding
	for _, principal := range []string{"User:a", "User:b", "User:*"} {
		for _, on := range []Resource{{Topic, Literal, "x"}, {Topic, Prefixed, "x"}, {Topic, Literal, "xy"}, {Topic, Literal, Any}} {
			for _, host := range []string{"1.1.1.1", "2.2.2.2", Any} {
				for _, o := range []Operation{All, Read, Describe, AlterConfigs, DescribeConfigs} {
					all = append(all, Binding{principal, on, host, o, Allow}, Binding{principal, on, host, o, Deny})
				}
			}
		}
	}
	return all
}

func everyQuestion() []Question {
	var all []Question
	for _, principal := range []string{"User:a", "User:b", "User:c"} {
		for _, name := range []string{"x", "xy", "xyz", "z"} {
			for _, host := range []string{"1.1.1.1", "2.2.2.2", "3.3.3.3"} {
				for _, o := range slices.Concat(OperationsOf(Topic), []Operation{"99"}) { // and one of a newer Kafka
					all = append(all, Question{Principal: principal, Host: host, Operation: o, Type: Topic, Name: name})
				}
			}
		}
	}
	return all
}
