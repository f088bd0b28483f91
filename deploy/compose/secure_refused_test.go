package compose_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// checkNobody is everyone without a login: at each published port, and in the containers' network.
func (s *secureStack) checkNobody() {
	s.Helper()
	if diff := cmp.Diff([]string{"29092", "29093", "29094", "8081"}, s.publishedPorts()); diff != "" {
		s.Errorf("published ports (-want +got):\n%s", diff)
	}
	for _, broker := range strings.Split(secureHost, ",") {
		for name, opts := range map[string][]kgo.Opt{
			"without TLS":           nil,
			"with TLS alone":        {s.trust()},
			"with a wrong password": {s.trust(), kgo.SASL(scram.Auth{User: "app", Pass: "wrong"}.AsSha512Mechanism())},
		} {
			if err := s.mayDoAnything(broker, opts...); err != nil {
				s.Errorf("%s at %s: %v", name, broker, err)
			}
		}
	}
	for _, path := range []string{"api/clusters", "api/clusters/local/topics", "api/config", ""} {
		s.checkNoPage(path)
	}
	s.Run("in the containers' network", func(t *testing.T) {
		for name, ask := range map[string]string{
			"HEALTH":                             "-b kafka:9095 --config /dev/null",
			"BROKER without TLS":                 "-b kafka:9094 --config /dev/null",
			"BROKER without a certificate":       "-b kafka:9094 --config /dev/null --tls --tls-ca /certs/ca.crt",
			"CLIENT with TLS alone":              "-b kafka:9092 --config /dev/null --tls --tls-ca /certs/ca.crt",
			"CLIENT with admin's certificate":    "-b kafka:9092",
			"CONTROLLER without a certificate":   "-b kafka:9093 --config /dev/null --tls --tls-ca /certs/ca.crt",
			"BROKER with a certificate (admits)": "",
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				out, err := s.insideCommand("list --timeout 2s " + ask).CombinedOutput()
				if admitted := strings.Contains(string(out), declared[0]); err == nil != (ask == "") || admitted != (ask == "") {
					t.Errorf("list %s: %v\n%s", ask, err, out)
				}
			})
		}
	})
}

// publishedPorts are those of the host that lead into a container, all of them on loopback.
func (s *stack) publishedPorts() []string {
	s.Helper()
	var ports []string
	for service, c := range s.containers() {
		const format = `{{range .HostConfig.PortBindings}}{{range .}}{{println .HostIp .HostPort}}{{end}}{{end}}`
		for line := range strings.Lines(docker(s.T, "inspect", "--format", format, c.ID)) {
			address, port, isPort := strings.Cut(strings.TrimSpace(line), " ")
			if !isPort {
				continue
			}
			if address != "127.0.0.1" {
				s.Errorf("%s publishes %s on %s", service, port, address)
			}
			ports = append(ports, port)
		}
	}
	slices.Sort(ports)
	return ports
}

// mayDoAnything tries to list and to produce, and returns what it could do.
func (s *secureStack) mayDoAnything(broker string, opts ...kgo.Opt) error {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 3*time.Second)
	defer cancel()
	opts = append(opts, kgo.SeedBrokers(broker), kgo.RequestRetries(0), kgo.RecordRetries(0), kgo.RecordDeliveryTimeout(2*time.Second))
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return err
	}
	defer client.Close()
	if topics, err := kadm.NewClient(client).ListTopics(ctx); err == nil {
		return fmt.Errorf("listed %d topics", len(topics))
	}
	if err := client.ProduceSync(ctx, &kgo.Record{Topic: declared[0], Value: []byte("nobody")}).FirstErr(); err == nil {
		return errors.New("produced")
	}
	return nil
}

// checkNoPage wants Kafka UI to show nothing without a session but its form.
func (s *secureStack) checkNoPage(path string) {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), http.MethodGet, "http://localhost:8081/"+path, http.NoBody)
	if err != nil {
		s.Fatal(err)
	}
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	if response.StatusCode == http.StatusOK && path != "" || strings.Contains(string(body), declared[0]) {
		s.Errorf("Kafka UI shows /%s to everyone: %s %s", path, response.Status, body)
	}
}

