package admin

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Condition is how the declared topics stand at one moment; both lists empty means
// that nothing is amiss. Each list is worst first.
type Condition struct {
	// Unusable keeps clients from reading or writing now.
	Unusable []Sickness
	// Degraded does not: what is lacking are spare replicas.
	Degraded []Sickness
}

// Kind is what is amiss. The values may appear in JSON.
type Kind string

// The kinds, worst first. The last one and the one before are degraded, the others
// unusable.
const (
	// Silent is a live broker that did not answer.
	Silent Kind = "silent"
	// Differs is a topic that is missing or not as declared, or a broker that knows
	// other brokers than the rest.
	Differs Kind = "differs"
	// Leaderless is a partition that no live broker leads.
	Leaderless Kind = "leaderless"
	// LogDir is a directory that a broker cannot use, or a broker that did not tell;
	// asked only when leaders are missing.
	LogDir Kind = "log-dir"
	// UnderMinISR is a partition with fewer replicas in sync than min.insync.replicas:
	// writes with acks=all are refused.
	UnderMinISR Kind = "under-min-isr"
	// AtMinISR is a partition that lacks replicas in sync, and loses the next one only
	// together with its writes.
	AtMinISR Kind = "at-min-isr"
	// UnderReplicated is a partition that lacks replicas in sync and can lose another.
	UnderReplicated Kind = "under-replicated"
)

// rank orders kinds, worst first.
func (k Kind) rank() int {
	return slices.Index([]Kind{Silent, Differs, Leaderless, LogDir, UnderMinISR, AtMinISR, UnderReplicated}, k)
}

// Sickness is one thing amiss.
type Sickness struct {
	Kind Kind
	// Broker is the one that shows it, "broker 2 (kafka2:9092)"; "" for a partition,
	// and for a topic when all that answered show the same.
	Broker string
	// Topic is "" when it is about a broker as a whole.
	Topic string
	// Partition is -1 unless it is about a single one.
	Partition int
	What      string
}

// String is one line, such as
// "order.created/1: 2 of 3 replicas in sync (1, 2), min.insync.replicas 2".
func (s Sickness) String() string {
	line := s.What
	switch {
	case s.Partition >= 0:
		line = fmt.Sprintf("%s/%d: %s", s.Topic, s.Partition, line)
	case s.Topic != "":
		line = s.Topic + ": " + line
	}
	if s.Broker != "" {
		line = s.Broker + ": " + line
	}
	return line
}

// Condition looks at the desired topics once on every live broker. Blocked
// differences do not count, as for [Client.Settle]. The error is that nobody could
// be asked, or that we may not look: one broker of several that does not answer is
// a [Silent] one.
func (c *Client) Condition(ctx context.Context, desired []topicspec.Desired) (Condition, error) {
	if len(desired) == 0 {
		return Condition{}, nil
	}
	seen, err := c.survey(ctx, topicspec.Names(desired))
	if err != nil {
		return Condition{}, err
	}
	var answering []kafka.Broker
	for _, at := range seen {
		switch {
		case at.Err == nil:
			answering = append(answering, at.Broker)
		case kafka.Unauthorized(at.Err):
			return Condition{}, fmt.Errorf("%s: %w", at.Name, at.Err)
		default:
			err = &UnsettledError{Broker: at.Name, What: at.Err.Error(), Cause: at.Err}
		}
	}
	if len(answering) == 0 {
		return Condition{}, err
	}
	sick := seen.sick(desired)
	return condition(append(sick, c.offlineDirs(ctx, answering, sick)...)), nil
}

// condition sorts what is amiss into the two lists.
func condition(sick []Sickness) Condition {
	slices.SortFunc(sick, func(a, b Sickness) int {
		return cmp.Or(
			cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition),
			cmp.Compare(a.Broker, b.Broker), cmp.Compare(a.What, b.What),
		)
	})
	var found Condition
	for _, s := range sick {
		if s.Kind.rank() < AtMinISR.rank() {
			found.Unusable = append(found.Unusable, s)
		} else {
			found.Degraded = append(found.Degraded, s)
		}
	}
	return found
}

// sick is what is amiss in the views of all brokers, in no order. A difference that
// all of them show is told once; of a partition that they show in different states,
// the worst.
func (s sights) sick(desired []topicspec.Desired) []Sickness {
	type partition struct {
		topic string
		id    int
	}
	var found []Sickness
	worst := make(map[partition]Sickness)
	shown := make(map[Sickness][]string) // differences, and the brokers that show them
	answering := 0
	for i, at := range s {
		if at.Err != nil {
			found = append(found, Sickness{Silent, at.Name, "", -1, at.Err.Error()})
			continue
		}
		answering++
		if what := s.disagrees(i); what != "" {
			found = append(found, Sickness{Differs, at.Name, "", -1, what})
		}
		for _, one := range at.Value.differences(desired) {
			shown[one] = append(shown[one], at.Name)
		}
		for _, one := range at.Value.ailments() {
			key := partition{one.Topic, one.Partition}
			if known, again := worst[key]; !again || one.Kind.rank() < known.Kind.rank() {
				worst[key] = one
			}
		}
	}
	for one, brokers := range shown {
		if len(brokers) == answering {
			brokers = []string{""}
		}
		for _, one.Broker = range brokers {
			found = append(found, one)
		}
	}
	return slices.AppendSeq(found, maps.Values(worst))
}
