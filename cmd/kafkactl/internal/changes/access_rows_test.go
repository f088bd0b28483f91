package changes

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

func binding(principal string, permission acl.Permission, operation acl.Operation, resource acl.Resource) acl.Binding {
	return acl.Binding{Principal: principal, Resource: resource, Host: acl.Any, Operation: operation, Permission: permission}
}

func topicOf(name string) acl.Resource {
	return acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: name}
}

func prefix(name string) acl.Resource {
	return acl.Resource{Type: acl.Topic, Pattern: acl.Prefixed, Name: name}
}

func aclChange(action topicspec.Action, b acl.Binding, reasons ...string) topicspec.Change {
	c := topicspec.Change{Kind: topicspec.KindACL, Action: action, Access: &topicspec.AccessSubject{Principal: b.Principal, Binding: &b, Reasons: reasons}}
	if action == topicspec.Delete {
		c.Risk = topicspec.RiskRevoke
	}
	return c
}

func userChange(action topicspec.Action, user string, before, after topicspec.Value, reason string) topicspec.Change {
	return topicspec.Change{Kind: topicspec.KindUser, Field: "SCRAM-SHA-512", Action: action, Before: before, After: after, Reason: reason, Access: &topicspec.AccessSubject{Principal: "User:" + user}}
}

func quotaChange(action topicspec.Action, user, key string, before, after topicspec.Value) topicspec.Change {
	return topicspec.Change{Kind: topicspec.KindQuota, Field: key, Action: action, Before: before, After: after, Access: &topicspec.AccessSubject{Principal: "User:" + user}}
}

// accessPlan has a change of every kind.
func accessPlan() topicspec.Plan {
	payment := "User:payment-service"
	blocked := aclChange(topicspec.Blocked, binding(payment, acl.Allow, acl.Write, topicOf("payment.failed")), "producer of payment.failed")
	blocked.Reason = "User:* is denied write on topics payment.* from any host"
	old := aclChange(topicspec.Delete, binding("User:old", acl.Allow, acl.Read, topicOf("order.created")))
	old.Reason = "takes rights away from User:old"
	from := binding("User:order-service", acl.Deny, acl.Read, topicOf("order.secret"))
	from.Host = "10.0.0.9"
	iterations := userChange(topicspec.Set, "payment-service", topicspec.Count(4096), topicspec.Count(8192), "")
	changes := []topicspec.Change{
		{Topic: "order.created", Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{Partitions: 3, ReplicationFactor: 3}},
		userChange(topicspec.Create, "enricher", nil, topicspec.Count(8192), "password from secrets/enricher"),
		userChange(topicspec.Set, "order-service", topicspec.Count(8192), topicspec.Count(8192), "the password in $ORDER_PASSWORD is not the one the brokers have"),
		iterations,
		aclChange(topicspec.Create, binding("User:order-service", acl.Allow, acl.Write, topicOf("order.created")), "producer of order.created"),
		aclChange(topicspec.Create, from, "grant"),
		aclChange(topicspec.Create, binding("User:enricher", acl.Allow, acl.Read, topicOf("order.created")), "consumer of order.created"),
	}
	for _, operation := range []acl.Operation{acl.Read, acl.Write, acl.Create, acl.Delete} {
		changes = append(changes, aclChange(topicspec.Create, binding("User:enricher", acl.Allow, operation, prefix("order-enricher-")), "streams order-enricher"))
	}
	changes = append(changes, blocked,
		quotaChange(topicspec.Set, "order-service", "producer_byte_rate", topicspec.Text("2097152"), topicspec.Text("5242880")),
		quotaChange(topicspec.Unset, "order-service", "controller_mutation_rate", topicspec.Text("10"), nil),
		old, userChange(topicspec.Delete, "old", topicspec.Count(4096), nil, "User:old cannot log in with SCRAM-SHA-512 any more"),
	)
	changes[len(changes)-1].Risk = topicspec.RiskRevoke
	return topicspec.Plan{ClusterID: "abc", Topics: 11, Changes: changes, Access: &topicspec.AccessCompared{
		Services: 9, Bindings: 61, Users: 7, Quotas: 1, Revocable: 4, Notes: []string{}, Extras: []topicspec.Extra{
			{Binding: binding("User:order-service", acl.Allow, acl.Read, prefix("payment.")), Service: "OrderService"},
			{Binding: binding("User:order-service", acl.Allow, acl.Write, prefix("payment.")), Service: "OrderService"},
			{Binding: binding("User:order-service", acl.Deny, acl.All, topicOf("*")), Service: "OrderService", Reason: "only people remove a DENY", Kept: true},
		},
	}}
}

// accessReport is what became of it, when one ACL could not be added.
func accessReport() Report {
	plan := accessPlan()
	var outcomes []admin.Outcome
	for i, c := range plan.Changes {
		o := admin.Outcome{Change: c, Result: admin.Done}
		switch {
		case c.Action == topicspec.Blocked:
			o.Result = admin.Blocked
		case i == 6, i == 9:
			o.Result, o.Err = admin.Failed, errors.New("INVALID_REQUEST: no")
		case c.Risk == topicspec.RiskRevoke:
			o.Result = admin.Untried
		}
		outcomes = append(outcomes, o)
	}
	return Report{Report: admin.Report{Plan: plan, Outcomes: outcomes}, Elapsed: 1230 * time.Millisecond}
}

