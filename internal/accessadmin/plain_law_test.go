package accessadmin

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// plainWorld is a cluster where users have all kinds of things, and a file that wants it otherwise.
type plainWorld struct {
	*rand.Rand
	desired topicspec.DesiredAccess
}

func (w plainWorld) one(n int) bool { return w.IntN(n) == 0 }

// fill gives users of the cluster something, that of earlier worlds stays.
func (w plainWorld) fill(ctx context.Context, t *testing.T, c *kafka.Client) {
	t.Helper()
	acls, users, quotas := kmsg.NewPtrCreateACLsRequest(), kmsg.NewPtrAlterUserSCRAMCredentialsRequest(), kmsg.NewPtrAlterClientQuotasRequest()
	for _, user := range plainUsers() {
		for range w.IntN(4) {
			acls.Creations = append(acls.Creations, kafka.ACLCreation(acl.Binding{
				Principal: "User:" + user, Host: acl.Any, Permission: []acl.Permission{acl.Allow, acl.Allow, acl.Deny}[w.IntN(3)],
				Operation: []acl.Operation{acl.Read, acl.Write, acl.Describe}[w.IntN(3)],
				Resource:  acl.Resource{Type: acl.Topic, Pattern: []acl.PatternType{acl.Literal, acl.Prefixed}[w.IntN(2)], Name: []string{"t", "u"}[w.IntN(2)]},
			}))
		}
		if w.one(2) {
			upsert := kmsg.NewAlterUserSCRAMCredentialsRequestUpsertion()
			upsert.Name, upsert.Mechanism, upsert.Iterations, upsert.Salt, upsert.SaltedPassword = user, 2, 4096, []byte("salt"), make([]byte, 64)
			users.Upsertions = append(users.Upsertions, upsert)
		}
		if w.one(2) {
			entry := kmsg.NewAlterClientQuotasRequestEntry()
			entry.Entity = []kmsg.AlterClientQuotasRequestEntryEntity{{Type: "user", Name: &user}}
			entry.Ops = []kmsg.AlterClientQuotasRequestEntryOp{{Key: "producer_byte_rate", Value: 1024}, {Key: "consumer_byte_rate", Value: 1024}}
			quotas.Entries = append(quotas.Entries, entry)
		}
	}
	for _, ask := range []func() error{
		func() error { _, err := acls.RequestWith(ctx, c.Any); return err },
		func() error { _, err := users.RequestWith(ctx, c.Any); return err },
		func() error { _, err := quotas.RequestWith(ctx, c.Any); return err },
	} {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
}

func plainUsers() []string { return []string{"a", "b", "gone", "stranger"} }

// want makes the file of a world.
func (w *plainWorld) want() {
	w.desired = topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Prune: w.one(2), Topics: []string{"t", "u"}}
	if w.one(3) {
		w.desired.Owns = []string{"User:gone"}
	}
	for _, user := range []string{"a", "b"} {
		s := topicspec.DesiredService{Name: user, Principal: "User:" + user, Hosts: []string{acl.Any}}
		switch {
		case w.one(3):
			s.Absent = true
		default:
			s.Produces = []string{"t", "u"}[:w.IntN(3)]
			s.Scram = &topicspec.DesiredScram{Password: topicspec.PasswordSource{Env: "PASSWORD"}, Mechanisms: []string{"SCRAM-SHA-512"}, Iterations: 4096 + w.IntN(2)}
			s.Quota = map[string]topicspec.Setting{"producer_byte_rate": {Value: "2048"}}
			if w.one(2) {
				s.Quota["producer_byte_rate"] = topicspec.Setting{Unset: true}
			}
		}
		w.desired.Services = append(w.desired.Services, s)
	}
}

