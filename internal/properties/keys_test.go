package properties

import (
	"os"
	"strings"
	"testing"
)

// Every key of Kafka's three clients is known, and those of the type PASSWORD are secrets.
func TestKafkaKeys(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/keys-4.3.1.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := newKeyTable()
	n := 0
	for line := range strings.Lines(string(data)) {
		key, kind, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || key == "#" {
			continue
		}
		n++
		if got := table.rule(key).treatment; got == unknown || got == broker {
			t.Errorf("%s: treatment %d", key, got)
		}
		if (kind == "PASSWORD") != table.isSecret(key) {
			t.Errorf("%s: type %s, secret %v", key, kind, table.isSecret(key))
		}
	}
	if n != 141 {
		t.Errorf("%d keys, want 141: is the file read as it is written?", n)
	}
}

// A key has one treatment.
func TestKeysOnce(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	all := strings.Fields(mappedKeys + ignoredByJava + ignoredByLibrdkafka + brokerKeys)
	for key := range refusedKeys() {
		all = append(all, key)
	}
	for _, key := range all {
		if seen[key] {
			t.Errorf("%s is listed twice", key)
		}
		seen[key] = true
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := keyNames()
	for word, want := range map[string]string{
		"ssl.trustore.location":         "ssl.truststore.location",
		"SASL.MECHANISM":                "sasl.mechanism",
		"bootstrap.server":              "bootstrap.servers",
		"sasl.jass.config":              "sasl.jaas.config",
		"security.protocl":              "security.protocol",
		"ssl.truststore.certificate":    "ssl.truststore.certificates",
		"my.own.key":                    "",
		"x":                             "",
		"ssl.endpoint.identification":   "",
		"ssl.keystore.certficate.chain": "ssl.keystore.certificate.chain",
	} {
		if got := nearestName(word, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
