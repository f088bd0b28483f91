package record

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafka"
)

// Reader reads records without being a member of a consumer group, so that no consumer loses
// a partition to it. It sends Fetch requests itself: kgo's consumer does not report how far it
// has read where no record follows, as behind the marker of a transaction, in a gap that
// compaction left, and at the end of a trimmed log. Reading to a known end would hang there.
//
// One goroutine at a time may use a Reader.
type Reader struct {
	kafka *kafka.Client
	opts  ReaderOptions
	// budget is how many bytes the next answer may have on the wire. It follows from how
	// well the last answer was compressed.
	budget atomic.Int32
	// epochs has the leader epoch of what stands before an offset of each partition: the end of
	// what was read last, or the end of the log when it was looked up.
	epochs map[kafka.TopicPartition]epochAt
}

// epochAt is the leader epoch of what stands before an offset.
type epochAt struct {
	offset int64
	epoch  int32
}

// newCursor returns the cursor of a span that nothing was read of.
func (r *Reader) newCursor(s Span) *cursor {
	c := &cursor{Span: s, next: s.Start, leader: noLeader, epoch: -1}
	if known, ok := r.epochs[s.at()]; ok && known.offset == s.Start {
		c.epoch = known.epoch
	}
	return c
}

// ReaderOptions says how a [Reader] reads.
type ReaderOptions struct {
	// Uncommitted also returns the records of aborted and of open transactions
	// (isolation.level=read_uncommitted).
	Uncommitted bool
	// Patience is how long reading goes on without any progress before it ends with a
	// [*SilentError]. 0 means for ever.
	Patience time.Duration
	// RemadeWithin is how long a read without an end waits for a topic that was deleted to be made
	// again. 0 means not at all: then it ends with a [*GoneError], as any other read does.
	RemadeWithin time.Duration
	// Note is called with one line of text for what people should know though it is no error:
	// records were deleted before they were read, a broker does not answer. It may be nil.
	Note func(string)
	// Rewind is called before records of a partition are read from an offset that is not behind what
	// was read: the topic was made again, or its log lost its end. next is that offset, -1 for a
	// partition that is no more. It may be nil.
	Rewind func(topic string, partition int32, next int64)
}

// NewReader sets up a reader. The first request connects. The connections end with ctx, or
// with Close.
func NewReader(ctx context.Context, cfg kafka.Config, opts ReaderOptions) (*Reader, error) {
	client, err := kafka.Dial(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if opts.Note == nil {
		opts.Note = func(string) {}
	}
	if opts.Rewind == nil {
		opts.Rewind = func(string, int32, int64) {}
	}
	r := &Reader{kafka: client, opts: opts, epochs: make(map[kafka.TopicPartition]epochAt)}
	r.budget.Store(firstBytes)
	return r, nil
}

// Close ends all connections. Requests that still wait for an answer fail.
func (r *Reader) Close() { r.kafka.Close() }

// closeAfter closes a client when ctx ends, unless stop is called before. Requests alone would
// outlast ctx: kgo does not look at it while it sets up a connection.
func closeAfter(ctx context.Context, client *kafka.Client) (stop func() bool) {
	return context.AfterFunc(ctx, client.Close)
}

// Batch holds the records of one partition in one answer of a broker.
type Batch struct {
	Topic     string
	Partition int32
	// Records are in the order of their offsets; there may be none.
	Records []*kgo.Record
	// Next is the offset at which reading goes on. It may be far behind the last record.
	Next int64
}

var errEnough = errors.New("enough")

// Enough returns the error with which the callback of [Reader.Read] ends the reading: Read
// then returns nil.
func Enough() error { return errEnough }

// PartitionError says why one partition cannot be read.
type PartitionError struct {
	Topic     string
	Partition int32
	Err       error // of the broker, as a [*kerr.Error], or of the reader
}

// Error returns one line that names the partition.
func (e *PartitionError) Error() string {
	return fmt.Sprintf("read %s/%d: %v", e.Topic, e.Partition, e.Err)
}

// Unwrap returns the cause, so that errors.Is finds Kafka's errors.
func (e *PartitionError) Unwrap() error { return e.Err }

// GoneError says that a topic was deleted while it was read.
type GoneError struct {
	Topic string
	// Remade says that there is another topic of that name now.
	Remade bool
}

// Error returns one line that names the topic.
func (e *GoneError) Error() string {
	if e.Remade {
		return fmt.Sprintf("topic %q was deleted and made again while it was read", e.Topic)
	}
	return fmt.Sprintf("topic %q was deleted while it was read", e.Topic)
}

// SilentError says that a read made no progress for as long as its Patience. For errors.Is it
// is a context.DeadlineExceeded.
type SilentError struct {
	// After is the Patience.
	After time.Duration
	// Stuck names the partitions that were not read to their ends.
	Stuck []string
	// Cause is the last error of a broker or of the network; nil when there was none.
	Cause error
}

// Error returns one line: a few of the partitions, and the cause.
func (e *SilentError) Error() string {
	text := fmt.Sprintf("nothing came from %s for %s", shortList(e.Stuck, 3), e.After)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns context.DeadlineExceeded, which makes it a timeout, and the cause.
func (e *SilentError) Unwrap() []error { return []error{context.DeadlineExceeded, e.Cause} }

// shortList joins the first names, and counts those beyond most.
func shortList(names []string, most int) string {
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