// broken returns how a request breaks the law, "" when it does not.
func (w *plainWorld) broken(req kmsg.Request) string {
	switch r := req.(type) {
	case *kmsg.DeleteACLsRequest:
		return "deletes ACLs"
	case *kmsg.AlterUserSCRAMCredentialsRequest:
		if len(r.Deletions) > 0 {
			return "deletes the credential of " + r.Deletions[0].Name
		}
	case *kmsg.AlterClientQuotasRequest:
		for _, entry := range r.Entries {
			for _, op := range entry.Ops {
				if op.Remove && !r.ValidateOnly && !w.declaresNull(*entry.Entity[0].Name, op.Key) {
					return fmt.Sprintf("removes %s of %s", op.Key, *entry.Entity[0].Name)
				}
			}
		}
	}
	return ""
}

func (w *plainWorld) declaresNull(user, key string) bool {
	return slices.ContainsFunc(w.desired.Services, func(s topicspec.DesiredService) bool {
		return s.Principal == "User:"+user && s.Quota[key].Unset
	})
}

// The law: whatever the cluster has and the file says, a client whose user accepts no revocation, or not just as many as
// there are, takes nothing from anybody, by whichever way it comes to its plan; only a quota that the file declares null
// goes.
func TestPlainApplyTakesNothing(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.NumBrokers(2))
	config := kafka.Config{Brokers: addrs, Version: "test"}
	client := dial(t, config)
	var (
		mu                sync.Mutex
		world             *plainWorld
		broken            []string
		writes, withheld  int
		withPassword      = Secrets{LookupEnv: func(string) (string, bool) { return "a-password", true }}
		accessKeys        = []kmsg.Key{kmsg.DeleteACLs, kmsg.CreateACLs, kmsg.AlterUserSCRAMCredentials, kmsg.AlterClientQuotas}
		changesOfNextSeed = func(w *plainWorld) { mu.Lock(); defer mu.Unlock(); world, broken = w, nil }
	)
	cluster.Fault(kfake.Fault{Keys: accessKeys, Count: -1, Observe: true, When: func(req kmsg.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if world != nil {
			writes++
			if what := world.broken(req); what != "" {
				broken = append(broken, what)
			}
		}
		return true
	}})
	for seed := range uint64(40) {
		w := &plainWorld{Rand: rand.New(rand.NewPCG(seed, 18))}
		w.fill(t.Context(), t, client)
		w.want()
		plain := admin.New(client).WithAccess(New(config, client, w.desired, withPassword))
		changesOfNextSeed(w)
		withheld += applyPlainly(t.Context(), t, plain)
		mu.Lock()
		if len(broken) > 0 {
			t.Errorf("seed %d: %v\ndesired %+v", seed, broken, w.desired)
		}
		mu.Unlock()
		changesOfNextSeed(nil)
	}
	if writes < 40 || withheld < 40 {
		t.Errorf("%d writes, %d revocations that were withheld: the plans had nothing to make", writes, withheld)
	}
}

// applyPlainly makes a plan in every way there is, without the consent for what it removes. It returns how many removals
// there were.
func applyPlainly(ctx context.Context, t *testing.T, plain *admin.Client) int {
	t.Helper()
	first, err := plain.Plan(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	revocable := first.Plan.Access.Revocable
	accepted, err := plain.WithConsent(topicspec.Consent{Revokes: revocable}).Plan(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := accepted.Revocations(); n != revocable {
		t.Errorf("%d revocations are planned, and %d were told", n, revocable)
	}
	plain.Apply(ctx, accepted.Plan) // which somebody else accepted
	reviewed := topicspec.Reviewed{Plan: first.Plan}
	if now, err := plain.PlanReviewed(ctx, reviewed); err != nil {
		t.Fatal(err)
	} else if _, err := plain.ConvergeReviewed(ctx, reviewed, now); err != nil {
		t.Fatal(err)
	}
	for _, consent := range []topicspec.Consent{{}, {Revokes: revocable + 1}, {Move: true, Deletes: 9, Rekey: true, Trim: true}} {
		if _, err := plain.WithConsent(consent).Converge(ctx, nil); err != nil {
			t.Fatal(err)
		}
	}
	return revocable
}
