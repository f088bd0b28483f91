package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"

	"kafkactl/internal/keystore"
	"kafkactl/internal/properties"
)

// Security is how connections are encrypted, and who logs in over them. Its zero value does neither.
type Security struct {
	// Protocol is what the brokers call it; "" means PLAINTEXT.
	Protocol properties.Protocol

	trust     Trust
	tls       *tls.Config
	seen      *handshakes // of tls
	mechanism sasl.Mechanism
	user      string // who logs in, by PLAIN or SCRAM
	isToken   bool   // the user is the id of a delegation token
}

// NewSecurity reads the files that client names: truststore, keystore and key. serverName, unless it
// is empty, is the name that brokers' certificates must have, in place of the host that is dialled. Every
// error names the setting it is about: see [SettingError].
func NewSecurity(client properties.Client, serverName string) (Security, error) {
	s := Security{Protocol: client.SecurityProtocol}
	from := settingFiles{client.Places}
	if s.Protocol.HasTLS() {
		trusted, err := from.trusted(client.TLS.Truststore)
		if err != nil {
			return Security{}, err
		}
		config, err := from.tlsTrusting(client.TLS, trusted)
		if err != nil {
			return Security{}, err
		}
		s.trust = Trust{trusted, client.TLS.SkipNameVerification, client.TLS.SkipVerification}
		config.ServerName = serverName
		s.tls, s.seen = config, observe(config)
	}
	if s.Protocol.HasSASL() {
		mechanism, err := from.mechanism(client.SASL)
		if err != nil {
			return Security{}, err
		}
		s.mechanism, s.user, s.isToken = mechanism, client.SASL.Username, client.SASL.TokenAuth
	}
	return s, nil
}

// Trust is which brokers are believed to be those that are meant. Its zero value believes those with a certificate of an
// authority of the system and with the name that was dialled.
type Trust struct {
	Authorities []*x509.Certificate // nil for those of the system
	SkipsName   bool                // the name is not verified
	SkipsAll    bool                // nothing is verified
}

// Trust returns whom connections with TLS trust.
func (s Security) Trust() Trust { return s.trust }

// Mechanism returns the name of the SASL mechanism, "" where nobody logs in.
func (s Security) Mechanism() string {
	if s.mechanism == nil {
		return ""
	}
	return s.mechanism.Name()
}

// opts returns the options of a client that dials by itself. The client of a command has a dialer of
// its own instead of kgo's TLS: see [Config.DialOpts].
func (s Security) opts() []kgo.Opt {
	var opts []kgo.Opt
	if s.tls != nil {
		opts = append(opts, kgo.DialTLSConfig(s.tls))
	}
	if s.mechanism != nil {
		opts = append(opts, kgo.SASL(s.mechanism))
	}
	return opts
}

// SettingError is a setting that was understood and cannot be followed: its file cannot be read, or holds
// something else, or what it asks for is not built in.
type SettingError struct {
	properties.Problem       // where it was set, and what is wrong
	Cause              error // nil where there is none
}

// Error names the setting first, with the line of its file.
func (e *SettingError) Error() string { return e.Problem.String() }

// Unwrap returns the cause.
func (e *SettingError) Unwrap() error { return e.Cause }

// settingFiles reads files, and knows which settings named them.
type settingFiles struct{ places map[string]properties.Problem }

// read returns the content of a file.
func (f settingFiles) read(location string) ([]byte, error) {
	data, err := os.ReadFile(location)
	if err != nil {
		return nil, f.unreadable(location, err)
	}
	return data, nil
}

// unreadable returns the error of a file that cannot be opened.
func (f settingFiles) unreadable(location string, err error) error {
	if LocalFault(err) != nil {
		return err
	}
	return f.fault(location, "", err)
}

// fault returns the error of what a setting gave: a file, or where location is empty a text that the
// key is for.
func (f settingFiles) fault(location, key string, err error) error {
	place, known := f.places[location]
	if !known {
		place = properties.Problem{Key: key}
	}
	place.Message = err.Error()
	if path, isPath := err.(*os.PathError); isPath { //nolint:errorlint // as os returns it
		place.Message = "cannot read " + path.Path + ": " + path.Err.Error()
		place.Fix = "a relative path is relative to the working directory"
	} else if location != "" {
		place.Message = location + ": " + place.Message
	}
	if store, found := errors.AsType[*keystore.Error](err); found {
		place.Fix = store.Hint
	}
	return &SettingError{place, err}
}
