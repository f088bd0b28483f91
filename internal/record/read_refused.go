package record

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// longestPause bounds the pause between two requests for an offset that is refused though
// the log holds it.
const longestPause = 5 * time.Second

// logBounds is the answer to the question where the log of a partition begins and ends. It is
// asked after the leader refused an offset.
type logBounds struct {
	cursor     *cursor
	refused    int64 // the offset
	start, end int64
	err        error
}

// lookUpBounds asks the leader that refused the cursor's offset for the bounds of its log. It
// asks no other broker, because the leaders of other partitions may be frozen. The loop does
// not wait for the answer, and does not ask for records of the partition before it has come.
// After the second refusal in a row and after each later one, there is a pause first.
func (l *loop) lookUpBounds(ctx context.Context, leader int32, c *cursor) {
	if c.held {
		return // another leader refused the same offset
	}
	c.held = true
	c.refusals++
	pause, asked := refusalPause(c.refusals), logBounds{cursor: c, refused: c.next}
	go func() {
		if !wait(ctx, pause) {
			return
		}
		asked.start, asked.end, asked.err = l.boundsAt(ctx, leader, c.Topic, c.Partition)
		select {
		case l.bounds <- asked:
		case <-ctx.Done():
		}
	}()
}

// refusalPause is the pause before the leader is asked again, by the number of refusals.
func refusalPause(refusals int) time.Duration {
	if refusals < 2 {
		return 0
	}
	return min(retryInterval<<min(refusals-2, 10), longestPause)
}

// wait waits for d, and reports whether ctx goes on.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// reposition moves the cursor by the bounds of its log. Either the records at the offset were
// deleted before they were read, or the log lost its end in an unclean election, or it holds
// the offset, and the cursor stays where it is because the refusals may pass.
func (l *loop) reposition(b logBounds) error {
	c := b.cursor
	c.held = false
	switch {
	case c.next != b.refused: // meanwhile another leader gave records
	case b.err != nil:
		l.cause = &PartitionError{c.Topic, c.Partition, b.err}
		l.forgetLeader(c)
	case c.next < b.start:
		l.opts.Note(fmt.Sprintf("%s: offsets %d to %d were deleted before they were read", c.Span, c.next, min(b.start, c.End)-1))
		c.next = b.start
	case c.next > b.end && c.End == NoEnd:
		l.opts.Note(fmt.Sprintf("%s: the log ends at offset %d now, before %d: it lost records or was made anew; reading on from its start", c.Span, b.end, c.next))
		c.next = b.start
	case c.next > b.end:
		return &PartitionError{c.Topic, c.Partition, fmt.Errorf("the log ends at offset %d now, and ended at %d before: it lost records", b.end, c.End)}
	default:
		l.noteRefusal(b)
	}
	l.cursors = slices.DeleteFunc(l.cursors, (*cursor).done)
	return nil
}

// noteRefusal keeps why a partition gives nothing. A read without Patience says it once,
// when the offset is refused a second time.
func (l *loop) noteRefusal(b logBounds) {
	c := b.cursor
	err := fmt.Errorf("offset %d is refused though the log goes from %d to %d: %w", c.next, b.start, b.end, kerr.OffsetOutOfRange)
	l.cause = &PartitionError{c.Topic, c.Partition, err}
	if c.refusals == 2 && l.opts.Patience == 0 {
		l.opts.Note(l.cause.Error() + "; still trying")
	}
}

// Timestamps that ListOffsets takes for the bounds of a log.
const (
	latestOffset   = -1
	earliestOffset = -2
)

// boundsAt asks a leader for the first offset of a partition that is still there, and for
// the offset behind its last record.
func (r *Reader) boundsAt(ctx context.Context, leader int32, topic string, partition int32) (start, end int64, err error) {
	if start, err = r.offsetAt(ctx, leader, topic, partition, earliestOffset); err != nil {
		return 0, 0, err
	}
	end, err = r.offsetAt(ctx, leader, topic, partition, latestOffset)
	return start, end, err
}

// offsetAt asks one leader for one offset. kadm's requests go to the leaders of all the
// topic's partitions, and wait for each.
func (r *Reader) offsetAt(ctx context.Context, leader int32, topic string, partition int32, timestamp int64) (int64, error) {
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Partition, p.Timestamp, p.CurrentLeaderEpoch = partition, timestamp, -1
	t := kmsg.NewListOffsetsRequestTopic()
	t.Topic, t.Partitions = topic, append(t.Partitions, p)
	req := kmsg.NewPtrListOffsetsRequest()
	req.ReplicaID, req.Topics = -1, append(req.Topics, t)
	resp, err := req.RequestWith(ctx, r.client.Broker(int(leader)))
	if err != nil {
		return 0, fmt.Errorf("ask broker %d for its offsets: %w", leader, err)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return 0, fmt.Errorf("ask broker %d for its offsets: it left them out", leader)
	}
	answer := resp.Topics[0].Partitions[0]
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return 0, fmt.Errorf("ask broker %d for its offsets: %w", leader, err)
	}
	return answer.Offset, nil
}
