package kafka

import (
	"cmp"
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Config says how to reach a cluster.
type Config struct {
	// Brokers are the bootstrap addresses, host:port.
	Brokers []string
	// Security is how connections are encrypted, and who logs in.
	Security Security
	// ClientID is what the brokers know the client by; "" is kafkactl.
	ClientID string
	// Version is the version of this program, which it sends to the brokers (KIP-511).
	Version string
}

// ClientOpts returns the kgo options that follow from c alone: identity, TLS and SASL. The readiness
// ladder dials with the same ones.
func (c Config) ClientOpts() []kgo.Opt {
	opts := append(c.Security.opts(), kgo.ClientID(cmp.Or(c.ClientID, "kafkactl")))
	if c.Version != "" {
		opts = append(opts, kgo.SoftwareNameAndVersion("kafkactl", c.Version))
	}
	return opts
}

// DialOpts returns the kgo options of a command's client: those of [Config.ClientOpts], where the
// cluster is, and how long single steps may take. The client ends with ctx: cancelling it also ends
// connection set-up, which the contexts of single calls do not.
func (c Config) DialOpts(ctx context.Context) []kgo.Opt {
	return append(c.ClientOpts(),
		kgo.SeedBrokers(c.Brokers...),
		kgo.WithContext(ctx),
		kgo.DialTLSConfig(nil), // the dialer has it
		kgo.Dialer(InOwnWords(c.Security.dialer())),
		kgo.RequestTimeoutOverhead(AnswerTimeout),
		kgo.RetryTimeout(retryTimeout),
		kgo.RetryBackoffFn(backoff),
		// The smallest allowed; kgo's 5 s would show a topic made by another client five seconds
		// late.
		kgo.MetadataMinAge(10*time.Millisecond),
		// A client that lives for one command has no use for sending the brokers metrics about
		// itself (KIP-714); kgo would push it, compressed, while the client closes.
		kgo.DisableClientMetrics(),
	)
}

// backoff starts where a restarting broker may be back (kgo: 250 ms to 5 s).
func backoff(failures int) time.Duration {
	return min(50*time.Millisecond<<min(failures, 5), time.Second)
}
