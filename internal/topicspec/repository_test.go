package topicspec

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The table of the stack, as its services agreed on it.
var stackTopics = []struct{ name, producer, consumer, secondConsumer string }{
	{"order.created", "OrderService", "NotificationService", "InventoryService"},
	{"order.updated", "OrderService", "NotificationService", ""},
	{"order.cancelled", "OrderService", "PaymentService", "NotificationService"},
	{"payment.pending", "PaymentService", "OrderService", ""},
	{"payment.completed", "PaymentService", "OrderService", "NotificationService"},
	{"payment.failed", "PaymentService", "OrderService", "NotificationService"},
	{"cart.item.added", "CartService", "RecommendationService", ""},
	{"cart.item.removed", "CartService", "AnalyticsService", ""},
	{"cart.cleared", "CartService", "AnalyticsService", ""},
	{"user.registered", "UserService", "NotificationService", "WelcomeService"},
	{"user.updated", "UserService", "AnalyticsService", ""},
}

// repositorySpec is the topics.yaml that comes with kafkactl.
func repositorySpec(t *testing.T, profile string) *Spec {
	t.Helper()
	document, err := os.ReadFile("../../topics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := Parse(bytes.NewReader(document), Source{File: "topics.yaml", Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestRepositoryTopics(t *testing.T) {
	t.Parallel()
	tests := []struct {
		profile           string
		replicationFactor int
		settings          []string
	}{
		{"", 1, nil},
		{"production", 3, []string{"min.insync.replicas=2"}},
		{"secure", 3, []string{"min.insync.replicas=2"}},
	}
	for _, tt := range tests {
		t.Run("profile "+tt.profile, func(t *testing.T) {
			t.Parallel()
			var wanted []Desired
			for _, topic := range stackTopics {
				wanted = append(wanted, want(topic.name, 3, tt.replicationFactor, tt.settings...))
			}
			got, err := repositorySpec(t, tt.profile).Desired(tt.profile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Errorf("desired (-want +got):\n%s", diff)
			}
		})
	}
	if profiles := repositorySpec(t, "").Profiles; len(profiles) != len(tests)-1 {
		t.Errorf("topics.yaml has %d profiles, %d are tested", len(profiles), len(tests)-1)
	}
}

func TestRepositoryServices(t *testing.T) {
	t.Parallel()
	spec := repositorySpec(t, "")
	for _, topic := range stackTopics {
		consumers := []string{topic.consumer}
		if topic.secondConsumer != "" {
			consumers = append(consumers, topic.secondConsumer)
		}
		got := spec.Topics[topic.name]
		if diff := cmp.Diff([][]string{{topic.producer}, consumers}, [][]string{got.Producers, got.Consumers}); diff != "" {
			t.Errorf("%s: producers and consumers (-want +got):\n%s", topic.name, diff)
		}
		if got.Description == "" {
			t.Errorf("%s has no description", topic.name)
		}
	}
	groups := make(map[string]string)
	for name, service := range spec.Services {
		if len(service.Group) > 0 {
			groups[name] = strings.Join(service.Group, ",")
		}
	}
	known := map[string]string{"OrderService": "order-service-group", "UserService": "user-service-group", "CartService": "cart-service-group"}
	if diff := cmp.Diff(known, groups); diff != "" {
		t.Errorf("consumer groups (-want +got):\n%s", diff)
	}
}
