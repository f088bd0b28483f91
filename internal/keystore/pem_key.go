package keystore

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/youmark/pkcs8"
)

// maxKeySize is above what the largest useful key takes: RSA of 16,384 bits has under 10 kB. A key is
// checked when it is read, and that must not take long.
const maxKeySize = 32 << 10

// key decrypts and reads a private key of PEM. A password where the key has none is not needed, and not a
// fault: Kafka does not look at it.
func (b pemBlock) key(password string) (crypto.Signer, *Error) {
	isLegacy := strings.Contains(b.headers["Proc-Type"], "ENCRYPTED")
	switch {
	case b.label == "OPENSSH PRIVATE KEY":
		return nil, refuse(Unsupported, "convert a copy: ssh-keygen -p -m PKCS8 -f COPY", "its private key is in the form of OpenSSH")
	case b.label == "DSA PRIVATE KEY":
		return nil, refuse(Unsupported, "make an RSA or EC key and a certificate for it", "its private key is a DSA key, which TLS 1.3 and Go do not know")
	case (isLegacy || b.label == "ENCRYPTED PRIVATE KEY") && password == "":
		return nil, refuse(KeyPasswordNeeded, "give the key password (ssl.key.password)", "its private key is encrypted, and no key password is given")
	case isLegacy:
		return b.legacyKey(password)
	case b.label == "ENCRYPTED PRIVATE KEY":
		return b.encryptedKey(password)
	}
	return parseKey(b.der)
}

// encryptedKey decrypts PKCS8 as OpenSSL has written it since 1.1: PBES2 with SHA-1, SHA-256 or scrypt.
func (b pemBlock) encryptedKey(password string) (crypto.Signer, *Error) {
	var key any
	err := guarded(func() (err error) {
		key, err = pkcs8.ParsePKCS8PrivateKey(b.der, []byte(password))
		return err
	})
	switch {
	case says(err, "incorrect password"):
		return nil, wrongKeyPassword()
	case err != nil:
		return nil, refuse(Unsupported, hintPKCS8, "its private key is encrypted in a way that kafkactl does not know, or damaged")
	}
	return signer(key)
}

// legacyKey decrypts what openssl wrote before PKCS8 (RFC 1421, DEK-Info).
func (b pemBlock) legacyKey(password string) (crypto.Signer, *Error) {
	block := &pem.Block{Type: b.label, Headers: b.headers, Bytes: b.der}
	//nolint:staticcheck // deprecated because it is weak, and such files are there
	der, err := x509.DecryptPEMBlock(block, []byte(password))
	if err != nil {
		if err == x509.IncorrectPasswordError { //nolint:errorlint // it is returned as it is
			return nil, wrongKeyPassword()
		}
		return nil, refuse(Unsupported, hintPKCS8, "its private key is encrypted in a way that kafkactl does not know, or damaged")
	}
	key, refusal := parseKey(der)
	if refusal != nil {
		return nil, wrongKeyPassword() // the padding proves little: one wrong password in 256 has it right
	}
	return key, nil
}

// parseKey reads DER: PKCS8, PKCS1 or SEC1, whatever the label said.
func parseKey(der []byte) (crypto.Signer, *Error) {
	if len(der) > maxKeySize {
		return nil, refuse(Unsupported, "", "its private key has %d bytes; the largest that kafkactl reads has %d", len(der), maxKeySize)
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return signer(key)
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	// What x509 says is not repeated: it could quote numbers of the key.
	return nil, refuse(Damaged, "look at it: openssl pkey -in FILE -noout -check; a key that openssl reads: openssl pkcs8 -topk8 -in FILE -out key.pem",
		"its private key is damaged, or neither an RSA, an EC nor an Ed25519 key")
}

// signer is a private key as TLS uses it.
func signer(key any) (crypto.Signer, *Error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, refuse(Unsupported, "make an RSA or EC key and a certificate for it", "its private key cannot sign")
}
