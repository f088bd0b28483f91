package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// The law of an exported file: it is valid, and it declares just the services that it was made of.
func TestExportedFile(t *testing.T) {
	t.Parallel()
	const files = seeds / 10
	kinds := make(map[string]int)
	for seed := range uint64(files) {
		w := newWorld(seed)
		file := w.desired()
		observed := w.observed(file)
		observed.Bindings, observed.Late, observed.NoAuthorizer = append(observed.all(), w.odd()...), nil, false
		if len(file.Topics) == 0 {
			file.Topics = []string{"t"}
		}
		slices.Sort(file.Topics)
		exported := Services(observed, file.Topics)
		text := exportedFile(t, file.Topics, exported)
		spec, err := topicspec.Parse(strings.NewReader(text), topicspec.Source{File: "export"})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		read, err := spec.Access("")
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		want := topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Services: exported.Services, Topics: file.Topics}
		if diff := cmp.Diff(want, read, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d: (-exported +read):\n%s\n%s", seed, diff, text)
		}
		if d := Diff(read, observed, topicspec.Consent{}); len(d.Changes) > 0 {
			t.Fatalf("seed %d: not in sync: %v\n%s", seed, lines(d), text)
		}
		for _, kind := range []string{"group: none", "quota:", "clientId:", "hosts:", "transactionalId:", "user:", "deny:", "producers:", "consumers:", "# User:a*", "$$", `\u000a`} {
			kinds[kind] += min(1, strings.Count(text, kind))
		}
	}
	for kind, count := range kinds {
		if count < files/20 {
			t.Errorf("%s is in %d of %d files", kind, count, files)
		}
	}
}

func exportedFile(t *testing.T, topics []string, exported Exported) string {
	t.Helper()
	observed := make(map[string]topicspec.Observed)
	for _, topic := range topics {
		observed[topic] = topicspec.Observed{Replicas: []int{1}}
	}
	left := make(map[string][]string)
	for _, l := range exported.Left {
		left[l.Service] = append(left[l.Service], l.What+": "+l.Why)
	}
	text, err := topicspec.Export(observed, &topicspec.ExportedAccess{Services: exported.Services, Left: left})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// odd is bindings with names that mean something to YAML, or to a topics file.
func (w world) odd() []acl.Binding {
	var all []acl.Binding
	for _, name := range some(w, 4, "null", "1e3", "${HOME}", "$$", "a: b", "CN=a, O=[x]", "# a", "a\nb", "a\u2028b", "*a", "a*", "<<", "~", "none", "true") {
		principal := "User:" + name
		all = append(all,
			acl.Binding{Principal: principal, Resource: literal(acl.Topic, "t"), Host: pick(w, acl.Any, "10.0.0.1", "0:0:0:0:0:0:0:1"), Operation: pick(w, acl.Read, acl.Write), Permission: acl.Allow},
			acl.Binding{Principal: principal, Resource: literal(acl.Topic, name), Host: acl.Any, Operation: acl.Write, Permission: acl.Allow}, // mostly no name of a topic
			acl.Binding{Principal: principal, Resource: literal(acl.Group, name), Host: acl.Any, Operation: acl.Read, Permission: acl.Allow},
			acl.Binding{Principal: principal, Resource: literal(acl.User, principal), Host: acl.Any, Operation: acl.DescribeTokens, Permission: pick(w, acl.Allow, acl.Deny)},
			acl.Binding{Principal: principal, Resource: literal(acl.DelegationToken, name), Host: acl.Any, Operation: acl.Describe, Permission: acl.Allow},
		)
	}
	return all
}
