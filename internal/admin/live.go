package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// askTimeout bounds one look at all brokers: one that is frozen must not hold up
// the look at the others.
const askTimeout = 2 * time.Second

// broker is one that the cluster lists as alive.
type broker struct {
	id   int32
	name string // "broker 2 (kafka2:9092)"
}

func named(b kmsg.MetadataResponseBroker) broker {
	return broker{b.NodeID, fmt.Sprintf("broker %d (%s:%d)", b.NodeID, b.Host, b.Port)}
}

// answer is what one live broker said.
type answer[T any] struct {
	broker
	value T
	err   error // it could not be asked
}

// askLive asks every live broker at about the same time; the answers are by id. The
// error is that nobody could be asked who they are, which an empty list is too: a
// broker that has just started may know of no broker, not even itself.
func askLive[T any](ctx context.Context, c *Client, ask func(context.Context, int32) (T, error)) ([]answer[T], error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	meta, err := c.metadata(ctx, c.any, []string{})
	if err != nil {
		return nil, &UnsettledError{Broker: "the cluster", What: err.Error(), Cause: err}
	}
	if len(meta.Brokers) == 0 {
		return nil, &UnsettledError{Broker: "the cluster", What: "no broker is listed as alive"}
	}
	live := make([]broker, len(meta.Brokers))
	for i, b := range sortedBrokers(meta) {
		live[i] = named(b)
	}
	return askEach(ctx, live, ask), nil
}

// askEach asks the given brokers at the same time; the answers are in their order.
func askEach[T any](ctx context.Context, brokers []broker, ask func(context.Context, int32) (T, error)) []answer[T] {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	answers := make([]answer[T], len(brokers))
	var asking sync.WaitGroup
	for i, b := range brokers {
		asking.Go(func() {
			value, err := ask(ctx, b.id)
			answers[i] = answer[T]{b, value, err}
		})
	}
	asking.Wait()
	return answers
}

func sortedBrokers(meta *kmsg.MetadataResponse) []kmsg.MetadataResponseBroker {
	return slices.SortedFunc(slices.Values(meta.Brokers), func(a, b kmsg.MetadataResponseBroker) int {
		return int(a.NodeID - b.NodeID)
	})
}

// ids lists brokers' ids in ascending order.
func ids(brokers []kmsg.MetadataResponseBroker) []int32 {
	found := make([]int32, len(brokers))
	for i, b := range brokers {
		found[i] = b.NodeID
	}
	slices.Sort(found)
	return found
}

func joinIDs[ID int | int32](ids []ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprint(id)
	}
	return strings.Join(parts, ", ")
}
