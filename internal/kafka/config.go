package kafka

import (
	"cmp"
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/properties"
)

// Config says how to reach a cluster.
type Config struct {
	// Brokers are the bootstrap addresses, host:port.
	Brokers []string
	// Security is how connections are encrypted, and who logs in.
	Security Security
	// ClientID is what the brokers know the client by; "" is kafkactl.
	ClientID string
	// Timeouts are those of a client.properties; 0 where it has none.
	Timeouts properties.Timeouts
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
		kgo.Dialer(InOwnWords(c.Security.dialer(cmp.Or(c.Attempt(), dialTimeout)))),
		kgo.RequestTimeoutOverhead(c.answerTimeout()),
		kgo.RetryTimeout(cmp.Or(c.Timeouts.API, retryTimeout)),
		kgo.RetryBackoffFn(backoff),
		// The smallest allowed; kgo's 5 s would show a topic made by another client five seconds
		// late.
		kgo.MetadataMinAge(10*time.Millisecond),
		// A client that lives for one command has no use for sending the brokers metrics about
		// itself (KIP-714); kgo would push it, compressed, while the client closes.
		kgo.DisableClientMetrics(),
	)
}

// longest is the most that kgo takes as a time limit of one step.
const longest = 15 * time.Minute

// Attempt returns what one address has to accept a connection, TLS included, by its client.properties; 0
// where that says nothing. Java's clients begin with the one time and end with the other.
func (c Config) Attempt() time.Duration {
	setup, most := c.Timeouts.ConnectionSetup, cmp.Or(c.Timeouts.ConnectionMax, longest)
	return min(setup, most, longest)
}

// answerTimeout is what a broker has to answer, within what kgo takes.
func (c Config) answerTimeout() time.Duration {
	return min(max(cmp.Or(c.Timeouts.Request, AnswerTimeout), 100*time.Millisecond), longest)
}

// Listener returns the listener at addr, as the client of c uses it.
func (c Config) Listener(addr string) Listener {
	return Listener{
		Addr: addr, Mechanism: c.Security.Mechanism(), ClientID: cmp.Or(c.ClientID, "kafkactl"), Dial: InOwnWords(c.Security.dialer(cmp.Or(c.Attempt(), dialTimeout))),
	}
}

// backoff starts where a restarting broker may be back (kgo: 250 ms to 5 s).
func backoff(failures int) time.Duration {
	return min(50*time.Millisecond<<min(failures, 5), time.Second)
}
