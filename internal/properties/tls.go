package properties

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
)

// brokerTLS reads the ssl.* keys. Where the protocol has no TLS, they are warned of, as Java leaves
// them out in silence.
func (b *builder) brokerTLS(protocol Protocol) TLS {
	if protocol.HasTLS() {
		return b.tls()
	}
	for _, key := range []string{"ssl.truststore.location", "ssl.truststore.certificates", "ssl.ca.location", "ssl.ca.pem", "ssl.keystore.location", "ssl.keystore.key", "ssl.certificate.location"} {
		if s, ok := b.setting(key); ok && protocol != "" {
			fix := "write security.protocol=SSL, or SASL_SSL with a login, to encrypt"
			if protocol == SASLPlaintext {
				fix = "write security.protocol=SASL_SSL to encrypt"
			}
			b.warn(s, fmt.Sprintf("has no effect: security.protocol is %s", protocol), fix)
			break
		}
	}
	return TLS{}
}

// tokenTLS is the TLS of the requests for tokens: the ssl.* options of the login, as in Java, and
// librdkafka's https.ca.*.
func (b *builder) tokenTLS(l *login) TLS {
	options := newBuilder(b.source)
	options.settings = make(map[string]setting)
	for name := range l.withPrefix("ssl.") {
		o := l.option("ssl." + name)
		options.settings[o.key] = setting{
			name: l.setting.name + " " + o.key, key: o.key, value: placed(o.value, l.at(o.valueAt)),
			line: l.setting.line, outside: l.setting.outside,
		}
	}
	for _, name := range []string{"ca.location", "ca.pem"} {
		if s, ok := b.setting("https." + name); ok {
			options.settings["ssl."+name] = s
		}
	}
	found := options.tls()
	b.problems = append(b.problems, options.problems...)
	b.warnings = append(b.warnings, options.warnings...)
	return found
}

// tls makes TLS of the settings.
func (b *builder) tls() TLS {
	t := TLS{Truststore: b.truststore(), Keystore: b.keystore(), KeyPassword: b.secret("ssl.key.password")}
	t.SkipVerification = !b.boolean("enable.ssl.certificate.verification", true)
	if s, ok := b.setting("enable.ssl.certificate.verification"); ok && t.SkipVerification {
		b.warn(s, "no certificate of a broker is verified: anybody on the way can read and change everything", "trust the authority with ssl.ca.location instead")
	}
	t.SkipNameVerification = b.skipsName()
	t.MinVersion, t.MaxVersion = b.versions()
	t.CipherSuites = b.cipherSuites()
	t.Curves = b.curves()
	b.algorithms()
	return t
}

// skipsName reads ssl.endpoint.identification.algorithm, where an empty value means something.
func (b *builder) skipsName() bool {
	s, ok := b.present("ssl.endpoint.identification.algorithm")
	if !ok {
		return false
	}
	switch value := s.value.trim().String(); {
	case strings.EqualFold(value, "https"):
		return false
	case value == "", strings.EqualFold(value, "none"):
		b.warn(s, "the names in the brokers' certificates are not verified: any certificate of a trusted authority will do",
			"write https when the certificates have the brokers' names")
		return true
	}
	b.refuse(s, "is neither https nor empty", "write https")
	return false
}

// versions reads ssl.enabled.protocols. Without it, ssl.protocol is the highest. Versions below TLS 1.2
// are left out, and refused when there are no others.
func (b *builder) versions() (lowest, highest uint16) {
	names, s, ok := b.list("ssl.enabled.protocols")
	if !ok {
		if names, s, ok = b.list("ssl.protocol"); !ok {
			return 0, 0
		}
	}
	var found []uint16
	for _, name := range names {
		switch name {
		case "TLSv1.3":
			found = append(found, tls.VersionTLS13)
		case "TLSv1.2":
			found = append(found, tls.VersionTLS12)
		case "TLS", "SSL": // the family, in ssl.protocol
			return 0, 0
		case "TLSv1", "TLSv1.1", "SSLv3", "SSLv2", "SSLv2Hello":
		default:
			b.refuse(s, "has a version that is none of TLSv1.2, TLSv1.3", didYouMean(name, []string{"TLSv1.2", "TLSv1.3"}))
			return 0, 0
		}
	}
	switch {
	case len(found) == 0:
		b.refuse(s, "has only versions before TLS 1.2, which kafkactl does not speak", "add TLSv1.2,TLSv1.3")
		return 0, 0
	case len(found) < len(names):
		b.warn(s, "has versions before TLS 1.2, which kafkactl does not speak", "")
	}
	if s.key == "ssl.protocol" {
		return 0, found[0]
	}
	return slices.Min(found), slices.Max(found)
}

// cipherSuites reads ssl.cipher.suites: the names of TLS 1.2 that Go has. Those of TLS 1.3 are always on.
func (b *builder) cipherSuites() []uint16 {
	names, s, ok := b.list("ssl.cipher.suites")
	if !ok {
		return nil
	}
	var found []uint16
	var others int
	for _, name := range names {
		i := slices.IndexFunc(tls.CipherSuites(), func(c *tls.CipherSuite) bool { return c.Name == name })
		switch {
		case i < 0:
			others++
		case tls.CipherSuites()[i].SupportedVersions[0] < tls.VersionTLS13:
			found = append(found, tls.CipherSuites()[i].ID)
		}
	}
	if others > 0 {
		b.warn(s, fmt.Sprintf("has %d of %d cipher suites by names that Go's TLS has not; they are left out", others, len(names)),
			"the names are IANA's, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
	}
	return found
}

// curves reads ssl.curves.list of librdkafka, which OpenSSL separates with colons.
func (b *builder) curves() []tls.CurveID {
	s, ok := b.setting("ssl.curves.list")
	if !ok {
		return nil
	}
	known := map[string]tls.CurveID{
		"P-256": tls.CurveP256, "prime256v1": tls.CurveP256, "secp256r1": tls.CurveP256, "P-384": tls.CurveP384, "secp384r1": tls.CurveP384,
		"P-521": tls.CurveP521, "secp521r1": tls.CurveP521, "X25519": tls.X25519,
	}
	var found []tls.CurveID
	for _, name := range strings.FieldsFunc(s.value.String(), func(r rune) bool { return r == ':' || r == ',' || r <= ' ' }) {
		if id, ok := known[name]; ok {
			found = append(found, id)
		}
	}
	if len(found) == 0 {
		b.warn(s, "has no curve that Go's TLS has; the default is used", "it has P-256, P-384, P-521 and X25519")
	}
	return found
}

// algorithms judges keys of which only the usual values change nothing.
func (b *builder) algorithms() {
	usual := map[string][]string{
		"ssl.provider":               {"SunJSSE"},
		"ssl.keymanager.algorithm":   {"SunX509", "PKIX", "NewSunX509", "X509"},
		"ssl.trustmanager.algorithm": {"PKIX", "SunX509", "X509", "X.509"},
	}
	for _, key := range []string{"ssl.provider", "ssl.keymanager.algorithm", "ssl.trustmanager.algorithm"} {
		if s, ok := b.setting(key); ok && !slices.Contains(usual[key], s.value.trim().String()) {
			b.refuse(s, noEngines, "take the line out")
		}
	}
}
