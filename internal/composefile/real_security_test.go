package composefile

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/certificates"
	"kafkactl/internal/kafkatest"
)

// brokenSetting is what a rule finds in a Compose file, and what a real broker makes of it.
type brokenSetting struct {
	name     string
	flavour  kafkatest.Flavour
	rule     string
	protocol string // of the listener X; "" for none
	props    map[string]string
	logged   string // by the broker
}

func brokenSettings(store, authority string) []brokenSetting {
	const (
		jaas   = `org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="b" user_a="b";`
		plain  = "listener.name.x.plain.sasl.jaas.config"
		author = "authorizer.class.name"
	)
	return []brokenSetting{
		{
			name: "controllers that are no super users", flavour: kafkatest.Kraft1, rule: "broker-principal",
			props: map[string]string{author: kraftAuthorizer, "super.users": "User:admin"}, logged: "needs CLUSTER_ACTION permission",
		},
		{
			name: "brokers that are no super users, with ZooKeeper", flavour: kafkatest.ZK1, rule: "broker-principal",
			props: map[string]string{author: zookeeperAuthorizers()[0], "super.users": "User:admin"}, logged: "Received error CLUSTER_AUTHORIZATION_FAILED in UpdateMetadata response",
		},
		{
			name: "the authorizer of ZooKeeper in KRaft", flavour: kafkatest.Kraft1, rule: "authorizer-class",
			props: map[string]string{author: zookeeperAuthorizers()[0], "super.users": anonymous}, logged: "ClassNotFoundException: kafka.security.authorizer.AclAuthorizer",
		},
		{
			name: "a super user without a type", flavour: kafkatest.Kraft1, rule: "super-users",
			props: map[string]string{author: kraftAuthorizer, "super.users": anonymous + ";admin"}, logged: "expected a string in format principalType:principalName but got admin",
		},
		{
			name: "a mechanism that is not taken", flavour: kafkatest.Kraft1, rule: "sasl-mechanism", protocol: "SASL_PLAINTEXT",
			props:  map[string]string{"sasl.enabled.mechanisms": "PLAIN", "inter.broker.listener.name": "X", plain: jaas},
			logged: "sasl.mechanism.inter.broker.protocol must be included in sasl.enabled.mechanisms",
		},
		{
			name: "a mechanism without a login", flavour: kafkatest.Kraft1, rule: "sasl-login", protocol: "SASL_PLAINTEXT",
			props: map[string]string{"sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512", plain: jaas}, logged: "Could not find a 'KafkaServer' or 'x.KafkaServer' entry in the JAAS configuration",
		},
		{
			name: "controllers that are logged in to with GSSAPI", flavour: kafkatest.Kraft1, rule: "sasl-mechanism",
			props: map[string]string{
				"sasl.enabled.mechanisms": "PLAIN", "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:SASL_PLAINTEXT", "listener.name.controller.plain.sasl.jaas.config": jaas,
			},
			logged: "Could not find a 'KafkaServer' or 'controller.KafkaServer' entry in the JAAS configuration",
		},
		{
			name: "PEM without a type", flavour: kafkatest.Kraft1, rule: "pem-store", protocol: "SSL",
			props: map[string]string{"ssl.keystore.location": store}, logged: "SSL key store is specified, but key store password is not specified",
		},
		{
			name: "PEM of authorities without a type", flavour: kafkatest.Kraft1, rule: "pem-store", protocol: "SSL",
			props: map[string]string{"ssl.keystore.location": store, "ssl.keystore.type": "PEM", "ssl.truststore.location": authority}, logged: "Invalid keystore format",
		},
		{
			name: "PEM with a password", flavour: kafkatest.Kraft1, rule: "pem-store", protocol: "SSL",
			props: map[string]string{"ssl.keystore.location": store, "ssl.keystore.type": "PEM", "ssl.keystore.password": ""}, logged: "SSL key store password cannot be specified with PEM format",
		},
	}
}

// TestRealBrokenSettings pins that a real broker fails as the finding says, on the settings of which
// the rule finds it.
func TestRealBrokenSettings(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.Brokers)
	dir := t.TempDir()
	files, err := certificates.Plan(certificates.Request{
		Nodes: []certificates.Node{{Name: "kafka-1", Hosts: []string{"127.0.0.1"}}}, Lifetime: year, RenewBefore: time.Hour, Dir: dir,
	}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range brokenSettings(filepath.Join(dir, "kafka-1.pem"), filepath.Join(dir, "ca.crt")) {
		t.Run(test.name, func(t *testing.T) {
			text := test.composed()
			found := diagnose(t, text)
			if !slices.ContainsFunc(found, func(line string) bool { return strings.Contains(line, " ["+test.rule+"] ") }) {
				t.Errorf("%s finds nothing in\n%s\nbut %q", test.rule, text, found)
			}
			var listeners []kafkatest.Listener
			if test.protocol != "" {
				listeners = []kafkatest.Listener{{Name: "X", Protocol: test.protocol}}
			}
			cluster := kafkatest.Prepare(t, kafkatest.Options{Flavour: test.flavour, Props: test.props, Listeners: listeners})
			if err := cluster.Launch(); err != nil {
				t.Fatal(err)
			}
			wantLogged(t, cluster, test.logged)
		})
	}
}

// composed is a Compose file with the settings, and what a broker needs beside them.
func (s brokenSetting) composed() string {
	settings := map[string]string{
		"KAFKA_LISTENERS": "PLAINTEXT://:9092,X://:9094,CONTROLLER://:9093", "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka:9092,X://kafka:9094",
		"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,X:" + s.protocol,
		"KAFKA_PROCESS_ROLES":                  "broker,controller", "KAFKA_NODE_ID": "1", "CLUSTER_ID": "MkU3OEVBNTcwNTJENDM2Qk",
		"KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER", "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@kafka:9093",
	}
	image := "apache/kafka:" + s.flavour.Version()
	if s.flavour == kafkatest.ZK1 {
		image = "confluentinc/cp-kafka:7.9.2"
		settings = map[string]string{"KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka:9092", "KAFKA_ZOOKEEPER_CONNECT": "zookeeper:2181"}
	}
	for name, value := range settings {
		if s.protocol == "" {
			settings[name] = strings.NewReplacer("X://:9094,", "", ",X://kafka:9094", "", ",X:", "").Replace(value)
		}
	}
	for property, value := range s.props {
		settings[variableOf(property)] = value
	}
	var text strings.Builder
	text.WriteString("services:\n  kafka:\n    image: " + image + "\n    environment:\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "      %s: '%s'\n", name, settings[name])
	}
	return text.String()
}

// wantLogged waits until the broker has logged a text. A boot takes 2 to 6 s, and many times that on a
// busy machine.
func wantLogged(t *testing.T, cluster *kafkatest.Cluster, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		log, err := os.ReadFile(filepath.Join(cluster.Dir(), "broker-1.log"))
		switch {
		case err != nil && ctx.Err() != nil:
			t.Fatal(err)
		case strings.Contains(string(log), text):
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("the broker has not logged %q but\n%s", text, log[max(0, len(log)-4000):])
		}
	}
}
