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
	"kafkactl/internal/topicspec"
)

// PlanReset looks where a group stands and where it would be moved to. It changes
// nothing, and makes no __consumer_offsets where nothing consumed before.
//
// A named topic that does not exist is a [*NotFoundError], a partition of one that is
// not there a [*MissingPartitionError]. A group that does not exist is an error only
// where its own topics are asked for: a commit makes it. What a leader does not tell
// about single partitions is in the plan.
func (c *Client) PlanReset(ctx context.Context, r Reset) (OffsetPlan, error) {
	found, err := c.lagBefore(ctx, r)
	if err != nil {
		return OffsetPlan{}, err
	}
	plan := OffsetPlan{Group: r.Group, State: found.State, Members: found.Members}
	committed := make(map[TopicPartition]int64)
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
	marks := c.resetMarks(ctx, led, r)
	for i := range plan.Moves {
		m := &plan.Moves[i]
		if at, ok := committed[TopicPartition{m.Topic, m.Partition}]; ok {
			m.From = at
		}
		if m.Outcome == MovePlanned {
			marks.aim(m, r)
		}
	}
	return plan, nil
}

// resetStanding is how the group stands; the zero value for one that does not exist and
// may be made.
func (c *Client) lagBefore(ctx context.Context, r Reset) (GroupLag, error) {
	found, err := c.Lag(ctx, LagQuery{Groups: []string{r.Group}})
	var missing *kafka.NotFoundError
	switch {
	case errors.As(err, &missing) && r.Topics != nil:
		return GroupLag{}, nil
	case err != nil:
		return GroupLag{}, err
	case found[0].Err != nil:
		return GroupLag{}, found[0].Err
	case found[0].State == groupDead: // it was removed since it was listed
		return GroupLag{}, nil
	}
	return found[0], nil
}

// committedTopics are the topics that a group has committed something of, by name, with
// no partition named.
func committedTopics(committed map[TopicPartition]int64) []ResetTopic {
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

// resetMetadata is what a broker says of topics, by name. One that may not be seen is
// an error, and told with all the others like it.
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

// movesOf are the partitions of a topic to reset, and its metadata without the others.
// own tells that nobody named the topic: it has none when it is gone.
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
			Topic: wanted.Topic, Partition: p.Partition, Named: len(wanted.Partitions) > 0,
			From: -1, To: -1, LogStart: -1, End: -1, Outcome: MovePlanned,
		}
	}
	return moves, t, nil
}

// topicNotFound is the error of a topic that does not exist, with similar names as far as
// they can be listed.
func (c *Client) topicNotFound(ctx context.Context, name string) error {
	names, _ := c.kafka.TopicNames(ctx)
	return &kafka.NotFoundError{Resource: kafka.ResourceTopic, Name: name, Near: topicspec.Nearest(name, names, 3)}
}

// goneMoves are the partitions that were committed and are not there to be moved.
func goneMoves(committed map[TopicPartition]int64, there []OffsetMove) []OffsetMove {
	known := make(map[TopicPartition]bool, len(there))
	for _, m := range there {
		known[TopicPartition{m.Topic, m.Partition}] = true
	}
	var gone []OffsetMove
	for at := range committed {
		if !known[at] {
			gone = append(gone, OffsetMove{
				Topic: at.Topic, Partition: at.Partition, From: committed[at], To: -1, LogStart: -1, End: -1,
				Outcome: MoveSkipped, Reason: "it does not exist any more",
			})
		}
	}
	return gone
}

// offsetMarks is what leaders told of partitions: an offset each, or why not.
type offsetMarks map[TopicPartition]struct {
	offset int64
	err    error
}

// resetMarks are where logs begin and end, and where the records of a time do.
type resetMarks struct{ starts, ends, times offsetMarks }

// resetMarks asks the leaders, each once for all its partitions. The end is asked for
// before the time: what is written in between may be of that time, and then lies
// behind the end that stands in for it.
func (c *Client) resetMarks(ctx context.Context, meta *kmsg.MetadataResponse, r Reset) resetMarks {
	found := resetMarks{starts: c.offsetMarks(ctx, meta, kafka.LogStart), ends: c.offsetMarks(ctx, meta, kafka.LogEnd)}
	if r.To == ToTime {
		found.times = c.offsetMarks(ctx, meta, r.Time.UnixMilli())
	}
	return found
}

func (c *Client) offsetMarks(ctx context.Context, meta *kmsg.MetadataResponse, timestamp int64) offsetMarks {
	var leaders []kafka.Broker
	led := kafka.OffsetRequests(meta, timestamp)
	for id := range led {
		leaders = append(leaders, kafka.Broker{ID: id, Name: fmt.Sprintf("broker %d", id)})
	}
	found := make(offsetMarks)
	for _, at := range kafka.AskEach(ctx, leaders, func(ctx context.Context, id int32) (*kmsg.ListOffsetsResponse, error) {
		if id < 0 {
			return nil, kerr.LeaderNotAvailable
		}
		return led[id].RequestWith(ctx, c.kafka.On(id))
	}) {
		found.note(led[at.ID], at)
	}
	return found
}

// note takes in what one leader answered to req.
func (l offsetMarks) note(req *kmsg.ListOffsetsRequest, at kafka.Answer[*kmsg.ListOffsetsResponse]) {
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			mark := l[TopicPartition{t.Topic, p.Partition}]
			mark.offset, mark.err = -1, errors.New("its leader says nothing of it")
			switch {
			case at.Err != nil && at.ID < 0:
				mark.err = errors.New("no broker leads it")
			case at.Err != nil:
				mark.err = fmt.Errorf("%s: %w", at.Name, at.Err)
			}
			l[TopicPartition{t.Topic, p.Partition}] = mark
		}
	}
	if at.Err != nil {
		return
	}
	for _, t := range at.Value.Topics {
		for _, p := range t.Partitions {
			mark := l[TopicPartition{t.Topic, p.Partition}]
			mark.offset, mark.err = p.Offset, kafka.CodeError(kmsg.ListOffsets, t.Topic, p.ErrorCode, nil)
			l[TopicPartition{t.Topic, p.Partition}] = mark
		}
	}
}

// aim decides where a partition goes, as far as its leader answered.
func (l resetMarks) aim(m *OffsetMove, r Reset) {
	at := TopicPartition{m.Topic, m.Partition}
	start, end, found := l.starts[at], l.ends[at], l.times[at]
	for _, err := range []error{start.err, end.err, found.err} {
		if err != nil {
			m.Outcome, m.Err = MoveFailed, err
			return
		}
	}
	m.LogStart, m.End = start.offset, max(start.offset, end.offset)
	m.aim(r, found.offset)
}
