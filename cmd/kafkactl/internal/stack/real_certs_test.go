package stack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// A broker starts with the files of certs, as they are: from PEM, PKCS12 and JKS. Apache's tools and
// kafkactl reach it with the client.properties of a client, and Kafka knows that client by its
// certificate. kafkactl reads each kind of store, whatever type it is said to be.
func TestRealCerts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "certs")
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("correct-horse\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	made := clitest.Kafkactl(t, "certs", "--out", dir, "--node", "kafka=127.0.0.1,localhost", "--client", "admin,nobody", "--p12", "--jks", "--password-file", password)
	if made.Code != 0 {
		t.Fatalf("certs: %s", made)
	}
	props := map[string]string{
		"authorizer.class.name":       "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"super.users":                 "User:ANONYMOUS;User:admin", // ANONYMOUS: the plain listener of these tests
		"ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/,DEFAULT",
	}
	types := map[string]string{"PEM": ".pem", "PKCS12": ".p12", "JKS": ".jks"}
	var listeners []kafkatest.Listener
	for kind, extension := range types {
		listeners = append(listeners, kafkatest.Listener{Name: kind, Protocol: "SSL"})
		at, trust := "listener.name."+strings.ToLower(kind)+".ssl.", "truststore"+extension
		if kind == "PEM" {
			trust = "ca.crt"
		} else {
			props[at+"keystore.password"], props[at+"key.password"], props[at+"truststore.password"] = "correct-horse", "correct-horse", "correct-horse"
		}
		props[at+"client.auth"] = "required"
		props[at+"keystore.type"], props[at+"truststore.type"] = kind, kind
		props[at+"keystore.location"] = filepath.Join(dir, "kafka"+extension)
		props[at+"truststore.location"] = filepath.Join(dir, trust)
	}
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: props, Listeners: listeners})
	clitest.CreateByHand(t, c, "orders", 1, 1)
	for kind := range types {
		for client, want := range map[string]string{"admin": "orders", "nobody": ""} {
			out, err := c.CLI(t.Context(), "kafka-topics", "--bootstrap-server", c.ListenerAddrs(kind)[0],
				"--command-config", filepath.Join(dir, client+".properties"), "--list")
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(out.Stdout); out.Code != 0 || got != want {
				t.Errorf("%s as %s: exit %d, %q, want %q\n%s", kind, client, out.Code, got, want, out.Stderr)
			}
			file := filepath.Join(dir, client+".properties")
			if kind != "PEM" {
				file = storeFile(t, dir, client, types[kind])
			}
			ours := clitest.Kafkactl(t, "list", "-o", "name", "-b", c.ListenerAddrs(kind)[0], "--config", file)
			if got := strings.TrimSpace(ours.Stdout); ours.Code != 0 || got != want {
				t.Errorf("%s as %s: %v, want %q", kind, client, ours, want)
			}
		}
	}
}

// storeFile writes a client.properties that names a client's PKCS12 or JKS stores, both as JKS: most stores
// in use have that wrong, since it is Kafka's default and keytool writes PKCS12.
func storeFile(t *testing.T, dir, client, extension string) string {
	t.Helper()
	text := "security.protocol=SSL\nssl.truststore.type=JKS\nssl.keystore.type=JKS\n" +
		"ssl.truststore.location=" + filepath.Join(dir, "truststore"+extension) + "\nssl.truststore.password=correct-horse\n" +
		"ssl.keystore.location=" + filepath.Join(dir, client+extension) + "\nssl.keystore.password=correct-horse\n"
	file := filepath.Join(t.TempDir(), client+extension+".properties")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
