package composefile

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// endpoint is one listener as listeners and advertised.listeners write it.
type endpoint struct {
	name string // upper case, as Kafka compares it
	host string // "" binds everything, or advertises the container's own name
	port int
}

func (e endpoint) address() string { return e.host + ":" + strconv.Itoa(e.port) }

func (e endpoint) String() string { return e.name + "://" + e.address() }

// parseEndpoints reads NAME://HOST:PORT,…. It returns nil when some part does not have that form (a
// shell expands it, say): then nothing is known.
func parseEndpoints(list string) []endpoint {
	var endpoints []endpoint
	form := regexp.MustCompile(`^([A-Za-z0-9_.\-]+)://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.\-]*):(\d+)$`)
	for part := range strings.SplitSeq(list, ",") {
		m := form.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return nil
		}
		port, err := strconv.Atoi(m[3])
		if err != nil {
			return nil
		}
		endpoints = append(endpoints, endpoint{strings.ToUpper(m[1]), strings.Trim(m[2], "[]"), port})
	}
	return endpoints
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
		name, protocol, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || strings.ContainsAny(part, "$`/") {
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
