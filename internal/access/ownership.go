package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

const (
	userPrefix = "User:"
	// everyone and anonymous are principals that clients have who never logged in as one.
	everyone  = userPrefix + acl.Any
	anonymous = userPrefix + "ANONYMOUS"
)

// owners says whose bindings belong to the file, and of whom nothing is ever removed.
type owners struct {
	services map[string]owner // by principal
	owns     []string
	protect  []string
	own      string // kafkactl's principal, "" when it is not known
}

// owner is the first service in file order that has a principal, one that is not absent before others.
type owner struct {
	service string
	place   int
	absent  bool
}

func newOwners(d topicspec.DesiredAccess, o Observed) owners {
	found := owners{services: make(map[string]owner, len(d.Services)), owns: d.Owns, protect: d.Protect, own: o.Own}
	for place, s := range d.Services {
		if known, taken := found.services[s.Principal]; !taken || known.absent && !s.Absent {
			found.services[s.Principal] = owner{s.Name, place, s.Absent}
		}
	}
	return found
}

// of returns the owner of a principal's bindings, false when they are not the file's. One that only access.owns has
// comes after those of services. "User:*" there is everybody's principal and not the prefix of all principals: nobody
// owns those by a single line.
func (o owners) of(principal string) (owner, bool) {
	if found, has := o.services[principal]; has {
		return found, true
	}
	owned := slices.ContainsFunc(o.owns, func(entry string) bool {
		return entry == principal || entry != everyone && prefixOf(entry, principal)
	})
	return owner{place: len(o.services)}, owned
}

func prefixOf(entry, principal string) bool {
	prefix, cut := strings.CutSuffix(entry, acl.Any)
	return cut && strings.HasPrefix(principal, prefix)
}

// absent reports whether a principal shall have nothing any more.
func (o owners) absent(principal string) bool { return o.services[principal].absent }

// keeps says why nothing of a principal is ever removed, "" when something may be.
func (o owners) keeps(principal string) string {
	switch {
	case o.own == "":
		return "who kafkactl itself is to the brokers is not known, so that nothing is removed"
	case principal == o.own:
		return principal + " is who kafkactl itself is to the brokers: nothing of it is removed"
	case principal == everyone || principal == anonymous:
		return principal + " is not one client alone: nothing of it is removed"
	}
	for _, entry := range o.protect {
		if entry == principal || prefixOf(entry, principal) {
			return fmt.Sprintf("access.protect has %s: nothing of it is removed", entry)
		}
	}
	return ""
}

// leaves says why a binding is only removed by people, whoever's it is; "" when it may be removed. A principal that
// shall have nothing loses what it may do on the cluster, too.
func leaves(b acl.Binding, absent bool) string {
	const people = ": only people remove it, with kafka-acls --remove"
	switch {
	case b.Permission != acl.Allow:
		return "it is a DENY" + people
	case b.Operation == acl.ClusterAction || b.Type == acl.Cluster && b.Operation == acl.All:
		return "brokers may need it for each other" + people
	case !slices.Contains(acl.Operations(), b.Operation):
		return "operation " + string(b.Operation) + " is of a newer Kafka" + people
	case b.Pattern != acl.Literal && b.Pattern != acl.Prefixed:
		return "pattern type " + string(b.Pattern) + " is of a newer Kafka" + people
	case !slices.Contains(acl.ResourceTypes(), b.Type):
		return "resource type " + string(b.Type) + " is of a newer Kafka" + people
	case b.Type == acl.Topic || b.Type == acl.Group || b.Type == acl.TransactionalID:
		return ""
	case absent:
		return ""
	default:
		return "it is about the " + acl.Words(string(b.Type)) + people
	}
}

// byOwner orders bindings by service in file order, then by principal and resource.
func (o owners) byOwner(a, b acl.Binding) int {
	ofA, _ := o.of(a.Principal)
	ofB, _ := o.of(b.Principal)
	return cmp.Or(cmp.Compare(ofA.place, ofB.place), acl.Compare(a, b))
}
