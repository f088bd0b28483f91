package stack

import (
	"cmp"
	"net"
	"regexp"
	"strconv"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/embedded"
)

// hostName matches the names that a container or a machine can have. Underscores are no part of host
// names, but Compose's services have them.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$`)

// parseAdvertise reads the flag --advertise: a host name or an IP address, with a port or without.
func parseAdvertise(flag string) (embedded.Endpoint, error) {
	var none embedded.Endpoint
	if flag == "" {
		return none, nil
	}
	host, port := splitAdvertise(flag)
	number, err := strconv.Atoi(cmp.Or(port, "1"))
	const hint = "containers reach this machine by host.docker.internal"
	switch ip := net.ParseIP(host); {
	case ip == nil && !hostName.MatchString(host), err != nil:
		return none, cli.WithHint(cli.Usagef("--advertise must be a host name or an IP address, with a port or without, got %q", flag), hint)
	case ip != nil && ip.IsUnspecified():
		return none, cli.WithHint(cli.Usagef("--advertise %s: clients cannot connect to that; name an address of this machine", flag), hint)
	case port == "":
		return embedded.Endpoint{Host: host}, nil
	case number < 1 || number > 65535:
		return none, cli.Usagef("--advertise %s: the port must be between 1 and 65535, got %q", flag, port)
	}
	return embedded.Endpoint{Host: host, Port: number}, nil
}

// splitAdvertise takes a port off a host; "" is none. An IPv6 address without a port needs no brackets.
func splitAdvertise(flag string) (host, port string) {
	bare := strings.TrimSuffix(strings.TrimPrefix(flag, "["), "]")
	if net.ParseIP(bare) != nil {
		return bare, ""
	}
	if h, p, err := net.SplitHostPort(flag); err == nil {
		return h, cmp.Or(p, "0") // a colon without a port
	}
	return flag, ""
}

// addrsText says where the brokers are: for clients here, and for others if an address is advertised.
func addrsText(cluster *embedded.Cluster) string {
	text := strings.Join(cluster.Addrs(), ",")
	if advertised := cluster.Advertised(); len(advertised) > 0 {
		text += " (" + strings.Join(advertised, ",") + " from containers and other machines)"
	}
	return text
}
