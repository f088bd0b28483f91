package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// UnsettledError reports a broker that did not show a topic as declared before time ran out.
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

// Settle returns nil once every live broker shows every desired topic with all partitions, each
// with a live leader and all replicas in sync but those that somebody is adding, with the declared
// settings, and once every leader acts as one; blocked differences are not waited for. CreateTopics
// answers earlier than that: for hundreds of milliseconds some brokers do not know the topic, and a
// producer that meets one of them fails.
//
// When ctx ends first the error is an [*UnsettledError]. What waiting cannot heal,
// such as a missing permission, is returned at once. Topics that shall not exist are not
// looked at: see [Client.StayGone].
func (c *Client) Settle(ctx context.Context, desired []topicspec.Desired) error {
	return c.untilEverywhere(ctx, topicspec.Present(desired), c.Usable)
}

// Usable looks once whether everything is there that Settle waits for. What has a risk that the user does not accept is
// not asked for: apply does not make it.
func (c *Client) Usable(ctx context.Context, desired []topicspec.Desired) error {
	desired = topicspec.Present(desired)
	seen, err := c.observeDeclared(ctx, desired)
	if err != nil {
		return err
	}
	if seen.risky(desired) {
		planned, err := c.WithAccess(nil).Plan(ctx, desired)
		if err != nil {
			return err
		}
		desired = makeable(planned.Plan, desired)
	}
	return c.settled(ctx, seen, desired)
}

// risky reports whether something that a broker does not show as desired has a risk, as far as that is known without a
// look at records.
func (s views) risky(desired []topicspec.Desired) bool {
	return slices.ContainsFunc(s, func(at kafka.Answer[view]) bool {
		return at.Err == nil && slices.ContainsFunc(at.Value.missing(desired), func(c topicspec.Change) bool { return c.Risk != topicspec.NoRisk })
	})
}

// Present looks once whether the named topics can be used, whatever their shape: every live broker
// knows them, with all partitions led and all replicas in sync, and every leader acts as one. It
// needs no more than Describe on them; the error is as that of Settle.
func (c *Client) Present(ctx context.Context, names []string) error {
	seen, err := c.askForTopics(ctx, names, func(ctx context.Context, id int32, names []string) (view, error) {
		v, err := c.observeShapes(ctx, c.kafka.On(id), names)
		if err == nil {
			if _, what := v.incomplete(); what != "" { // which replicas that are being added do not make it
				_ = c.observeMoving(ctx, &v) // needs Describe on the cluster, too; without it all replicas count
			}
		}
		return v, err
	})
	if err != nil {
		return err
	}
	err = seen.judge(func(v view) (topic, what string) {
		for _, name := range names {
			if _, known := v.topics[name]; !known {
				return name, "is not known there yet"
			}
		}
		return v.incomplete()
	})
	if err != nil {
		return err
	}
	return c.actingLeaders(ctx, seen[0].Value)
}

// settled returns nil when the views are what Settle waits for.
func (c *Client) settled(ctx context.Context, seen views, desired []topicspec.Desired) error {
	seen, desired = seen.present(desired)
	err := seen.judge(func(v view) (topic, what string) { return v.unlike(desired) })
	if err != nil || len(desired) == 0 {
		return err
	}
	return c.actingLeaders(ctx, seen[0].Value)
}

// lookFor returns nil when all live brokers show what is waited for of some topics.
type lookFor func(ctx context.Context, topics []topicspec.Desired) error

// untilEverywhere looks at all live brokers until look accepts what they show of all the topics.
func (c *Client) untilEverywhere(ctx context.Context, topics []topicspec.Desired, look lookFor) error {
	var (
		last  error
		tries repeated
		begin int
	)
	parts := slices.Collect(slices.Chunk(topics, topicsPerLook))
	for next := (pace{}); ; {
		failed, err := lookFrom(ctx, parts, begin, look)
		switch err = tries.judge(err, ""); {
		case err == nil:
			return nil
		case !MayHeal(err):
			return err
		case last == nil || ctx.Err() == nil: // what ctx cut off says less than the look before
			last = err
		}
		begin = failed
		c.reportWait(last)
		next.moved(shownBy(last))
		if !next.pauseAfter(ctx, last) {
			return last
		}
	}
}

// lookFrom looks at all live brokers for each part of the topics, beginning with the one at begin. It
// ends at the first part that look does not accept, and returns its index: while topics are being
// made, the look after this one need not ask again for all that are there.
func lookFrom(ctx context.Context, parts [][]topicspec.Desired, begin int, look lookFor) (failed int, err error) {
	for i := range parts {
		at := (begin + i) % len(parts)
		if err := look(ctx, parts[at]); err != nil {
			return at, err
		}
	}
	return 0, nil
}

// shownBy returns what a look showed, apart from the words of a network error: these name another
// local port each time, which is no progress.
func shownBy(err error) string {
	var shown *UnsettledError
	if errors.As(err, &shown) && shown.Cause != nil {
		return shown.Broker
	}
	return err.Error()
}

// MayHeal reports whether the next look may be better: a broker's refusal that does not
// mean "not yet" stays, and so does a fault of this process.
func MayHeal(err error) bool {
	var broker *kafka.BrokerError
	return kafka.OwnFault(err) == nil && !errors.As(err, &broker) || mayPass(err)
}
