package topics

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
)

// whoAmIDoc is the answer of whoami in JSON and YAML.
type whoAmIDoc struct {
	cli.Header
	Principal     string `json:"principal"`       // "": not known
	PrincipalSure bool   `json:"principalSure"`   // no setting of the brokers makes another of it
	Reason        string `json:"principalReason"` // where it is from, or why it is not known
	Doubt         string `json:"principalDoubt"`  // the setting that may make another of it

	Protocol  properties.Protocol `json:"protocol"`
	Mechanism string              `json:"mechanism"` // "" without SASL
	TLS       *tlsDoc             `json:"tls"`       // null without TLS

	ClusterID string `json:"clusterId"`
	BrokerID  int    `json:"brokerId"` // -1: not known
	Address   string `json:"address"`  // that was dialled
	Listener  string `json:"listener"` // "": not known

	Authorizer      *bool          `json:"authorizer"` // null: not known; false: everybody may do everything
	AuthorizerError string         `json:"authorizerError"`
	Operations      []string       `json:"clusterOperations"` // null: not known
	OperationsError string         `json:"clusterOperationsError"`
	Topics          []permittedDoc `json:"topics"`
	Groups          []permittedDoc `json:"groups"`
}

// permittedDoc is what may be done with one topic or group.
type permittedDoc struct {
	Name       string   `json:"name"`
	Operations []string `json:"operations"` // null: not known
	Error      string   `json:"error"`
}

// tlsDoc is the connection below SASL.
type tlsDoc struct {
	Version string          `json:"version"` // "TLS 1.3"
	Cipher  string          `json:"cipher"`
	Broker  certificateDoc  `json:"brokerCertificate"`
	Client  *certificateDoc `json:"clientCertificate"` // null: the broker asked for none, or there is none
}

type certificateDoc struct {
	Subject   string    `json:"subject"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
}

func (v whoAmIView) doc() whoAmIDoc {
	doc := whoAmIDoc{
		Header: cli.NewHeader("WhoAmI"), Principal: v.Principal.Name, PrincipalSure: v.sure(), Reason: v.Principal.Reason, Doubt: v.Principal.Doubt,
		Protocol: v.protocol(), Mechanism: v.security.Mechanism(), TLS: v.tlsDoc(),
		ClusterID: v.ClusterID, BrokerID: v.Broker.ID, Address: v.dialled, Listener: v.Listener,
		AuthorizerError: term.ErrorText(v.AuthorizerErr), Operations: v.Cluster, OperationsError: term.ErrorText(v.ClusterErr),
		Topics: permittedDocs(v.Topics), Groups: permittedDocs(v.groups),
	}
	if v.AuthorizerErr == nil {
		doc.Authorizer = &v.Authorizer
	}
	return doc
}

func (v whoAmIView) sure() bool { return v.Principal.Name != "" && v.Principal.Doubt == "" }

func (v whoAmIView) protocol() properties.Protocol {
	return cmp.Or(v.security.Protocol, properties.Plaintext)
}

func (v whoAmIView) tlsDoc() *tlsDoc {
	handshake, encrypted := v.security.Handshake()
	if !encrypted {
		return nil
	}
	doc := &tlsDoc{Version: tls.VersionName(handshake.Version), Cipher: tls.CipherSuiteName(handshake.CipherSuite)}
	if len(handshake.PeerCertificates) > 0 {
		doc.Broker = newCertificateDoc(handshake.PeerCertificates[0])
	}
	if handshake.Certificate != nil && handshake.Certificate.Leaf != nil {
		client := newCertificateDoc(handshake.Certificate.Leaf)
		doc.Client = &client
	}
	return doc
}

func newCertificateDoc(c *x509.Certificate) certificateDoc {
	return certificateDoc{kafka.Subject(c), c.NotBefore.UTC(), c.NotAfter.UTC()}
}

func permittedDocs(all []kafka.Permitted) []permittedDoc {
	docs := make([]permittedDoc, len(all))
	for i, one := range all {
		docs[i] = permittedDoc{one.Name, one.Operations, term.ErrorText(one.Err)}
	}
	return docs
}
