package properties

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// client makes the Client of the settings.
func (b *builder) client() Client {
	c := Client{ClientID: b.text("client.id"), SecurityProtocol: b.protocol()}
	c.SASL = b.sasl(c.SecurityProtocol)
	c.TLS = b.brokerTLS(c.SecurityProtocol)
	c.Brokers = b.brokers(c.SecurityProtocol)
	c.Timeouts = Timeouts{
		Request:         b.milliseconds("request.timeout.ms", "socket.timeout.ms"),
		API:             b.milliseconds("default.api.timeout.ms"),
		ConnectionSetup: b.milliseconds("socket.connection.setup.timeout.ms"),
		ConnectionMax:   b.milliseconds("socket.connection.setup.timeout.max.ms"),
	}
	c.Defaults = b.defaults()
	b.refusedKeys(c)
	c.Doubts = Problems(b.doubts).sorted()
	c.Places = b.places(c.SASL.OAuth.TokenFile)
	return c
}

// protocol returns security.protocol in capitals, PLAINTEXT for none.
func (b *builder) protocol() Protocol {
	b.chooseTLS()
	s, ok := b.setting("security.protocol")
	if !ok {
		return Plaintext
	}
	known := []string{string(Plaintext), string(SSL), string(SASLPlaintext), string(SASLSSL)}
	name := strings.ToUpper(s.value.trim().String())
	if !slices.Contains(known, name) {
		b.refuse(s, "is none of "+strings.Join(known, ", "), didYouMean(name, known))
		return ""
	}
	return Protocol(name)
}

// chooseTLS sets security.protocol where [Source.TLS] asks for it.
func (b *builder) chooseTLS() {
	given, _ := b.setting("security.protocol")
	if b.source.TLS == "" || given.outside {
		return
	}
	protocol := SSL
	_, hasMechanism := b.either("sasl.mechanism", "sasl.mechanisms")
	user, _ := b.setting("sasl.username")
	if hasMechanism || user.outside || strings.HasPrefix(strings.ToUpper(given.value.trim().String()), "SASL_") {
		protocol = SASLSSL
	}
	b.settings["security.protocol"] = setting{
		name: b.source.TLS, key: "security.protocol", value: placed(string(protocol), char{}), outside: true,
	}
}

// brokers returns the addresses. Confluent's files have the protocol before them, which Java skips.
func (b *builder) brokers(protocol Protocol) []string {
	s, ok := b.either("bootstrap.servers", "metadata.broker.list")
	if !ok {
		return nil
	}
	var addresses []string
	for item := range strings.SplitSeq(s.value.trim().String(), ",") {
		item = strings.TrimSpace(item)
		if scheme, address, ok := strings.Cut(item, "://"); ok {
			item = address
			if !strings.EqualFold(scheme, string(protocol)) && protocol != "" {
				b.refuse(s, fmt.Sprintf("has an address with another protocol before it than security.protocol, which is %s", protocol),
					"let both say the same; Java looks at security.protocol only")
			}
		}
		if item != "" {
			addresses = append(addresses, item)
		}
	}
	return addresses
}

func (b *builder) defaults() Defaults {
	same := func(names ...string) map[string]string {
		m := make(map[string]string)
		for _, name := range names {
			m[name] = name
		}
		return m
	}
	return Defaults{
		Acks:        b.choice(map[string]string{"all": "all", "-1": "all", "1": "1", "0": "0"}, "acks", "request.required.acks"),
		Compression: b.choice(same("none", "gzip", "snappy", "lz4", "zstd"), "compression.type", "compression.codec"),
		Isolation:   b.choice(same("read_committed", "read_uncommitted"), "isolation.level"),
	}
}

// refusedKeys tells of keys that would have an effect with the protocol and the mechanism of c.
func (b *builder) refusedKeys(c Client) {
	for _, key := range slices.Sorted(maps.Keys(b.settings)) {
		s, ok := b.setting(key)
		rule := b.keys.rule(key)
		if !ok || rule.treatment != refused || strings.EqualFold(s.value.trim().String(), "false") {
			continue
		}
		matters := true
		switch rule.scope {
		case always:
		case withTLS:
			matters = c.SecurityProtocol.HasTLS()
		case withOAuth:
			matters = c.SASL.Mechanism == OAuthBearer
		}
		if matters {
			b.refuse(s, rule.why, rule.fix)
		}
	}
}

// places returns where files were named. A token file has an address, whose path it is.
func (b *builder) places(tokenFile string) map[string]Problem {
	places := make(map[string]Problem)
	for _, key := range []string{
		"ssl.truststore.location", "ssl.ca.location", "ssl.keystore.location", "ssl.certificate.location", "ssl.key.location", "https.ca.location",
	} {
		if s, ok := b.setting(key); ok {
			places[s.value.trim().String()] = b.problemOf(s, char{}, "", "")
		}
	}
	if s, ok := b.setting(tokenURLKey); ok && tokenFile != "" {
		places[tokenFile] = b.problemOf(s, char{}, "", "")
	}
	return places
}
