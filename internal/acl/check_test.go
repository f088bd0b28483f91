package acl

import (
	"net/netip"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	good := Binding{"User:app", Resource{Topic, Literal, "order.created"}, Any, Write, Allow}
	with := func(change func(*Binding)) Binding {
		b := good
		change(&b)
		return b
	}
	principal := func(p string) Binding { return with(func(b *Binding) { b.Principal = p }) }
	host := func(h string) Binding { return with(func(b *Binding) { b.Host = h }) }
	on := func(kind ResourceType, pattern PatternType, name string, o Operation) Binding {
		return with(func(b *Binding) { b.Resource, b.Operation = Resource{kind, pattern, name}, o })
	}
	for _, test := range []struct {
		b    Binding
		want string // a part of the reason, "" for a binding that makes sense
	}{
		{good, ""},
		{principal("User:CN=order, O=Shop"), ""},
		{principal("User:CN=*.example.com"), ""},
		{principal("Group:shop"), ""},
		{principal("User:*"), ""},
		{principal("User:a:b"), ""},
		{principal("app"), "a user is User:app"},
		{principal("user:app"), "case matters"},
		{principal("User:"), "TYPE:NAME"},
		{principal(":app"), "TYPE:NAME"},
		{principal("User: app"), "space"},
		{principal("User:shop-*"), "no prefixes"},
		{host("10.0.0.1"), ""},
		{host("2001:db8:0:0:0:0:0:1"), ""},
		{host("2001:db8::1"), "brokers write this address 2001:db8:0:0:0:0:0:1"},
		{host("::ffff:10.0.0.1"), "brokers write this address 10.0.0.1"},
		{host("10.0.0.0/8"), "range"},
		{host("kafka-1"), "look up no names"},
		{host(""), "no IP address"},
		{on(Topic, Literal, Any, All), ""},
		{on(Topic, Prefixed, "order.", Read), ""},
		{on(Topic, Prefixed, ".", Read), ""},
		{on(Topic, Literal, ".", Read), "no topic"},
		{on(Topic, Literal, "", Read), "needs a name"},
		{on(Topic, Literal, "bad name!", Read), "no topic is called"},
		{on(Topic, Prefixed, "bad name", Read), "no topic is called"},
		{on(Topic, Literal, strings.Repeat("x", 250), Read), "249"},
		{on(Topic, Prefixed, "x*", Read), "has a * of its own"},
		{on(Topic, Literal, "x*", Read), "prefix"},
		{on(Topic, Prefixed, "*", Read), "has a * of its own"},
		{on(Topic, Literal, "a", IdempotentWrite), "idempotent-write is no operation on a topic, which has read, write"},
		{on(Topic, "MATCH", "a", Read), "pattern type"},
		{on("9", Literal, "a", Read), "resource type"},
		{on(Group, Literal, "any name, a/b", Read), ""},
		{on(Group, Literal, "g", Write), "write is no operation on a group, which has read, delete, describe"},
		{on(Cluster, Literal, ClusterName, Alter), ""},
		{on(Cluster, Literal, "kafka", Alter), "kafka-cluster"},
		{on(Cluster, Literal, Any, Alter), "kafka-cluster"},
		{on(Cluster, Prefixed, ClusterName, Alter), "kafka-cluster"},
		{on(Cluster, Literal, ClusterName, Read), "read is no operation on the cluster"},
		{on(TransactionalID, Prefixed, "x-", TwoPhaseCommit), ""},
		{on(TransactionalID, Literal, "x", Read), "no operation"},
		{on(User, Literal, "User:b", CreateTokens), ""},
		{on(User, Literal, "b", CreateTokens), "a user is User:b"},
		{on(DelegationToken, Literal, "t", Describe), ""},
		{on(Topic, Literal, "a", "99"), "99 is no operation"},
		{with(func(b *Binding) { b.Permission = "" }), "neither ALLOW nor DENY"},
	} {
		err := Check(test.b)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.b, err, test.want)
		}
	}
	if err := CheckZooKeeper(on(Group, Literal, "a/b", Read)); err == nil || CheckZooKeeper(good) != nil {
		t.Errorf("a / is for KRaft alone: %v, %v", err, CheckZooKeeper(good))
	}
	if CheckZooKeeper(on(TransactionalID, Literal, "x", TwoPhaseCommit)) == nil {
		t.Error("no Kafka before 4.0 knows TWO_PHASE_COMMIT")
	}
}

// java.net.InetAddress.getHostAddress of the same addresses.
func TestHostText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"127.0.0.1": "127.0.0.1", "::ffff:127.0.0.1": "127.0.0.1", "::1": "0:0:0:0:0:0:0:1", "2001:DB8::0abc:0": "2001:db8:0:0:0:0:abc:0",
	} {
		if got := HostText(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