// Extras are drift only where the file says so, and what was not looked at is said in the line.
func TestAccessSummaries(t *testing.T) {
	t.Parallel()
	extra := topicspec.Extra{Binding: binding("User:a", acl.Allow, acl.Read, topicOf("t"))}
	for _, tt := range []struct {
		name    string
		plan    topicspec.Plan
		summary string
		text    string
	}{
		{
			"in sync",
			topicspec.Plan{Topics: 11, Access: &topicspec.AccessCompared{Services: 9, Bindings: 1, Users: 9, Quotas: 3}},
			"11 topics, 1 binding, 9 users and 3 quotas in sync",
			"11 topics, 1 binding, 9 users and 3 quotas in sync\n",
		},
		{
			"extras",
			topicspec.Plan{Topics: 1, Access: &topicspec.AccessCompared{Bindings: 2, Revocable: 1, Extras: []topicspec.Extra{extra}}},
			"1 topic and 2 bindings in sync",
			"? User:a  extra  read topic t\n1 topic and 2 bindings in sync (1 undeclared binding left alone: --accept revoke=1 allows removal)\n",
		},
		{
			"extras to prune",
			topicspec.Plan{Topics: 1, Access: &topicspec.AccessCompared{Prune: true, Bindings: 2, Revocable: 1, Extras: []topicspec.Extra{extra}}},
			"1 undeclared; 1 topic and 2 bindings in sync",
			"? User:a  extra  read topic t\nplan: 1 undeclared; 1 topic and 2 bindings in sync (1 undeclared binding left alone: --accept revoke=1 allows removal)\n",
		},
		{
			"no authorizer",
			topicspec.Plan{Topics: 11, Access: &topicspec.AccessCompared{Services: 9, Skipped: "the brokers have no authorizer"}},
			"11 topics in sync; access of 9 services not looked at: the brokers have no authorizer",
			"11 topics in sync; access of 9 services not looked at: the brokers have no authorizer\n",
		},
		{
			"no authorizer, but users",
			topicspec.Plan{Topics: 11, Access: &topicspec.AccessCompared{Services: 9, Users: 2, Skipped: "the brokers have no authorizer"}},
			"11 topics and 2 users in sync; ACLs of 9 services not looked at: the brokers have no authorizer",
			"11 topics and 2 users in sync; ACLs of 9 services not looked at: the brokers have no authorizer\n",
		},
		{
			"no authorizer, though required",
			topicspec.Plan{Topics: 11, Access: &topicspec.AccessCompared{Services: 9}, Changes: []topicspec.Change{
				{Kind: topicspec.KindACL, Action: topicspec.Blocked, Reason: "the brokers have no authorizer", Access: &topicspec.AccessSubject{}},
			}},
			"1 blocked; 11 topics in sync", "! ACLs  blocked  access.acls required: the brokers have no authorizer\nplan: 1 blocked; 11 topics in sync\n",
		},
	} {
		var got strings.Builder
		PlanText(&got, term.Styles{}, tt.plan, false)
		if diff := cmp.Diff(tt.text, got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.summary, PlanSummary(tt.plan)); diff != "" {
			t.Errorf("%s: summary (-want +got):\n%s", tt.name, diff)
		}
		if doc := NewPlanDoc(tt.plan); doc.InSync != !strings.Contains(tt.text, "plan:") {
			t.Errorf("%s: inSync is %v", tt.name, doc.InSync)
		}
	}
}

// What changed has the names of its topics and principals, once each.
func TestChangedNames(t *testing.T) {
	t.Parallel()
	want := []string{"order.created", "User:enricher", "User:order-service", "User:payment-service", "User:old"}
	if diff := cmp.Diff(want, ChangedNames(accessPlan().Changes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Users, ACLs and quotas are in the same tables as topics, and extras are left alone.
func TestAccessMarkdown(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	PlanMarkdown(&got, accessPlan())
	want := strings.ReplaceAll(`## Kafka topics and access: 2 to create, 4 to change, 6 to allow, 1 to deny, 2 to revoke, 1 blocked; 10 topics, 61 bindings, 7 users and 1 quota in sync

Cluster 'abc'.

### Blocked: apply will not make this

| Topic or principal | Change | Why |
|---|---|---|
| 'User:payment-service' | 'write topic payment.failed' | User:\* is denied write on topics payment.\* from any host |

### What apply will make

| | Topic or principal | Change | Note |
|---|---|---|---|
| create | 'order.created' | '3 partitions, replication factor 3' |  |
| create | 'user enricher' | 'SCRAM-SHA-512, 8192 iterations' | password from secrets/enricher |
| set | 'user order-service' | 'SCRAM-SHA-512' | the password in $ORDER\_PASSWORD is not the one the brokers have |
| set | 'user payment-service' | 'SCRAM-SHA-512, 4096 → 8192 iterations' |  |
| allow | 'User:order-service' | 'write topic order.created' | producer of order.created |
| deny | 'User:order-service' | 'read topic order.secret from 10.0.0.9' | grant |
| allow | 'User:enricher' | 'read topic order.created' | consumer of order.created |
| allow | 'User:enricher' | 'read, write, create, delete topics order-enricher-*' | streams order-enricher |
| set | 'quota order-service' | 'produce 2MiB/s → 5MiB/s a broker' |  |
| unset | 'quota order-service' | 'controllerMutations 10/s → unset' |  |
| revoke | 'User:old' | 'read topic order.created' | takes rights away from User:old |
| delete | 'user old' | 'SCRAM-SHA-512' | User:old cannot log in with SCRAM-SHA-512 any more |

### Left alone

- 'User:order-service': 'read, write topics payment.*' is not in the file
- 'User:order-service': 'deny everything on every topic' is not in the file: only people remove a DENY
`, "'", "`")
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
