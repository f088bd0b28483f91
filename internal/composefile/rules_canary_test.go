package composefile

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoSecretShown pins that neither a finding nor an error has a password in it, nor a piece of it:
// in every place where one is written, as each of the base files has them.
func TestNoSecretShown(t *testing.T) {
	t.Parallel()
	const canary = "Qx7vKp2wZt9"
	jaas := `org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="` + canary + `" user_admin="` + canary + `";`
	variables := []string{
		"KAFKA_SSL_KEYSTORE_PASSWORD", "KAFKA_SSL_KEY_PASSWORD", "KAFKA_SSL_TRUSTSTORE_PASSWORD", "KAFKA_SASL_PASSWORD", "KAFKA_SASL_JAAS_CONFIG",
		"KAFKA_LISTENER_NAME_HOST_PLAIN_SASL_JAAS_CONFIG", "KAFKA_LISTENER_NAME_NONE_SSL_KEY_PASSWORD", "KAFKA_CFG_SSL_KEYSTORE_PASSWORD", "KAFKA_BROKER_SECRET_SERVER", "KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET",
	}
	bases := map[string]string{
		"zookeeper.yaml": "      KAFKA_BROKER_ID: 1\n", "kraft.yaml": "      KAFKA_NODE_ID: 1\n", "isolated.yaml": "      KAFKA_NODE_ID: 2\n",
		"secure.yaml": "      KAFKA_NODE_ID: 1\n", "secure-zookeeper.yaml": "      KAFKA_BROKER_ID: 1\n",
	}
	values := []string{canary, jaas, `"` + canary + `"`, "a" + canary + "${", "${" + canary, jaas + "${}", "a$$" + canary, "'" + jaas + "'"}
	for base, after := range bases {
		text, err := os.ReadFile(filepath.Join("testdata", "silent", base))
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range values {
			quoted, err := json.Marshal(value) // JSON is YAML
			if err != nil {
				t.Fatal(err)
			}
			lines := after
			for _, variable := range variables {
				lines += "      " + variable + ": " + string(quoted) + "\n"
			}
			said := saidOf(t, strings.Replace(string(text), after, lines, 1))
			for i := range len(canary) - 3 {
				if strings.Contains(said, canary[i:i+4]) {
					t.Errorf("%s, the value %q: %q is in\n%s", base, value, canary[i:i+4], said)
					break
				}
			}
		}
	}
}

// saidOf returns all that is said of a file: its findings, or why it cannot be read.
func saidOf(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "compose.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	stack, err := Load(context.Background(), Options{Files: []string{file}, Now: today})
	if err != nil {
		return err.Error()
	}
	findings, err := json.Marshal(stack.Diagnose())
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) < 10 {
		t.Fatalf("nothing is found in\n%s", text)
	}
	return string(findings)
}
