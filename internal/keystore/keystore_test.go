package keystore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// trustCase is a store as a truststore: the names that it trusts, or the reason why it is refused.
type trustCase struct {
	file, password string
	want           string
}

func trustCases() []trustCase {
	const s, wrong = storePassword, "wrong-canary-3"
	return []trustCase{
		{"root.crt", "", "root"},
		{"two.pem", "", "root issuer"},
		{"joined.pem", "", "root issuer"}, // one file behind the other, without a newline between them
		{"pkcs8.pem", "", "client issuer root"},
		{"two.pem", s, "unwanted password"},
		{"client.key", "", "no certificates"},
		{"pkcs7.pem", "", "no certificates"},
		{"root.der", "", "not a store"},
		{"key.der", "", "not a store"},
		{"pkcs7.der", s, "not a store"},

		{"trust.p12", s, "issuer root"},
		{"trust-legacy.p12", s, "issuer root"},
		{"trust-none.p12", s, "issuer root"},
		{"trust-none.p12", "", "issuer root"},
		{"trust-none.p12", wrong, "issuer root"},
		{"trust.p12", wrong, "wrong password"},
		{"trust-legacy.p12", wrong, "wrong password"},
		{"trust.p12", "", "password needed"},
		{"nokeys.p12", s, "no certificates"}, // Java: 0 anchors
		{"combined.p12", s, "unsupported"},   // Java trusts the certificate of the key and the marked root; the library hides the marks
		{"openssl.p12", s, "unsupported"},    // Java: the certificate of the key

		{"trust.jks", s, "issuer root"},
		{"trust.jks", "", "issuer root"},
		{"trust.jks", wrong, "wrong password"},
		{"trust.jks", otherPassword, "unsupported"}, // the library makes chars of bytes
		{"latin.jks", latinPassword, "root"},
		{"combined.jks", s, "client root"},
		{"trust.jceks", s, "unsupported"},
	}
}

func (c trustCase) check(t *testing.T, dir string) {
	t.Helper()
	found, err := Trust(readStore(t, dir, c.file), c.password)
	got := reasonOf(t, err)
	if err == nil {
		got = strings.Join(sortedNames(found, strings.HasSuffix(c.file, ".pem")), " ")
	}
	if got != c.want {
		t.Errorf("Trust(%s, %q) = %s, want %s: %v", c.file, c.password, got, c.want, err)
	}
}

func TestTrust(t *testing.T) {
	t.Parallel()
	for _, c := range trustCases() {
		t.Run(c.file+" "+c.want, func(t *testing.T) {
			t.Parallel()
			c.check(t, "testdata")
		})
	}
}

// identityCase is a store as a key store: the chains that it has, or the reason why it is refused.
type identityCase struct {
	file, password, keyPassword string
	want                        string
}

func identityCases() []identityCase {
	const s, k, wrong = storePassword, keyPassword, "wrong-canary-3"
	const chain, rsa = "client issuer root", "rsa issuer root"
	return []identityCase{
		{"pkcs8.pem", "", "", chain},
		{"pkcs8.pem", "", k, chain}, // the key has none: Kafka takes it, too
		{"pkcs8.pem", s, "", "unwanted password"},
		{"shuffled.pem", "", "", chain},
		{"sec1.pem", "", "", chain},
		{"pkcs1.pem", "", "", rsa},
		{"encrypted.pem", "", k, chain},
		{"encrypted-des3.pem", "", k, "unsupported"}, // triple DES with SHA-512
		{"encrypted-v1.pem", "", k, "unsupported"},   // PBES1
		{"encrypted.pem", "", wrong, "wrong key password"},
		{"encrypted.pem", "", "", "key password needed"},
		{"scrypt.pem", "", k, chain}, // Java does not read it
		{"scrypt.pem", "", wrong, "wrong key password"},
		{"dek.pem", "", k, chain},
		{"dek-rsa.pem", "", k, rsa},
		{"dek.pem", "", wrong, "wrong key password"},
		{"dek.pem", "", "", "key password needed"},
		{"mismatch.pem", "", "", "key and certificates do not match"},
		{"two-keys.pem", "", "", "many keys"},
		{"root.crt", "", "", "no key"},
		{"client.key", "", "", "no certificates"},

		{"openssl.p12", s, "", chain},
		{"openssl.p12", s, s, chain},
		{"openssl.p12", s, k, "wrong key password"},
		{"openssl.p12", wrong, "", "wrong password"},
		{"openssl.p12", "", "", "password needed"},
		{"openssl-legacy.p12", s, "", chain},
		{"openssl-rc2.p12", s, "", chain},
		{"openssl-empty.p12", "", "", chain},
		{"openssl-empty.p12", wrong, "", "wrong password"},
		{"openssl-nomac.p12", s, "", "unsupported"}, // Java reads it; the library takes no password without a MAC
		{"openssl-nomac.p12", "", "", "unsupported"},
		{"openssl-nomac-sealed.p12", s, "", "unsupported"},
		{"openssl-nomac-sealed.p12", "", "", "unsupported"},
		{"openssl-plain.p12", "", "", chain},
		{"openssl-plain.p12", wrong, "", chain}, // nothing is protected: any password will do, as in Java
		{"openssl-unicode.p12", otherPassword, "", chain},
		{"openssl-unicode-legacy.p12", otherPassword, "", chain},
		{"keytool.p12", s, "", chain},
		{"keytool-legacy.p12", s, "", chain},
		{"combined.p12", s, "", chain},
		{"rsa.p12", s, "", rsa},
		{"two-keys.p12", s, "", chain + ", " + rsa},
		{"two-keys.p12", s, k, "wrong key password"},
		{"two-keys.p12", wrong, "", "wrong password"},
		{"two-issuers.p12", s, "", chain + ", partner"},
		{"trust.p12", s, "", "no key"},

		{"keytool.jks", s, "", chain},
		{"combined.jks", s, "", chain},
		{"rsa.jks", s, "", rsa},
		{"two-keys.jks", s, "", chain + ", " + rsa},
		{"two-issuers.jks", s, "", chain + ", partner"},
		{"keypass.jks", s, k, chain},
		{"keypass.jks", "", k, chain},
		{"keypass.jks", s, "", "key password needed"},
		{"keypass.jks", s, wrong, "wrong key password"},
		{"keytool.jks", wrong, "", "wrong password"},
		{"trust.jks", s, "", "no key"},
	}
}

