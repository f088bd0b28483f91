package kafka

import (
	"crypto/tls"
	"testing"
)

// A handshake failure is about the client certificate once the server has asked for one, and is taken to be where that
// is not known.
func TestNoteRequest(t *testing.T) {
	t.Parallel()
	config := new(tls.Config)
	asked := noteRequest(config)
	if *asked {
		t.Error("asked before the server did")
	}
	none, err := config.GetClientCertificate(new(tls.CertificateRequestInfo))
	if !*asked || err != nil || len(none.Certificate) > 0 {
		t.Errorf("asked %t, certificate %v, %v", *asked, none, err)
	}
	if config = (&tls.Config{Certificates: make([]tls.Certificate, 1)}); !*noteRequest(config) || config.GetClientCertificate != nil {
		t.Error("a choice of certificates is Go's to make")
	}
}
