package kafka

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// AskTimeout bounds one look at all brokers: one that is frozen must not hold up the look at the
// others.
const AskTimeout = 2 * time.Second

// Broker is a broker that the cluster lists as alive.
type Broker struct {
	ID   int32
	Name string // "broker 2 (kafka2:9092)"
}

// BrokerOf returns b with the name that it has in messages.
func BrokerOf(b kmsg.MetadataResponseBroker) Broker {
	return Broker{b.NodeID, fmt.Sprintf("broker %d (%s:%d)", b.NodeID, b.Host, b.Port)}
}

// Answer is what one live broker answered.
type Answer[T any] struct {
	Broker
	Value T
	Err   error // why it could not be asked
}

// Reason returns why there is no answer, for a message.
func (a Answer[T]) Reason() string {
	if errors.Is(a.Err, context.DeadlineExceeded) {
		return a.Name + " does not answer"
	}
	return a.Name + ": " + a.What()
}

// What returns the text of Err beside the name, which has the address.
func (a Answer[T]) What() string {
	text := a.Err.Error()
	if failed, found := errors.AsType[*ConnectionError](a.Err); found {
		text = strings.Replace(text, failed.Error(), Symptom(failed.Cause), 1)
	}
	return text
}

// AskLive asks every live broker at about the same time, for [AskTimeout] at most. The answers are
// by id. The error is an [*UnansweredError]: no broker said which brokers there are, or it listed
// none. A broker that has just started may know of no broker, not even itself.
func AskLive[T any](ctx context.Context, c *Client, ask func(context.Context, int32) (T, error)) ([]Answer[T], error) {
	ctx, cancel := context.WithTimeout(ctx, AskTimeout)
	defer cancel()
	meta, err := c.Metadata(ctx, c.Any, []string{})
	if err != nil {
		return nil, &UnansweredError{What: err.Error(), Cause: err}
	}
	if len(meta.Brokers) == 0 {
		return nil, &UnansweredError{What: NoBroker}
	}
	return AskEach(ctx, LiveBrokers(meta), ask), nil
}

// AskEach asks the given brokers at the same time, for [AskTimeout] at most. The answers are in the
// order of brokers.
func AskEach[T any](ctx context.Context, brokers []Broker, ask func(context.Context, int32) (T, error)) []Answer[T] {
	return AskEachFor(ctx, AskTimeout, brokers, ask)
}

// AskEachFor is [AskEach] for what may take longer to answer.
func AskEachFor[T any](ctx context.Context, most time.Duration, brokers []Broker, ask func(context.Context, int32) (T, error)) []Answer[T] {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	answers := make([]Answer[T], len(brokers))
	var asking sync.WaitGroup
	for i, b := range brokers {
		asking.Go(func() {
			value, err := ask(ctx, b.ID)
			answers[i] = Answer[T]{b, value, err}
		})
	}
	asking.Wait()
	return answers
}

// NoBroker is what an answer to Metadata without brokers means, in words.
const NoBroker = "no broker is listed as alive"

// UnansweredError says that nobody could be asked which brokers are alive.
type UnansweredError struct {
	What  string
	Cause error // nil when a broker answered and listed none
}

// Error is about the cluster, as "the cluster: no broker is listed as alive".
func (e *UnansweredError) Error() string { return "the cluster: " + e.What }

// Unwrap returns the cause.
func (e *UnansweredError) Unwrap() error { return e.Cause }

// JoinIDs writes ids of brokers for a message, as "1, 2, 3".
func JoinIDs[ID int | int32](ids []ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprint(id)
	}
	return strings.Join(parts, ", ")
}
