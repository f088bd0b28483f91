package spec

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// rights are bindings by principal.
type rights map[string][]clitest.Binding

// undeclared are bindings that stay whatever is accepted, and two that the file could declare.
func undeclared() (kept, extra rights, keptLines, extraLines []string) {
	const read, write = kmsg.ACLOperationRead, kmsg.ACLOperationWrite
	orders, carts, payments := clitest.OnTopic("user.updated", read), clitest.OnTopic("cart.", write), clitest.OnTopic("payment.", read)
	orders.Deny, carts.Deny, carts.Prefixed, payments.Prefixed = true, true, true, true
	hosted := clitest.OnTopic("user.updated", write)
	hosted.Host = "10.0.0.9"
	kept = rights{
		"User:foreign":      {clitest.OnTopic("order.created", read), carts},
		"User:ops":          {clitest.OnCluster(kmsg.ACLOperationClusterAction)},
		"User:OrderService": {clitest.OnCluster(kmsg.ACLOperationDescribe), orders},
	}
	extra = rights{"User:OrderService": {payments}, "User:CartService": {hosted}}
	keptLines = []string{
		"User:foreign TOPIC:LITERAL:order.created * READ ALLOW",
		"User:foreign TOPIC:PREFIXED:cart. * WRITE DENY",
		"User:ops CLUSTER:LITERAL:kafka-cluster * CLUSTER_ACTION ALLOW",
		"User:OrderService CLUSTER:LITERAL:kafka-cluster * DESCRIBE ALLOW",
		"User:OrderService TOPIC:LITERAL:user.updated * READ DENY",
	}
	extraLines = []string{
		"User:OrderService TOPIC:PREFIXED:payment. * READ ALLOW",
		"User:CartService TOPIC:LITERAL:user.updated 10.0.0.9 WRITE ALLOW",
	}
	return kept, extra, keptLines, extraLines
}

// foreign is about what the file does not declare: it stays, but for bindings of our services when their removal is
// accepted by its number.
func (f accessField) foreign() {
	f.Helper()
	kept, extra, keptLines, extraLines := undeclared()
	all := slices.Concat(keptLines, extraLines)
	for _, made := range []rights{kept, extra} {
		for principal, bindings := range made {
			f.Grant(principal, bindings...)
		}
	}
	f.wantListed(all...)
	f.run("plan", "--check").Want(f.T, cli.ExitDone, `^\? User:CartService`, `^\? User:OrderService`)
	f.wantNoWrite("apply", func() { f.run("apply").Want(f.T, cli.ExitDone) })
	f.wantNoWrite("apply that accepts another number", func() {
		f.run("apply", "--accept", "revoke=1").Want(f.T, cli.ExitFailed, `--accept revoke=2`)
		f.run("apply", "--accept", "revoke=3").Want(f.T, cli.ExitFailed, `--accept revoke=2`)
	})
	f.wantListed(all...)
	f.run("apply", "--accept", "revoke=2").Want(f.T, cli.ExitDone)
	f.wantListed(keptLines...)
	for principal, bindings := range kept {
		f.Revoke(principal, bindings...)
	}
	f.wantServices()
}

// ownRights is about files that would take from kafkactl what it works with: whatever is accepted, its rights and its
// password stay, and others too.
func (f accessField) ownRights() {
	f.Helper()
	addr := f.Cluster.Addrs()[0]
	before := f.Rights(addr, "User:admin")
	for name, service := range map[string]string{
		"a service that is absent":     "  Admin: {principal: User:admin, state: absent}\n",
		"a service that needs nothing": "  Admin: {principal: User:admin}\n",
		"a denial":                     "  Admin: {principal: User:admin, grants: [{cluster: true, deny: [alter]}]}\n",
		"a denial for everybody":       "  All: {principal: \"User:*\", grants: [{cluster: true, deny: [alter, describe]}]}\n",
	} {
		f.write("topics.yaml", f.declaration(service))
		for _, n := range []string{"", "revoke=1", "revoke=9", "revoke=10"} {
			var accept []string
			if n != "" {
				accept = []string{"--accept", n}
			}
			r := f.run("apply", accept...)
			if diff := cmp.Diff(before, f.Rights(addr, "User:admin")); diff != "" {
				f.Fatalf("%s took rights from kafkactl itself (-want +got):\n%s\n%v", name, diff, r)
			}
			if everybody := f.Rights(addr, "User:*"); len(everybody) > 0 {
				f.Fatalf("%s: %v\n%v", name, everybody, r)
			}
		}
	}
	f.write("topics.yaml", f.declaration(""))
	f.wantListed()
	f.run("plan", "--check").Want(f.T, cli.ExitDone, `in sync`)
}
