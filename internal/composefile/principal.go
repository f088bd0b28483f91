package composefile

import (
	"regexp"
	"slices"
	"strings"
)

// principal is as whom brokers come to a listener of their own.
type principal struct {
	name    string // "" where it is not known
	subject bool   // it is the whole subject of a certificate that cannot be read
	why     string // what makes it this one
}

// comesAs returns as whom the broker comes to a listener of its peers, as far as the files say. All
// brokers of a cluster are set up alike.
func (s *Stack) comesAs(b *broker, listener, mechanismProperty string) principal {
	if builder := b.env("KAFKA_PRINCIPAL_BUILDER_CLASS"); builder.set {
		return principal{}
	}
	switch protocol := b.protocol(listener); protocol {
	case "PLAINTEXT":
		return principal{name: anonymous, why: "PLAINTEXT asks nobody who it is"}
	case "SSL":
		return s.certificatePrincipal(b, listener)
	case "SASL_PLAINTEXT", "SASL_SSL":
		return b.loginPrincipal(listener, mechanismProperty)
	default:
		return principal{}
	}
}

// certificatePrincipal is the subject of a broker's certificate, rewritten by
// ssl.principal.mapping.rules; without these it is the whole subject (SslPrincipalMapper).
func (s *Stack) certificatePrincipal(b *broker, listener string) principal {
	required, known := b.asksForCertificate(listener)
	value, _, absent := b.ofListener(listener, "ssl.client.auth")
	switch {
	case !known:
		return principal{}
	case !required && (absent || strings.EqualFold(value.value, "none")):
		return principal{name: anonymous, why: "without ssl.client.auth nobody is asked for a certificate"}
	}
	rules, _, noRules := b.ofListener(listener, "ssl.principal.mapping.rules")
	if !rules.known() && !noRules {
		return principal{}
	}
	if leaf, _ := s.certificate(b, listener); leaf != nil {
		if name, ok := mapSubject(rules.value, subjectOf(leaf)); ok {
			return principal{name: "User:" + name, why: "by its certificate"}
		}
		return principal{}
	}
	return principal{subject: noRules, why: "without ssl.principal.mapping.rules"}
}

// loginPrincipal is the user that a broker logs in as: of listener.name.NAME.MECHANISM.sasl.jaas.config.
// A file that KAFKA_OPTS names is not read.
func (b *broker) loginPrincipal(listener, mechanismProperty string) principal {
	mechanism := b.env(variableOf(mechanismProperty))
	if !mechanism.known() {
		return principal{}
	}
	variable := listenerVariable(listener, strings.ToLower(mechanism.value)+".sasl.jaas.config")
	user := jaasUser(b.env(variable).value)
	if user == "" || !slices.Contains([]string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}, strings.ToUpper(mechanism.value)) {
		return principal{}
	}
	return principal{name: "User:" + user, why: "by " + variable}
}

// jaasUser is the option username of a JAAS configuration, "" where there is none that can be read.
func jaasUser(jaas string) string {
	if placeholder(jaas) {
		return ""
	}
	m := regexp.MustCompile(`(?:^|\s)username\s*=\s*(?:"([^"\\]*)"|'([^'\\]*)'|([A-Za-z][\w.$-]*))`).FindStringSubmatch(jaas)
	if m == nil {
		return ""
	}
	return m[1] + m[2] + m[3]
}
