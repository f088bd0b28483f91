package accessadmin

import (
	"errors"
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// reading are so many new ACLs, each of another topic.
func reading(principal string, count int) []topicspec.Change {
	changes := make([]topicspec.Change, count)
	for i := range changes {
		changes[i] = adding(acl.Binding{
			Principal: principal, Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: fmt.Sprintf("topic-%d", i)},
			Host: acl.Any, Operation: acl.Read, Permission: acl.Allow,
		})
	}
	return changes
}

// A controller refuses 10,001 ACLs in one request, and all of them are made all the same; then they go.
func TestRealManyBindings(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			g := startGuarded(t, guardedOptions(flavour))
			k := New(kafka.Config{}, g.root, topicspec.DesiredAccess{}, Secrets{})
			changes := reading("User:reader", 10_001)
			if flavour == kafkatest.Kraft1 {
				if answers := k.sendCreations(t.Context(), changes); !errors.Is(answers[0], kerr.PolicyViolation) || !errors.Is(answers[10_000], kerr.PolicyViolation) {
					t.Errorf("in one request: %v, %v", answers[0], answers[10_000])
				}
			}
			filter := kafka.ACLFilter{Principal: "User:reader"}
			if err := errors.Join(k.Make(t.Context(), topicspec.StageAllow, changes)...); err != nil {
				t.Fatal(err)
			}
			if shown, err := g.root.ACLs(t.Context(), g.root.Seed(), filter); len(shown) != len(changes) || err != nil {
				t.Fatalf("%d are shown, %v", len(shown), err)
			}
			if err := errors.Join(k.Make(t.Context(), topicspec.StageRevoke, changes)...); err != nil {
				t.Fatal(err)
			}
			if shown, err := g.root.ACLs(t.Context(), g.root.Seed(), filter); len(shown) > 0 || err != nil {
				t.Fatalf("%d are left, %v", len(shown), err)
			}
		})
	}
}
