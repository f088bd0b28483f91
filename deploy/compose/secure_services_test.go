package compose_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/topicspec"
)

// shopServices are the services of topics.yaml, whose passwords kafka-init makes.
var shopServices = []string{
	"OrderService", "PaymentService", "CartService", "UserService", "NotificationService", "InventoryService",
	"RecommendationService", "AnalyticsService", "WelcomeService",
}

// checkServices lets each service log in with the password that kafka-init made. It produces what topics.yaml says that
// it produces, at the first try, and nothing else.
func (s *secureStack) checkServices() {
	s.Helper()
	spec, err := os.Open("../../topics.yaml")
	if err != nil {
		s.Fatal(err)
	}
	defer spec.Close() //nolint:errcheck // only read
	parsed, err := topicspec.Parse(spec, topicspec.Source{File: "topics.yaml"})
	if err != nil {
		s.Fatal(err)
	}
	s.Run("services", func(t *testing.T) {
		for _, service := range shopServices {
			t.Run(service, func(t *testing.T) {
				t.Parallel()
				s.checkProducer(t, service, parsed.Topics)
			})
		}
	})
	out, err := s.kafkactlAs(s.credentials("OrderService"), "whoami", "--topic", "order.created")
	for _, want := range []string{"User:OrderService: ", "DESCRIBE, WRITE"} {
		if err != nil || !strings.Contains(out, want) {
			s.Errorf("whoami of OrderService: %v, want %q in\n%s", err, want, out)
		}
	}
}

// checkProducer lets a service produce to each declared topic.
func (s *secureStack) checkProducer(t *testing.T, service string, topics map[string]topicspec.Topic) {
	t.Helper()
	client, err := kgo.NewClient(append(s.loginAs(service), kgo.SeedBrokers(strings.Split(secureHost, ",")...), kgo.RecordRetries(0), kgo.DisableIdempotentWrite())...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, topic := range declared {
		may := slices.Contains(topics[topic].Producers, service)
		err := client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: []byte("of " + service)}).FirstErr()
		if may != (err == nil) || err != nil && !errors.Is(err, kerr.TopicAuthorizationFailed) {
			t.Errorf("produce to %s, which it may: %t: %v", topic, may, err)
		}
	}
}

// checkNewPassword gives a service another password, as the guide has it.
func (s *secureStack) checkNewPassword() {
	s.Helper()
	old := s.password("WelcomeService")
	if err := os.Remove(filepath.Join(s.dir, "WelcomeService")); err != nil {
		s.Fatal(err)
	}
	tool := "/opt/kafka/bin/kafka-configs.sh"
	if s.file == "compose.secure.zookeeper.yaml" {
		tool = "kafka-configs"
	}
	s.must("run", "--rm", "--no-deps", "client-files", tool, "--bootstrap-server", "kafka:9094", "--command-config", "/certs/admin.properties",
		"--alter", "--entity-type", "users", "--entity-name", "WelcomeService", "--delete-config", "SCRAM-SHA-512")
	s.up()
	if s.password("WelcomeService") == old {
		s.Error("WelcomeService has the old password")
	}
	if out, err := s.kafkactlAs(s.credentials("WelcomeService"), "whoami", "-o", "name"); err != nil || out != "User:WelcomeService" {
		s.Errorf("with the new password WelcomeService is %q: %v", out, err)
	}
}

// kafkactlAs runs kafkactl on the host with a client.properties.
func (s *secureStack) kafkactlAs(config string, args ...string) (string, error) {
	s.Helper()
	as := *s.stack
	as.config = config
	return as.kafkactl(args...)
}
