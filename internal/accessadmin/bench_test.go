package accessadmin

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// many is 1,000 services that use ten topics each, from two hosts: 22,000 bindings.
func many() topicspec.DesiredAccess {
	desired := topicspec.DesiredAccess{ACLs: topicspec.ACLsRequired}
	for i := range 1000 {
		name := fmt.Sprintf("service-%d", i)
		s := topicspec.DesiredService{
			Name: name, Principal: "User:" + name, Hosts: []string{"10.0.0.1", "10.0.0.2"},
			Groups: []topicspec.NamePattern{{Name: name, Pattern: acl.Literal}},
		}
		for j := range 10 {
			topic := fmt.Sprintf("%s.topic-%d", name, j)
			desired.Topics = append(desired.Topics, topic)
			if j < 5 {
				s.Produces = append(s.Produces, topic)
			} else {
				s.Consumes = append(s.Consumes, topicspec.Consumed{Topic: topic})
			}
		}
		desired.Services = append(desired.Services, s)
	}
	return desired
}

// The access of 1,000 services is planned, made once, and planned again, by clients that were never connected before.
func BenchmarkManyServices(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.ZK3, kafkatest.Kraft1, kafkatest.Kraft3, kafkatest.Kraft3Before4} {
		b.Run(string(flavour), func(b *testing.B) {
			g := startGuarded(b, guardedOptions(flavour))
			login, desired := g.login(b), many()
			first, changes := g.planOf(b, login, desired)
			began := time.Now()
			if err := errors.Join(New(login, dial(b, login), desired, Secrets{}).Make(b.Context(), topicspec.StageAllow, changes)...); err != nil {
				b.Fatal(err)
			}
			made := time.Since(began)
			var again time.Duration
			for range b.N {
				took, left := g.planOf(b, login, desired)
				if len(left) > 0 {
					b.Fatalf("%d of %d changes are left", len(left), len(changes))
				}
				again += took
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(len(changes)), "bindings")
			b.ReportMetric(float64(first.Milliseconds()), "plan-ms")
			b.ReportMetric(float64(made.Milliseconds()), "make-ms")
			b.ReportMetric(float64(again.Milliseconds())/float64(b.N), "in-sync-ms")
		})
	}
}

// planOf plans with a new client.
func (g guarded) planOf(b *testing.B, config kafka.Config, desired topicspec.DesiredAccess) (time.Duration, []topicspec.Change) {
	b.Helper()
	client := dial(b, config)
	began := time.Now()
	changes, _, err := New(config, client, desired, Secrets{}).Plan(b.Context(), topicspec.Consent{})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began), changes
}