// checkReadOnly wants Kafka UI's user to see every topic, and to be refused whatever changes something.
func (s *secureStack) checkReadOnly() {
	s.Helper()
	client, err := kgo.NewClient(append(s.loginAs("kafka-ui"), kgo.SeedBrokers(strings.Split(secureHost, ",")...), kgo.DisableIdempotentWrite())...)
	if err != nil {
		s.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	if err := client.ProduceSync(s.Context(), &kgo.Record{Topic: declared[0], Value: []byte("UI")}).FirstErr(); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		s.Errorf("kafka-ui produces to %s: %v", declared[0], err)
	}
	if created, err := admin.CreateTopic(s.Context(), 1, 1, nil, "of.kafka.ui"); !errors.Is(errors.Join(err, created.Err), kerr.TopicAuthorizationFailed) {
		s.Errorf("kafka-ui creates a topic: %v, %v", err, created.Err)
	}
	deleted, err := admin.DeleteTopics(s.Context(), declared[0])
	if !errors.Is(errors.Join(err, deleted.Error()), kerr.TopicAuthorizationFailed) {
		s.Errorf("kafka-ui deletes %s: %v, %v", declared[0], err, deleted.Error())
	}
	app := s.client(secureHost, kgo.DisableIdempotentWrite())
	defer app.Close()
	if created, err := kadm.NewClient(app).CreateTopic(s.Context(), 1, 1, nil, "of.app"); !errors.Is(errors.Join(err, created.Err), kerr.TopicAuthorizationFailed) {
		s.Errorf("app creates a topic: %v, %v", err, created.Err)
	}
	if err := app.ProduceSync(s.Context(), &kgo.Record{Topic: "__consumer_offsets", Value: []byte("app")}).FirstErr(); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		s.Errorf("app produces to a topic that is not declared: %v", err)
	}
}

// checkPasswordsHidden looks for each password where the engine shows things.
func (s *secureStack) checkPasswordsHidden() {
	s.Helper()
	shown := map[string]string{"docker compose config": s.must("config"), "docker compose logs": s.must("logs", "--no-color")}
	for service, c := range s.containers() {
		shown["docker inspect of "+service] = docker(s.T, "inspect", c.ID)
		if c.State == "running" {
			shown["docker top of "+service] = docker(s.T, "top", c.ID, "-eo", "pid,args")
		}
	}
	for _, name := range slices.Concat(passwords, shopServices) {
		secret := s.password(name)
		if len(secret) < 24 {
			s.Errorf("the password of %s has %d characters", name, len(secret))
		}
		for where, text := range shown {
			if strings.Contains(text, secret) {
				s.Errorf("%s shows the password of %s", where, name)
			}
		}
	}
}

// checkZooKeeperHidden wants no container but the brokers to reach ZooKeeper: it holds the users and the rights.
func (s *secureStack) checkZooKeeperHidden() {
	s.Helper()
	s.checkAnswers("ZooKeeper", question{
		name: "in the containers' network", inside: true, code: 5,
		ask: "wait --for zookeeper --zookeeper zookeeper:2181 --timeout 1s", says: []string{"zookeeper:2181"},
	})
}

// serial is the number of the certificate that a port shows.
func (s *secureStack) serial(address string) string {
	s.Helper()
	conn, err := (&tls.Dialer{Config: s.tlsConfig()}).DialContext(s.Context(), "tcp", address)
	if err != nil {
		s.Fatal(err)
	}
	defer conn.Close()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
}

// renewCertificates runs certs as its service does: what is valid is kept. Then once more, with what makes every
// certificate one that ends soon.
func (s *secureStack) renewCertificates() {
	s.Helper()
	certs := services(s.T, s.file)["certs"]["command"].([]any)
	run := []string{"run", "--rm", "-T", "certs"}
	for _, argument := range certs {
		run = append(run, argument.(string))
	}
	if out := s.must(run...); strings.Contains(out, "renewed") || strings.Contains(out, "created") {
		s.Errorf("valid certificates are not kept:\n%s", out)
	}
	if out := s.must(append(run, "--days=800", "--renew-days=400")...); strings.Count(out, " renewed ") != 12 {
		s.Errorf("four certificates, in three files each, are not renewed:\n%s", out)
	}
}
