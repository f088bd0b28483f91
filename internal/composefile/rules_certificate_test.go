package composefile

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/certificates"
)

// The day on which the certificates of these tests are looked at.
var today = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// diagnoseIn diagnoses the file of testdata/silent, changed by edits, in a directory that has files
// beside it. It returns what is found of the rules given.
func diagnoseIn(t *testing.T, base string, files map[string][]byte, rules []string, edits ...string) []string {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("testdata", "silent", base))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), edits[0]) {
		t.Fatalf("%s has no %q", base, edits[0])
	}
	files["compose.yaml"] = []byte(strings.NewReplacer(edits...).Replace(string(text)))
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stack, err := Load(t.Context(), Options{Files: []string{filepath.Join(dir, "compose.yaml")}, Now: today})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range stack.Diagnose() {
		if strings.Contains(strings.Join(rules, " "), f.Rule) {
			lines = append(lines, fmt.Sprintf("%d:%d %s [%s] %s", f.Line, f.Column, f.Service, label(f), f.Message), "fix: "+f.Fix)
		}
	}
	return lines
}

// issued returns stores of three nodes with the names that the secure stack advertises, but for
// those of kafka-1.
func issued(t *testing.T, lifetime time.Duration, hosts ...string) map[string][]byte {
	t.Helper()
	plan, err := certificates.Plan(certificates.Request{
		Nodes: []certificates.Node{
			{Name: "kafka-1", Hosts: hosts}, {Name: "kafka-2", Hosts: []string{"kafka-2", "localhost"}}, {Name: "kafka-3", Hosts: []string{"kafka-3", "localhost"}},
		},
		PKCS12: true, JKS: true, Password: "correct-horse", Lifetime: lifetime, RenewBefore: time.Hour, Dir: t.TempDir(),
	}, nil, today.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, f := range plan {
		files["certs/"+f.Name] = f.Content
	}
	return files
}

const (
	year = 365 * 24 * time.Hour
	// The certificates come from a directory, and not from a volume.
	mount, bind = `["certs:/certs:ro"]`, `["./certs:/certs:ro"]`
)

func TestCertificates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		files map[string][]byte
		edits []string
		want  []string
	}{
		{name: "all that is advertised", files: issued(t, year, "kafka-1", "localhost")},
		{
			name: "an advertised host is not in it", files: issued(t, year, "kafka-1"),
			want: []string{
				"45:7 kafka-1 [certificate] clients are sent to localhost, and the certificate is for kafka-1: clients refuse it",
				"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1,localhost",
			},
		},
		{
			name: "an address is not in it", files: issued(t, year, "kafka-1", "localhost"), edits: []string{"HOST://localhost:29092", "HOST://192.0.2.7:29092"},
			want: []string{
				"45:7 kafka-1 [certificate] clients are sent to 192.0.2.7, and the certificate is for kafka-1, localhost: clients refuse it",
				"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1,192.0.2.7",
			},
		},
		{
			name: "no names are compared", files: issued(t, year, "kafka-1"), edits: []string{"KAFKA_SASL_PASSWORD_FILE: /run/secrets/order-service", `KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: ""`},
			want: []string{
				"45:7 kafka-1 [certificate, advice] clients are sent to localhost, and the certificate is for kafka-1: clients refuse it, unless they compare no names",
				"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1,localhost",
			},
		},
		{
			name: "it has ended", files: issued(t, 30*time.Minute, "kafka-1", "localhost"),
			want: []string{
				"46:7 kafka-1 [certificate] the certificate ended on 2026-11-30: clients refuse it", "fix: a new one: kafkactl certs, or whatever made it",
				"55:7 kafka-2 [certificate] the certificate ended on 2026-11-30: clients refuse it", "fix: a new one: kafkactl certs, or whatever made it",
				"64:7 kafka-3 [certificate] the certificate ended on 2026-11-30: clients refuse it", "fix: a new one: kafkactl certs, or whatever made it",
			},
		},
		{
			name: "it ends soon", files: issued(t, 10*24*time.Hour, "kafka-1", "localhost"), edits: []string{"kafka-2.pem", "none.pem", "kafka-3.pem", "none.pem"},
			want: []string{"46:7 kafka-1 [certificate, advice] the certificate ends on 2026-12-10", "fix: a new one: kafkactl certs, or whatever made it"},
		},
		{
			name: "it has not begun", files: map[string][]byte{"certs/kafka-1.pem": selfSigned(t, "kafka-1", today.Add(24*time.Hour), "kafka-1", "localhost")},
			want: []string{"46:7 kafka-1 [certificate] the certificate begins on 2026-12-01: clients refuse it until then", "fix: a new one: kafkactl certs, or whatever made it"},
		},
		{
			name: "a common name alone", files: map[string][]byte{"certs/kafka-1.pem": selfSigned(t, "kafka-1", today)}, edits: []string{"HOST://localhost:29092", "HOST://kafka-1:29092"},
			want: []string{
				"46:7 kafka-1 [certificate, advice] the certificate has kafka-1 as its common name alone: Java takes that, and programs in Go do not",
				"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1",
			},
		},
		{
			name: "another common name alone", files: map[string][]byte{"certs/kafka-1.pem": selfSigned(t, "broker", today)},
			want: []string{
				`45:7 kafka-1 [certificate] clients are sent to kafka-1, localhost, and the certificate is for nothing but its common name "broker": clients refuse it`,
				"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1,localhost",
			},
		},
		{
			name: "PKCS12 with its password", files: issued(t, year, "kafka-1"), edits: []string{"/certs/kafka-1.pem", "/certs/kafka-1.p12\n      KAFKA_SSL_KEYSTORE_PASSWORD: correct-horse"},
			want: []string{
				"45:7 kafka-1 [certificate] clients are sent to localhost, and the certificate is for kafka-1: clients refuse it",
				"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1,localhost",
			},
		},
		{name: "PKCS12 whose password is not known", files: issued(t, year, "kafka-1"), edits: []string{"/certs/kafka-1.pem", "/certs/kafka-1.p12\n      KAFKA_SSL_KEYSTORE_PASSWORD: ${PASSWORD}"}},
		{name: "no store", files: map[string][]byte{"certs/kafka-1.pem": []byte("not a store")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := diagnoseIn(t, secureStack, test.files, []string{"certificate"}, append([]string{mount, bind}, test.edits...)...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCertificateOfScript pins that the store is found where the image's script looks for it, by the
// passwords that the script reads.
func TestCertificateOfScript(t *testing.T) {
	t.Parallel()
	stores := issued(t, year, "kafka.example.com")
	for _, kind := range []string{"p12", "jks"} {
		files := map[string][]byte{"secrets/kafka-1.p12": stores["certs/kafka-1."+kind], "secrets/password": []byte("correct-horse\n")}
		want := []string{
			"16:7 kafka-1 [certificate] clients are sent to kafka-1, and the certificate is for kafka.example.com: clients refuse it",
			"fix: a certificate with all that is advertised: kafkactl certs --node kafka-1=kafka-1",
		}
		if diff := cmp.Diff(want, diagnoseIn(t, secureZooStack, files, []string{"certificate"}, "KAFKA_BROKER_ID", "KAFKA_BROKER_ID")); diff != "" {
			t.Errorf("%s: findings (-want +got):\n%s", kind, diff)
		}
	}
}

// TestCertificatePrincipals pins that a broker's principal is read from its certificate, by the rules
// that are set.
func TestCertificatePrincipals(t *testing.T) {
	t.Parallel()
	const rules = "RULE:^CN=kafka-[0-9]+.*$$/broker/,"
	for _, test := range []struct {
		name  string
		edits []string
		want  string // of the first finding; "" for none
	}{
		{name: "a super user by rule"},
		{name: "no super user by rule", edits: []string{rules, ""}, want: "kafka-1 [broker-principal] to the controllers this node comes as User:kafka-1 (by its certificate), which is no super user: votes are refused, and no quorum forms"},
		{name: "a super user by name", edits: []string{rules, "", "User:broker;", "User:kafka-1;User:kafka-2;User:kafka-3;"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := diagnoseIn(t, secureStack, issued(t, year, "kafka-1", "localhost"), []string{"broker-principal"}, append([]string{mount, bind}, test.edits...)...)
			first := ""
			if len(got) > 0 {
				_, first, _ = strings.Cut(got[0], " ")
			}
			if first != test.want {
				t.Errorf("got %q\nwant %q", first, test.want)
			}
		})
	}
}

// TestMountedFiles pins where a container's files are found.
func TestMountedFiles(t *testing.T) {
	t.Parallel()
	stores := issued(t, year, "kafka-1")
	const location = "KAFKA_SSL_KEYSTORE_LOCATION: /certs/kafka-1.pem\n"
	for _, test := range []struct {
		name  string
		edits []string
		found bool
	}{
		{name: "a secret", edits: []string{location, "KAFKA_SSL_KEYSTORE_LOCATION: /run/secrets/node\n    secrets: [node]\n", "secrets:\n  order", "secrets:\n  node: {file: ./certs/kafka-1.pem}\n  order"}, found: true},
		{name: "a secret of another name", edits: []string{location, "KAFKA_SSL_KEYSTORE_LOCATION: /run/secrets/key.pem\n    secrets: [{source: node, target: key.pem}]\n", "secrets:\n  order", "secrets:\n  node: {file: ./certs/kafka-1.pem}\n  order"}, found: true},
		{name: "a config", edits: []string{location, "KAFKA_SSL_KEYSTORE_LOCATION: /node.pem\n    configs: [{source: node, target: /node.pem}]\n", "secrets:\n  order", "configs:\n  node: {file: ./certs/kafka-1.pem}\nsecrets:\n  order"}, found: true},
		{name: "one file", edits: []string{mount, `["./certs/kafka-1.pem:/certs/kafka-1.pem"]`}, found: true},
		{name: "a volume inside of a directory", edits: []string{mount, `["./certs:/", "certs:/certs"]`}},
		{name: "a volume", edits: []string{mount, `["certs:/certs"]`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := map[string][]byte{"certs/kafka-1.pem": stores["certs/kafka-1.pem"]}
			got := diagnoseIn(t, secureStack, files, []string{"certificate"}, test.edits...)
			if found := len(got) > 0; found != test.found {
				t.Errorf("found %v", got)
			}
		})
	}
}

// selfSigned returns a PEM store with a certificate of that common name, and hosts as names.
func selfSigned(t *testing.T, name string, from time.Time, hosts ...string) []byte {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: from.Add(year), DNSNames: hosts}
	certificate, err := x509.CreateCertificate(rand.Reader, form, form, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})...)
}
