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
	"github.com/twmb/franz-go/pkg/sasl"
)

// How long single steps may take. A command's own timeout (its ctx) bounds them all.
const (
	// dialTimeout is what one address has to accept a connection, unless a client.properties says it;
	// kgo's 10 s would use up the whole timeout of a one-shot command on one dead address of three.
	dialTimeout = 2 * time.Second
	// AnswerTimeout is what a broker has to answer, beyond the time that the request itself grants
	// it. It also bounds connection set-up, which ctx does not. kgo: 10 s.
	AnswerTimeout = 5 * time.Second
	// WriteTimeout is what brokers have to carry out a write before they answer REQUEST_TIMED_OUT
	// and we look again. kadm: 15 s, longer than most commands have; never 0: KRaft refuses it.
	// ZooKeeper mode was seen to need 5 s for 450 partitions.
	WriteTimeout = 10 * time.Second
	// retryTimeout is how long kgo repeats a failed request by itself (kgo: 30 s). Then our own
	// loops take over, which can say what they wait for.
	retryTimeout = 5 * time.Second
	// PollInterval is between two looks at something that is not there yet.
	PollInterval = 20 * time.Millisecond
)

// Client is connected to one cluster and asks its brokers. It is safe for concurrent use.
type Client struct {
	// Kgo and Adm are the clients beneath, for what they do better than one request to one broker
	// does: records, and requests that kadm spreads over coordinators. They do not heed ctx while
	// they set up a connection: call them through [UntilDone].
	Kgo *kgo.Client
	Adm *kadm.Client
	// Any asks whichever broker kgo chooses, and the controller where only it can answer. One that
	// cannot be dialled is passed over.
	Any kmsg.Requestor

	seeds seeds
	gate  *loginGate // nil where nobody logs in
}

// Dial sets up a client with the options of [Config.DialOpts], and more of them. The first request
// connects. The connections end with ctx, or with Close.
func Dial(ctx context.Context, cfg Config, more ...kgo.Opt) (*Client, error) {
	return newClient(append(append(cfg.DialOpts(ctx), kgo.MaxVersions(CommitsByName())), more...)...)
}

// Outliving returns a client like c, with more options, that does not end with ctx: for what must
// still be undone when ctx has ended. The caller closes it.
func (c *Client) Outliving(ctx context.Context, more ...kgo.Opt) (*Client, error) {
	return newClient(slices.Concat(c.Kgo.Opts(), []kgo.Opt{kgo.WithContext(context.WithoutCancel(ctx))}, more)...)
}

// Close ends all connections.
func (c *Client) Close() { c.Kgo.Close() }

func newClient(opts ...kgo.Opt) (*Client, error) {
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	adm := kadm.NewClient(client)
	adm.SetTimeoutMillis(int32(WriteTimeout.Milliseconds()))
	var gate *loginGate
	if mechanisms, _ := client.OptValue(kgo.SASL).([]sasl.Mechanism); len(mechanisms) > 0 {
		gate = new(loginGate)
	}
	return &Client{Kgo: client, Adm: adm, Any: ctxRequestor{gated{gate, anyBroker{client}}}, gate: gate}, nil
}

// CommitsByName returns versions of requests in which OffsetFetch and OffsetCommit stay below those
// that identify topics by id (KIP-848, version 10). By id, what a group committed of a topic that was
// deleted since is hidden, and kgo takes the id to commit for from a cache.
func CommitsByName() *kversion.Versions {
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(int16(kmsg.OffsetFetch), 9)
	versions.SetMaxKeyVersion(int16(kmsg.OffsetCommit), 9)
	return versions
}
