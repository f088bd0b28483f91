package kafka

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// Config says how to reach a cluster.
type Config struct {
	// Brokers are the bootstrap addresses, host:port.
	Brokers []string
	// Version is this program's, told to the brokers (KIP-511).
	Version string
}

// Client is connected to one cluster and asks its brokers. It is safe for concurrent use.
type Client struct {
	// Kgo and Adm are the clients beneath, for what they do better than one request to one
	// broker does: records, and requests that kadm spreads over coordinators. While they set
	// up a connection they do not heed ctx: call them through [UntilDone].
	Kgo *kgo.Client
	Adm *kadm.Client
	// Any asks whichever broker kgo chooses, the controller where it must be.
	Any kmsg.Requestor
}

// How long single steps may take. A command's own timeout (its ctx) bounds them all.
const (
	// One address is given this long to connect; kgo's 10 s would use up the whole
	// timeout of a one-shot command on one dead address of three.
	dialTimeout = 2 * time.Second
	// A broker is given this long to answer, beyond the time that the request itself
	// grants it; also bounds connection set-up, which ctx does not. kgo: 10 s.
	AnswerTimeout = 5 * time.Second
	// Brokers may take this long to carry out a write before they answer
	// REQUEST_TIMED_OUT and we look again. kadm: 15 s, longer than most commands have;
	// never 0: KRaft refuses it. ZooKeeper mode was seen to need 5 s for 450 partitions.
	WriteTimeout = 10 * time.Second
	// kgo repeats a failed request this long by itself (kgo: 30 s), then our own
	// loops, which can tell what they wait for, take over.
	retryTimeout = 5 * time.Second
	// Between two looks at something that is not there yet.
	PollInterval = 20 * time.Millisecond
)

// ClientOpts are the kgo options that follow from c alone: identity, and where
// TLS and SASL will join. The readiness ladder dials with the same ones.
func (c Config) ClientOpts() []kgo.Opt {
	opts := []kgo.Opt{kgo.ClientID("kafkactl")}
	if c.Version != "" {
		opts = append(opts, kgo.SoftwareNameAndVersion("kafkactl", c.Version))
	}
	return opts
}

// DialOpts are the kgo options of a command's client: those of [Config.ClientOpts],
// where the cluster is, and how long single steps may take. The client ends with ctx:
// cancelling it also ends connection set-up, which the contexts of single calls do
// not.
func (c Config) DialOpts(ctx context.Context) []kgo.Opt {
	return append(c.ClientOpts(),
		kgo.SeedBrokers(c.Brokers...),
		kgo.WithContext(ctx),
		kgo.DialTimeout(dialTimeout),
		kgo.RequestTimeoutOverhead(AnswerTimeout),
		kgo.RetryTimeout(retryTimeout),
		kgo.RetryBackoffFn(backoff),
		// The smallest allowed; kgo's 5 s would show a topic made by another client
		// five seconds late.
		kgo.MetadataMinAge(10*time.Millisecond),
		// A client that lives for one command has nothing to tell the brokers about
		// itself (KIP-714); kgo would push it, compressed, while the client closes.
		kgo.DisableClientMetrics(),
	)
}

// Dial sets up a client with the options of [Config.DialOpts]; the first request
// connects.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	return newClient(append(cfg.DialOpts(ctx), commitsByName())...)
}

// outliving is a client like c that does not end with its context: for what must
// still be undone when that is over.
func (c *Client) Outliving(ctx context.Context, more ...kgo.Opt) (*Client, error) {
	return newClient(slices.Concat(c.Kgo.Opts(), []kgo.Opt{kgo.WithContext(context.WithoutCancel(ctx))}, more)...)
}

// commitsByName keeps OffsetFetch below the version that names topics by id: what a
// group committed of a topic that was deleted would be hidden.
func commitsByName() kgo.Opt {
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(int16(kmsg.OffsetFetch), 9)
	return kgo.MaxVersions(versions)
}

func newClient(opts ...kgo.Opt) (*Client, error) {
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	adm := kadm.NewClient(client)
	adm.SetTimeoutMillis(int32(WriteTimeout.Milliseconds()))
	return &Client{Kgo: client, Adm: adm, Any: ctxRequestor{client}}, nil
}

// backoff starts where a restarting broker may be back (kgo: 250 ms to 5 s).
func backoff(failures int) time.Duration {
	return min(50*time.Millisecond<<min(failures, 5), time.Second)
}

// Close ends all connections.
func (c *Client) Close() { c.Kgo.Close() }
