package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
)

// Connection is the flags that say how the cluster is reached.
type Connection struct {
	Brokers []string
	Timeout time.Duration
	// Await waits for a broker that can be reached, until ctx ends; nil: it is asked once.
	Await func(context.Context, *health.Ladder) health.Readiness
}

// AddFlags adds --brokers and --timeout; timeout is the command's default.
func (c *Connection) AddFlags(cmd *cobra.Command, timeout time.Duration) {
	brokersVar(cmd.Flags(), &c.Brokers, "brokers", "b", []string{defaultBroker}, "bootstrap addresses, host:port, separated by commas")
	cmd.Flags().DurationVar(&c.Timeout, "timeout", timeout, "time for the whole command, connecting included")
	MarkEnv(cmd, "brokers", "timeout")
}

// Check refuses a timeout that leaves no time, before anything is dialled.
func (c *Connection) Check() error {
	if c.Timeout <= 0 {
		return Usagef("--timeout must be more than 0, got %s", c.Timeout)
	}
	return nil
}

// ClientConfig returns how to reach the cluster that c names.
func (a *App) ClientConfig(c *Connection) kafka.Config {
	return kafka.Config{Brokers: c.Brokers, Version: a.Version}
}
