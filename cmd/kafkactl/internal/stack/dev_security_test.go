package stack

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
	"kafkactl/internal/properties"
)

// prepared makes the files of --sasl --tls in a directory, for a user whose password is hard to quote.
func prepared(t *testing.T, dir string) *devSecured {
	t.Helper()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(canaryPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := devSecurity{tls: true, clientAuth: true, sasl: true, mechanism: properties.ScramSHA256, users: []string{"orders=" + password, "billing"}, dir: dir}
	d, end, err := s.prepare(t.Context(), &cli.App{}, "", "kafka.example.com")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	return d
}

const canaryPassword = `canary "quoted" \ back = # ! : end`

// Whatever holds a secret is for its owner alone, and nothing that is printed holds one.
func TestDevSecurityFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "security")
	d := prepared(t, dir)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		secret := strings.Contains(string(content), "PRIVATE KEY") || strings.Contains(string(content), "canary") || strings.HasSuffix(file.Name(), ".password")
		if open := info.Mode().Perm() != 0o600; secret && open {
			t.Errorf("%s is %s", file.Name(), info.Mode())
		}
	}
	if strings.Contains(d.text(), "canary") {
		t.Error(d.text())
	}
}

// A service reads the password that the user gave, whatever has to be escaped.
func TestDevSecurityProperties(t *testing.T) {
	t.Parallel()
	d := prepared(t, filepath.Join(t.TempDir(), `a dir\é`))
	for _, mechanism := range []string{properties.Plain, properties.ScramSHA256, properties.ScramSHA512} {
		d.mechanism = mechanism
		text := string(d.propertiesOf("orders", []string{"127.0.0.1:1", "127.0.0.1:2"}))
		client, err := properties.Parse(strings.NewReader(text), properties.Source{Strict: true})
		if err != nil || len(client.Warnings) > 0 {
			t.Fatal(err, client.Warnings)
		}
		if client.SASL.Mechanism != mechanism || client.SASL.Username != "orders" || client.SASL.Password.Reveal() != canaryPassword || len(client.Brokers) != 2 {
			t.Errorf("%s: %+v", mechanism, client)
		}
		if client.TLS.Keystore.Location != d.path("client.pem") || client.TLS.Truststore.Location != d.path("ca.crt") {
			t.Errorf("%s: %+v", mechanism, client.TLS)
		}
	}
}

// A certificate that ends soon is made anew at the next start, by the same CA: clients trust it still.
func TestDevSecurityRenews(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := certsOptions{app: &cli.App{}, dir: dir}
	_, err := o.make(t.Context(), certificates.Request{
		Nodes:    []certificates.Node{{Name: nodeName, Hosts: []string{"localhost", "127.0.0.1", "::1", "kafka.example.com"}}},
		Lifetime: 5 * day, Dir: dir, NoProperties: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	before, authority := certificateIn(t, dir, "kafka.crt"), certificateIn(t, dir, "ca.crt")
	prepared(t, dir)
	after := certificateIn(t, dir, "kafka.crt")
	if !certificateIn(t, dir, "ca.crt").Equal(authority) || after.NotAfter.Before(time.Now().Add(300*day)) || after.Equal(before) {
		t.Errorf("until %s before, %s after", before.NotAfter, after.NotAfter)
	}
	prepared(t, dir)
	if !certificateIn(t, dir, "kafka.crt").Equal(after) {
		t.Error("a valid one is made anew")
	}
}

func certificateIn(t *testing.T, dir, name string) *x509.Certificate {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatal("no PEM in " + name)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}