// check compares the keys themselves, too: every form of an identity must give the same.
func (c identityCase) check(t *testing.T, dir string) {
	t.Helper()
	found, err := Identities(readStore(t, dir, c.file), c.password, c.keyPassword)
	if err != nil {
		if got := reasonOf(t, err); got != c.want {
			t.Errorf("Identities(%s, %q, %q) = %s, want %s: %v", c.file, c.password, c.keyPassword, got, c.want, err)
		}
		return
	}
	var chains []string
	for _, one := range found {
		var certificates []*x509.Certificate
		for _, der := range one.Certificate {
			c, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			certificates = append(certificates, c)
		}
		chains = append(chains, strings.Join(sortedNames(certificates, true), " "))
		name := one.Leaf.Subject.CommonName
		want, err := x509.ParsePKCS8PrivateKey(firstBlock(t, readStore(t, dir, name+".key")))
		if err != nil {
			t.Fatal(err)
		}
		if !want.(interface{ Equal(crypto.PrivateKey) bool }).Equal(one.PrivateKey) {
			t.Errorf("%s: another key than %s.key", c.file, name)
		}
		if !bytes.Equal(one.Leaf.Raw, one.Certificate[0]) || !bytes.Equal(one.Leaf.Raw, firstBlock(t, readStore(t, dir, name+".crt"))) {
			t.Errorf("%s: another certificate than %s.crt", c.file, name)
		}
	}
	if got := strings.Join(sortedText(chains), ", "); got != c.want {
		t.Errorf("Identities(%s, %q, %q) = %s, want %s", c.file, c.password, c.keyPassword, got, c.want)
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	for _, c := range identityCases() {
		t.Run(c.file+" "+c.want, func(t *testing.T) {
			t.Parallel()
			c.check(t, "testdata")
		})
	}
}

func TestIdentityPEM(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ chain, key, password, want string }{
		{"chain.pem", "client.key", "", "client"},
		{"pkcs8.pem", "encrypted.pem", keyPassword, "client"}, // what else is in the files is not looked at
		{"chain.pem", "rsa.key", "", string(Mismatch)},
		{"chain.pem", "chain.pem", "", string(NoKey)},
		{"client.key", "client.key", "", string(NoCertificates)},
		{"root.der", "client.key", "", string(NotStore)},
		{"chain.pem", "key.der", "", string(NotStore)},
		{"chain.pem", "openssl.p12", "", string(NotStore)},
	} {
		one, err := IdentityPEM(readStore(t, "testdata", c.chain), readStore(t, "testdata", c.key), c.password)
		got := reasonOf(t, err)
		if err == nil {
			got = one.Leaf.Subject.CommonName
		}
		if got != c.want {
			t.Errorf("IdentityPEM(%s, %s) = %s, want %s: %v", c.chain, c.key, got, c.want, err)
		}
	}
}

func readStore(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// reasonOf also holds every error to what all have to keep.
func reasonOf(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var refused *Error
	if !errors.As(err, &refused) {
		t.Fatalf("%T %v is not an Error", err, err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", err, *refused, *refused), refused.Hint} {
		if strings.Contains(text, "canary") || strings.Contains(text, "pässw") {
			t.Fatalf("a password is in %s", text)
		}
	}
	if refused.Reason == "" || refused.Message == "" {
		t.Fatalf("%#v says nothing", *refused)
	}
	return string(refused.Reason)
}

func sortedNames(certificates []*x509.Certificate, keep bool) []string {
	var found []string
	for _, c := range certificates {
		found = append(found, c.Subject.CommonName)
	}
	if keep {
		return found
	}
	return sortedText(found)
}

func firstBlock(t testing.TB, data []byte) []byte {
	t.Helper()
	block, _ := pem.Decode(data)
	if block == nil {
		t.Fatalf("no PEM in %.60q", data)
	}
	return block.Bytes
}

func sortedText(texts []string) []string { return slices.Sorted(slices.Values(texts)) }
