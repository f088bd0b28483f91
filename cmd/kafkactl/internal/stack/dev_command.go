package stack

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"strings"
	"syscall"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/embedded"
)

// defaultPort is the port of the first broker when nobody names one.
const defaultPort = 29092

// bootstrapVariables are where services and their frameworks look for Kafka's addresses, beside
// those that every command gets. Here they can only mean the embedded Kafka.
func bootstrapVariables() []string {
	return []string{"SPRING_KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BROKERS", "BOOTSTRAP_SERVERS"}
}

// start starts the brokers. A command finds them by its environment, so where nobody named a port
// that of another Kafka is left to it.
func (o *devOptions) start(ctx context.Context, config embedded.Config) (*embedded.Cluster, error) {
	cluster, err := embedded.Start(ctx, config)
	if len(o.command) == 0 || o.portNamed || !errors.Is(err, syscall.EADDRINUSE) {
		return cluster, err
	}
	taken := takenPort(err, config.Port)
	config.Port = 0
	cluster, err = embedded.Start(ctx, config)
	if err == nil {
		o.app.Notef("port %d is taken: the embedded Kafka is on %s", taken, strings.Join(cluster.Addrs(), ","))
	}
	return cluster, err
}

// takenPort returns the port that cannot be listened on: that of any broker, or of its second address.
func takenPort(err error, first int) int {
	if network, ofNetwork := errors.AsType[*net.OpError](err); ofNetwork {
		if addr, is := network.Addr.(*net.TCPAddr); is {
			return addr.Port
		}
	}
	return first
}

// exec runs the user's command to its end, and answers with its exit code.
func (o *devOptions) exec(ctx context.Context, addrs string) error {
	cmd := exec.Command(o.command[0], o.command[1:]...) //nolint:noctx // a signal is passed on to it, and it has time to end
	cmd.Env = cli.ClusterEnv(addrs, bootstrapVariables()...)
	if o.security.wanted() {
		cmd.Env = cli.SecureEnv(cmd.Env, o.secured.variables())
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = o.app.ChildStreams()
	return o.app.RunChild(ctx, cmd)
}
