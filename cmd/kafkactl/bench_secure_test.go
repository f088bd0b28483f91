package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// secureStack is how a secured cluster is made: brokers know each other by certificates, clients log in by
// SCRAM-SHA-512 over TLS, an authorizer judges them, and nobody is a super user without a name.
type secureStack struct {
	flavour kafkatest.Flavour
	certs   string // directory of `kafkactl certs`
	client  []kgo.Opt
}

const clientPassword = "kafka-client-secret"

func newSecureStack(b *testing.B, binary string, flavour kafkatest.Flavour) secureStack {
	b.Helper()
	s := secureStack{flavour: flavour, certs: filepath.Join(b.TempDir(), "certs")}
	timed(b, exec.CommandContext(b.Context(), binary, "certs", "--out", s.certs, "--node", "broker=127.0.0.1"))
	ca, err := os.ReadFile(filepath.Join(s.certs, "ca.crt"))
	if err != nil {
		b.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	s.client = []kgo.Opt{
		kgo.DialTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}),
		kgo.SASL(scram.Auth{User: "admin", Pass: clientPassword}.AsSha512Mechanism()),
	}
	return s
}

func (s secureStack) options() kafkatest.Options {
	return kafkatest.Options{
		Flavour: s.flavour, Users: map[string]string{"admin": clientPassword},
		Listeners: []kafkatest.Listener{{Name: "BROKER", Protocol: "SSL"}, {Name: "CLIENT", Protocol: "SASL_SSL"}},
		Props: map[string]string{
			"listener.security.protocol.map":                      "PLAINTEXT:PLAINTEXT,CONTROLLER:SSL,BROKER:SSL,CLIENT:SASL_SSL",
			"inter.broker.listener.name":                          "BROKER",
			"ssl.keystore.type":                                   "PEM",
			"ssl.keystore.location":                               filepath.Join(s.certs, "broker.pem"),
			"ssl.truststore.type":                                 "PEM",
			"ssl.truststore.location":                             filepath.Join(s.certs, "ca.crt"),
			"listener.name.broker.ssl.client.auth":                "required",
			"listener.name.controller.ssl.client.auth":            "required",
			"ssl.principal.mapping.rules":                         "RULE:^CN=([^,]+).*$/$1/,DEFAULT",
			"authorizer.class.name":                               "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
			"super.users":                                         "User:broker;User:admin",
			"sasl.enabled.mechanisms":                             "SCRAM-SHA-512",
			"listener.name.client.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
		},
	}
}

// file writes the client.properties of admin.
func (s secureStack) file(b *testing.B, c *kafkatest.Cluster) string {
	b.Helper()
	text := "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"admin\" password=\"" +
		clientPassword + "\";\nssl.truststore.type=PEM\nssl.truststore.location=" + filepath.Join(s.certs, "ca.crt") + "\nbootstrap.servers="
	for i, addr := range c.ListenerAddrs("CLIENT") {
		if i > 0 {
			text += ","
		}
		text += addr
	}
	file := filepath.Join(b.TempDir(), "client.properties")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

// When `kafkactl wait`, started with a secured cluster, ends, everything that a client does first succeeds at the
// first try: a producer id from each broker, a new topic, and a record.
func BenchmarkFalseReadySecure(b *testing.B) {
	kafkatest.Require(b, kafkatest.Brokers)
	binary := shipped(b)
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.Kraft3} {
		b.Run(string(flavour), func(b *testing.B) {
			callOnce(b)
			s := newSecureStack(b, binary, flavour)
			falseReady := 0
			var took []time.Duration
			for range rounds(b, 10) {
				n, boot := s.round(b, binary)
				falseReady += n
				took = append(took, boot)
			}
			report(b, []figure{{float64(falseReady), "wait-false-ready"}, {milliseconds(median(took)), "boot+wait-ms"}})
		})
	}
}

// round starts one cluster, and returns how many first uses failed, and how long it took to be called ready.
func (s secureStack) round(b *testing.B, binary string) (falseReady int, took time.Duration) {
	b.Helper()
	c := kafkatest.Prepare(b, s.options())
	defer c.Close() //nolint:errcheck // Prepare's own end comes too late: 10 clusters at once
	file := s.file(b, c)
	began, ready := coldStart(b, c, func(ctx context.Context, c *kafkatest.Cluster) error {
		cmd := exec.CommandContext(ctx, binary, "wait", "--config", file, "--timeout", coldTimeout.String(), "--min-brokers", strconv.Itoa(len(c.Addrs())))
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("kafkactl wait: %w\n%s", err, out)
		}
		return nil
	})
	return failures(b, c, "wait", s.firstUse(b.Context(), c, binary, file)...), ready.Sub(began)
}

// firstUse asks every broker for a producer id, makes a topic by kafkactl, and writes a record to its leader: each once.
// The topic is made by kafkactl, since a broker takes up the leadership of a new topic a little later than it tells of
// it, ready or not; kafkactl create ends after that.
func (s secureStack) firstUse(ctx context.Context, c *kafkatest.Cluster, binary, file string) []error {
	addrs := c.ListenerAddrs("CLIENT")
	found := make([]error, len(addrs)+1)
	producers := make([]clitest.Producer, len(addrs))
	var using sync.WaitGroup
	for i, addr := range addrs {
		using.Go(func() {
			found[i] = clitest.AskSingle(ctx, addr, func(ctx context.Context, at *kgo.Broker) (err error) {
				producers[i], err = clitest.NewProducer(ctx, at)
				return err
			}, s.client...)
		})
	}
	using.Wait()
	if errors.Join(found...) != nil {
		return found
	}
	const topic = "first.use"
	create := exec.CommandContext(ctx, binary, "create", topic, "--partitions", "1", "--replication-factor", strconv.Itoa(len(addrs)), "--command-config", file)
	if out, err := create.CombinedOutput(); err != nil {
		found[len(addrs)] = fmt.Errorf("create: %w\n%s", err, out)
		return found
	}
	for i, addr := range addrs {
		found[len(addrs)] = errors.Join(found[len(addrs)], clitest.AskSingle(ctx, addr, func(ctx context.Context, at *kgo.Broker) error {
			meta, err := clitest.Metadata(ctx, at, topic)
			switch {
			case err != nil:
				return err
			case len(meta.Topics[0].Partitions) != 1:
				return fmt.Errorf("%s does not know the topic", addr)
			case int(meta.Topics[0].Partitions[0].Leader) != c.BrokerIDs()[i]:
				return nil // another one leads it
			}
			return producers[i].Produce(ctx, at, clitest.Partitions{topic: {Id: meta.Topics[0].TopicID, Numbers: []int32{0}}})
		}, s.client...))
	}
	return found
}
