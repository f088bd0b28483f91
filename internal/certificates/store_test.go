package certificates

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// stores asks for stores of both types, too.
func stores() Request {
	r := request()
	r.PKCS12, r.JKS, r.Password = true, true, "correct-horse"
	return r
}

// A store is kept while it opens with the password and holds what it should, and nothing more.
func TestStoresAreJudged(t *testing.T) {
	t.Parallel()
	found := made(t, stores(), nil, instant())
	for _, test := range []struct {
		name   string
		change func(r *Request, found map[string]Found)
		want   []string
	}{
		{name: "nothing"},
		{"another password", func(r *Request, _ map[string]Found) { r.Password = "battery-staple" }, []string{
			"admin.jks", "admin.p12", "kafka-1.jks", "kafka-1.p12", "truststore.jks", "truststore.p12",
		}},
		{"another's store", func(_ *Request, found map[string]Found) {
			found["admin.p12"], found["admin.jks"] = found["kafka-1.p12"], found["kafka-1.jks"]
		}, []string{"admin.jks", "admin.p12"}},
		{"another type", func(_ *Request, found map[string]Found) { found["admin.p12"] = found["admin.jks"] }, []string{"admin.p12"}},
		{"cut short", func(_ *Request, found map[string]Found) {
			content := found["truststore.jks"].Content
			found["truststore.jks"] = Found{content[:len(content)-1], true}
		}, []string{"truststore.jks"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, files := stores(), made(t, stores(), found, instant())
			if test.change != nil {
				test.change(&r, files)
			}
			var got []string
			for name, state := range states(t, r, files, instant()) {
				if strings.HasPrefix(state, "renewed: another password, or not the certificate of ") {
					got = append(got, name)
				} else if state != "kept" {
					t.Errorf("%s: %s", name, state)
				}
			}
			if diff := cmp.Diff(test.want, slices.Sorted(slices.Values(got))); diff != "" {
				t.Error("-want +got:\n" + diff)
			}
		})
	}
}

// written writes a plan's files into a directory.
func written(t *testing.T, r Request) string {
	t.Helper()
	dir := t.TempDir()
	for name, file := range made(t, r, nil, time.Now()) {
		if err := os.WriteFile(filepath.Join(dir, name), file.Content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// run returns what a program says in dir; its failure is the test's.
func run(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// OpenSSL takes each certificate for what it is to be used for, and each key and store as they are.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.OpenSSL)
	dir := written(t, stores())
	for _, args := range [][]string{
		{"-purpose", "sslserver", "-verify_hostname", "localhost", "kafka-1.crt"},
		{"-purpose", "sslserver", "-verify_ip", "127.0.0.1", "kafka-1.pem"},
		{"-purpose", "sslclient", "kafka-1.crt"},
		{"-purpose", "sslclient", "admin.crt"},
	} {
		run(t, dir, "openssl", append([]string{"verify", "-x509_strict", "-CAfile", "ca.crt"}, args...)...)
	}
	run(t, dir, "openssl", "pkey", "-in", "admin.key", "-noout", "-check")
	out := run(t, dir, "openssl", "pkcs12", "-in", "admin.p12", "-passin", "pass:correct-horse", "-nodes", "-info")
	if !strings.Contains(out, "CN = admin") && !strings.Contains(out, "CN=admin") {
		t.Errorf("openssl pkcs12: %s", out)
	}
}

// Java reads the stores: a key with its certificate, and a CA that is trusted, which a PKCS12 of
// openssl would not be.
func TestKeytool(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.Brokers) // keytool comes with java
	dir := written(t, stores())
	keytool := "keytool"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		keytool = filepath.Join(home, "bin", "keytool")
	}
	for store, kind := range map[string]string{
		"kafka-1.p12": "PrivateKeyEntry", "admin.jks": "PrivateKeyEntry",
		"truststore.p12": "trustedCertEntry", "truststore.jks": "trustedCertEntry",
	} {
		out := run(t, dir, keytool, "-J-Duser.language=en", "-list", "-keystore", store, "-storepass", "correct-horse")
		if !regexp.MustCompile(`contains 1 entry`).MatchString(out) || !strings.Contains(out, kind) {
			t.Errorf("keytool -list %s, want one %s:\n%s", store, kind, out)
		}
	}
}
