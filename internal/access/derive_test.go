package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// from is the hosts of a service that does not narrow them.
func from(hosts ...string) []string {
	if len(hosts) == 0 {
		return []string{acl.Any}
	}
	return hosts
}

func names(pattern acl.PatternType, all ...string) []topicspec.NamePattern {
	var found []topicspec.NamePattern
	for _, name := range all {
		found = append(found, topicspec.NamePattern{Name: name, Pattern: pattern})
	}
	return found
}

// wantedLines is bindings with their reasons, as "User:a may read topic t: consumer of t, its grants".
func wantedLines(all []Wanted) []string {
	var lines []string
	for _, w := range all {
		lines = append(lines, w.Binding.String()+": "+strings.Join(w.Reasons, ", "))
	}
	return lines
}

// Each role has just the rights that it needs, and the reasons for them.
func TestDerive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		services []topicspec.DesiredService
		want     []string
	}{
		{"a producer needs nothing but its topic", []topicspec.DesiredService{
			{Name: "order", Principal: "User:order", Groups: names(acl.Literal, "unused"), Hosts: from(), Produces: []string{"order.created"}},
		}, []string{"User:order may write topic order.created: producer of order.created"}},
		{"a consumer reads with its groups, and writes its dead letters", []topicspec.DesiredService{{
			Name: "mail", Principal: "User:mail", Groups: append(names(acl.Literal, "mail"), names(acl.Prefixed, "mail-")...), Hosts: from(),
			Consumes: []topicspec.Consumed{{Topic: "order.created", DLQ: "order.dlq"}, {Topic: "order.paid", DLQ: "order.dlq"}, {Topic: "user"}},
		}}, []string{
			"User:mail may read group mail: its group",
			"User:mail may read groups mail-*: its group",
			"User:mail may read topic order.created: consumer of order.created",
			"User:mail may write topic order.dlq: dead letters of order.created, dead letters of order.paid",
			"User:mail may read topic order.paid: consumer of order.paid",
			"User:mail may read topic user: consumer of user",
		}},
		{"a consumer that assigns partitions itself has no group", []topicspec.DesiredService{
			{Name: "tail", Principal: "User:tail", Hosts: from(), Consumes: []topicspec.Consumed{{Topic: "t"}}},
		}, []string{"User:tail may read topic t: consumer of t"}},
		{"a transactional producer, from two hosts", []topicspec.DesiredService{{
			Name: "pay", Principal: "User:pay", TransactionalIDs: names(acl.Prefixed, "pay-tx-"), Hosts: from("10.0.0.1", "10.0.0.2"), Produces: []string{"paid"},
		}}, []string{
			"User:pay may write topic paid from 10.0.0.1: producer of paid",
			"User:pay may write topic paid from 10.0.0.2: producer of paid",
			"User:pay may write transactional ids pay-tx-* from 10.0.0.1: its transactional id",
			"User:pay may write transactional ids pay-tx-* from 10.0.0.2: its transactional id",
		}},
		{"grants are as they are written, and have a group for what they read", []topicspec.DesiredService{{
			Name: "audit", Principal: "User:audit", Groups: names(acl.Literal, "audit"), Hosts: from("10.0.0.1"),
			Grants: []topicspec.DesiredGrant{
				{Resource: named(acl.Topic, names(acl.Prefixed, "audit.")[0]), Allow: []acl.Operation{acl.Read, acl.Describe}, Deny: []acl.Operation{acl.Write}, Hosts: from()},
				{Resource: literal(acl.Cluster, acl.ClusterName), Allow: []acl.Operation{acl.Describe}, Hosts: from()},
			},
		}}, []string{
			"User:audit may describe the cluster: its grants",
			"User:audit may read group audit from 10.0.0.1: its group",
			"User:audit may describe topics audit.*: its grants",
			"User:audit may read topics audit.*: its grants",
			"User:audit must not write topics audit.*: its grants",
		}},
		{"two services with one principal share its bindings, and an absent one has none", []topicspec.DesiredService{
			{Name: "a", Principal: "User:one", Hosts: from(), Produces: []string{"t"}},
			{Name: "b", Principal: "User:one", Hosts: from(), Produces: []string{"s", "t"}, Grants: []topicspec.DesiredGrant{
				{Resource: literal(acl.Topic, "t"), Allow: []acl.Operation{acl.Write}, Hosts: from()},
			}},
			{Name: "gone", Principal: "User:gone", Absent: true},
		}, []string{
			"User:one may write topic t: producer of t, its grants",
			"User:one may write topic s: producer of s",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := Derive(topicspec.DesiredAccess{Services: test.services})
			if diff := cmp.Diff(test.want, wantedLines(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A Streams application has its own topics, group and transactional ids.
func TestDeriveStreams(t *testing.T) {
	t.Parallel()
	service := topicspec.DesiredService{
		Name: "enrich", Principal: "User:enrich", Hosts: from(), Produces: []string{"enriched"}, Consumes: []topicspec.Consumed{{Topic: "order", DLQ: "order.dlq"}},
		Streams: &topicspec.DesiredStreams{ApplicationID: "app"},
	}
	plain := []string{
		"User:enrich may read group app: streams application app",
		"User:enrich may create topics app-*: streams application app",
		"User:enrich may delete topics app-*: streams application app",
		"User:enrich may read topics app-*: streams application app",
		"User:enrich may write topics app-*: streams application app",
		"User:enrich may write topic enriched: producer of enriched",
		"User:enrich may read topic order: consumer of order",
		"User:enrich may write topic order.dlq: dead letters of order",
	}
	if diff := cmp.Diff(plain, wantedLines(Derive(topicspec.DesiredAccess{Services: []topicspec.DesiredService{service}}))); diff != "" {
		t.Errorf("at least once (-want +got):\n%s", diff)
	}
	service.Streams = &topicspec.DesiredStreams{ApplicationID: "app", ExactlyOnce: true, Reset: true}
	more := slices.Concat(
		[]string{"User:enrich may delete group app: reset of streams application app"}, plain,
		[]string{"User:enrich may write transactional ids app-*: exactly once of streams application app"},
	)
	if diff := cmp.Diff(more, wantedLines(Derive(topicspec.DesiredAccess{Services: []topicspec.DesiredService{service}}))); diff != "" {
		t.Errorf("exactly once, with reset (-want +got):\n%s", diff)
	}
}

// A Connect worker has its topics, of which it makes those that are not declared, and its connectors have theirs.
func TestDeriveConnect(t *testing.T) {
	t.Parallel()
	service := topicspec.DesiredService{Name: "connect", Principal: "User:c", Hosts: from(), Connect: &topicspec.DesiredConnect{
		Group: "w", Config: "w-configs", Offsets: "w-offsets", ExactlyOnce: true,
		Connectors: []topicspec.DesiredConnector{
			{Name: "s3", Consumes: []string{"order"}, DLQ: "order.dlq"},
			{Name: "db", Produces: []string{"row"}, CreatesTopics: true},
		},
	}}
	want := []string{
		"User:c may read group connect-s3: sink connector s3",
		"User:c may read group w: Connect worker of group w",
		"User:c may read topic order: sink connector s3",
		"User:c may write topic order.dlq: dead letters of sink connector s3",
		"User:c may create topic row: source connector db",
		"User:c may write topic row: source connector db",
		"User:c may read topic w-configs: Connect worker of group w",
		"User:c may write topic w-configs: Connect worker of group w",
		"User:c may create topic w-offsets: Connect worker of group w",
		"User:c may read topic w-offsets: Connect worker of group w",
		"User:c may write topic w-offsets: Connect worker of group w",
		"User:c may write transactional id connect-cluster-w: exactly once of Connect worker of group w",
		"User:c may write transactional ids w-db-*: exactly once of source connector db",
	}
	got := Derive(topicspec.DesiredAccess{Services: []topicspec.DesiredService{service}, Topics: []string{"order", "w-configs"}})
	if diff := cmp.Diff(want, wantedLines(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
