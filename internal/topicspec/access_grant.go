package topicspec

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kafkactl/internal/acl"
)

// grantOperations are the operations as the file spells them: read, describeConfigs.
//
//nolint:gochecknoglobals // constant table, never written
var grantOperations = []acl.Operation{
	acl.All, acl.Read, acl.Write, acl.Create, acl.Delete, acl.Alter, acl.Describe, acl.ClusterAction, acl.DescribeConfigs,
	acl.AlterConfigs, acl.IdempotentWrite, acl.CreateTokens, acl.DescribeTokens, acl.TwoPhaseCommit,
}

// operationName is an operation as the file spells it: "describeConfigs".
func operationName(o acl.Operation) string {
	var b strings.Builder
	upper := false
	for _, r := range strings.ToLower(string(o)) {
		switch {
		case r == '_':
			upper = true
			continue
		case upper:
			r = unicode.ToUpper(r)
		}
		upper = false
		b.WriteRune(r)
	}
	return b.String()
}

// operationOf returns the operation that the file calls so.
func operationOf(name string) (o acl.Operation, known bool) {
	i := slices.IndexFunc(grantOperations, func(o acl.Operation) bool { return operationName(o) == name })
	if i < 0 {
		return "", false
	}
	return grantOperations[i], true
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
	for _, n := range g.names() {
		if n.kind == acl.User { // a * in it is a character, or every user
			return acl.Resource{Type: n.kind, Pattern: acl.Literal, Name: n.name}
		}
		p := newNamePattern(n.name)
		return acl.Resource{Type: n.kind, Pattern: p.Pattern, Name: p.Name}
	}
	return acl.Resource{}
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
		all[i], _ = brokerHost(host)
	}
	return all
}

// brokerHost returns an IP address as brokers write that of a client, by which they compare it as text: InetAddress of
// Java shortens no IPv6 address, and has an IPv4 address that is mapped into IPv6 as IPv4. ok is false for what is
// neither an address nor [acl.Any].
func brokerHost(host string) (text string, ok bool) {
	if host == acl.Any {
		return host, true
	}
	address, err := netip.ParseAddr(host)
	if err != nil || address.Zone() != "" {
		return host, false
	}
	address = address.Unmap()
	if address.Is4() {
		return address.String(), true
	}
	bytes := address.As16()
	groups := make([]string, 0, len(bytes)/2)
	for i := 0; i < len(bytes); i += 2 {
		groups = append(groups, strconv.FormatUint(uint64(bytes[i])<<8|uint64(bytes[i+1]), 16))
	}
	return strings.Join(groups, ":"), true
}
