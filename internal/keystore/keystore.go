package keystore

import (
	"crypto/tls"
	"crypto/x509"
)

// Trust returns the certificates that Java would trust with a truststore of this content, at least
// one. Of a PEM file these are all its certificates. Of JKS and PKCS12 they are the trusted entries, and
// the first certificate of each private key; a certificate in a PKCS12 file that is not marked as trusted
// is none, as OpenSSL writes it.
//
// A JKS file is read without a password, too, and then its digest is not verified, as in Java. With
// a password, PEM is refused, as Kafka refuses it. Every error is an [*Error].
func Trust(data []byte, password string) ([]*x509.Certificate, error) {
	s, err := read(data, password)
	if err != nil {
		return nil, err
	}
	found := s.trusted
	for _, k := range s.keys {
		if k.leaf != nil {
			found = append(found, k.leaf)
		}
	}
	if len(found) == 0 {
		return nil, s.nothingTrusted()
	}
	return found, nil
}

// Identities returns the private keys of a key store with their certificates, at least one. tls.Config.Certificates
// takes them all: a client sends the first that the broker accepts. Each has its leaf parsed, and its chain is in
// the order of TLS, whatever the order in the store.
//
// keyPassword is that of the keys; where it is empty, it is the store's, as in Kafka. PEM has
// exactly one key, and no store password. Every error is an [*Error].
func Identities(data []byte, storePassword, keyPassword string) ([]tls.Certificate, error) {
	s, err := read(data, storePassword)
	if err != nil {
		return nil, err
	}
	if s.format == formatPEM {
		one, err := s.pem.identity(keyPassword)
		if err != nil {
			return nil, err
		}
		return []tls.Certificate{one}, nil
	}
	if len(s.keys) == 0 {
		return nil, s.noKey()
	}
	var found []tls.Certificate
	for _, k := range s.keys {
		one, err := k.open(&s, storePassword, keyPassword)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

// IdentityPEM returns the private key of one PEM file or text with the certificates of another, as
// ssl.keystore.key and ssl.keystore.certificate.chain have them. Every error is an [*Error].
func IdentityPEM(chain, key []byte, keyPassword string) (tls.Certificate, error) {
	certificates, err := readPEMText(chain)
	if err != nil {
		return tls.Certificate{}, within("the certificates", err)
	}
	if len(certificates.certificates) == 0 {
		return tls.Certificate{}, within("the certificates", certificates.noCertificates())
	}
	keys, err := readPEMText(key)
	if err != nil {
		return tls.Certificate{}, within("the key", err)
	}
	keys.certificates = certificates.certificates
	return keys.identity(keyPassword)
}

// within says which of two texts an error is about.
func within(what string, err *Error) *Error {
	return refuse(err.Reason, err.Hint, "%s: %s", what, err.Message)
}

// store is what a file of any format has in it.
type store struct {
	format  format
	pem     pemFile
	trusted []*x509.Certificate // those marked as trusted
	others  []*x509.Certificate // the rest of PKCS12: chains, and what is not marked
	keys    []storedKey
	proven  bool // the store password was right, not only not needed
	budget  budget
}

// storedKey is a private key entry, still protected by its password.
type storedKey struct {
	alias string
	leaf  *x509.Certificate   // nil where the store does not say which it is
	chain []*x509.Certificate // candidates for its chain, in any order
	// protected is the key in the form of the store's format: an EncryptedPrivateKeyInfo, or in PKCS12
	// also a PrivateKeyInfo that nothing protects.
	protected []byte
	plain     bool
}

// open returns the key with its chain. The key's password is the store's where none is given.
func (k storedKey) open(s *store, storePassword, keyPassword string) (tls.Certificate, error) {
	password := keyPassword
	if password == "" {
		password = storePassword
	}
	der := k.protected
	if !k.plain {
		var err *Error
		if der, err = s.unprotect(k, password); err != nil {
			return tls.Certificate{}, k.passwordError(s, err, storePassword, keyPassword != "")
		}
	}
	key, err := parseKey(der)
	if err != nil {
		return tls.Certificate{}, err
	}
	return identity(key, k.chain)
}

func (s *store) unprotect(k storedKey, password string) ([]byte, *Error) {
	if s.format == formatJKS {
		return openJKSKey(k.protected, password)
	}
	return s.budget.openKey(k.protected, password)
}

// passwordError says which password was tried.
func (k storedKey) passwordError(s *store, err *Error, storePassword string, own bool) *Error {
	switch {
	case err.Reason != WrongKeyPassword:
		return err
	case own && s.format == formatPKCS12:
		return refuse(WrongKeyPassword, "leave the key password out: keytool and openssl give the keys of a PKCS12 file the password of the store",
			"the key password is not that of the private key %q", k.alias)
	case own:
		return refuse(WrongKeyPassword, "try it with: keytool -list -keystore FILE, then keytool -certreq -alias "+shellWord(k.alias)+" -keystore FILE",
			"the key password is not that of the private key %q", k.alias)
	case s.format == formatPKCS12 && storePassword == "":
		return passwordNeeded()
	case s.format == formatPKCS12 && !s.proven:
		return wrongPassword()
	}
	return refuse(KeyPasswordNeeded, "give the key password (ssl.key.password) too", "the private key %q has another password than the store", k.alias)
}

// read reads a store of any format, by its content.
func read(data []byte, password string) (store, error) {
	var s store
	var err *Error
	switch s.format = identify(data); s.format {
	case formatPEM:
		if password != "" {
			return s, refuse(UnwantedPassword, "take the store password out; that of an encrypted key is ssl.key.password",
				"it is a PEM file, and Kafka refuses a store password with PEM")
		}
		s.pem, err = readPEMText(data)
		s.trusted = s.pem.certificates
	case formatJKS:
		err = s.readJKS(data, password)
	case formatPKCS12:
		err = s.readPKCS12(data, password)
	default:
		err = s.format.refusal(data)
	}
	if err != nil {
		return s, err
	}
	return s, nil
}

// nothingTrusted is why a truststore is refused that could be read.
func (s *store) nothingTrusted() *Error {
	switch {
	case s.format == formatPEM:
		return s.pem.noCertificates()
	case len(s.others) > 0:
		return refuse(NoCertificates,
			"take the certificates out, openssl pkcs12 -in FILE -nokeys -out ca.pem, and use ca.pem (ssl.truststore.type=PEM), "+
				"or mark them: keytool -importcert -noprompt -alias ca -file ca.pem -keystore NEW.p12 -storetype PKCS12",
			"none of its certificates (%s) is marked as trusted: Java trusts nothing with it", names(s.others))
	}
	return refuse(NoCertificates, "add the authority: keytool -importcert -noprompt -alias ca -file ca.pem -keystore FILE",
		"it is a %s store without a certificate", s.format)
}

// noKey is why a key store is refused that could be read.
func (s *store) noKey() *Error {
	return refuse(NoKey, "a key store has a private key and its certificates: openssl pkcs12 -export -inkey key.pem -in chain.pem -out NEW.p12; "+
		"a store of certificates alone is a truststore", "it is a %s store without a private key (%d certificates)", s.format, len(s.trusted)+len(s.others))
}
