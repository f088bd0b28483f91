package composefile

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// unverifiedNames: an empty ssl.endpoint.identification.algorithm (Kafka; a blank is trimmed), or
// "none" (librdkafka), takes every certificate of the CA for every host: whoever has one can stand
// between. On a broker the setting is of what it dials itself, its peers and the controllers.
func unverifiedNames(stack *Stack, report reporter) {
	for _, s := range stack.services {
		for _, name := range sortedNames(s.Environment) {
			if !strings.HasSuffix(flatName(name), "SSLENDPOINTIDENTIFICATIONALGORITHM") ||
				!s.emptied(name) && !strings.EqualFold(strings.TrimSpace(s.env(name).value), "none") {
				continue
			}
			whose := "the brokers'"
			if b := stack.brokerOf(s); b != nil && strings.HasPrefix(name, "KAFKA_") {
				if !b.dialsTLS() {
					continue
				}
				whose = "its peers'"
			}
			report.advice(s, s.atEnv(name), fmt.Sprintf("%s certificates are not compared with the host that is dialled: any of the same CA will do", whose),
				"remove "+name+", with every advertised host in the certificates (kafkactl certs makes them)")
			break
		}
	}
}

// dialsTLS reports that a broker reaches its peers or the controllers over TLS.
func (b *broker) dialsTLS() bool {
	return b.encrypted(b.interBroker()) || slices.ContainsFunc(b.controllerNames(), b.encrypted)
}

// renewal is how long before its end a certificate is worth a word: as much as `kafkactl certs` renews.
const renewal = 30 * 24 * time.Hour

// shownCertificates: a client compares the certificate with the host that it was sent to, so all advertised
// hosts of TLS listeners must be in it. Java, and librdkafka through OpenSSL, fall back on the common
// name where there is no DNS name (HostnameChecker, X509_check_host); Go does not (crypto/x509 since 1.15).
func shownCertificates(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		for _, shown := range stack.certificatesOf(b) {
			stack.checkHosts(report, b, shown)
			stack.checkDates(report, b, shown.leaf, shown.variable)
		}
	}
}

// shownCertificate is a certificate with the hosts under which it is shown.
type shownCertificate struct {
	leaf     *x509.Certificate
	variable string // that names the store
	hosts    []string
}

// certificatesOf returns those of a broker that can be read, each once.
func (s *Stack) certificatesOf(b *broker) []shownCertificate {
	var all []shownCertificate
	for _, e := range b.listeners {
		leaf, variable := s.certificate(b, e.name)
		if !b.encrypted(e.name) || leaf == nil {
			continue
		}
		i := slices.IndexFunc(all, func(shown shownCertificate) bool { return shown.leaf.Equal(leaf) })
		if i < 0 {
			i, all = len(all), append(all, shownCertificate{leaf, variable, nil})
		}
		if adv, ok := named(b.advertised, e.name); ok && adv.host != "" && !slices.Contains(all[i].hosts, adv.host) {
			all[i].hosts = append(all[i].hosts, adv.host)
		}
	}
	return all
}

// checkHosts compares a certificate with the hosts that are advertised for it.
func (s *Stack) checkHosts(report reporter, b *broker, shown shownCertificate) {
	var strange, common []string
	for _, host := range shown.hosts {
		_, notAddress := netip.ParseAddr(host) // an error for all but an address
		switch {
		case shown.leaf.VerifyHostname(host) == nil:
		case len(shown.leaf.DNSNames) == 0 && notAddress != nil && strings.EqualFold(shown.leaf.Subject.CommonName, host):
			common = append(common, host)
		default:
			strange = append(strange, host)
		}
	}
	fix := fmt.Sprintf("a certificate with all that is advertised: kafkactl certs --node %s=%s", b.Name, strings.Join(shown.hosts, ","))
	if len(strange) > 0 {
		fails := "clients refuse it"
		if s.unverified() {
			fails = "clients refuse it, unless they compare no names"
		}
		report.byUse(!s.unverified(), b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf("clients are sent to %s, and the certificate is for %s: %s",
			strings.Join(strange, ", "), certificateNames(shown.leaf), fails), fix)
	} else if len(common) > 0 {
		report.advice(b.service, b.atEnv(shown.variable), fmt.Sprintf("the certificate has %s as its common name alone: Java takes that, and programs in Go do not", common[0]), fix)
	}
}

// unverified reports that somebody in the project turned the comparison off.
func (s *Stack) unverified() bool {
	return slices.ContainsFunc(s.services, func(svc *service) bool {
		return slices.ContainsFunc(sortedNames(svc.Environment), func(name string) bool {
			return strings.HasSuffix(flatName(name), "SSLENDPOINTIDENTIFICATIONALGORITHM") && (svc.emptied(name) || strings.EqualFold(svc.env(name).value, "none"))
		})
	})
}

// certificateNames is what a certificate is for, in words.
func certificateNames(leaf *x509.Certificate) string {
	names := slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return fmt.Sprintf("nothing but its common name %q", leaf.Subject.CommonName)
	}
	return strings.Join(names, ", ")
}

// checkDates compares a certificate with today.
func (s *Stack) checkDates(report reporter, b *broker, leaf *x509.Certificate, variable string) {
	const day = "2006-01-02"
	fix := "a new one: kafkactl certs, or whatever made it"
	switch at := b.atEnv(variable); {
	case s.now.IsZero():
	case s.now.After(leaf.NotAfter):
		report.fault(b.service, at, "the certificate ended on "+leaf.NotAfter.UTC().Format(day)+": clients refuse it", fix)
	case s.now.Before(leaf.NotBefore):
		report.fault(b.service, at, "the certificate begins on "+leaf.NotBefore.UTC().Format(day)+": clients refuse it until then", fix)
	case s.now.Add(renewal).After(leaf.NotAfter):
		report.advice(b.service, at, "the certificate ends on "+leaf.NotAfter.UTC().Format(day), fix)
	}
}
