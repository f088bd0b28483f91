package certificates

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pavlo-v-chernykh/keystore-go/v4"
	"software.sslmate.com/src/go-pkcs12"
)

// trustStore is the name of the files with the CA for Java.
const trustStore = "truststore"

// shortestPassword is what keytool demands.
const shortestPassword = 6

// NewPassword returns a password of 192 bits.
func NewPassword() (string, error) {
	bits := make([]byte, 24)
	if _, err := rand.Read(bits); err != nil {
		return "", fmt.Errorf("make a password: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(bits), nil
}

// CheckPassword returns what is wrong with a password for stores, which Java reads as characters and
// others as bytes. The error has nothing of it but its length.
func CheckPassword(password string) error {
	for _, c := range []byte(password) {
		if c < ' ' || c > '~' {
			return errors.New("the password has characters other than printable ASCII: not every reader of a store takes them for the same")
		}
	}
	if len(password) < shortestPassword {
		return fmt.Errorf("the password has %d characters, Java wants %d at least", len(password), shortestPassword)
	}
	return nil
}

// storeType is a type of Java's stores.
type storeType struct {
	extension string
	// keys and trust write a keystore and a truststore.
	keys  func(p *pair, alias, password string, now time.Time) ([]byte, error)
	trust func(cas []*x509.Certificate, password string, now time.Time) ([]byte, error)
	// holdsKeys and holdsTrust report whether a store that is there opens with the password and holds
	// that and nothing else.
	holdsKeys  func(store []byte, p *pair, alias, password string) bool
	holdsTrust func(store []byte, cas []*x509.Certificate, password string) bool
}

// storeTypes lists the types that the request asks for.
func (r Request) storeTypes() []storeType {
	var types []storeType
	if r.PKCS12 {
		types = append(types, storeType{".p12", p12Keys, p12Trust, p12HoldsKeys, p12HoldsTrust})
	}
	if r.JKS {
		types = append(types, storeType{".jks", jksKeys, jksTrust, jksHoldsKeys, jksHoldsTrust})
	}
	return types
}

// PKCS12: AES-256 and HMAC-SHA-256, which Java reads since 8u301 and 11.0.12.
func p12Keys(p *pair, _, password string, _ time.Time) ([]byte, error) {
	return pkcs12.Modern2023.Encode(p.key, p.chain[0], p.chain[1:], password)
}

func p12Trust(cas []*x509.Certificate, password string, _ time.Time) ([]byte, error) {
	return pkcs12.Modern2023.EncodeTrustStore(cas, password)
}

func p12HoldsKeys(store []byte, p *pair, _, password string) bool {
	key, own, rest, err := pkcs12.DecodeChain(store, password)
	if err != nil {
		return false
	}
	signer, is := key.(crypto.Signer)
	return is && sameKey(signer.Public(), p.key.Public()) &&
		sameCertificates(append([]*x509.Certificate{own}, rest...), p.chain)
}

func p12HoldsTrust(store []byte, cas []*x509.Certificate, password string) bool {
	held, err := pkcs12.DecodeTrustStore(store, password)
	return err == nil && sameCertificates(held, cas)
}

func jksKeys(p *pair, alias, password string, now time.Time) ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return nil, fmt.Errorf("write the private key: %w", err)
	}
	entry := keystore.PrivateKeyEntry{CreationTime: now, PrivateKey: key}
	for _, certificate := range p.chain {
		entry.CertificateChain = append(entry.CertificateChain, keystore.Certificate{Type: "X509", Content: certificate.Raw})
	}
	store := keystore.New()
	if err := store.SetPrivateKeyEntry(alias, entry, []byte(password)); err != nil {
		return nil, err
	}
	return jksBytes(store, password)
}

func jksTrust(cas []*x509.Certificate, password string, now time.Time) ([]byte, error) {
	store := keystore.New(keystore.WithOrderedAliases())
	for i, ca := range cas {
		entry := keystore.TrustedCertificateEntry{CreationTime: now, Certificate: keystore.Certificate{Type: "X509", Content: ca.Raw}}
		if err := store.SetTrustedCertificateEntry(fmt.Sprintf("ca-%d", i+1), entry); err != nil {
			return nil, err
		}
	}
	return jksBytes(store, password)
}

func jksBytes(store keystore.KeyStore, password string) ([]byte, error) {
	var content bytes.Buffer
	if err := store.Store(&content, []byte(password)); err != nil {
		return nil, err
	}
	return content.Bytes(), nil
}

func jksHoldsKeys(content []byte, p *pair, alias, password string) bool {
	store := keystore.New()
	if store.Load(bytes.NewReader(content), []byte(password)) != nil || len(store.Aliases()) != 1 {
		return false
	}
	entry, err := store.GetPrivateKeyEntry(alias, []byte(password))
	if err != nil {
		return false
	}
	key, err := x509.MarshalPKCS8PrivateKey(p.key)
	return err == nil && bytes.Equal(entry.PrivateKey, key) && slices.EqualFunc(entry.CertificateChain, p.chain,
		func(held keystore.Certificate, want *x509.Certificate) bool {
			return bytes.Equal(held.Content, want.Raw)
		})
}

func jksHoldsTrust(content []byte, cas []*x509.Certificate, password string) bool {
	store := keystore.New(keystore.WithOrderedAliases())
	if store.Load(bytes.NewReader(content), []byte(password)) != nil || len(store.Aliases()) != len(cas) {
		return false
	}
	for i, ca := range cas {
		entry, err := store.GetTrustedCertificateEntry(fmt.Sprintf("ca-%d", i+1))
		if err != nil || !bytes.Equal(entry.Certificate.Content, ca.Raw) {
			return false
		}
	}
	return true
}

func sameCertificates(a, b []*x509.Certificate) bool {
	return slices.EqualFunc(a, b, (*x509.Certificate).Equal)
}
