package acl_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// What this package says of authorizers is held to real ones.
func TestRealAuthorizers(t *testing.T) {
	for flavour := range authorizers() {
		for _, openToAll := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, open to all %v", flavour, openToAll), func(t *testing.T) {
				j := startJudge(t, flavour, openToAll)
				if set, err := j.admin.SetsOpenToAll(t.Context(), 1); !set || err != nil { // to false, too
					t.Errorf("the broker sets allow.everyone.if.no.acl.found: %v, %v", set, err)
				}
				j.knows()
				if !openToAll {
					j.refusals(flavour)
				}
				j.decides(flavour)
			})
		}
	}
}

// decides holds Decide to the broker: with bindings by chance, it says of every operation on everything what the broker
// says to each user.
func (j judge) decides(flavour kafkatest.Flavour) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	count, answers, allowed := 0, 0, 0
	for round := range 30 {
		bindings := chance{random, flavour}.bindings(4 << (round % 6))
		j.set(bindings)
		count += len(bindings)
		j.covering(bindings)
		for _, user := range users {
			more, yes := j.compare(bindings, user)
			answers, allowed = answers+more, allowed+yes
		}
	}
	j.Logf("seed %d: %d bindings, %d answers, %d of them allow", seed, count, answers, allowed)
	if answers < 1000 || allowed < answers/20 || allowed > answers*9/10 {
		j.Error("the bindings make a poor test")
	}
}

// chance makes bindings by chance.
type chance struct {
	*rand.Rand
	flavour kafkatest.Flavour
}

// bindings are up to n, sorted, no two alike. Half of them are on topics and there are few names: they meet often.
func (c chance) bindings(n int) []acl.Binding {
	var all []acl.Binding
	for range n {
		b := acl.Binding{
			Principal: pick(c, "User:a", "User:b", "User:app", "User:*", "User:ap", "user:app", "Group:app", "User:app "),
			Resource:  c.resource(),
			Host:      pick(c, "*", "*", "127.0.0.1", "127.0.0.2", "localhost", "127.0.0.0/8"),
			Operation: pick(c, acl.Operations()...), Permission: pick(c, acl.Allow, acl.Allow, acl.Allow, acl.Allow, acl.Deny),
		}
		if c.IntN(3) == 0 { // so that the broker tells of the others
			b.Operation, b.Permission = acl.Describe, acl.Allow
		}
		if c.flavour == kafkatest.ZK1 && b.Operation == acl.TwoPhaseCommit { // Kafka 3.9 does not know it
			b.Operation = acl.Read
		}
		all = append(all, b)
	}
	slices.SortFunc(all, acl.Compare)
	return slices.Compact(all)
}

func (c chance) resource() acl.Resource {
	r := acl.Resource{Type: pick(c, acl.Topic, acl.Topic, acl.Topic, acl.Group, acl.Group, acl.Cluster, acl.TransactionalID), Pattern: pick(c, acl.Literal, acl.Literal, acl.Prefixed)}
	switch r.Type {
	case acl.Cluster:
		r.Name = acl.ClusterName
	case acl.Topic:
		r.Name = pick(c, append([]string{"*", "o*", "order.", "O", "order.created.dlq"}, topics...)...)
	case acl.Group:
		r.Name = pick(c, append([]string{"*", "o*", "order-", "any"}, groups...)...)
	default:
		r.Name = pick(c, append([]string{"*", "order-", "order-1-0"}, ids...)...)
	}
	return r
}

func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

// covering holds which bindings cover a name to what the broker says.
func (j judge) covering(bindings []acl.Binding) {
	j.Helper()
	for kind, names := range map[acl.ResourceType][]string{acl.Topic: topics, acl.Group: groups, acl.TransactionalID: ids, acl.Cluster: {acl.ClusterName}} {
		for _, name := range names {
			want := slices.DeleteFunc(slices.Clone(bindings), func(b acl.Binding) bool { return b.Type != kind || !b.Has(name) })
			got, err := j.admin.ACLs(j.Context(), j.admin.Seed(), kafka.ACLFilter{Type: kind, Name: name})
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				j.Errorf("%s %s: %v, -want +got:\n%s", kind, name, err, diff)
			}
		}
	}
}
