package access

import (
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/acl"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestAccessTables(t *testing.T) {
	t.Parallel()
	clitest.CheckTables(t, []clitest.ShownTable{
		{Name: "list-acls", Answer: newACLList(sampleACLs(), true)},
		{Name: "can", Wraps: true, Answer: sampleAnswer().answer()},
	})
}

// sampleACLs has a denial, a prefix, an address, names that a terminal would obey, and an operation of a newer Kafka.
func sampleACLs() []acl.Binding {
	topic := func(name string, pattern acl.PatternType) acl.Resource {
		return acl.Resource{Type: acl.Topic, Pattern: pattern, Name: name}
	}
	return []acl.Binding{
		{Principal: "User:*", Resource: topic("payment.secret", acl.Literal), Host: acl.Any, Operation: acl.All, Permission: acl.Deny},
		{Principal: "User:CN=order-service,OU=Shop,O=Example", Resource: topic("order.", acl.Prefixed), Host: acl.Any, Operation: acl.Read, Permission: acl.Allow},
		{Principal: "User:CN=order-service,OU=Shop,O=Example", Resource: topic("order.", acl.Prefixed), Host: acl.Any, Operation: acl.Write, Permission: acl.Allow},
		{Principal: "User:CN=order-service,OU=Shop,O=Example", Resource: topic("user.updated", acl.Literal), Host: "10.0.0.7", Operation: acl.DescribeConfigs, Permission: acl.Allow},
		{Principal: "User:enricher", Resource: acl.Resource{Type: acl.Group, Pattern: acl.Literal, Name: "\x1b[31mred"}, Host: acl.Any, Operation: "99", Permission: acl.Allow},
	}
}

func sampleAnswer() canAnswer {
	q := acl.Question{Principal: "User:CN=order-service,OU=Shop,O=Example", Operation: acl.Describe, Type: acl.Topic, Name: "order.created"}
	bindings := append(sampleACLs(), acl.Binding{
		Principal: "User:*", Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: acl.Any}, Host: "10.0.0.9", Operation: acl.All, Permission: acl.Deny,
	})
	a := canAnswer{Question: q, Decision: acl.Decide(bindings, q), authorizer: true}
	a.elsewhere = elsewhere(bindings, q, a.Allowed)
	return a
}
