package record

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafka"
)

// Reader reads records, without a consumer group: it takes no partition away from
// anybody. It asks the brokers for batches itself instead of through kgo's consumer,
// which does not tell how far it has come where no record is left to give: behind a
// transaction's marker, in the gap a compaction left, at the end of a trimmed log.
// Reading to a known end would hang there.
//
// One goroutine at a time may use a Reader.
type Reader struct {
	client *kgo.Client
	adm    *kadm.Client
	opts   ReaderOptions
	// budget is how many bytes the next answer may have on the wire, by how well the
	// last one was packed.
	budget atomic.Int32
}

// ReaderOptions is how a [Reader] reads.
type ReaderOptions struct {
	// Uncommitted shows the records of aborted and of open transactions too
	// (isolation.level=read_uncommitted).
	Uncommitted bool
	// Patience is how long to go on without coming any further before giving up with
	// a [*SilentError]. 0: for ever.
	Patience time.Duration
	// Note is told what people should know and is no error, one line each: records
	// that were deleted before they were read, a broker that does not answer. It may
	// be nil.
	Note func(string)
}

// NewReader sets up a reader; the first request connects. It ends with ctx.
func NewReader(ctx context.Context, cfg kafka.Config, opts ReaderOptions) (*Reader, error) {
	// From version 13 on Fetch names topics by id; not every cluster has ids.
	versions := kversion.Stable()
	versions.SetMaxKeyVersion(fetchKey, 12)
	client, err := kgo.NewClient(append(cfg.DialOpts(ctx), kgo.MaxVersions(versions))...)
	if err != nil {
		return nil, fmt.Errorf("set up the Kafka client: %w", err)
	}
	if opts.Note == nil {
		opts.Note = func(string) {}
	}
	r := &Reader{client: client, adm: kadm.NewClient(client), opts: opts}
	r.budget.Store(firstBytes)
	return r, nil
}

// Close ends all connections, and whatever still waits for an answer.
func (r *Reader) Close() { r.client.Close() }

// closeAfter ends a client's connections with ctx, for steps that could outlast it: kgo
// heeds no context while it sets up a connection.
func closeAfter(ctx context.Context, client *kgo.Client) (stop func() bool) {
	return context.AfterFunc(ctx, client.Close)
}

// Batch is what one answer of a broker held of one partition.
type Batch struct {
	Topic     string
	Partition int32
	// Records are in the order of their offsets; there may be none.
	Records []*kgo.Record
	// Next is the offset to go on with. It may be far behind the last record.
	Next int64
}

var errEnough = errors.New("enough")

// Enough ends a [Reader.Read] without an error when the taker of batches returns it.
func Enough() error { return errEnough }

// PartitionError is what a broker or the reader has against reading one partition.
type PartitionError struct {
	Topic     string
	Partition int32
	Err       error
}

func (e *PartitionError) Error() string {
	return fmt.Sprintf("read %s/%d: %v", e.Topic, e.Partition, e.Err)
}

// Unwrap makes errors.Is with Kafka's errors work.
func (e *PartitionError) Unwrap() error { return e.Err }

// GoneError is a topic that was deleted while it was read.
type GoneError struct{ Topic string }

func (e *GoneError) Error() string {
	return fmt.Sprintf("topic %q was deleted while it was read", e.Topic)
}

// SilentError is a read that came no further for as long as Patience allows. It is a
// context.DeadlineExceeded to errors.Is.
type SilentError struct {
	After time.Duration
	// Stuck are the partitions that were not read to their ends.
	Stuck []string
	Cause error // why, as far as a broker or the network told; may be nil
}

func (e *SilentError) Error() string {
	text := fmt.Sprintf("nothing came from %s for %s", shortList(e.Stuck, 3), e.After)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap makes it a timeout.
func (e *SilentError) Unwrap() []error { return []error{context.DeadlineExceeded, e.Cause} }

// shortList joins the first few of names and counts the others.
func shortList(names []string, most int) string {
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
