package access

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// Exported is what brokers have of users, ACLs and quotas, as a topics file would say it.
type Exported struct {
	// Services are by principal, users first. None has a Scram: a file must say where the password is, which brokers do not know.
	Services []topicspec.DesiredService
	// Left is what the file does not say, in the order of Services.
	Left []Leftover
}

// Leftover is one thing that a file does not say.
type Leftover struct {
	// Service is where a comment about it belongs, "" when its principal is no service.
	Service string
	// What is for people: "User:a may 15 topic t", "user a has SCRAM-SHA-512, 8192 iterations". Why is the reason.
	What, Why string
	// Binding is the ACL, nil for others.
	Binding *acl.Binding
}

// Services returns what is observed as services: who writes and reads which of some topics, with which groups and
// transactional ids, and grants for all else. [Derive] makes the same bindings of them, without those that are left, and
// a [Diff] with what is observed finds nothing to change.
func Services(o Observed, topics []string) Exported {
	e := exporting{topics: make(map[string]bool, len(topics)), of: make(map[string]*principalExport), rights: newRights(nil, o)}
	for _, topic := range topics {
		e.topics[topic] = true
	}
	for b := range e.rights.all {
		found := e.principal(b.Principal)
		found.bindings = append(found.bindings, b)
		if b.Type == acl.TransactionalID {
			e.ids = append(e.ids, b)
		}
	}
	for name, credentials := range o.Users {
		e.principal(userPrefix + name).credentials = credentials
	}
	for entity, values := range o.Quotas {
		found := e.principal(userPrefix + entity.User)
		found.quotas = append(found.quotas, exportedQuota{entity.ClientID, values})
	}
	for _, principal := range slices.SortedFunc(maps.Keys(e.of), usersFirst) {
		e.export(principal, e.of[principal])
	}
	return e.done
}

// usersFirst orders principals: users have the plain names.
func usersFirst(a, b string) int {
	rank := func(principal string) int {
		if strings.HasPrefix(principal, userPrefix) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
}

// exporting is a Services under way.
type exporting struct {
	topics map[string]bool
	of     map[string]*principalExport
	names  map[string]bool // services
	rights *rights
	ids    []acl.Binding // of transactional ids
	done   Exported
}

// principalExport is what one principal has.
type principalExport struct {
	bindings    []acl.Binding
	credentials map[string]Credential
	quotas      []exportedQuota
}

type exportedQuota struct {
	clientID string
	values   map[string]float64
}

func (e *exporting) principal(name string) *principalExport {
	if e.of[name] == nil {
		e.of[name] = &principalExport{}
	}
	return e.of[name]
}

func (e *exporting) export(principal string, has *principalExport) {
	s := topicspec.DesiredService{Principal: principal, Hosts: []string{acl.Any}}
	if acl.CheckPrincipal(principal) == nil {
		s.Name = e.name(principal)
	}
	var sayable []acl.Binding
	slices.SortFunc(has.bindings, acl.Compare)
	for _, b := range has.bindings {
		if why := e.unsaid(b); why != "" {
			e.done.Left = append(e.done.Left, Leftover{Service: s.Name, What: b.String(), Why: why, Binding: &b})
			continue
		}
		sayable = append(sayable, b)
	}
	for _, mechanism := range slices.Sorted(maps.Keys(has.credentials)) {
		e.done.Left = append(e.done.Left, Leftover{
			Service: s.Name, What: fmt.Sprintf("user %s has %s, %d iterations", strings.TrimPrefix(principal, userPrefix), mechanism, has.credentials[mechanism].Iterations),
			Why: "brokers never tell the password, so scram has to say where it is: {password: {env: NAME}}",
		})
	}
	e.quotas(&s, has.quotas)
	if s.Name == "" {
		return
	}
	e.rules(&s, sayable)
	e.done.Services = append(e.done.Services, s)
}

// name returns what a service is called: as its principal, without the type where no other service is called so. A file
// takes no ${ in a name, as in values variables are.
func (e *exporting) name(principal string) string {
	if strings.Contains(principal, "${") {
		principal = strings.ReplaceAll(principal, "$", "")
	}
	_, name, _ := strings.Cut(principal, ":")
	for name == "" || e.names[name] {
		if e.names[principal] {
			principal += "-2"
		}
		name = principal
	}
	if e.names == nil {
		e.names = make(map[string]bool)
	}
	e.names[name] = true
	return name
}

// unsaid says why a file cannot declare a binding, or would be wrong about it; "" when it can.
func (e *exporting) unsaid(b acl.Binding) string {
	switch err := acl.Check(b); {
	case err != nil:
		return err.Error()
	case b.Name != acl.Any && strings.Contains(b.Name, acl.Any):
		return "the * in its name is a character, and a file has it for a prefix"
	case b.Type == acl.User && b.Pattern != acl.Literal:
		return "a file has no prefixes of users"
	case b.Permission == acl.Deny:
		return ""
	}
	if deny, _ := e.rights.denied(b); deny != nil {
		return "a DENY wins over it: " + deny.String()
	}
	return ""
}
