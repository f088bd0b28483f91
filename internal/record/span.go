package record

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
)

// NoEnd is the End of a partition that is followed.
const NoEnd = math.MaxInt64

// Span is what is read of one partition: the records from offset Start up to offset End,
// without the one at End.
type Span struct {
	Topic     string
	Partition int32
	Start     int64
	End       int64
	// TopicID, unless it is zero, is the topic that Start and End are of. Another topic of the same
	// name is not taken for it.
	TopicID kafka.TopicID
	// Grows says that a read without an end also reads partitions that the topic gets later.
	Grows bool
	// Hidden is the number of offsets between End and the end of the log that a reader of
	// committed records does not get yet, because a transaction is still open.
	Hidden int64
}

// String returns the topic and the partition, as order.created/2.
func (s Span) String() string { return s.at().String() }

// at returns the partition.
func (s Span) at() kafka.TopicPartition {
	return kafka.TopicPartition{Topic: s.Topic, Partition: s.Partition}
}

// Spans asks the brokers where the selected partitions begin and end now, and returns a span
// for each of them, in the order of sel.Topics and then by partition. A partition that does
// not exist is an [*kafka.MissingPartitionError]. Errors that pass, as while a leader is
// elected, are waited for until ctx ends; the reader is closed then.
func (r *Reader) Spans(ctx context.Context, sel Selection) ([]Span, error) {
	if err := sel.Check(); err != nil {
		return nil, err
	}
	defer closeAfter(ctx, r.kafka)()
	for {
		spans, err := r.spans(ctx, sel)
		if err == nil || ctx.Err() == nil && !kerr.IsRetriable(err) {
			return spans, err
		}
		if !kafka.Pause(ctx, retryInterval) { // a leader refuses for some 100 ms after its election
			return nil, fmt.Errorf("look up where the partitions begin and end: %w (%w)", context.Cause(ctx), err)
		}
	}
}

func (r *Reader) spans(ctx context.Context, sel Selection) ([]Span, error) {
	bounds, err := r.lookUpOffsets(ctx, sel)
	if err != nil {
		return nil, err
	}
	var (
		spans  []Span
		moved  []string
		unread int64
	)
	for i, topic := range sel.Topics {
		if slices.Contains(sel.Topics[:i], topic) {
			continue // a second span would never end: an answer holds each partition once
		}
		partitions, err := sel.partitions(topic, bounds.starts[topic])
		if err != nil {
			return nil, err
		}
		for _, partition := range partitions {
			found, err := bounds.span(sel, topic, partition)
			if err != nil {
				return nil, err
			}
			if !found.wanted {
				continue
			}
			spans = append(spans, found.Span)
			unread += found.unread
			if found.moved != "" {
				moved = append(moved, found.moved)
			}
			r.epochs[found.at()] = found.epoch
		}
	}
	r.noteSome(moved, "partition")
	if unread > 0 {
		r.opts.Note(fmt.Sprintf("%d offsets behind --until are not read: a record that came more than %s late is missed", unread, *sel.Lateness))
	}
	return spans, nil
}

// noteSome notes the first few of texts, each of which is about one thing, and counts the others.
func (r *Reader) noteSome(texts []string, thing string) {
	const most = 3
	for _, text := range texts[:min(len(texts), most)] {
		r.opts.Note(text)
	}
	if more := len(texts) - most; more > 0 {
		if more > 1 {
			thing += "s"
		}
		r.opts.Note(fmt.Sprintf("the same of %d more %s", more, thing))
	}
}
