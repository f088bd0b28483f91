package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// What TLS and a login cost: one real broker with an authorizer, SASL_SSL and SCRAM-SHA-512, its
// certificates made by kafkactl certs. Apache's tools and kcat reach the same listener.

// securedField is a cluster and the file that leads to it.
type securedField struct {
	*kafkatest.Cluster
	properties string // client.properties of the user bench
	to         connection
}

const benchPassword = "bench-password"

func newSecuredField(b *testing.B, k builds) securedField {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "certs")
	timed(b, k.command("certs", "--out", dir, "--node", "kafka=127.0.0.1"))
	const at = "listener.name.secure."
	c := kafkatest.Start(b, kafkatest.Options{
		Flavour: kafkatest.Kraft1, AllCompilers: true,
		Props: map[string]string{
			"authorizer.class.name":               "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
			"super.users":                         "User:ANONYMOUS;User:bench", // ANONYMOUS: the listener of the broker itself
			"sasl.enabled.mechanisms":             "SCRAM-SHA-512,PLAIN",
			at + "ssl.keystore.type":              "PEM",
			at + "ssl.keystore.location":          filepath.Join(dir, "kafka.pem"),
			at + "scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
			at + "plain.sasl.jaas.config":         "org.apache.kafka.common.security.plain.PlainLoginModule required user_bench=\"" + benchPassword + "\";",
		},
		Listeners: []kafkatest.Listener{{Name: "SECURE", Protocol: "SASL_SSL"}},
	})
	timed(b, c.CLICommand("kafka-configs", "--bootstrap-server", "{b}", "--alter", "--entity-type", "users", "--entity-name", "bench",
		"--add-config", "SCRAM-SHA-512=[iterations=4096,password="+benchPassword+"]"))
	addr, ca := c.ListenerAddrs("SECURE")[0], filepath.Join(dir, "ca.crt")
	properties := filepath.Join(dir, "bench.properties")
	text := fmt.Sprintf("bootstrap.servers=%s\nsecurity.protocol=SASL_SSL\nssl.truststore.type=PEM\nssl.truststore.location=%s\n"+
		"sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"bench\" password=%q;\n",
		addr, ca, benchPassword)
	if err := os.WriteFile(properties, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	// PLAIN: Kafka from 4.0 on refuses the SCRAM of a librdkafka before 2.6.1 (its pull request 4895).
	kcat := []string{"-b", addr}
	for _, setting := range []string{
		"security.protocol=SASL_SSL", "ssl.ca.location=" + ca, "sasl.mechanisms=PLAIN", "sasl.username=bench", "sasl.password=" + benchPassword,
	} {
		kcat = append(kcat, "-X", setting)
	}
	return securedField{c, properties, connection{[]string{"--command-config", properties}, kcat}}
}

// BenchmarkSecured has the names of the benchmarks without TLS and SASL.
func BenchmarkSecured(b *testing.B) {
	k := newBuilds(b)
	f := newSecuredField(b, k)
	command := func(line string) []string { return append(strings.Fields(line), f.to.kafkactl...) }
	timed(b, k.command(command("apply -f "+clitest.StackFile())...))
	b.Run("list", func(b *testing.B) {
		var ours pair
		var theirs []sample
		for b.Loop() {
			ours.time(k, command("list")...)
			theirs = append(theirs, timed(b, f.CLICommand("kafka-topics", "--bootstrap-server", f.ListenerAddrs("SECURE")[0], "--command-config", f.properties, "--list")))
		}
		beside(b, ours, theirs, "kafka-topics")
	})
	b.Run("apply-in-sync", func(b *testing.B) {
		var secured, plain pair
		for b.Loop() {
			secured.time(k, command("apply -f "+clitest.StackFile())...)
			plain.time(k, "apply", "-f", clitest.StackFile(), "-b", f.Addrs()[0])
		}
		secured.report(b, "kafkactl")
		plain.report(b, "plaintext")
	})
	records := newRecordFieldOn(b, f.Cluster, f.to)
	written, read := records.topic("bench.produce"), records.topic("bench")
	defer records.drop(read)
	defer records.drop(written)
	b.Run("produce", func(b *testing.B) { records.on(b).race(records.writing(written), records.kcatWriting(written), nil) })
	records.move(records.ours(k.shipped, "produce", read, "--file", records.input))
	b.Run("consume-value", func(b *testing.B) {
		records.on(b).race(records.reading(read, "-o", "value"), records.kcatReading(read), nil)
	})
}
