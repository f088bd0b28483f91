package groups

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/nearest"
)

// PlanReset returns what a group has committed and where that would be moved to. It changes
// nothing, and makes no __consumer_offsets where nothing consumed before.
//
// The error is a [*kafka.NotFoundError] for a named topic that does not exist, and a
// [*kafka.MissingPartitionError] for a named partition that its topic does not have. A group that
// does not exist is an error only where its own topics are asked for: a commit makes it. A
// partition whose leader does not answer has its error in the plan.
func (c *Client) PlanReset(ctx context.Context, r Reset) (OffsetPlan, error) {
	found, err := c.lagOf(ctx, r)
	if err != nil {
		return OffsetPlan{}, err
	}
	plan := OffsetPlan{Group: r.Group, State: found.State, Members: found.Members}
	committed := make(map[kafka.TopicPartition]int64)
	for _, p := range found.Partitions {
		if p.Committed >= 0 {
			committed[p.TopicPartition] = p.Committed
		}
	}
	topics := r.Topics
	if topics == nil {
		topics = committedTopics(committed)
	}
	meta, err := c.resetMetadata(ctx, topics)
	if err != nil {
		return plan, err
	}
	led := kmsg.NewPtrMetadataResponse()
	for _, t := range topics {
		moves, at, err := c.movesOf(ctx, t, meta[t.Topic], r.Topics == nil)
		if err != nil {
			return plan, err
		}
		plan.Moves, led.Topics = append(plan.Moves, moves...), append(led.Topics, at)
	}
	if r.Topics == nil {
		plan.Moves = append(plan.Moves, goneMoves(committed, plan.Moves)...)
	}
	sortMoves(plan.Moves)
	bounds := c.resetBounds(ctx, led, r)
	for i := range plan.Moves {
		m := &plan.Moves[i]
		if at, ok := committed[m.TopicPartition]; ok {
			m.From = at
		}
		if m.Outcome == MovePlanned {
			bounds.setTarget(m, r)
		}
	}
	return plan, nil
}

// lagOf returns the lag of the group; the zero value for one that does not exist and may be made.
func (c *Client) lagOf(ctx context.Context, r Reset) (GroupLag, error) {
	found, err := c.Lag(ctx, LagQuery{Groups: []string{r.Group}})
	var missing *kafka.NotFoundError
	switch {
	case errors.As(err, &missing) && r.Topics != nil:
		return GroupLag{}, nil
	case err != nil:
		return GroupLag{}, err
	case found[0].Err != nil:
		return GroupLag{}, found[0].Err
	case found[0].State == stateDead: // it was removed since it was listed
		return GroupLag{}, nil
	}
	return found[0], nil
}

// committedTopics returns the topics that a group has committed something of, by name, without
// partitions: all of each.
func committedTopics(committed map[kafka.TopicPartition]int64) []ResetTopic {
	names := make(map[string]bool)
	for at := range committed {
		names[at.Topic] = true
	}
	topics := []ResetTopic{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		topics = append(topics, ResetTopic{Topic: name})
	}
	return topics
}

// resetMetadata returns the metadata of topics by name. The error names all that may not be seen.
func (c *Client) resetMetadata(ctx context.Context, topics []ResetTopic) (map[string]kmsg.MetadataResponseTopic, error) {
	names := make([]string, 0, len(topics))
	for _, t := range topics {
		names = append(names, t.Topic)
	}
	meta, err := c.kafka.Metadata(ctx, c.kafka.Any, names)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]kmsg.MetadataResponseTopic)
	var hidden kafka.Denials
	for _, t := range meta.Topics {
		hidden.Add(kafka.CodeError(kmsg.Metadata, *t.Topic, t.ErrorCode, nil))
		byName[*t.Topic] = t
	}
	return byName, hidden.Err()
}

