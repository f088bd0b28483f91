package acl

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Check returns why a binding makes no sense: brokers refuse it, or keep it though it can never matter. They have no
// request that only validates ACLs, so these rules are theirs, and those that they should have.
func Check(b Binding) error {
	if err := CheckPrincipal(b.Principal); err != nil {
		return err
	}
	if err := CheckResource(b.Resource); err != nil {
		return err
	}
	if err := CheckHost(b.Host); err != nil {
		return err
	}
	if err := CheckOperation(b.Type, b.Operation); err != nil {
		return err
	}
	if b.Permission != Allow && b.Permission != Deny {
		return fmt.Errorf("permission %q is neither ALLOW nor DENY", b.Permission)
	}
	return nil
}

// CheckZooKeeper returns why brokers with ZooKeeper refuse a binding that KRaft takes: AclAuthorizer keeps each resource
// as a node of its name, and no Kafka before 4.0 knows TWO_PHASE_COMMIT.
func CheckZooKeeper(b Binding) error {
	switch {
	case strings.Contains(b.Name, "/"):
		return fmt.Errorf("%s has a / in its name, for which the authorizer of brokers with ZooKeeper can keep no ACL", b.Resource)
	case b.Operation == TwoPhaseCommit:
		return fmt.Errorf("brokers with ZooKeeper do not know the operation %s", FlagWord(b.Operation))
	}
	return nil
}

// CheckPrincipal returns why a principal can be nobody's. Its type is commonly User, and case matters in all of it. A
// principal that only ends in * is refused: there are no prefixes of principals.
func CheckPrincipal(principal string) error {
	kind, name, typed := strings.Cut(principal, ":")
	switch {
	case !typed:
		return fmt.Errorf("principal %q has no type: a user is User:%s", principal, principal)
	case kind == "" || name == "":
		return fmt.Errorf("principal %q is not TYPE:NAME, as User:app is", principal)
	case kind != "User" && strings.EqualFold(kind, "User"):
		return fmt.Errorf("principal %q is nobody: case matters, and the type is User", principal)
	case strings.TrimSpace(kind) != kind || strings.TrimSpace(name) != name:
		return fmt.Errorf("principal %q has a space at an end", principal)
	case name != Any && strings.HasSuffix(name, Any):
		return fmt.Errorf("principal %q ends in *: principals have no prefixes, only User:* is everybody", principal)
	}
	return nil
}

// CheckResource returns why a resource makes no sense.
func CheckResource(r Resource) error {
	kind := Words(string(r.Type))
	switch {
	case !slices.Contains(ResourceTypes(), r.Type):
		return fmt.Errorf("unknown resource type %q", r.Type)
	case r.Pattern != Literal && r.Pattern != Prefixed:
		return fmt.Errorf("unknown pattern type %q", r.Pattern)
	case r.Name == "":
		return fmt.Errorf("a %s needs a name", kind)
	case r.Type == Cluster && (r.Name != ClusterName || r.Pattern != Literal):
		return fmt.Errorf("the cluster has no other name than %s, and no prefix", ClusterName)
	case r.Pattern == Prefixed && strings.HasSuffix(r.Name, Any):
		return fmt.Errorf("the prefix %q has a * of its own: a prefix is every name that begins so, without one", r.Name)
	case r.Pattern == Literal && r.Name == Any:
		return nil
	case strings.HasSuffix(r.Name, Any):
		return fmt.Errorf("%s %q ends in *, which is a character there: names that begin so are a prefix", kind, r.Name)
	case r.Type == Topic:
		return checkTopic(r)
	case r.Type == User:
		return CheckPrincipal(r.Name)
	default:
		return nil
	}
}

// checkTopic returns why no topic can have the name, or begin with it: org.apache.kafka.common.internals.Topic.
func checkTopic(r Resource) error {
	illegal := strings.IndexFunc(r.Name, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("._-", c))
	})
	switch {
	case illegal >= 0:
		return fmt.Errorf("no topic is called %q: letters, digits, . _ and - are legal", r.Name)
	case len(r.Name) > 249:
		return errors.New("no topic has a name of more than 249 characters")
	case r.Pattern == Literal && (r.Name == "." || r.Name == ".."):
		return fmt.Errorf("no topic is called %q", r.Name)
	}
	return nil
}

// CheckOperation returns why a resource type has no such operation, with those that it has.
func CheckOperation(t ResourceType, o Operation) error {
	known := OperationsOf(t)
	if o == All || slices.Contains(known, o) {
		return nil
	}
	kind := "a " + Words(string(t))
	if t == Cluster {
		kind = "the cluster"
	}
	return fmt.Errorf("%s is no operation on %s, which has %s", FlagWord(o), kind, strings.Join(FlagWords(known), ", "))
}

// CheckHost returns why a host is never the address of a client. Brokers compare text: the address of the connection as
// Java writes it, which is no name and no range.
func CheckHost(host string) error {
	if host == Any {
		return nil
	}
	addr, err := netip.ParseAddr(host)
	switch {
	case strings.Contains(host, "/"):
		return fmt.Errorf("host %q is a range, which Kafka does not have: an IP address, or *", host)
	case err != nil:
		return fmt.Errorf("host %q is no IP address: brokers look up no names", host)
	case HostText(addr) != host:
		return fmt.Errorf("host %q never matches: brokers write this address %s", host, HostText(addr))
	}
	return nil
}

// HostText is an address as Java writes it, and brokers compare it: 10.0.0.1, 0:0:0:0:0:0:0:1.
func HostText(addr netip.Addr) string {
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	groups, bytes := make([]string, 8), addr.As16()
	for i := range groups {
		groups[i] = fmt.Sprintf("%x", int(bytes[2*i])<<8|int(bytes[2*i+1]))
	}
	return strings.Join(groups, ":")
}
