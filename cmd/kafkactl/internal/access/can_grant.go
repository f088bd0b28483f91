package access

import (
	"fmt"

	"kafkactl/internal/acl"
)

// grants returns what makes a yes of a no: a command line of Apache's tool, and what to write in the topics file. A
// binding that denies is in the way of both.
func (a canAnswer) grants() []string {
	if a.Allowed {
		return nil
	}
	if a.Binding != nil {
		return []string{"no ACL that allows wins over this one; an administrator removes it: " + a.Binding.RemoveCommand()}
	}
	wanted := acl.Binding{
		Principal: a.Principal, Resource: a.thing(), Host: acl.Any, Operation: a.Operation, Permission: acl.Allow,
	}
	if a.Host != "" {
		wanted.Host = a.Host
	}
	return []string{"an administrator grants it: " + wanted.Command(), a.declaration()}
}

// declaration returns what to write in the topics file, for apply to grant it.
func (a canAnswer) declaration() string {
	service := fmt.Sprintf("or in topics.yaml, then kafkactl apply: the service with principal: %s ", a.Principal)
	switch {
	case a.Type == acl.Topic && a.Operation == acl.Write:
		return service + "is a producer of " + a.Name
	case a.Type == acl.Topic && a.Operation == acl.Read:
		return service + "is a consumer of " + a.Name
	case a.Type == acl.Group && a.Operation == acl.Read:
		return service + "has group: " + a.Name
	case a.Type == acl.TransactionalID && a.Operation == acl.Write:
		return service + "has transactionalId: " + a.Name
	default:
		return service + "has it among its grants"
	}
}
