package keystore

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Kafka reads PEM out of one line of a properties file. CRLF, a byte order mark, text beside the
// blocks and blanks at the edges are in the field, too.
func TestPEMText(t *testing.T) {
	t.Parallel()
	two := string(readStore(t, "testdata", "two.pem"))
	const x = "-----BEGIN CERTIFICATE-----"
	for name, text := range map[string]string{
		"one line":        strings.ReplaceAll(two, "\n", " "),
		"lines joined":    strings.ReplaceAll(two, "\n", ""),
		"CRLF":            strings.ReplaceAll(two, "\n", "\r\n"),
		"byte order mark": "\ufeff" + two,
		"indented":        strings.ReplaceAll("\n"+two, "\n", "\n    "),
		"text":            "subject=CN = root\n" + two + "\nissuer: x\n",
	} {
		found, err := Trust([]byte(text), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff([]string{"root", "issuer"}, sortedNames(found, true)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	for text, want := range map[string]Reason{
		two[:len(two)-30]:                      Truncated,
		x:                                      Truncated,
		x[:20]:                                 Truncated,
		x + "\nAAAA\n" + two:                   Truncated,
		strings.Replace(two, "M", "-", 1):      Damaged,
		strings.Replace(two, "MII", "AAA", 1):  Damaged,
		x + "\n-----END CERTIFICATE-----":      Damaged,
		x + "AAAA-----END PRIVATE KEY-----":    Truncated,
		"-----BEGIN X-----AAAA-----END X-----": NoCertificates,
		strings.Replace(two, "-----BEGIN", "--", 2): NotStore,
	} {
		if _, err := Trust([]byte(text), ""); reasonOf(t, err) != string(want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// A file that was cut anywhere is refused as cut, whatever its format.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"keytool.jks", "trust.jks", "openssl.p12", "keytool.p12", "pkcs8.pem"} {
		data := readStore(t, "testdata", file)
		password := storePassword
		if strings.HasSuffix(file, ".pem") {
			password = ""
		}
		for n := 16; n < len(data)-2; n += 7 {
			_, err := Identities(data[:n], password, "")
			if got := reasonOf(t, err); got != string(Truncated) && file != "pkcs8.pem" {
				t.Fatalf("the first %d bytes of %s: %q, %v", n, file, got, err)
			}
		}
	}
}

// What is no store is named for what it is.
func TestIdentify(t *testing.T) {
	t.Parallel()
	utf16 := "\xff\xfe-\x00-\x00-\x00-\x00-\x00"
	root := readStore(t, "testdata", "root.crt")
	_, armour, _ := strings.Cut(string(root), "\n")
	armour, _, _ = strings.Cut(armour, "-----END")
	for text, want := range map[string]format{
		"": formatEmpty, " \n": formatEmpty,
		"<!DOCTYPE html>":                    formatHTML,
		"  <?xml version='1.0'?>":            formatHTML,
		`{"error":"not found"}`:              formatJSON,
		"ssh-ed25519 AAAA x":                 formatSSH,
		"404 page not found":                 formatText,
		"\x00\x01\x02":                       formatBinary,
		"\x1f\x8b\x08\x00":                   formatZip,
		utf16:                                formatUTF16,
		armour:                               formatBase64,
		"0\x80\x02\x01\x03":                  formatBER,
		"0\x03\x02\x01\x03":                  formatASN1,
		"0\x82\x01\x00\x02\x01":              formatShort,
		"\x00\x00\x00\x02\x00\x00\x00\x14ab": formatBKS,
		"\xce\xce\xce\xce\x00":               formatJCEKS,
		bouncyCastle(t):                      formatBCFKS,
	} {
		if got := identify([]byte(text)); got != want {
			t.Errorf("identify(%.40q) = %q, want %q", text, got, want)
		}
		_, err := Trust([]byte(text), "")
		var refused *Error
		if !errors.As(err, &refused) || refused.Hint == "" {
			t.Errorf("Trust(%.40q) = %v, without a hint", text, err)
		}
	}
}

// bouncyCastle is the outline of a BCFKS store: two parts, each with an algorithm.
func bouncyCastle(t *testing.T) string {
	t.Helper()
	pbes2 := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, Parameters: asn1.NullRawValue}
	part := encryptedKey{Algorithm: pbes2, Data: make([]byte, 200)}
	return string(marshal(t, struct{ Data, Integrity encryptedKey }{part, part}))
}
