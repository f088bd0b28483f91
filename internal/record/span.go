package record

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/admin"
)

// NoEnd is the End of a partition that is followed.
const NoEnd = math.MaxInt64

// Span is what is read of one partition: the records from offset Start up to, and
// without, End.
type Span struct {
	Topic     string
	Partition int32
	Start     int64
	End       int64
	// Grows lets a read without an end take in partitions that the topic gets later.
	Grows bool
	// Hidden counts the offsets behind End that are there and not shown: a transaction
	// that is still open holds them back from who reads committed records.
	Hidden int64
}

// String is the partition, as order.created/2.
func (s Span) String() string { return fmt.Sprintf("%s/%d", s.Topic, s.Partition) }

// Selection says what to read.
type Selection struct {
	// Topics are read once each, also those that are given twice.
	Topics []string
	// Partitions are those of each topic, none for all; one that is given twice is read
	// once. See Check for how they go with Positions.
	Partitions []int32
	// Positions is where to begin; the zero value is the start of the log. Since, when
	// it is not zero, is the time from which on records are wanted, and comes first.
	Positions Positions
	Since     time.Time
	// Until, when it is not zero, ends the span: see [lateness].
	Until time.Time
	// Follow leaves the spans without an end.
	Follow bool
	// Committed, when not nil, are offsets to begin at where there are some, whatever
	// the rest says: those that a group committed.
	Committed kadm.Offsets
}

// Check returns an error where Partitions and Positions contradict each other: a partition
// has a position and is not selected, or it is selected and has none, so that it would not
// be read though it was asked for. It asks no broker.
func (sel Selection) Check() error {
	if len(sel.Partitions) == 0 {
		return nil
	}
	for _, partition := range sel.Positions.Named() {
		if !slices.Contains(sel.Partitions, partition) {
			position, _ := sel.Positions.For(partition)
			return fmt.Errorf("position \"%d:%s\": partition %[1]d is not selected", partition, position)
		}
	}
	if len(sel.Positions.Named()) == 0 {
		return nil // none for all partitions is the start of the log
	}
	for _, partition := range sel.Partitions {
		if _, ok := sel.Positions.For(partition); !ok {
			return fmt.Errorf("partition %d is selected and has no position: add %[1]d:start, or start for all that are not named", partition)
		}
	}
	return nil
}

// lateness is how much older a record may be than one before it in its partition and
// still be found: offsets are looked up by time, and producers' clocks and retries put
// records a little out of order. Whoever reads up to a time looks at so much more.
const lateness = 5 * time.Minute

// Spans asks the brokers where the selected partitions begin and end now. It is bound
// by ctx, and the reader is of no use after ctx has ended.
func (r *Reader) Spans(ctx context.Context, sel Selection) ([]Span, error) {
	if err := sel.Check(); err != nil {
		return nil, err
	}
	defer closeAfter(ctx, r.client)()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		spans, err := r.spans(ctx, sel)
		if err == nil || ctx.Err() == nil && !kerr.IsRetriable(err) {
			return spans, err
		}
		select { // a leader that was just elected refuses for some 100 ms
		case <-ticker.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("look up where the partitions begin and end: %w (%w)", context.Cause(ctx), err)
		}
	}
}

func (r *Reader) spans(ctx context.Context, sel Selection) ([]Span, error) {
	b, err := r.landmarks(ctx, sel)
	if err != nil {
		return nil, err
	}
	var spans []Span
	for i, topic := range sel.Topics {
		if slices.Contains(sel.Topics[:i], topic) {
			continue // read twice, it would never end: an answer holds a partition once
		}
		partitions, err := sel.partitions(topic, b.starts[topic])
		if err != nil {
			return nil, err
		}
		for _, partition := range partitions {
			span, wanted, err := b.span(sel, topic, partition)
			if err != nil {
				return nil, err
			}
			if wanted {
				spans = append(spans, span)
			}
		}
	}
	return spans, nil
}

// partitions are those selected of the ones there are, in order.
func (sel Selection) partitions(topic string, there map[int32]kadm.ListedOffset) ([]int32, error) {
	named := slices.Clone(sel.Partitions)
	named = append(named, sel.Positions.Named()...)
	for _, partition := range named {
		if _, ok := there[partition]; !ok {
			return nil, &admin.MissingPartitionError{Topic: topic, Partition: partition, Count: len(there)}
		}
	}
	if len(sel.Partitions) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(sel.Partitions))), nil
	}
	all := make([]int32, 0, len(there))
	for partition := range there {
		all = append(all, partition)
	}
	slices.Sort(all)
	return all, nil
}

// landmarks are the offsets that spans are made of.
type landmarks struct {
	starts, ends kadm.ListedOffsets
	visible      kadm.ListedOffsets // where reading ends: before the first open transaction
	since, until kadm.ListedOffsets // nil when no time was given
}

func (r *Reader) landmarks(ctx context.Context, sel Selection) (landmarks, error) {
	type lookUp struct {
		into *kadm.ListedOffsets
		ask  func() (kadm.ListedOffsets, error)
	}
	after := func(moment time.Time) func() (kadm.ListedOffsets, error) {
		return func() (kadm.ListedOffsets, error) {
			return r.adm.ListOffsetsAfterMilli(ctx, moment.UnixMilli(), sel.Topics...)
		}
	}
	var b landmarks
	lookUps := []lookUp{
		{&b.starts, func() (kadm.ListedOffsets, error) { return r.adm.ListStartOffsets(ctx, sel.Topics...) }},
		{&b.ends, func() (kadm.ListedOffsets, error) { return r.adm.ListEndOffsets(ctx, sel.Topics...) }},
		{&b.visible, func() (kadm.ListedOffsets, error) { return r.adm.ListCommittedOffsets(ctx, sel.Topics...) }},
	}
	if !sel.Since.IsZero() {
		lookUps = append(lookUps, lookUp{&b.since, after(sel.Since)})
	}
	if !sel.Until.IsZero() {
		lookUps = append(lookUps, lookUp{&b.until, after(sel.Until.Add(lateness))})
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

// span is one partition's; wanted is false for one that no position was given for.
func (b landmarks) span(sel Selection, topic string, partition int32) (span Span, wanted bool, err error) {
	at := func(offsets kadm.ListedOffsets) (offset int64) {
		if err == nil {
			offset, err = listed(offsets, topic, partition)
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
