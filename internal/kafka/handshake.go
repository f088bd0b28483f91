package kafka

import (
	"crypto/tls"
	"sync"
)

// Handshake is what the last TLS handshake with a broker came to.
type Handshake struct {
	tls.ConnectionState
	// Certificate is the client's own, nil where it has none or the broker asked for none.
	Certificate *tls.Certificate
}

// handshakes keeps the last handshake of all connections with one [tls.Config].
type handshakes struct {
	mu    sync.Mutex
	last  *Handshake
	given *tls.Certificate
}

// observe makes config tell of its handshakes. All its connections go to listeners of one kind: each of them asks
// for a certificate, or none does.
func observe(config *tls.Config) *handshakes {
	seen := &handshakes{}
	if give := config.GetClientCertificate; give != nil {
		config.GetClientCertificate = func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			certificate, err := give(asked)
			seen.mu.Lock()
			defer seen.mu.Unlock()
			seen.given = certificate
			return certificate, err
		}
	}
	verify := config.VerifyConnection
	config.VerifyConnection = func(state tls.ConnectionState) error {
		if verify != nil {
			if err := verify(state); err != nil {
				return err
			}
		}
		seen.mu.Lock()
		defer seen.mu.Unlock()
		seen.last = &Handshake{ConnectionState: state}
		return nil
	}
	return seen
}

// Handshake returns what the last TLS handshake came to; false before the first, and without TLS.
func (s Security) Handshake() (Handshake, bool) {
	if s.seen == nil {
		return Handshake{}, false
	}
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	if s.seen.last == nil {
		return Handshake{}, false
	}
	last := *s.seen.last
	last.Certificate = s.seen.given
	return last, true
}
