package certificates

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// longestCommonName is X.520's ub-common-name.
const longestCommonName = 64

// ParseNode reads NAME=HOST,HOST… or NAME, whose only host is its name.
func ParseNode(text string) (Node, error) {
	name, list, named := strings.Cut(text, "=")
	if name == "" {
		return Node{}, fmt.Errorf("node %q needs a name before =", text)
	}
	if !named {
		return Node{name, []string{name}}, nil
	}
	hosts := strings.Split(list, ",")
	for i, host := range hosts {
		if hosts[i] = strings.TrimSpace(host); hosts[i] == "" {
			return Node{}, fmt.Errorf("node %q has an empty host name", text)
		}
	}
	return Node{name, hosts}, nil
}

// checkName holds the names of nodes and clients to what is a file name on every system, needs no
// escape in a distinguished name, and is the same text in ACLs.
func checkName(kind, name string) error {
	switch strings.ToLower(name) {
	case "ca":
		return fmt.Errorf("%s %q: %s and %s are the files of the CA", kind, name, caCertFile, CAKeyFile)
	case trustStore:
		return fmt.Errorf("%s %q: the truststore has that name", kind, name)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`).MatchString(name) {
		return fmt.Errorf("%s %q: a name has letters, digits, \".\", \"-\" and \"_\", and begins with a letter or a digit", kind, name)
	}
	if len(name) > longestCommonName {
		return fmt.Errorf("%s %q: a common name has %d characters at most", kind, name, longestCommonName)
	}
	return nil
}

func checkCommonName(name string) error {
	if len(name) > longestCommonName {
		return fmt.Errorf("CA %q: a common name has %d characters at most", name, longestCommonName)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Errorf("CA %q: a common name here has printable ASCII characters alone", name)
	}
	return nil
}

// CheckHost returns what is wrong with a host of a node. It takes what both Go and Java compare a
// certificate with: IP addresses, and DNS names of letters, digits and hyphens, of which the first label
// may be "*".
func CheckHost(host string) error {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return fmt.Errorf("%q: a certificate has no zone of an IP address", host)
		}
		return nil
	}
	if _, err := netip.ParseAddrPort(host); err == nil || regexp.MustCompile(`:[0-9]+$`).MatchString(host) {
		return fmt.Errorf("%q is no DNS name: leave out the port", host)
	}
	if strings.Contains(host, "_") {
		return fmt.Errorf("%q is no DNS name: Java refuses host names with _", host)
	}
	labels := strings.Split(host, ".")
	if regexp.MustCompile(`^[0-9]+$`).MatchString(labels[len(labels)-1]) {
		return fmt.Errorf("%q is neither an IP address nor a DNS name", host)
	}
	if len(labels) > 1 && labels[0] == "*" {
		labels = labels[1:]
	}
	if err := checkLabels(labels); err != nil || len(host) > 253 {
		return fmt.Errorf("%q is no DNS name: %w", host, errors.Join(err, tooLong(host)))
	}
	return nil
}

func tooLong(host string) error {
	if len(host) > 253 {
		return errors.New("it has more than 253 characters")
	}
	return nil
}

func checkLabels(labels []string) error {
	for _, label := range labels {
		switch {
		case label == "":
			return errors.New("a part between dots is empty")
		case len(label) > 63:
			return errors.New("a part between dots has more than 63 characters")
		case !regexp.MustCompile(`^[A-Za-z0-9-]+$`).MatchString(label):
			return errors.New("it has letters, digits and hyphens between dots")
		case label[0] == '-' || label[len(label)-1] == '-':
			return errors.New("no part begins or ends with a hyphen")
		}
	}
	return nil
}
