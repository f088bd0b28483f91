package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

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

// Settle returns nil once every live broker shows every desired topic with all
// partitions, each with a live leader and all replicas in sync, and with the
// declared settings, and once every leader acts as one; blocked differences are not
// waited for. CreateTopics answers earlier than that: for hundreds of milliseconds some
// brokers do not know the topic, and a producer that meets one of them fails.
//
// When ctx ends first the error is an [*UnsettledError]. What waiting cannot heal,
// such as a missing permission, is returned at once.
func (c *Client) Settle(ctx context.Context, desired []topicspec.Desired) error {
	return c.everywhere(ctx, topicspec.Names(desired), func(ctx context.Context, s sights) error {
		return c.settled(ctx, s, desired)
	})
}

// Usable is one look of what Settle waits for.
func (c *Client) Usable(ctx context.Context, desired []topicspec.Desired) error {
	sights, err := c.survey(ctx, topicspec.Names(desired))
	if err != nil {
		return err
	}
	return c.settled(ctx, sights, desired)
}

// Present is one look whether the named topics can be used, whatever their shape: every
// live broker knows them, with all partitions led and all replicas in sync, and every
// leader acts as one. It needs no more than Describe on them; the error is as that of
// Settle.
func (c *Client) Present(ctx context.Context, names []string) error {
	seen, err := askLive(ctx, c, func(ctx context.Context, id int32) (view, error) {
		return c.look(ctx, c.on(id), names)
	})
	if err != nil {
		return err
	}
	err = sights(seen).judge(func(v view) (topic, what string) {
		for _, name := range names {
			if _, known := v.topics[name]; !known {
				return name, "is not known there yet"
			}
		}
		return v.unfit()
	})
	if err != nil {
		return err
	}
	return c.leading(ctx, seen[0].value)
}

// settled is nil when the sights are what Settle waits for.
func (c *Client) settled(ctx context.Context, s sights, desired []topicspec.Desired) error {
	err := s.judge(func(v view) (topic, what string) { return v.unlike(desired) })
	if err != nil || len(desired) == 0 {
		return err
	}
	return c.leading(ctx, s[0].value)
}

// SettleGone returns nil once no live broker knows any of the topics.
func (c *Client) SettleGone(ctx context.Context, names []string) error {
	return c.everywhere(ctx, names, func(_ context.Context, s sights) error {
		return s.judge(func(v view) (topic, what string) {
			for _, name := range names {
				if _, known := v.topics[name]; known {
					return name, "is still there"
				}
			}
			return "", ""
		})
	})
}

// everywhere looks at all live brokers until judge is content with what they show.
func (c *Client) everywhere(ctx context.Context, names []string, judge func(context.Context, sights) error) error {
	if len(names) == 0 {
		return nil
	}
	var (
		last  error
		tries repeated
	)
	for next := (pace{}); ; {
		sights, err := c.survey(ctx, names)
		if err == nil {
			err = judge(ctx, sights)
		}
		switch err = tries.judge(err); {
		case err == nil:
			return nil
		case !heals(err):
			return err
		case last == nil || ctx.Err() == nil: // what ctx cut off says less than the look before
			last = err
		}
		c.waits(last)
		next.moved(shownBy(last))
		if !next.pauseAfter(ctx, last) {
			return last
		}
	}
}

// shownBy returns what a look showed, apart from the words of a network error: these name another local port each
// time, which is no progress.
func shownBy(err error) string {
	var shown *UnsettledError
	if errors.As(err, &shown) && shown.Cause != nil {
		return shown.Broker
	}
	return err.Error()
}

// heals reports whether the next look may be better: a broker's refusal that does not
// mean "not yet" stays.
func heals(err error) bool {
	var broker *BrokerError
	return !errors.As(err, &broker) || passes(err)
}

// sights is what each live broker showed at about the same time, by id.
type sights []answer[view]

// survey asks all live brokers for the named topics. The error is that nobody could
// be asked who they are.
func (c *Client) survey(ctx context.Context, names []string) (sights, error) {
	return askLive(ctx, c, func(ctx context.Context, id int32) (view, error) {
		return c.observe(ctx, c.on(id), names)
	})
}

// judge reports the first broker that could not be asked, that does not agree with
// the one before on who is alive, or in whose view check finds something.
func (s sights) judge(check func(view) (topic, what string)) error {
	for i, at := range s {
		if at.err != nil {
			return &UnsettledError{Broker: at.name, What: at.err.Error(), Cause: at.err}
		}
		if what := s.disagrees(i); what != "" {
			return &UnsettledError{Broker: at.name, What: what}
		}
		if topic, what := check(at.value); what != "" {
			return &UnsettledError{Broker: at.name, Topic: topic, What: what}
		}
	}
	return nil
}

// disagrees says how broker i differs from the one before on who is alive, "" when
// they agree.
func (s sights) disagrees(i int) string {
	if s[i].err != nil {
		return ""
	}
	mine := ids(s[i].value.meta.Brokers)
	if len(mine) != len(s) || i > 0 && s[i-1].err == nil && !slices.Equal(mine, ids(s[i-1].value.meta.Brokers)) {
		return fmt.Sprintf("knows brokers %s, and %d are there", joinIDs(mine), len(s))
	}
	return ""
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
	return v.unfit()
}

// unfit is the first partition of v that cannot take every write, "" when all can.
func (v view) unfit() (topic, what string) {
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
// the number of replicas that must be in sync. What no wait would heal, a
// min.insync.replicas above want, does not count.
func unusable(p kmsg.MetadataResponseTopicPartition, want int, live []int32) string {
	if kind, what := ailing(p, want, 0, live); kind != "" {
		return fmt.Sprintf("partition %d has %s", p.Partition, what)
	}
	return ""
}
