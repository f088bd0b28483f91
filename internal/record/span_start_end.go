package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/internal/kafka"
)

// offsetBounds are the offsets from which the starts and ends of spans are chosen, for all
// partitions of the selected topics.
type offsetBounds struct {
	starts, ends kadm.ListedOffsets
	visible      kadm.ListedOffsets // the last stable offsets: before the first open transaction
	since, until kadm.ListedOffsets // nil when no time was given
	ids          map[string]kafka.TopicID
}

// lookUpOffsets asks the brokers for all of them at once, after it has asked for the ids of the
// topics: offsets of a topic that is made anew in between are not taken for the old one's.
func (r *Reader) lookUpOffsets(ctx context.Context, sel Selection) (offsetBounds, error) {
	ids, err := r.topicIDs(ctx, sel.Topics)
	if err != nil {
		return offsetBounds{}, err
	}
	b := offsetBounds{ids: ids}
	lookUps := r.offsetLookUps(ctx, sel, &b)
	errs := make(chan error, len(lookUps))
	for _, l := range lookUps {
		go func() {
			var err error
			*l.into, err = l.ask()
			errs <- err
		}()
	}
	var first error
	for range lookUps {
		first = cmp.Or(first, <-errs)
	}
	if r.opts.Uncommitted {
		b.visible = b.ends
	}
	if failed := kafka.RequestError(first); errors.As(failed, new(*kafka.ConnectionError)) || kafka.OwnFault(failed) != nil {
		first = fmt.Errorf("list offsets: %w", failed)
	}
	return b, first
}

// offsetLookUp is one question about the offsets of all topics, and where its answer goes.
type offsetLookUp struct {
	into *kadm.ListedOffsets
	ask  func() (kadm.ListedOffsets, error)
}

// offsetLookUps returns the questions that a selection needs answered.
func (r *Reader) offsetLookUps(ctx context.Context, sel Selection, b *offsetBounds) []offsetLookUp {
	after := func(ms int64) func() (kadm.ListedOffsets, error) {
		return func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListOffsetsAfterMilli(ctx, ms, sel.Topics...) }
	}
	lookUps := []offsetLookUp{
		{&b.starts, func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListStartOffsets(ctx, sel.Topics...) }},
		{&b.ends, func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListEndOffsets(ctx, sel.Topics...) }},
		{&b.visible, func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListCommittedOffsets(ctx, sel.Topics...) }},
	}
	if !sel.Since.IsZero() {
		lookUps = append(lookUps, offsetLookUp{&b.since, after(kafka.AtTime(sel.Since))})
	}
	// What lies before 1970 cannot be looked up, and may be anywhere in the log. Nothing is as late as
	// the last timestamps there are.
	if !sel.Until.IsZero() && sel.Lateness != nil {
		if until, late := sel.Until.UnixMilli(), sel.Lateness.Milliseconds(); until >= 0 && until < math.MaxInt64-late {
			lookUps = append(lookUps, offsetLookUp{&b.until, after(until + late)})
		}
	}
	return lookUps
}

// topicIDs asks for the ids of topics.
func (r *Reader) topicIDs(ctx context.Context, topics []string) (map[string]kafka.TopicID, error) {
	meta, err := r.kafka.AnyMetadata(ctx, topics)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]kafka.TopicID, len(topics))
	for _, t := range meta.Topics {
		if t.Topic != nil {
			ids[*t.Topic] = t.TopicID
		}
	}
	return ids, nil
}

// foundSpan is the span of one partition, and what is to be said of it.
type foundSpan struct {
	Span
	wanted bool // false when positions are given for other partitions only
	// moved says that reading begins elsewhere than was asked for, "" when it does not.
	moved  string
	unread int64   // offsets that Lateness leaves out
	epoch  epochAt // of the end
}

// span returns the span of one partition.
func (b *offsetBounds) span(sel Selection, topic string, partition int32) (found foundSpan, err error) {
	at := func(offsets kadm.ListedOffsets) (offset kadm.ListedOffset) {
		if err == nil {
			offset, err = listedOffset(offsets, topic, partition)
		}
		return offset
	}
	start, end, visible := at(b.starts).Offset, at(b.ends).Offset, at(b.visible)
	position, wanted := sel.Positions.For(partition)
	found = foundSpan{wanted: wanted || len(sel.Positions.Named()) == 0, epoch: epochAt{visible.Offset, visible.LeaderEpoch}}
	found.Span = Span{
		Topic: topic, Partition: partition, End: visible.Offset, TopicID: b.ids[topic],
		Grows: len(sel.Partitions) == 0 && len(sel.Positions.Named()) == 0, Hidden: end - visible.Offset,
	}
	committed, resumed := sel.Committed.Lookup(topic, partition)
	switch {
	case resumed:
		found.wanted = true
		found.Start, found.moved = resume(found.String(), committed.At, start, end)
	case b.since != nil:
		found.Start, found.wanted = max(start, at(b.since).Offset), true
	default:
		found.Start = position.Resolve(start, end, visible.Offset)
		if !position.within(start, end, visible.Offset) {
			found.moved = movedText(found.Span, position, start, end)
		}
	}
	if b.until != nil {
		found.End = min(visible.Offset, at(b.until).Offset)
		if found.End < visible.Offset {
			found.Hidden = 0
		}
		found.unread = max(visible.Offset-max(found.End, found.Start), 0)
	}
	if sel.Follow {
		found.End = NoEnd
	}
	return found, err
}

// resume returns where a group that committed an offset reads on in a log from start to end, and a
// text when that is elsewhere. What is committed behind the end is of another log.
func resume(partition string, committed, start, end int64) (from int64, moved string) {
	switch {
	case committed < start:
		return start, fmt.Sprintf("%s: offsets %d to %d were deleted before the group read them", partition, committed, start-1)
	case committed > end:
		return start, fmt.Sprintf("%s: the group committed offset %d, and the log ends at %d: it lost records or was made again; reading begins at its start, %d",
			partition, committed, end, start)
	default:
		return committed, ""
	}
}

// movedText says that a position lies outside the log from start to end, and where reading begins.
func movedText(s Span, p Position, start, end int64) string {
	holds := fmt.Sprintf("which holds offsets %d to %d", start, end-1)
	if start == end {
		holds = "which is empty"
	}
	edge := "start"
	if s.Start > start {
		edge = "end"
	}
	return fmt.Sprintf("%s: --offset %s is outside the log, %s: reading begins at its %s, %d", s, p, holds, edge, s.Start)
}

// listedOffset returns the offset of one partition.
func listedOffset(offsets kadm.ListedOffsets, topic string, partition int32) (kadm.ListedOffset, error) {
	o, ok := offsets.Lookup(topic, partition)
	if !ok {
		return o, &PartitionError{topic, partition, errors.New("no broker answered with its offsets")}
	}
	if o.Err != nil {
		return o, &PartitionError{topic, partition, o.Err}
	}
	return o, nil
}
