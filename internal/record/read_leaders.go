package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// leaderLookup is the answer to a question who leads the partitions.
type leaderLookup struct {
	meta *kmsg.MetadataResponse
	err  error
}

// lookUpLeaders asks who leads the partitions that are read, unless that is being asked. The
// loop does not wait for the answer.
func (l *loop) lookUpLeaders(ctx context.Context) {
	if l.lookingUp {
		return
	}
	l.lookingUp = true
	topics := l.topics()
	go func() {
		meta, err := l.kafka.AnyMetadata(ctx, topics)
		select {
		case l.lookups <- leaderLookup{meta, err}:
		case <-ctx.Done():
		}
	}()
}

// learnLeaders sets the leaders by the answer to a lookup, and starts the timer of the next one
// where some leader is still unknown. A topic that no broker knows any more is a [*GoneError].
func (l *loop) learnLeaders(ctx context.Context, seen leaderLookup) error {
	l.lookingUp = false
	if seen.err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if kafka.OwnFault(seen.err) != nil || refused(seen.err) {
			return seen.err
		}
		l.noteTrouble(seen.err)
		l.nextLookup.Reset(retryInterval)
		return nil
	}
	for i := range seen.meta.Topics {
		if err := l.learnTopic(&seen.meta.Topics[i]); err != nil {
			return err
		}
	}
	switch {
	case slices.ContainsFunc(l.cursors, func(c *cursor) bool { return c.leader == noLeader }):
		l.nextLookup.Reset(retryInterval)
	case l.following():
		l.nextLookup.Reset(growthInterval)
	}
	return nil
}

// absence is how long a topic is unknown to the brokers.
type absence struct {
	since time.Time
	noted bool
}

// checkTopic returns an error when a broker's answer for a topic means that the topic cannot be
// read: it was deleted, or an error that repeating cannot mend. A topic that is followed may be made
// again: that is waited for.
func (l *loop) checkTopic(topic string, err error) error {
	if !errors.Is(err, kerr.UnknownTopicOrPartition) {
		delete(l.unknown, topic)
		if err != nil && !kerr.IsRetriable(err) {
			return &PartitionError{Topic: topic, Err: err}
		}
		return nil
	}
	missing := l.unknown[topic]
	if missing == nil {
		l.unknown[topic] = &absence{since: time.Now()}
		return nil
	}
	absent := time.Since(missing.since)
	switch follow := slices.ContainsFunc(l.cursors, func(c *cursor) bool { return c.Topic == topic && c.End == NoEnd }); {
	case absent < goneAfter:
	case !follow || absent >= l.opts.RemadeWithin:
		return &GoneError{Topic: topic}
	case !missing.noted:
		missing.noted = true
		l.opts.Note(fmt.Sprintf("topic %s was deleted; waiting %s for it to be made again", topic, l.opts.RemadeWithin))
	}
	return nil
}

// learnTopic sets the leaders of a topic's partitions. Where the topic is followed as a whole, it
// adds a cursor for each new partition, which is read from its start.
func (l *loop) learnTopic(t *kmsg.MetadataResponseTopic) error {
	if t.Topic == nil {
		return nil
	}
	if err := l.checkTopic(*t.Topic, kerr.ErrorForCode(t.ErrorCode)); err != nil || len(t.Partitions) == 0 {
		return err
	}
	leaders := make(map[int32]int32, len(t.Partitions))
	for _, p := range t.Partitions {
		leaders[p.Partition] = max(p.Leader, noLeader) // of a topic that is being deleted, ZooKeeper mode says -2
	}
	if err := l.learnID(*t.Topic, t.TopicID, leaders); err != nil {
		return err
	}
	most, grows, id := int32(-1), false, t.TopicID
	for _, c := range l.cursors {
		if c.Topic != *t.Topic {
			continue
		}
		most, grows, id = max(most, c.Partition), grows || c.Grows && c.End == NoEnd, c.TopicID
		if leader, ok := leaders[c.Partition]; ok {
			c.leader = leader
		}
	}
	for partition := most + 1; grows && leaders[partition] > noLeader; partition++ {
		if _, ok := leaders[partition]; !ok {
			break
		}
		s := Span{Topic: *t.Topic, Partition: partition, End: NoEnd, Grows: true, TopicID: id}
		l.opts.Note(s.String() + " is new: it is read too")
		c := l.newCursor(s)
		c.leader = leaders[partition]
		l.cursors = append(l.cursors, c)
	}
	return nil
}

// following reports whether some partition is read without an end.
func (l *loop) following() bool {
	return slices.ContainsFunc(l.cursors, func(c *cursor) bool { return c.End == NoEnd })
}

// topics returns the names of the topics that are read, once each.
func (l *loop) topics() []string {
	names := []string{}
	for _, c := range l.cursors {
		if !slices.Contains(names, c.Topic) {
			names = append(names, c.Topic)
		}
	}
	return names
}
