package cli

import (
	"net"
	"strconv"

	"kafkactl/internal/admin"
)

// BrokerAddress is where clients reach b, host:port.
func BrokerAddress(b admin.Broker) string { return net.JoinHostPort(b.Host, strconv.Itoa(b.Port)) }
