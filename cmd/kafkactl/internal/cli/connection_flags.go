package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
)

// Connection is the flags that say how the cluster is reached.
type Connection struct {
	Brokers []string
	Timeout time.Duration
	// Await waits for a broker that can be reached, until ctx ends; nil: it is asked once.
	Await func(context.Context, *health.Ladder) health.Readiness

	security securityFlags  // as they were given
	secured  kafka.Security // what they and the file of --config come to
	clientID string         // of the file, "" for none
	timeouts properties.Timeouts
	warnings []properties.Problem
	doubts   []properties.Problem // of the file: what may be why a login is refused
	until    time.Time            // when --timeout ends, once [App.Connect] has begun
}

// AddFlags adds --brokers and --timeout; timeout is the command's default. [AddSecurityFlags] adds those of TLS and
// SASL to the command that runs.
func (c *Connection) AddFlags(cmd *cobra.Command, timeout time.Duration) {
	c.AddAddressFlags(cmd)
	cmd.Flags().DurationVar(&c.Timeout, "timeout", timeout, "time for the whole command, connecting included")
	MarkEnv(cmd, "timeout")
}

// AddAddressFlags is [Connection.AddFlags] for a command that only tells how the cluster is reached.
func (c *Connection) AddAddressFlags(cmd *cobra.Command) {
	brokersVar(cmd.Flags(), &c.Brokers, "brokers", "b", []string{defaultBroker}, "bootstrap addresses, host:port, separated by commas")
	if list, ok := cmd.Flags().Lookup("brokers").Value.(*addressList); ok {
		list.connection = c
	}
	MarkEnv(cmd, "brokers")
}

// Check refuses a timeout that leaves no time, before anything is dialled.
func (c *Connection) Check() error {
	if c.Timeout <= 0 {
		return Usagef("--timeout must be more than 0, got %s", c.Timeout)
	}
	return nil
}

// ClientConfig returns how to reach the cluster that c names, once [App.ReadSecurity] has read how.
func (a *App) ClientConfig(c *Connection) kafka.Config {
	return kafka.Config{Brokers: c.Brokers, Version: a.Version, Security: c.secured, ClientID: c.clientID, Timeouts: c.timeouts}
}

// Once returns a connection to the same cluster that is not waited for.
func (c Connection) Once(timeout time.Duration) Connection {
	c.Timeout, c.Await = timeout, nil
	return c
}

// ConnectionOf returns a connection to the cluster of cmd that is not waited for; false for a command that asks no
// cluster.
func ConnectionOf(cmd *cobra.Command, timeout time.Duration) (c *Connection, asks bool) {
	of := connectionOf(cmd)
	if of == nil {
		return nil, false
	}
	once := of.Once(timeout)
	return &once, true
}
