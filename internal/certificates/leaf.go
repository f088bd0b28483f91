package certificates

import (
	"bytes"
	"crypto/x509"
	"net"
	"slices"
	"strings"
	"time"
)

// Day is how dates are written in reasons and errors.
const Day = time.DateOnly

// fault returns why a certificate that is there has to be renewed, "" when it serves h.
func (h holder) fault(p *pair, ca *authority, renewBefore time.Duration, now time.Time) string {
	own := p.chain[0]
	if !bytes.Equal(own.RawIssuer, ca.certificate.RawSubject) || own.CheckSignatureFrom(ca.certificate) != nil {
		return "not issued by this CA"
	}
	if reason := timeFault(own, renewBefore, now); reason != "" {
		if own.NotAfter.After(now) && !own.NotAfter.Before(ca.certificate.NotAfter) {
			return "" // a new one would not be valid for longer
		}
		return reason
	}
	if own.Subject.CommonName != h.name {
		return "it is of " + own.Subject.CommonName
	}
	if names := hostsOf(own); h.node && !slices.Equal(names, canonical(h.hosts)) {
		if len(names) == 0 {
			return "it has no names"
		}
		return "its names are " + strings.Join(names, ", ")
	}
	for _, usage := range h.usages() {
		if !slices.Contains(own.ExtKeyUsage, usage) {
			return "not for every use of a node or client"
		}
	}
	if !slices.EqualFunc(p.chain[1:], ca.between, (*x509.Certificate).Equal) {
		return "its chain is another one"
	}
	return ""
}

// timeFault returns what is wrong with the time of a certificate.
func timeFault(certificate *x509.Certificate, renewBefore time.Duration, now time.Time) string {
	switch {
	case now.Before(certificate.NotBefore):
		return "not valid before " + certificate.NotBefore.Format(Day)
	case !now.Before(certificate.NotAfter):
		return "expired on " + certificate.NotAfter.Format(Day)
	case certificate.NotAfter.Before(now.Add(renewBefore)):
		return "ends on " + certificate.NotAfter.Format(Day)
	}
	return ""
}

// hostsOf returns the names of a certificate, as canonical writes them.
func hostsOf(certificate *x509.Certificate) []string {
	hosts := slices.Clone(certificate.DNSNames)
	for _, ip := range certificate.IPAddresses {
		hosts = append(hosts, ip.String())
	}
	return canonical(hosts)
}

// canonical is hosts sorted, each once, in the one form that each has.
func canonical(hosts []string) []string {
	forms := make([]string, len(hosts))
	for i, host := range hosts {
		if forms[i] = strings.ToLower(host); net.ParseIP(host) != nil {
			forms[i] = net.ParseIP(host).String()
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}
