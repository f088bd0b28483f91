package kafka

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// On asks the broker with the id.
func (c *Client) On(id int32) kmsg.Requestor {
	return ctxRequestor{gated{c.gate, c.Kgo.Broker(int(id))}}
}

// Seed asks the first of the brokers that the client was dialled with, which is known to speak.
// [Client.Any] goes round all brokers of the cluster once it has heard of them, and a frozen one
// that is still listed holds it for the whole of [AnswerTimeout].
func (c *Client) Seed() kmsg.Requestor {
	return ctxRequestor{gated{c.gate, retryingBroker{c.Kgo.SeedBrokers()[0]}}}
}

// retryingBroker asks one broker; a connection that broke is tried again.
type retryingBroker struct{ broker *kgo.Broker }

// Request asks the broker.
func (r retryingBroker) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	return r.broker.RetriableRequest(ctx, req)
}

// anyBroker asks whichever broker kgo chooses, and again where that one cannot be dialled: kgo goes
// round the bootstrap addresses and the brokers it has heard of, for all askers together, and gives
// up when an asker is given the same dead address twice.
type anyBroker struct{ client *kgo.Client }

// Request asks until a broker could be dialled, kgo has gone round twice, or retryTimeout is over.
func (a anyBroker) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	began := time.Now()
	for failures := 0; ; failures++ {
		resp, err := a.client.Request(ctx, req)
		round := len(a.client.SeedBrokers()) + len(a.client.DiscoveredBrokers())
		if !undialled(err) || failures >= 2*round || time.Since(began) > retryTimeout || !Pause(ctx, PollInterval) {
			return resp, err
		}
	}
}

// undialled reports whether a request failed before it was sent, because its broker could not be
// dialled.
func undialled(err error) bool {
	op, found := errors.AsType[*net.OpError](err)
	return found && op.Op == "dial"
}

// seeds are the bootstrap addresses that a client goes by now.
type seeds struct {
	mu    sync.Mutex
	addrs []string
}

// Reseed makes the client ask at those bootstrap addresses alone, such as the ones that were seen
// to speak Kafka: whoever asks any broker must not be given one that is known to be dead.
func (c *Client) Reseed(addrs []string) {
	c.seeds.mu.Lock()
	defer c.seeds.mu.Unlock()
	if len(addrs) == 0 || slices.Equal(addrs, c.seeds.addrs) {
		return
	}
	if err := c.Kgo.UpdateSeedBrokers(addrs...); err == nil { // else it goes by the former
		c.seeds.addrs = slices.Clone(addrs)
	}
}

// ctxRequestor is a requestor that returns when ctx ends: see [UntilDone].
type ctxRequestor struct{ kmsg.Requestor }

// Request is abandoned, not stopped, when ctx ends first: req must not be used again.
func (r ctxRequestor) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	resp, err := UntilDone(ctx, func() (kmsg.Response, error) { return r.Requestor.Request(ctx, req) })
	return resp, RequestError(err)
}

// RequestError returns the error of a request in words that say no more than what happened: kgo puts
// "unable to dial" before the error of a dial, and kadm how many of its requests failed. Other
// errors stay as they are.
func RequestError(err error) error {
	if local, found := errors.AsType[*LocalFaultError](err); found {
		return local
	}
	if failed, found := errors.AsType[*ConnectionError](err); found {
		return failed
	}
	if login := loginError(err); login != nil {
		return login
	}
	if errors.Is(err, io.EOF) && !errors.As(err, new(*kgo.ErrFirstReadEOF)) { // that one says why it may be
		return closedConnectionError{err}
	}
	if err != nil && strings.Contains(err.Error(), "broker is too old") { // kgo has no name for it
		return tooOldError{err}
	}
	return err
}

// tooOldError says that the broker does not know a request. It is [kerr.UnsupportedVersion] whether the broker said so
// or kgo did not send it.
type tooOldError struct{ error }

func (e tooOldError) Unwrap() []error { return []error{e.error, kerr.UnsupportedVersion} }

// closedConnectionError says that the broker closed the connection in place of an answer.
type closedConnectionError struct{ error }

func (e closedConnectionError) Error() string { return "the broker closed the connection" }
func (e closedConnectionError) Unwrap() error { return e.error }

// UntilDone returns what ask returns, or the error of ctx when that ends first; ask then goes on by
// itself and its result is dropped. kgo does not heed ctx while it sets up a connection: a frozen
// broker, which accepts and stays silent, would hold the caller for the whole of [AnswerTimeout].
func UntilDone[T any](ctx context.Context, ask func() (T, error)) (T, error) {
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
