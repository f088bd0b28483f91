package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Config says how to reach a cluster.
type Config struct {
	// Brokers are the bootstrap addresses, host:port.
	Brokers []string
	// Version is this program's, told to the brokers (KIP-511).
	Version string
}

// Client talks to one cluster. It is safe for concurrent use.
type Client struct {
	kgo *kgo.Client
	adm *kadm.Client
	any prompt // asks whichever broker kgo chooses, the controller where it must be

	tell func(what string) // see Telling
}

// Telling is the same client, whose changes say what they wait for: while Apply asks
// again and while Settle and SettleGone look again, tell is called with it, often and
// from one goroutine at a time.
func (c *Client) Telling(tell func(what string)) *Client {
	telling := *c
	telling.tell = tell
	return &telling
}

// waits tells of err, which is why a change is not done yet.
func (c *Client) waits(err error) {
	if c.tell != nil {
		c.tell(err.Error())
	}
}

// How long single steps may take. A command's own timeout (its ctx) bounds them all.
const (
	// One address is given this long to connect; kgo's 10 s would use up the whole
	// timeout of a one-shot command on one dead address of three.
	dialTimeout = 2 * time.Second
	// A broker is given this long to answer, beyond the time that the request itself
	// grants it; also bounds connection set-up, which ctx does not. kgo: 10 s.
	answerTimeout = 5 * time.Second
	// Brokers may take this long to carry out a write before they answer
	// REQUEST_TIMED_OUT and we look again. kadm: 15 s, longer than most commands have;
	// never 0: KRaft refuses it. ZooKeeper mode was seen to need 5 s for 450 partitions.
	writeTimeout = 10 * time.Second
	// kgo repeats a failed request this long by itself (kgo: 30 s), then our own
	// loops, which can tell what they wait for, take over.
	retryTimeout = 5 * time.Second
	// Between two looks at something that is not there yet.
	pollInterval = 20 * time.Millisecond
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
		kgo.RequestTimeoutOverhead(answerTimeout),
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
func (c *Client) outliving(ctx context.Context, more ...kgo.Opt) (*Client, error) {
	return newClient(slices.Concat(c.kgo.Opts(), []kgo.Opt{kgo.WithContext(context.WithoutCancel(ctx))}, more)...)
}

func newClient(opts ...kgo.Opt) (*Client, error) {
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	adm := kadm.NewClient(client)
	adm.SetTimeoutMillis(int32(writeTimeout.Milliseconds()))
	return &Client{kgo: client, adm: adm, any: prompt{client}}, nil
}

// backoff starts where a restarting broker may be back (kgo: 250 ms to 5 s).
func backoff(failures int) time.Duration {
	return min(50*time.Millisecond<<min(failures, 5), time.Second)
}

// Close ends all connections.
func (c *Client) Close() { c.kgo.Close() }

// metadata asks to about the named topics, none for an empty list and all for
// nil. It is a raw request: kadm's answer comes from a cache. Reading never
// creates a topic.
func (c *Client) metadata(ctx context.Context, to kmsg.Requestor, topics []string) (*kmsg.MetadataResponse, error) {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	if topics != nil {
		req.Topics = make([]kmsg.MetadataRequestTopic, 0, len(topics))
	}
	for _, name := range topics {
		topic := kmsg.NewMetadataRequestTopic()
		topic.Topic = kmsg.StringPtr(name)
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("ask metadata: %w", err)
	}
	return resp, nil
}

// prompt is a requestor that returns when ctx ends: see promptly.
type prompt struct{ kmsg.Requestor }

// Request is abandoned, not stopped, when ctx ends first: req must not be reused.
func (p prompt) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	resp, err := promptly(ctx, func() (kmsg.Response, error) { return p.Requestor.Request(ctx, req) })
	if errors.Is(err, io.EOF) && !errors.As(err, new(*kgo.ErrFirstReadEOF)) { // that one says why it may be
		err = hungUpError{err}
	}
	return resp, err
}

// hungUpError is a broker that closed the connection in place of an answer.
type hungUpError struct{ error }

func (e hungUpError) Error() string { return "the broker closed the connection" }
func (e hungUpError) Unwrap() error { return e.error }

// promptly is the answer of ask, which is abandoned when ctx ends first. kgo heeds no
// ctx while it sets up a connection: a frozen broker, which accepts and stays silent,
// held callers for the whole of answerTimeout.
func promptly[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := ask()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// on asks one broker.
func (c *Client) on(id int32) prompt { return prompt{c.kgo.Broker(int(id))} }

// pause waits d, or less when ctx ends first; it tells whether time is left.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// closed tells that err only says that ctx has ended: the client ends with it.
func closed(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, kgo.ErrClientClosed)
}
