package admin

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// view is what one broker answers about the topics asked for: brokers may differ
// for a while after a change.
type view struct {
	meta *kmsg.MetadataResponse
	// topics holds the ones this broker knows.
	topics map[string]topicspec.Observed
	moving reassignments
}

// clusterID returns "" for a cluster that has none.
func (v view) clusterID() string {
	if v.meta.ClusterID == nil {
		return ""
	}
	return *v.meta.ClusterID
}

// partitions returns those of a topic as v shows them.
func (v view) partitions(t kmsg.MetadataResponseTopic) []Partition {
	list := partitionsOf(v.meta, t)
	// A value that is no number is one that the broker does not show: nothing to hold against the
	// partition.
	minISR, _ := strconv.Atoi(v.topics[*t.Topic].Config[minInSyncReplicas].Value)
	for i := range list {
		list[i].MinISR = minISR
		list[i].reassign(v.moving[*t.Topic][list[i].ID])
	}
	return list
}

// unlike returns the first thing that v does not show as desired; what is "" when it shows all.
func (v view) unlike(desired []topicspec.Desired) (topic, what string) {
	if missing := v.missing(desired); len(missing) > 0 {
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
	return v.incomplete()
}

// missing returns what v does not show as desired, apart from the number of replicas and what depends on it: who
// changes that waits for it there.
func (v view) missing(desired []topicspec.Desired) []topicspec.Change {
	return topicspec.Diff(desired, v.topics).Withhold(topicspec.Consent{Rekey: true, Trim: true}).Makeable()
}

// incomplete returns the first partition of v that lacks its leader or a replica in sync; what is
// "" when none does. Too few for min.insync.replicas while somebody adds replicas does not count: copies
// may take hours.
func (v view) incomplete() (topic, what string) {
	for _, t := range v.meta.Topics {
		for _, p := range v.partitions(t) {
			if p.MinISR = 0; p.worst() != "" {
				return *t.Topic, fmt.Sprintf("partition %d has %s", p.ID, p.replicasText())
			}
		}
	}
	return "", ""
}

// differences returns what v does not show as desired, apart from leaders and replicas.
func (v view) differences(desired []topicspec.Desired) []Issue {
	var found []Issue
	for _, change := range v.missing(desired) {
		one := Issue{Kind: Differs, Topic: change.Topic, Partition: -1}
		switch {
		case change.Action == topicspec.Create:
			one.What = "does not exist"
		case change.Before == nil:
			one.What = fmt.Sprintf("%s is not set, declared %s", change.Field, change.After)
		case change.After == nil:
			one.What = fmt.Sprintf("%s is set to %s, declared without an override", change.Field, change.Before)
		default:
			one.What = fmt.Sprintf("%s is %s, declared %s", change.Field, change.Before, change.After)
		}
		found = append(found, one)
	}
	return found
}

// partitionIssues returns what is wrong with leaders and replicas, in no order: of each partition
// the worst.
func (v view) partitionIssues() []Issue {
	var found []Issue
	for _, t := range v.meta.Topics {
		if _, known := v.topics[*t.Topic]; !known {
			continue
		}
		for _, p := range v.partitions(t) {
			if kind := p.worst(); kind != "" {
				found = append(found, Issue{kind, "", *t.Topic, p.ID, p.replicasText()})
			}
		}
	}
	return found
}

// views is what each live broker showed at about the same time, by id.
type views []kafka.Answer[view]

// topicsPerLook is how many topics a broker is asked for at once: so many are described within
// [kafka.AskTimeout] also by a broker that is cold or busy, and an answer of all their settings is
// about a megabyte.
const topicsPerLook = 500

// observeAll asks all live brokers for the named topics, and for their settings with the given keys,
// or all settings. The error is that nobody could be asked who they are.
func (c *Client) observeAll(ctx context.Context, names []string, keys ...string) (views, error) {
	return c.askForTopics(ctx, names, func(ctx context.Context, id int32, names []string) (view, error) {
		return c.observe(ctx, c.kafka.On(id), names, keys...)
	})
}

// observeDeclared is observeAll for what is declared of the topics: of the settings, it asks only for
// those that desired or a partition's condition is about. All settings of thousands of topics are
// some tens of megabytes from every broker.
func (c *Client) observeDeclared(ctx context.Context, desired []topicspec.Desired) (views, error) {
	keys := map[string]bool{minInSyncReplicas: true}
	for _, d := range desired {
		for key := range d.Config {
			keys[key] = true
		}
	}
	return c.observeAll(ctx, topicspec.Names(desired), sortedNames(keys)...)
}

// askForTopics asks all live brokers for the named topics, so many at a time that a broker which does
// not answer is known soon; it is not asked for the others. The error is as that of observeAll.
func (c *Client) askForTopics(ctx context.Context, names []string, ask func(ctx context.Context, id int32, names []string) (view, error)) (views, error) {
	asking := func(part []string) func(context.Context, int32) (view, error) {
		return func(ctx context.Context, id int32) (view, error) { return ask(ctx, id, part) }
	}
	first := min(len(names), topicsPerLook)
	answers, err := kafka.AskLive(ctx, c.kafka, asking(names[:first]))
	if err != nil {
		return nil, err
	}
	seen := views(answers)
	for part := range slices.Chunk(names[first:], topicsPerLook) {
		seen.add(kafka.AskEach(ctx, seen.answering(), asking(part)))
	}
	return seen, nil
}

// present returns desired without the topics that shall not exist, and the views without these.
func (s views) present(desired []topicspec.Desired) (views, []topicspec.Desired) {
	rest := topicspec.Present(desired)
	if len(rest) == len(desired) {
		return s, desired
	}
	gone := make(map[string]bool)
	for _, d := range desired {
		gone[d.Name] = d.Absent
	}
	without := slices.Clone(s)
	for i := range without {
		if meta := without[i].Value.meta; meta != nil {
			of := *meta
			of.Topics = slices.DeleteFunc(slices.Clone(meta.Topics), func(t kmsg.MetadataResponseTopic) bool { return gone[*t.Topic] })
			without[i].Value.meta = &of
		}
	}
	return without, rest
}

// answering returns the brokers that could be asked.
func (s views) answering() []kafka.Broker {
	var brokers []kafka.Broker
	for _, at := range s {
		if at.Err == nil {
			brokers = append(brokers, at.Broker)
		}
	}
	return brokers
}

// add adds what some of the brokers of s show of more topics. One that could not be asked for them
// shows nothing.
func (s views) add(more views) {
	for _, at := range more {
		i := slices.IndexFunc(s, func(before kafka.Answer[view]) bool { return before.ID == at.ID })
		if at.Err != nil {
			s[i] = at
			continue
		}
		s[i].Value.add(at.Value)
	}
}

// add adds other topics, which the same broker showed a moment later.
func (v *view) add(later view) {
	v.meta.Brokers = later.meta.Brokers
	v.meta.Topics = append(v.meta.Topics, later.meta.Topics...)
	maps.Copy(v.topics, later.topics)
	if v.moving == nil {
		v.moving = make(reassignments)
	}
	maps.Copy(v.moving, later.moving)
}

// judge returns an [*UnsettledError] for the first broker that could not be asked, that does not
// agree with the one before on who is alive, or in whose view check finds something.
func (s views) judge(check func(view) (topic, what string)) error {
	for i, at := range s {
		if at.Err != nil {
			return &UnsettledError{Broker: at.Name, What: at.What(), Cause: at.Err}
		}
		if what := s.disagrees(i); what != "" {
			return &UnsettledError{Broker: at.Name, What: what}
		}
		if topic, what := check(at.Value); what != "" {
			return &UnsettledError{Broker: at.Name, Topic: topic, What: what}
		}
	}
	return nil
}

// disagrees says how broker i differs from the one before on who is alive, "" when they agree.
func (s views) disagrees(i int) string {
	if s[i].Err != nil {
		return ""
	}
	mine := kafka.BrokerIDs(s[i].Value.meta.Brokers)
	if len(mine) != len(s) || i > 0 && s[i-1].Err == nil && !slices.Equal(mine, kafka.BrokerIDs(s[i-1].Value.meta.Brokers)) {
		return fmt.Sprintf("knows brokers %s, and %d are there", kafka.JoinIDs(mine), len(s))
	}
	return ""
}

// issues returns what is wrong in the views of all brokers, in no order. A difference that all of
// them show is there once; of a partition that they show in different states, the worst.
func (s views) issues(desired []topicspec.Desired) []Issue {
	type partition struct {
		topic string
		id    int
	}
	var found []Issue
	worst := make(map[partition]Issue)
	shown := make(map[Issue][]string) // differences, and the brokers that show them
	answering := 0
	for i, at := range s {
		if at.Err != nil {
			found = append(found, Issue{Silent, at.Name, "", -1, at.What()})
			continue
		}
		answering++
		if what := s.disagrees(i); what != "" {
			found = append(found, Issue{Differs, at.Name, "", -1, what})
		}
		for _, one := range at.Value.differences(desired) {
			shown[one] = append(shown[one], at.Name)
		}
		for _, one := range at.Value.partitionIssues() {
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
