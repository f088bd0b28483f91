package kafka

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// AddressKind says whose addresses are judged.
type AddressKind string

// The kinds of addresses.
const (
	BrokerAddress    AddressKind = "broker"
	ZooKeeperAddress AddressKind = "ZooKeeper"
)

// example returns an address with that host, "" for none, at the port that is usual there.
func (k AddressKind) example(host string) string {
	switch {
	case k == ZooKeeperAddress:
		return net.JoinHostPort(cmp.Or(host, "localhost"), "2181")
	case host == "":
		return "localhost:29092" // the listener of the stack for the host
	}
	return net.JoinHostPort(host, "9092")
}

// AddressError is a text that no dialer could use as an address.
type AddressError struct {
	Kind  AddressKind
	Addr  string // as it was given, without a password
	Fault string // "has a path"
	Write string // what was meant, "localhost:9092"; "" where that is not certain
	Like  string // an address of the right form, with the host of this one where it has one
}

// Error names the address, what is wrong with it, and what to write.
func (e *AddressError) Error() string {
	if e.Write != "" {
		return fmt.Sprintf("%s address %q %s; write %s", e.Kind, e.Addr, e.Fault, e.Write)
	}
	return fmt.Sprintf("%s address %q %s; the form is host:port, for example %s", e.Kind, e.Addr, e.Fault, e.Like)
}

// ParseAddresses splits a list with commas, as people write it: there may be blanks around the
// items. The error names every item that is no host:port, as an [*AddressError], and an item that
// is missing. It judges the text only, and not the chroot of a ZooKeeper address.
func ParseAddresses(kind AddressKind, text string) ([]string, error) {
	var addrs []string
	items := splitAddresses(text)
	for _, item := range items {
		if item = strings.TrimSpace(item); item != "" {
			addrs = append(addrs, item)
		}
	}
	switch {
	case len(addrs) == 0:
		return nil, NoAddress(kind)
	case len(addrs) < len(items):
		return addrs, fmt.Errorf("an item of the %s addresses %q is empty; write %s", kind, withoutUsers(text), withoutUsers(strings.Join(addrs, ",")))
	}
	return addrs, nil
}

// splitAddresses splits a list at its commas, but for those of a password: what stands before the last @ and is no
// host:port belongs to the address with that @.
func splitAddresses(text string) []string {
	items, at := strings.Split(text, ","), strings.LastIndex(text, "@")
	for i := 0; i+1 < len(items); i++ {
		behind := len(strings.Join(items[:i+1], ","))
		for behind < at && i+1 < len(items) && !isHostPort(items[i]) {
			items[i] += "," + items[i+1]
			behind += 1 + len(items[i+1])
			items = slices.Delete(items, i+1, i+2)
		}
	}
	return items
}

// isHostPort reports whether a text is an address, or an empty item, perhaps with a user before it.
func isHostPort(text string) bool {
	text = strings.TrimSpace(text[strings.LastIndex(text, "@")+1:])
	fault, _ := addressFault(text)
	return text == "" || fault == ""
}

// NoAddress returns the error of a list without any address.
func NoAddress(kind AddressKind) error {
	return fmt.Errorf("no %s address; the form is host:port, for example %s", kind, kind.example(""))
}

// CheckAddresses refuses addresses that no dialer could use, each with an [*AddressError], all in
// one error. kgo takes almost any text as an address and fails much later, with a message about
// something else.
func CheckAddresses(kind AddressKind, addrs []string) error {
	var errs []error
	for _, addr := range addrs {
		if fault, _ := addressFault(addr); fault != "" {
			write, host := repairedAddress(addr)
			errs = append(errs, &AddressError{Kind: kind, Addr: withoutUsers(addr), Fault: fault, Write: write, Like: kind.example(host)})
		}
	}
	return errors.Join(errs...)
}

// addressFault returns what is wrong with a host:port, "" when nothing is, and its host where only
// the port is at fault. It judges the text only.
func addressFault(addr string) (fault, host string) {
	switch {
	case addr == "":
		return "is empty", ""
	case strings.Contains(addr, ",") && !strings.Contains(addr, "@"):
		return "holds a comma: give each address by itself", ""
	case strings.Contains(addr, "://"):
		return "has a scheme", ""
	case strings.Contains(addr, "@"):
		return "has a user name", ""
	case strings.Contains(addr, "/"):
		return "has a path", ""
	case strings.ContainsAny(addr, `"'`+"`"):
		return "has quotes in it, which became part of the value", ""
	case strings.ContainsAny(addr, "${}<>"):
		return "holds a placeholder that nothing replaced", ""
	case strings.ContainsFunc(addr, isSeparator):
		return "has a blank or a semicolon in it", ""
	}
	return hostPortFault(addr)
}

