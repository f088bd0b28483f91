package record

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// longestPause bounds the pause between two requests for an offset that is refused though
// the log holds it.
const longestPause = 5 * time.Second

// logBounds is the answer to the question where the log of a partition begins and ends. It is
// asked after the leader refused an offset.
type logBounds struct {
	cursor     *cursor
	refused    int64         // the offset
	id         kafka.TopicID // of the topic
	start, end int64
	topic      *kmsg.MetadataResponseTopic // nil unless it may be another one
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
	if c.epoch < 0 { // without, it is asked once more
		c.refusals++
	}
	pause, asked := refusalPause(c.refusals), logBounds{cursor: c, refused: c.next, id: c.TopicID}
	at, doubted := c.at(), c.doubted
	go func() {
		if !kafka.Pause(ctx, pause) {
			return
		}
		asked.start, asked.end, asked.err = l.kafka.LogEnds(ctx, leader, at)
		if doubted && asked.err == nil {
			asked.topic, asked.err = l.topicNow(ctx, at.Topic)
		}
		select {
		case l.bounds <- asked:
		case <-ctx.Done():
		}
	}()
}

// topicNow asks what topic has a name now, nil for none.
func (l *loop) topicNow(ctx context.Context, name string) (*kmsg.MetadataResponseTopic, error) {
	meta, err := l.kafka.AnyMetadata(ctx, []string{name})
	if err != nil || len(meta.Topics) == 0 {
		return nil, err
	}
	return &meta.Topics[0], nil
}

// refusalPause is the pause before the leader is asked again, by the number of refusals.
func refusalPause(refusals int) time.Duration {
	if refusals < 2 {
		return 0
	}
	return min(retryInterval<<min(refusals-2, 10), longestPause)
}

// reposition moves the cursor by the bounds of its log. Either the records at the offset were
// deleted before they were read, or the log lost its end in an unclean election, or it holds
// the offset, and the cursor stays where it is because the refusals may pass.
func (l *loop) reposition(b logBounds) error {
	c := b.cursor
	if c.TopicID != b.id && b.id != (kafka.TopicID{}) {
		return nil // the topic was made anew
	}
	c.held = false
	if b.topic != nil {
		if err := l.learnTopic(b.topic); err != nil || c.TopicID != b.id {
			return err
		}
	}
	switch {
	case c.next != b.refused: // meanwhile another leader gave records
	case b.err != nil:
		l.cause = &PartitionError{c.Topic, c.Partition, b.err}
		l.forgetLeader(c)
	case c.next < b.start:
		l.opts.Note(fmt.Sprintf("%s: offsets %d to %d were deleted before they were read", c.Span, c.next, min(b.start, c.End)-1))
		c.next, c.epoch = b.start, -1
	case c.next > b.end && c.End == NoEnd:
		l.opts.Note(fmt.Sprintf("%s: the log ends at offset %d now, before %d: it lost records or was made anew; reading on from its start", c.Span, b.end, c.next))
		l.rewind(c, b.start)
	case c.next > b.end:
		return &PartitionError{c.Topic, c.Partition, fmt.Errorf("the log ends at offset %d now, and ended at %d before: it lost records", b.end, c.End)}
	case c.epoch >= 0: // the log does not know it any more
		c.epoch = -1
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
