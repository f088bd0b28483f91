package health

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// checkAddresses refuses addresses no dialer could use, all in one error. The Kafka client takes
// almost any text as an address and fails much later, with a message about something else.
func checkAddresses(kind, example string, addrs []string) error {
	var errs []error
	for _, addr := range addrs {
		if fault := addressFault(addr); fault != "" {
			errs = append(errs, fmt.Errorf("%s address %q %s; the form is host:port, for example %s", kind, addr, fault, example))
		}
	}
	return errors.Join(errs...)
}

// addressFault returns what is wrong with a host:port, "" when nothing is. It judges the text only.
func addressFault(addr string) string {
	switch {
	case addr == "":
		return "is empty"
	case strings.Contains(addr, ","):
		return "holds a comma: give each address by itself"
	case strings.Contains(addr, "://"):
		return "has a scheme"
	case strings.Contains(addr, "/"):
		return "has a path"
	case strings.ContainsAny(addr, " \t\r\n"):
		return "has a space in it"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return splitFault(addr)
	}
	if host == "" {
		return "has no host"
	}
	if port == "" {
		return "has no port"
	}
	number, err := strconv.Atoi(port)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return fmt.Sprintf("has port %q, which is no number", port)
	case err != nil || number < 1 || number > 65535:
		return fmt.Sprintf("has port %s, which is not in 1-65535", port)
	}
	return ""
}

// splitFault returns why a text does not split into host and port.
func splitFault(addr string) string {
	if strings.Count(addr, ":") > 1 {
		return "has too many colons: an IPv6 address goes in brackets, as in [::1]:9092"
	}
	if strings.ContainsAny(addr, "[]") {
		return "has brackets that do not match"
	}
	return "has no port"
}

// unique returns addrs without repetitions, in their order: an address given twice is one question.
func unique(addrs []string) []string {
	seen := make(map[string]bool, len(addrs))
	var kept []string
	for _, addr := range addrs {
		if !seen[addr] {
			seen[addr] = true
			kept = append(kept, addr)
		}
	}
	return kept
}
