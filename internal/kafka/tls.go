package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"time"

	"kafkactl/internal/keystore"
	"kafkactl/internal/properties"
)

// tlsConfig returns the configuration of connections to brokers, or to a server of tokens. TLS 1.2 is
// the least there is.
func (f settingFiles) tlsConfig(t properties.TLS) (*tls.Config, error) {
	trusted, err := f.trusted(t.Truststore)
	if err != nil {
		return nil, err
	}
	return f.tlsTrusting(t, trusted)
}

// tlsTrusting is tlsConfig with the authorities that were read, nil for those of the system.
func (f settingFiles) tlsTrusting(t properties.TLS, trusted []*x509.Certificate) (*tls.Config, error) {
	roots := poolOf(trusted)
	config := &tls.Config{
		MinVersion: max(t.MinVersion, tls.VersionTLS12), MaxVersion: t.MaxVersion,
		RootCAs: roots, CipherSuites: t.CipherSuites, CurvePreferences: t.Curves,
	}
	if t.Keystore.IsSet() {
		identities, err := f.identities(t.Keystore, t.KeyPassword)
		if err != nil {
			return nil, err
		}
		config.GetClientCertificate = func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return fitting(identities, asked), nil
		}
	}
	switch {
	case t.SkipVerification:
		config.InsecureSkipVerify = true //nolint:gosec // it was asked for, and warned of
	case t.SkipNameVerification:
		config.InsecureSkipVerify = true //nolint:gosec // the chain is verified below
		config.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state, roots) }
	}
	return config, nil
}

// fitting returns the first certificate whose key and authority the broker accepts, as Java chooses. Where none
// is, it is the first of all: Go, with tls.Config.Certificates, and Java would send none, in silence, and the broker's
// refusal of this one says more.
func fitting(identities []tls.Certificate, asked *tls.CertificateRequestInfo) *tls.Certificate {
	for i := range identities {
		if asked.SupportsCertificate(&identities[i]) == nil {
			return &identities[i]
		}
	}
	return &identities[0]
}

// verifyChain verifies that the chain of a server ends in one of the roots, and no name.
func verifyChain(state tls.ConnectionState, roots *x509.CertPool) error {
	others := x509.NewCertPool()
	for _, certificate := range state.PeerCertificates[1:] {
		others.AddCert(certificate)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: others})
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return nil
}

// trusted returns the authorities of a truststore, nil for those of the system.
func (f settingFiles) trusted(store properties.Store) ([]*x509.Certificate, error) {
	if store.SystemRoots || !store.IsSet() {
		return nil, nil
	}
	if store.PEM.IsSet() {
		return f.trustedIn("", []byte(store.PEM.Reveal()), store.Password)
	}
	locations, err := f.storeFiles(store.Location)
	if err != nil {
		return nil, err
	}
	all := []*x509.Certificate{}
	for _, location := range locations {
		data, err := f.read(location)
		if err != nil {
			return nil, err
		}
		some, err := f.trustedIn(location, data, store.Password)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (f settingFiles) trustedIn(location string, data []byte, password properties.Secret) ([]*x509.Certificate, error) {
	trusted, err := keystore.Trust(data, password.Reveal())
	if err != nil {
		return nil, f.fault(location, "ssl.truststore.certificates", err)
	}
	return trusted, nil
}

// poolOf returns authorities as crypto/tls wants them, nil for those of the system.
func poolOf(trusted []*x509.Certificate) *x509.CertPool {
	if trusted == nil {
		return nil
	}
	pool := x509.NewCertPool()
	for _, certificate := range trusted {
		pool.AddCert(certificate)
	}
	return pool
}

// storeFiles returns the files of a truststore, which may be a directory of them.
func (f settingFiles) storeFiles(location string) ([]string, error) {
	info, err := os.Stat(location)
	if err != nil {
		return nil, f.unreadable(location, err)
	}
	if !info.IsDir() {
		return []string{location}, nil
	}
	entries, err := os.ReadDir(location)
	if err != nil {
		return nil, f.unreadable(location, err)
	}
	var files []string
	for _, entry := range entries {
		path := filepath.Join(location, entry.Name())
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			files = append(files, path)
			f.places[path] = f.places[location]
		}
	}
	if len(files) == 0 {
		return nil, f.fault(location, "", errors.New("it is a directory without files"))
	}
	return files, nil
}

// identities returns the client's certificates with their keys, at least one.
func (f settingFiles) identities(store properties.Store, keyPassword properties.Secret) ([]tls.Certificate, error) {
	chain, key := []byte(store.PEM.Reveal()), []byte(store.KeyPEM.Reveal())
	var err error
	if store.Location != "" {
		if chain, err = f.read(store.Location); err != nil {
			return nil, err
		}
	}
	if store.KeyLocation != "" {
		if key, err = f.read(store.KeyLocation); err != nil {
			return nil, err
		}
	}
	found := make([]tls.Certificate, 1)
	if len(key) > 0 {
		found[0], err = keystore.IdentityPEM(chain, key, keyPassword.Reveal())
	} else {
		found, err = keystore.Identities(chain, store.Password.Reveal(), keyPassword.Reveal())
	}
	if err != nil {
		return nil, f.fault(store.Location, "ssl.keystore.certificate.chain", err)
	}
	return found, nil
}

// dialer returns what opens the connections of a command's client: TCP within timeout, and TLS on top of it.
func (s Security) dialer(timeout time.Duration) func(ctx context.Context, network, addr string) (net.Conn, error) {
	tcp := &net.Dialer{Timeout: timeout}
	if s.tls == nil {
		return tcp.DialContext
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := tcp.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, max(timeout, AnswerTimeout)) // a frozen broker accepts, and says nothing
		defer cancel()
		secured, err := Encrypt(ctx, conn, addr, s.tls)
		if err != nil {
			_ = conn.Close()
			return nil, err
		}
		return secured, nil
	}
}

// Encrypt puts TLS on a connection to addr. The certificate must have the name of the host that was
// dialled, unless config names another. An error leaves conn open.
func Encrypt(ctx context.Context, conn net.Conn, addr string, config *tls.Config) (net.Conn, error) {
	config = config.Clone()
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(addr)
	}
	asked := noteRequest(config)
	secured := tls.Client(conn, config)
	err := secured.HandshakeContext(ctx)
	switch {
	case err == nil:
		return secured, nil
	case alertOf(err) == "handshake failure" && !*asked:
		return nil, &NothingInCommonError{err}
	}
	return nil, err
}

// noteRequest makes config note whether the server asks for a client certificate. Where config has some to choose
// from, that is not known, and taken to be so.
func noteRequest(config *tls.Config) (asked *bool) {
	asked = new(bool)
	identity := config.GetClientCertificate
	if identity == nil && len(config.Certificates) > 0 {
		*asked = true
		return asked
	}
	config.GetClientCertificate = func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		*asked = true
		if identity == nil {
			return new(tls.Certificate), nil // none
		}
		return identity(request)
	}
	return asked
}
