package record

import (
	"cmp"
	"context"
	"errors"
	"math"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/internal/kafka"
)

// lateness is how much older a record may be than one before it in its partition and still
// be found. Offsets are looked up by time, but clocks that differ and producers that retry
// put records a little out of order. So the offset for --until is that of a time this much
// later, and the caller drops the records that are too new.
const lateness = 5 * time.Minute

// offsetBounds are the offsets from which the starts and ends of spans are chosen, for all
// partitions of the selected topics.
type offsetBounds struct {
	starts, ends kadm.ListedOffsets
	visible      kadm.ListedOffsets // the last stable offsets: before the first open transaction
	since, until kadm.ListedOffsets // nil when no time was given
}

// lookUpOffsets asks the brokers for all of them at once.
func (r *Reader) lookUpOffsets(ctx context.Context, sel Selection) (offsetBounds, error) {
	type lookUp struct {
		into *kadm.ListedOffsets
		ask  func() (kadm.ListedOffsets, error)
	}
	after := func(ms int64) func() (kadm.ListedOffsets, error) {
		return func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListOffsetsAfterMilli(ctx, ms, sel.Topics...) }
	}
	var b offsetBounds
	lookUps := []lookUp{
		{&b.starts, func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListStartOffsets(ctx, sel.Topics...) }},
		{&b.ends, func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListEndOffsets(ctx, sel.Topics...) }},
		{&b.visible, func() (kadm.ListedOffsets, error) { return r.kafka.Adm.ListCommittedOffsets(ctx, sel.Topics...) }},
	}
	if !sel.Since.IsZero() {
		lookUps = append(lookUps, lookUp{&b.since, after(kafka.AtTime(sel.Since))})
	}
	// What lies before 1970 cannot be looked up, and may be anywhere in the log. Nothing is as late as
	// the last timestamps there are.
	if until := sel.Until.UnixMilli(); !sel.Until.IsZero() && until >= 0 && until < math.MaxInt64-lateness.Milliseconds() {
		lookUps = append(lookUps, lookUp{&b.until, after(until + lateness.Milliseconds())})
	}
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
	return b, first
}

// span returns the span of one partition; wanted is false when positions are given for other
// partitions only.
func (b *offsetBounds) span(sel Selection, topic string, partition int32) (span Span, wanted bool, err error) {
	at := func(offsets kadm.ListedOffsets) (offset int64) {
		if err == nil {
			offset, err = listedOffset(offsets, topic, partition)
		}
		return offset
	}
	start, end, visible := at(b.starts), at(b.ends), at(b.visible)
	position, wanted := sel.Positions.For(partition)
	wanted = wanted || len(sel.Positions.Named()) == 0
	span = Span{
		Topic: topic, Partition: partition, Start: position.Resolve(start, visible), End: visible,
		Grows: len(sel.Partitions) == 0 && len(sel.Positions.Named()) == 0, Hidden: end - visible,
	}
	if b.since != nil {
		span.Start, wanted = max(start, at(b.since)), true
	}
	if committed, ok := sel.Committed.Lookup(topic, partition); ok {
		span.Start, wanted = max(start, committed.At), true
	}
	if b.until != nil {
		span.End = min(visible, at(b.until))
	}
	if sel.Follow {
		span.End = NoEnd
	}
	return span, wanted, err
}

// listedOffset returns the offset of one partition.
func listedOffset(offsets kadm.ListedOffsets, topic string, partition int32) (int64, error) {
	o, ok := offsets.Lookup(topic, partition)
	if !ok {
		return 0, &PartitionError{topic, partition, errors.New("no broker answered with its offsets")}
	}
	if o.Err != nil {
		return 0, &PartitionError{topic, partition, o.Err}
	}
	return o.Offset, nil
}
