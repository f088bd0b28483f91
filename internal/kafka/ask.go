package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// askTimeout bounds one look at all brokers: one that is frozen must not hold up
// the look at the others.
const AskTimeout = 2 * time.Second

// broker is one that the cluster lists as alive.
type Broker struct {
	ID   int32
	Name string // "broker 2 (kafka2:9092)"
}

func BrokerOf(b kmsg.MetadataResponseBroker) Broker {
	return Broker{b.NodeID, fmt.Sprintf("broker %d (%s:%d)", b.NodeID, b.Host, b.Port)}
}

// answer is what one live broker said.
type Answer[T any] struct {
	Broker
	Value T
	Err   error // it could not be asked
}

// reason is why a broker did not tell.
func (a Answer[T]) Reason() string {
	if errors.Is(a.Err, context.DeadlineExceeded) {
		return a.Name + " does not answer"
	}
	return fmt.Sprintf("%s: %v", a.Name, a.Err)
}

// askLive asks every live broker at about the same time; the answers are by id. The
// error is that nobody could be asked who they are, which an empty list is too: a
// broker that has just started may know of no broker, not even itself.
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

// askEach asks the given brokers at the same time; the answers are in their order.
func AskEach[T any](ctx context.Context, brokers []Broker, ask func(context.Context, int32) (T, error)) []Answer[T] {
	ctx, cancel := context.WithTimeout(ctx, AskTimeout)
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

func SortedBrokers(meta *kmsg.MetadataResponse) []kmsg.MetadataResponseBroker {
	return slices.SortedFunc(slices.Values(meta.Brokers), func(a, b kmsg.MetadataResponseBroker) int {
		return int(a.NodeID - b.NodeID)
	})
}

// liveBrokers are those that metadata lists, by id.
func LiveBrokers(meta *kmsg.MetadataResponse) []Broker {
	live := make([]Broker, len(meta.Brokers))
	for i, b := range SortedBrokers(meta) {
		live[i] = BrokerOf(b)
	}
	return live
}

// ids lists brokers' ids in ascending order.
func BrokerIDs(brokers []kmsg.MetadataResponseBroker) []int32 {
	found := make([]int32, len(brokers))
	for i, b := range brokers {
		found[i] = b.NodeID
	}
	slices.Sort(found)
	return found
}

func JoinIDs(ids []int32) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprint(id)
	}
	return strings.Join(parts, ", ")
}

// noBroker is what an empty answer to Metadata means.
const NoBroker = "no broker is listed as alive"

// UnansweredError says that nobody could be asked which brokers are alive.
type UnansweredError struct {
	What  string
	Cause error // nil when a broker answered, and listed none
}

// Error says it of the cluster.
func (e *UnansweredError) Error() string { return "the cluster: " + e.What }

// Unwrap returns the cause.
func (e *UnansweredError) Unwrap() error { return e.Cause }