// hostPortFault is addressFault for a text of one word.
func hostPortFault(addr string) (fault, host string) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return splitFault(addr)
	}
	switch {
	case host == "":
		return "has no host", ""
	case strings.Contains(host, ":"):
		if _, err := netip.ParseAddr(host); err != nil {
			return "has no IPv6 address in its brackets", ""
		}
	default:
		if i := strings.IndexFunc(host, func(r rune) bool { return !isHostRune(r) }); i >= 0 {
			return fmt.Sprintf("has %q in its host, which no name has", []rune(host[i:])[0]), ""
		}
	}
	return portFault(port), host
}

// portFault returns what is wrong with a port, "" when nothing is.
func portFault(port string) string {
	number, err := strconv.ParseUint(port, 10, 16)
	switch {
	case port == "":
		return "has no port"
	case errors.Is(err, strconv.ErrRange), err == nil && number == 0:
		return fmt.Sprintf("has port %s, which is not in 1-65535", port)
	case err != nil && isNegative(port):
		return fmt.Sprintf("has port %s, which is not in 1-65535", port)
	case err != nil:
		return fmt.Sprintf("has port %q, which is no number", port)
	}
	return ""
}

// isNegative reports whether a text is a number below 0.
func isNegative(text string) bool {
	number, err := strconv.Atoi(text)
	return err == nil && number < 0
}

// splitFault returns why a text does not split into host and port, and its host where only the port
// is missing.
func splitFault(addr string) (fault, host string) {
	bare := strings.TrimSuffix(strings.TrimPrefix(addr, "["), "]")
	_, err := netip.ParseAddr(bare)
	switch {
	case addr == "["+bare+"]" && err == nil:
		return "has no port", bare
	case strings.ContainsAny(addr, "[]"):
		return "has brackets that do not match", ""
	case err == nil && strings.Contains(bare, ":"):
		return "is an IPv6 address without brackets", bare
	case strings.Contains(addr, ":"):
		return "has too many colons", ""
	}
	return "has no port", addr
}

// isSeparator reports whether r stands between addresses in lists of other programs.
func isSeparator(r rune) bool { return unicode.IsSpace(r) || r == ';' || r == '|' }

// isHostRune reports whether a name may have r. Names of containers have underscores.
func isHostRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)
}

// withoutUsers returns text with the user name and password of an address left out.
func withoutUsers(text string) string {
	items := splitAddresses(text)
	for i, item := range items {
		if at := strings.LastIndex(item, "@"); at >= 0 {
			scheme, _, found := strings.Cut(item[:at], "://")
			items[i] = "***" + item[at:]
			if found && strings.IndexFunc(scheme, func(r rune) bool { return !isHostRune(r) }) < 0 {
				items[i] = scheme + "://***" + item[at:]
			}
		}
	}
	return strings.Join(items, ",")
}

// repairedAddress returns what was meant with an address that has a fault: one or several of the
// right form, with commas between. It is "" where the text does not say; host is then that of the
// first one without a port.
func repairedAddress(addr string) (write, host string) {
	var meant []string
	addr = addr[strings.LastIndex(addr, "@")+1:] // a password may hold any sign
	for _, item := range strings.FieldsFunc(addr, func(r rune) bool { return r == ',' || isSeparator(r) }) {
		item = strings.Trim(item, `"'`+"`")
		if _, behind, found := strings.Cut(item, "://"); found {
			item = behind
		}
		item, _, _ = strings.Cut(item, "/")
		item = withBrackets(item)
		if fault, host := addressFault(item); fault != "" {
			return "", host
		}
		meant = append(meant, item)
	}
	return strings.Join(meant, ","), ""
}

// withBrackets returns an IPv6 address and a port, as ::1:9092, with the brackets that they need;
// any other text as it is.
func withBrackets(addr string) string {
	i := strings.LastIndex(addr, ":")
	if i < 0 || strings.Count(addr, ":") < 2 || strings.ContainsAny(addr, "[]") || portFault(addr[i+1:]) != "" {
		return addr
	}
	if ip, err := netip.ParseAddr(addr[:i]); err != nil || !ip.Is6() {
		return addr
	}
	return net.JoinHostPort(addr[:i], addr[i+1:])
}

// Loopback reports whether host, a name or an IP address, is the machine, or the container, that asks.
func Loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
