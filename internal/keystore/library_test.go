package keystore

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"path/filepath"
	"strings"
	"testing"
)

// encryptedKey is EncryptedPrivateKeyInfo of RFC 5208; JKS protects its keys in the same form.
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// A damaged key on which a library panics is refused with an Error.
func TestPanicOfLibrary(t *testing.T) {
	t.Parallel()
	var info encryptedKey
	if _, err := asn1.Unmarshal(firstBlock(t, readStore(t, "testdata", "encrypted.pem")), &info); err != nil {
		t.Fatal(err)
	}
	info.Data = info.Data[1:] // not in whole blocks
	key := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: marshal(t, info)})
	_, err := IdentityPEM(readStore(t, "testdata", "chain.pem"), key, keyPassword)
	if got := reasonOf(t, err); got != string(Unsupported) {
		t.Errorf("PEM: %q, %v", got, err)
	}

	protection := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 42, 2, 17, 1, 1}}
	_, err = Identities(jksOf(marshal(t, encryptedKey{protection, []byte("short")})), "", keyPassword)
	if got := reasonOf(t, err); got != string(Damaged) {
		t.Errorf("JKS: %q, %v", got, err)
	}
}

// jksOf is a JKS store with this key, without certificates.
func jksOf(key []byte) []byte {
	var b bytes.Buffer
	b.WriteString("\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x01\x00\x01k")
	b.Write(make([]byte, 8)) // when it was made
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(key))))
	b.Write(key)
	b.Write(make([]byte, 4+20)) // no certificates, a wrong digest
	return b.Bytes()
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	large := bytes.Repeat([]byte("x"), maxSize+1)
	_, trust := Trust(large, "")
	_, identities := Identities(large, "", "")
	_, parts := IdentityPEM(large, nil, "")
	for _, err := range []error{trust, identities, parts} {
		if got := reasonOf(t, err); got != string(NotStore) || !strings.Contains(err.Error(), "16777217 bytes") {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// Whatever the text, PEM is read or refused with an Error. JKS, PKCS12 and encrypted keys are the
// libraries', which do as many rounds and reserve as much as a file asks for: it is the user's own.
func FuzzPEM(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(readStore(f, ".", file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if kind := identify(data); kind == formatJKS || kind == formatPKCS12 {
			return
		}
		if found, err := Trust(data, ""); err == nil && len(found) == 0 {
			t.Fatal("nothing trusted, and no error")
		} else if err != nil {
			reasonOf(t, err)
		}
		found, err := Identities(data, "", "")
		if err != nil {
			reasonOf(t, err)
		}
		for _, one := range found {
			if one.Leaf == nil || one.PrivateKey == nil || len(one.Certificate) == 0 {
				t.Fatalf("%+v is not whole", one)
			}
		}
		if _, err := IdentityPEM(data, data, ""); err != nil {
			reasonOf(t, err)
		}
	})
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	der, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