// movesOf returns the partitions of a topic to reset, and its metadata without the others. own says
// that nobody named the topic: it has no partitions when it is gone.
func (c *Client) movesOf(ctx context.Context, wanted ResetTopic, t kmsg.MetadataResponseTopic, own bool) ([]OffsetMove, kmsg.MetadataResponseTopic, error) {
	err := kafka.CodeError(kmsg.Metadata, wanted.Topic, t.ErrorCode, nil)
	gone := errors.Is(err, kerr.UnknownTopicOrPartition)
	switch {
	case gone && own:
		return nil, t, nil
	case gone:
		return nil, t, c.topicNotFound(ctx, wanted.Topic)
	case err != nil && !errors.Is(err, kerr.LeaderNotAvailable):
		return nil, t, kafka.Wrap(fmt.Sprintf("describe topic %q", wanted.Topic), err)
	}
	all := t.Partitions
	if named := wanted.Partitions; len(named) > 0 {
		t.Partitions = nil
		for _, p := range all {
			if slices.Contains(named, p.Partition) {
				t.Partitions = append(t.Partitions, p)
			}
		}
		for _, number := range named {
			if !slices.ContainsFunc(all, func(p kmsg.MetadataResponseTopicPartition) bool { return p.Partition == number }) {
				return nil, t, &kafka.MissingPartitionError{Topic: wanted.Topic, Partition: number, Count: len(all)}
			}
		}
	}
	moves := make([]OffsetMove, len(t.Partitions))
	for i, p := range t.Partitions {
		moves[i] = OffsetMove{
			TopicPartition: kafka.TopicPartition{Topic: wanted.Topic, Partition: p.Partition}, Named: len(wanted.Partitions) > 0,
			From: -1, To: -1, LogStart: -1, End: -1, Outcome: MovePlanned,
		}
	}
	return moves, t, nil
}

// topicNotFound returns the error of a topic that does not exist, with similar names as far as they
// can be listed.
func (c *Client) topicNotFound(ctx context.Context, name string) error {
	names, _ := c.kafka.TopicNames(ctx)
	return &kafka.NotFoundError{Resource: kafka.ResourceTopic, Name: name, Near: nearest.Names(name, names, 3)}
}

// goneMoves returns the partitions of which something is committed, and that are not there any
// more.
func goneMoves(committed map[kafka.TopicPartition]int64, there []OffsetMove) []OffsetMove {
	known := make(map[kafka.TopicPartition]bool, len(there))
	for _, m := range there {
		known[m.TopicPartition] = true
	}
	var gone []OffsetMove
	for at := range committed {
		if !known[at] {
			gone = append(gone, OffsetMove{
				TopicPartition: at, From: committed[at], To: -1, LogStart: -1, End: -1,
				Outcome: MoveSkipped, Reason: "it does not exist any more",
			})
		}
	}
	return gone
}

// resetBounds are where logs begin and end, and where the records of a time do.
type resetBounds struct {
	starts, ends, times map[kafka.TopicPartition]kafka.ListedOffset
}

// resetBounds asks the leaders, each once for all its partitions. The end is asked for before the
// time: what is written in between may be of that time, and then lies behind the end that stands in
// for it.
func (c *Client) resetBounds(ctx context.Context, meta *kmsg.MetadataResponse, r Reset) resetBounds {
	found := resetBounds{starts: c.kafka.OffsetsAt(ctx, meta, kafka.LogStart), ends: c.kafka.OffsetsAt(ctx, meta, kafka.LogEnd)}
	if r.To == ToTime {
		found.times = c.kafka.OffsetsAt(ctx, meta, kafka.AtTime(r.Time))
	}
	return found
}

// setTarget decides where a partition goes, as far as its leader answered.
func (b resetBounds) setTarget(m *OffsetMove, r Reset) {
	at := m.TopicPartition
	start, end, found := b.starts[at], b.ends[at], b.times[at]
	for _, err := range []error{start.Err, end.Err, found.Err} {
		if err != nil {
			m.Outcome, m.Err = MoveFailed, err
			return
		}
	}
	m.LogStart, m.End = start.Offset, max(start.Offset, end.Offset)
	m.setTarget(r, found.Offset)
}
