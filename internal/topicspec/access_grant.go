package topicspec

import (
	"net/netip"
	"slices"

	"kafkactl/internal/acl"
)

// operationOf returns the operation that the file calls so: "read", "describe-configs".
func operationOf(name string) (o acl.Operation, known bool) {
	o, known = acl.ParseOperation(name)
	return o, known && acl.FlagWord(o) == name
}

// operations leaves out what is none.
func operations(names []string) []acl.Operation {
	var all []acl.Operation
	for _, name := range names {
		if o, known := operationOf(name); known {
			all = append(all, o)
		}
	}
	return all
}

// grantName is one way to name the resource of a grant.
type grantName struct {
	field, name string
	kind        acl.ResourceType
}

// names lists the names of the grant that are set.
func (g Grant) names() []grantName {
	all := []grantName{
		{"topic", g.Topic, acl.Topic},
		{"group", g.Group, acl.Group},
		{"transactionalId", g.TransactionalID, acl.TransactionalID},
		{"delegationToken", g.DelegationToken, acl.DelegationToken},
		{"user", g.User, acl.User},
	}
	return slices.DeleteFunc(all, func(n grantName) bool { return n.name == "" })
}

// resource returns what the grant is about; the zero value when nothing is named.
func (g Grant) resource() acl.Resource {
	if g.Cluster {
		return acl.Resource{Type: acl.Cluster, Pattern: acl.Literal, Name: acl.ClusterName}
	}
	names := g.names()
	if len(names) == 0 {
		return acl.Resource{}
	}
	pattern := NamePattern{names[0].name, acl.Literal}
	if names[0].kind != acl.User { // there are no prefixes of principals
		pattern = newNamePattern(pattern.Name)
	}
	return acl.Resource{Type: names[0].kind, Pattern: pattern.Pattern, Name: pattern.Name}
}

func (g Grant) desired(serviceHosts []string) DesiredGrant {
	return DesiredGrant{g.resource(), operations(g.Allow), operations(g.Deny), hosts(g.Hosts, serviceHosts)}
}

// hosts returns the addresses as brokers compare them, or other when there are none.
func hosts(written, other []string) []string {
	if len(written) == 0 {
		return other
	}
	all := make([]string, len(written))
	for i, host := range written {
		all[i] = brokerHost(host)
	}
	return all
}

// brokerHost returns an IP address as brokers write that of a client, by which they compare it as text. What is no
// address is returned as it is.
func brokerHost(host string) string {
	if address, err := netip.ParseAddr(host); err == nil {
		return acl.HostText(address)
	}
	return host
}

// onlyLooks reports whether a grant changes nothing and reads no records, as monitoring has it for everything.
func (g Grant) onlyLooks() bool {
	return !slices.ContainsFunc(g.Allow, func(name string) bool {
		o, _ := operationOf(name)
		return o != acl.Describe && o != acl.DescribeConfigs
	})
}
