package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// UnsettledError is a broker that did not show a topic as declared before time ran
// out.
type UnsettledError struct {
	Broker string // "broker 2 (kafka2:9092)"
	Topic  string // "" when it is about the broker as a whole
	What   string
	Cause  error // why the broker could not be asked, nil when it answered
}

func (e *UnsettledError) Error() string {
	if e.Topic == "" {
		return e.Broker + ": " + e.What
	}
	return fmt.Sprintf("%s: topic %q: %s", e.Broker, e.Topic, e.What)
}

func (e *UnsettledError) Unwrap() error { return e.Cause }

// askTimeout bounds one look at one broker: one that is frozen must not hold up the
// look at the others.
const askTimeout = 2 * time.Second

// Settle returns nil once every live broker shows every desired topic with all
// partitions, each with a live leader and all replicas in sync, and with the
// declared settings; blocked differences are not waited for. CreateTopics answers
// earlier than that: for hundreds of milliseconds some brokers do not know the
// topic, and a producer that meets one of them fails.
//
// When ctx ends first the error is an [*UnsettledError]. What waiting cannot heal,
// such as a missing permission, is returned at once.
func (c *Client) Settle(ctx context.Context, desired []topicspec.Desired) error {
	return c.everywhere(ctx, topicspec.Names(desired), func(v view) (topic, what string) {
		return v.unlike(desired)
	})
}

// Usable is one look of what Settle waits for.
func (c *Client) Usable(ctx context.Context, desired []topicspec.Desired) error {
	return c.look(ctx, topicspec.Names(desired), func(v view) (topic, what string) {
		return v.unlike(desired)
	})
}

// SettleGone returns nil once no live broker knows any of the topics.
func (c *Client) SettleGone(ctx context.Context, names []string) error {
	return c.everywhere(ctx, names, func(v view) (topic, what string) {
		for _, name := range names {
			if _, known := v.topics[name]; known {
				return name, "is still there"
			}
		}
		return "", ""
	})
}

// everywhere looks at all live brokers until check finds nothing on any of them.
func (c *Client) everywhere(ctx context.Context, names []string, check func(view) (topic, what string)) error {
	if len(names) == 0 {
		return nil
	}
	var last error
	for {
		err := c.look(ctx, names, check)
		switch {
		case err == nil:
			return nil
		case !heals(err):
			return err
		case last == nil || ctx.Err() == nil: // what ctx cut off says less than the look before
			last = err
		}
		if !pause(ctx, pollInterval) {
			return last
		}
	}
}

// heals tells that the next look may be better: a broker's refusal that does not
// mean "not yet" stays.
func heals(err error) bool {
	var broker *BrokerError
	return !errors.As(err, &broker) || notYet(err)
}

// look asks all live brokers once and reports the first, in the order of their ids,
// that is not as it should be.
func (c *Client) look(ctx context.Context, names []string, check func(view) (topic, what string)) error {
	sights, err := c.survey(ctx, names)
	if err != nil {
		return err
	}
	return sights.judge(check)
}

// sights is what each live broker showed at about the same time, by id.
type sights []sight

// sight is what one broker showed.
type sight struct {
	id     int32
	broker string // "broker 2 (kafka2:9092)"
	view   view
	err    error // it could not be asked
}

// survey asks all live brokers at the same time. The error is that nobody could be
// asked who they are.
func (c *Client) survey(ctx context.Context, names []string) (sights, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	meta, err := c.metadata(ctx, c.any, []string{})
	if err != nil {
		return nil, &UnsettledError{Broker: "the cluster", What: err.Error(), Cause: err}
	}
	live := sortedBrokers(meta)
	found := make(sights, len(live))
	var asking sync.WaitGroup
	for i, b := range live {
		asking.Go(func() {
			v, err := c.observe(ctx, c.on(b.NodeID), names)
			found[i] = sight{b.NodeID, fmt.Sprintf("broker %d (%s:%d)", b.NodeID, b.Host, b.Port), v, err}
		})
	}
	asking.Wait()
	return found, nil
}

// judge reports the first broker that could not be asked, that does not agree with
// the one before on who is alive, or in whose view check finds something.
func (s sights) judge(check func(view) (topic, what string)) error {
	for i, at := range s {
		if at.err != nil {
			return &UnsettledError{Broker: at.broker, What: at.err.Error(), Cause: at.err}
		}
		mine := ids(at.view.meta.Brokers)
		if len(mine) != len(s) || i > 0 && !slices.Equal(mine, ids(s[i-1].view.meta.Brokers)) {
			return &UnsettledError{Broker: at.broker, What: fmt.Sprintf("knows brokers %s, and %d are there", joinIDs(mine), len(s))}
		}
		if topic, what := check(at.view); what != "" {
			return &UnsettledError{Broker: at.broker, Topic: topic, What: what}
		}
	}
	return nil
}

// unlike is the first thing that v does not show as desired, "" when all is well.
func (v view) unlike(desired []topicspec.Desired) (topic, what string) {
	if missing := topicspec.Diff(desired, v.topics).Makeable(); len(missing) > 0 {
		change := missing[0]
		switch {
		case change.Action == topicspec.Create:
			return change.Topic, "is not known there yet"
		case change.Before == nil:
			return change.Topic, change.Field + " is not set there yet"
		default:
			return change.Topic, fmt.Sprintf("%s is still %s there", change.Field, change.Before)
		}
	}
	live := ids(v.meta.Brokers)
	for _, t := range v.meta.Topics {
		for _, p := range t.Partitions {
			if what := unusable(p, v.topics[*t.Topic].Replicas[p.Partition], live); what != "" {
				return *t.Topic, what
			}
		}
	}
	return "", ""
}

// unusable says why a partition cannot take every write, "" when it can. want is
// the number of replicas that must be in sync.
func unusable(p kmsg.MetadataResponseTopicPartition, want int, live []int32) string {
	switch {
	case p.Leader < 0 || !slices.Contains(live, p.Leader):
		return fmt.Sprintf("partition %d has no live leader", p.Partition)
	case len(p.ISR) < want:
		return fmt.Sprintf("partition %d has %d of %d replicas in sync (in sync: %s)", p.Partition, len(p.ISR), want, joinIDs(p.ISR))
	case slices.ContainsFunc(p.ISR, func(id int32) bool { return !slices.Contains(live, id) }):
		return fmt.Sprintf("partition %d counts a replica in sync (%s) whose broker is not alive", p.Partition, joinIDs(p.ISR))
	default:
		return ""
	}
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

func joinIDs(ids []int32) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprint(id)
	}
	return strings.Join(parts, ", ")
}
