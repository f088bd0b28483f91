package keystore

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// trustPKCS12 returns the certificates of a store that has nothing else in it, each marked as trusted by Java's
// attribute. The library does not say which are marked in a store with a key.
func trustPKCS12(data []byte, password string) ([]*x509.Certificate, *Error) {
	var found []*x509.Certificate
	err := decodePKCS12(password, func(password string) (err error) {
		found, err = pkcs12.DecodeTrustStore(data, password)
		return err
	})
	switch {
	case says(err, "not marked as trusted"):
		return nil, refuse(NoCertificates,
			"take the certificates out, openssl pkcs12 -in FILE -nokeys -out ca.pem, and use ca.pem (ssl.truststore.type=PEM), "+
				"or mark them: keytool -importcert -noprompt -alias ca -file ca.pem -keystore NEW.p12 -storetype PKCS12",
			"it has certificates that are not marked as trusted: Java trusts nothing with them")
	case says(err, "in the authenticated safe"), says(err, "expected only certificate bags"):
		return nil, refuse(Unsupported,
			"take the certificates of authorities out, openssl pkcs12 -in FILE -nokeys -cacerts -out ca.pem, and use ca.pem (ssl.truststore.type=PEM)",
			"it is a PKCS12 store with more in it than trusted certificates, such as a private key: kafkactl cannot tell there which are trusted")
	case err != nil:
		return nil, pkcs12Error(err, password)
	case len(found) == 0:
		return nil, refuse(NoCertificates, "add the authority: keytool -importcert -noprompt -alias ca -file ca.pem -keystore FILE",
			"it is a PKCS12 store without a certificate")
	}
	return found, nil
}

// identitiesPKCS12 returns all private keys. The library opens them with the password of the store alone, which is
// also their password in all that OpenSSL and keytool write.
func identitiesPKCS12(data []byte, storePassword, keyPassword string) ([]tls.Certificate, *Error) {
	var keys []any
	var certificates []*x509.Certificate
	err := decodePKCS12(storePassword, func(password string) (err error) {
		keys, certificates, err = decodeKeys(data, password)
		return err
	})
	switch {
	case says(err, "private key missing"):
		return nil, noKey(formatPKCS12)
	case says(err, "certificate missing"):
		return nil, refuse(NoCertificates, hintKeyStore, "it is a PKCS12 store without a certificate")
	case err != nil:
		return nil, pkcs12Error(err, storePassword)
	case keyPassword != "" && keyPassword != storePassword:
		return nil, refuse(WrongKeyPassword, "leave the key password out: keytool and openssl give the keys of a PKCS12 file the password of the store",
			"the key password is not that of the private key, which has the password of the store")
	}
	var found []tls.Certificate
	for _, key := range keys {
		able, refusal := signer(key)
		if refusal != nil {
			return nil, refusal
		}
		one, refusal := identity(able, certificates)
		if refusal != nil {
			return nil, refusal
		}
		found = append(found, one)
	}
	return found, nil
}

// decodeKeys returns the keys of a store, and all its certificates. The library has no other way to several keys than the
// one that it gave up, because its PEM holds keys in other forms than it says: [parseKey] takes each for what it is.
func decodeKeys(data []byte, password string) (keys []any, certificates []*x509.Certificate, err error) {
	key, leaf, others, err := pkcs12.DecodeChain(data, password)
	if !says(err, "exactly one key bag") {
		return []any{key}, slices.Concat([]*x509.Certificate{leaf}, others), err
	}
	blocks, err := pkcs12.ToPEM(data, password) //nolint:staticcheck // see above
	if err != nil {
		return nil, nil, err
	}
	for _, block := range blocks {
		if block.Type == "CERTIFICATE" {
			certificate, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, err
			}
			certificates = append(certificates, certificate)
			continue
		}
		key, refusal := parseKey(block.Bytes)
		if refusal != nil {
			return nil, nil, refusal
		}
		keys = append(keys, key)
	}
	return keys, certificates, nil
}

// decodePKCS12 decodes with the password. A store that has neither a MAC nor anything encrypted takes every
// password, as in Java; the library takes only the empty one.
func decodePKCS12(password string, decode func(password string) error) error {
	err := guarded(func() error { return decode(password) })
	if !says(err, "no MAC") {
		return err
	}
	unprotected := guarded(func() error { return decode("") })
	if says(unprotected, "decrypt") || says(unprotected, "asn1") {
		return err // the password is needed for what is encrypted, and the library has no way to take it
	}
	return unprotected
}

// pkcs12Error is why a store could not be decoded.
func pkcs12Error(err error, password string) *Error {
	var missing pkcs12.NotImplementedError
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) && password == "":
		return refuse(PasswordNeeded, hintList, "it is a PKCS12 store with a password, and none is given")
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return wrongPassword()
	case says(err, "no MAC"), says(err, "decryption error") && password == "":
		return refuse(Unsupported, hintReexport, "it is a PKCS12 store with a password and without a MAC that proves it, which kafkactl does not read")
	case says(err, "decryption error"):
		return refuse(Unsupported, hintOnePassword, "it is a PKCS12 store with a private key that has another password than the store")
	case says(err, "UCS-2"):
		return refuse(Unsupported, hintOnePassword, "it is a PKCS12 store, for which kafkactl takes no password with characters beyond Unicode's first plane")
	case errors.As(err, &missing):
		return refuse(Unsupported, hintReexport, "it is a PKCS12 store that kafkactl does not read: %s", strings.TrimPrefix(missing.Error(), "pkcs12: "))
	}
	// What else the library says is not repeated: it could quote numbers of the key.
	return refuse(Damaged, hintReexport, "it is a PKCS12 store that is damaged, or not in DER")
}
