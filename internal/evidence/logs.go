package evidence

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// boundsTries is how often leaders are asked where their logs begin and end: one that was just elected refuses for a
// moment.
const boundsTries = 10

// askBounds fills in the partitions of subjects, and where their logs begin and end. It returns the metadata that the
// leaders agreed with.
func (c *Client) askBounds(ctx context.Context, meta *kmsg.MetadataResponse, asked subjects) *kmsg.MetadataResponse {
	for tries := 1; ; tries++ {
		passing := c.tryBounds(ctx, meta, asked)
		if !passing || tries == boundsTries || !kafka.Pause(ctx, 5*kafka.PollInterval) {
			break
		}
		again, err := c.kafka.AnyMetadata(ctx, asked.names())
		if err != nil {
			break
		}
		meta = again
	}
	for _, s := range asked {
		s.settleQuestions()
	}
	return meta
}

// tryBounds asks the leaders of meta, and reports whether one of them refused for a moment only.
func (c *Client) tryBounds(ctx context.Context, meta *kmsg.MetadataResponse, asked subjects) (passing bool) {
	for _, s := range asked {
		s.err = errors.New("the answer leaves it out")
	}
	for _, t := range meta.Topics {
		if t.Topic != nil && asked[*t.Topic] != nil {
			asked[*t.Topic].takeTopic(t)
		}
	}
	var starts, ends map[kafka.TopicPartition]kafka.ListedOffset
	together(
		func() { starts = c.kafka.OffsetsAt(ctx, meta, kafka.LogStart) },
		func() { ends = c.kafka.OffsetsAt(ctx, meta, kafka.LogEnd) },
	)
	asked.each(func(at kafka.TopicPartition, p *partition) {
		p.start, p.end = starts[at].Offset, ends[at].Offset
		p.err = firstOf(starts[at].Err, ends[at].Err)
		passing = passing || kerr.IsRetriable(p.err)
	})
	return passing
}

// takeTopic notes what metadata says of the topic.
func (s *subject) takeTopic(t kmsg.MetadataResponseTopic) {
	s.err = kafka.CodeError(kmsg.Metadata, s.name, t.ErrorCode, nil)
	if errors.Is(s.err, kerr.LeaderNotAvailable) {
		s.err = nil
	}
	s.id, s.internal = t.TopicID, t.IsInternal
	s.partitions = make([]partition, len(t.Partitions))
	for i := range s.partitions {
		s.partitions[i] = partition{leader: -1, start: -1, end: -1, size: -1, err: kafka.ErrNoLeader}
	}
	for _, p := range t.Partitions {
		if int(p.Partition) < len(s.partitions) {
			s.partitions[p.Partition].leader = p.Leader
		}
	}
}

// settleQuestions adds the question of keys where it matters.
func (s *subject) settleQuestions() {
	if s.asked&asksGrowth == 0 || s.boundsErr() != nil || s.settingsErr == nil && s.compacted() {
		return
	}
	for i := range s.partitions {
		if s.partitions[i].records() > 0 {
			s.asked |= asksKeys
		}
	}
}

// askCuts fills in where the first record is that retention.ms will keep.
func (c *Client) askCuts(ctx context.Context, meta *kmsg.MetadataResponse, asked subjects) {
	if len(asked) == 0 {
		return
	}
	now := c.now().UnixMilli()
	cuts := c.kafka.OffsetsOf(ctx, asked.only(meta), func(topic string) int64 {
		s := asked[topic]
		if s.settingsErr != nil || s.after.ms < 0 {
			return kafka.LogStart
		}
		return kafka.AtTime(time.UnixMilli(now - s.after.ms))
	})
	asked.each(func(at kafka.TopicPartition, p *partition) {
		p.cut, p.cutErr = cuts[at].Offset, cuts[at].Err
	})
}

// askOldest fills in how old the first records are.
func (c *Client) askOldest(ctx context.Context, meta *kmsg.MetadataResponse, asked subjects) {
	if len(asked) == 0 {
		return
	}
	first := c.kafka.OffsetsAt(ctx, asked.only(meta), kafka.FirstRecord)
	asked.each(func(at kafka.TopicPartition, p *partition) { p.oldest = timeOf(first[at]) })
}

// askNewest fills in how old the newest records are. Where brokers do not tell, it is looked whether somebody writes.
func (c *Client) askNewest(ctx context.Context, meta *kmsg.MetadataResponse, asked subjects) {
	if len(asked) == 0 {
		return
	}
	newest := c.kafka.OffsetsAt(ctx, asked.only(meta), kafka.LatestRecord)
	untold := make(subjects)
	asked.each(func(at kafka.TopicPartition, p *partition) {
		if p.newest, p.newestErr = timeOf(newest[at]), newest[at].Err; errors.Is(p.newestErr, kerr.UnsupportedVersion) {
			untold[at.Topic] = asked[at.Topic]
		}
	})
	if len(untold) > 0 {
		c.lookTwice(ctx, meta, untold)
	}
}

// lookTwice looks where the logs end some seconds after they were looked at first: brokers before 3.0 do not tell their
// newest record.
func (c *Client) lookTwice(ctx context.Context, meta *kmsg.MetadataResponse, asked subjects) {
	if !kafka.Pause(ctx, c.apart) {
		return
	}
	ends := c.kafka.OffsetsAt(ctx, asked.only(meta), kafka.LogEnd)
	asked.each(func(at kafka.TopicPartition, p *partition) {
		if p.newestErr = ends[at].Err; p.newestErr == nil && ends[at].Offset != p.end {
			asked[at.Topic].written = true
		}
	})
}

// timeOf returns the time of a record, zero when there is none.
func timeOf(listed kafka.ListedOffset) time.Time {
	if listed.Err != nil || listed.Offset < 0 || listed.Timestamp < 0 {
		return time.Time{}
	}
	return time.UnixMilli(listed.Timestamp).UTC()
}

// firstOf returns the first error that is not nil.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
