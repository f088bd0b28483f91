package composefile

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// endpoint is one listener as listeners and advertised.listeners write it.
type endpoint struct {
	name string // upper case, as Kafka compares it
	host string // "" binds everything, or advertises the container's own name
	port int
}

func (e endpoint) address() string { return e.host + ":" + strconv.Itoa(e.port) }

func (e endpoint) String() string { return e.name + "://" + e.address() }

// readEndpoints reads NAME://HOST:PORT,… as Kafka does. What Kafka cannot read is in wrong, part by
// part. The endpoints are then those of the list as it should be, where that is plain; other is the
// broker's other list, which has the name of a port. They are nil when something in the list is not
// known: a shell or a person is to fill it in.
func readEndpoints(list string, other []endpoint) (endpoints []endpoint, wrong []string) {
	if placeholder(list) {
		return nil, nil
	}
	plain := true
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		e, ok := parseEndpoint(part)
		if !ok {
			wrong = append(wrong, part)
			if several := splitEndpoints(part); several != nil {
				endpoints = append(endpoints, several...)
				continue
			}
			e, ok = mendEndpoint(part, other)
		}
		plain, endpoints = plain && ok, append(endpoints, e)
	}
	if !plain {
		return nil, wrong
	}
	return endpoints, wrong
}

// placeholder reports a text in which something is still to be filled in: $NAME, `command`, <name>,
// {{name}}.
func placeholder(text string) bool { return strings.ContainsAny(text, "$`<>{}") }

// parseEndpoint reads one part of a list. Kafka takes any name before "://" and then finds no
// protocol for it; here only a name that a map of protocols can hold is one.
func parseEndpoint(part string) (e endpoint, ok bool) {
	m := regexp.MustCompile(`^([A-Za-z0-9_.\-]+)://(\[[0-9a-fA-F:.%]+\]|[A-Za-z0-9_.%\-]*):(\d+)$`).FindStringSubmatch(part)
	if m == nil {
		return endpoint{}, false
	}
	port, err := strconv.Atoi(m[3])
	return endpoint{strings.ToUpper(m[1]), strings.Trim(m[2], "[]"), port}, err == nil && port <= 65535
}

// splitEndpoints reads a part in which a semicolon or a blank stands for the comma, nil for another.
func splitEndpoints(part string) []endpoint {
	var endpoints []endpoint
	for _, field := range strings.FieldsFunc(part, func(r rune) bool { return r == ';' || unicode.IsSpace(r) }) {
		e, ok := parseEndpoint(field)
		if !ok {
			return nil
		}
		endpoints = append(endpoints, e)
	}
	return endpoints
}

// mendEndpoint returns what was meant by a part without a name, with blanks, or with other signs
// between name and host; ok is false when that is not plain.
func mendEndpoint(part string, other []endpoint) (e endpoint, ok bool) {
	part = strings.TrimRight(strings.Join(strings.Fields(part), ""), "/")
	m := regexp.MustCompile(`^(?:([A-Za-z0-9_.\-]+):(\d+)|([A-Za-z0-9_.\-]+)(?::*/+|:)([A-Za-z0-9_.\-]*)(?::(\d+))?|([A-Za-z0-9_.\-]+))$`).FindStringSubmatch(part)
	if m == nil {
		return endpoint{}, false
	}
	e = endpoint{name: strings.ToUpper(m[3]), host: m[1] + m[4] + m[6]}
	e.port, _ = strconv.Atoi(m[2] + m[5])
	if port, err := strconv.Atoi(e.host); err == nil && e.port == 0 {
		e.host, e.port = "", port // NAME://9092
	}
	i := slices.IndexFunc(other, func(o endpoint) bool {
		return o.port == e.port || e.port == 0 && (o.name == e.name || e.name == "")
	})
	switch {
	case i >= 0 && e.name == "":
		e.name, e.port = other[i].name, other[i].port
	case i >= 0 && e.port == 0:
		e.port = other[i].port
	case e.name == "":
		e.name = "PLAINTEXT"
	}
	return e, e.port > 0 && e.port <= 65535
}

// named returns the endpoint of a listener.
func named(endpoints []endpoint, name string) (endpoint, bool) {
	i := slices.IndexFunc(endpoints, func(e endpoint) bool { return e.name == name })
	if i < 0 {
		return endpoint{}, false
	}
	return endpoints[i], true
}

func endpointNames(endpoints []endpoint) []string {
	names := make([]string, len(endpoints))
	for i, e := range endpoints {
		names[i] = e.name
	}
	return names
}

// parseNames reads a list of listener names.
func parseNames(list string) []string {
	var names []string
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part != "" {
			names = append(names, strings.ToUpper(part))
		}
	}
	return names
}

// parseProtocols reads listener.security.protocol.map; ok is false when it cannot be read.
func parseProtocols(list string) (protocols map[string]string, ok bool) {
	protocols = make(map[string]string)
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, protocol := cutLast(part, ":")
		if name == "" || placeholder(part) {
			return nil, false
		}
		protocols[strings.ToUpper(strings.TrimSpace(name))] = strings.ToUpper(strings.TrimSpace(protocol))
	}
	return protocols, true
}

// securityProtocol reports whether name is a security protocol. A listener of such a name needs no
// map.
func securityProtocol(name string) bool {
	return slices.Contains([]string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}, name)
}

// address is a host:port as clients name it.
type address struct {
	host string
	port int
}

func (a address) String() string { return a.host + ":" + strconv.Itoa(a.port) }

// parseAddresses reads host:port,…, each with or without a scheme, and leaves out what does not
// have that form.
func parseAddresses(list string) []address {
	form := regexp.MustCompile(`^(?:[A-Za-z0-9_]+://)?([A-Za-z0-9_.\-]+|\[[0-9a-fA-F:]+\]):(\d+)$`)
	var addresses []address
	for part := range strings.SplitSeq(list, ",") {
		if m := form.FindStringSubmatch(strings.TrimSpace(part)); m != nil {
			port, _ := strconv.Atoi(m[2])
			addresses = append(addresses, address{strings.Trim(m[1], "[]"), port})
		}
	}
	return addresses
}

// loopback reports whether host means the container, or the machine, that asks.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// viaHost reports whether host is a name by which a published port is reached from this machine.
func viaHost(host string) bool { return loopback(host) || host == "host.docker.internal" }

// anyAddress reports whether host is an address that binds every interface.
func anyAddress(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsUnspecified()
}

// containerName reports whether only a container can have the name: one word, no address.
func containerName(host string) bool {
	_, err := netip.ParseAddr(host)
	return host != "" && err != nil && !strings.Contains(host, ".") && !viaHost(host)
}
