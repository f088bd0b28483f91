package record

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// look is what a look at the leaders found.
type look struct {
	number int // looks are numbered in the order in which they begin
	meta   *kmsg.MetadataResponse
	err    error
}

// lookUp asks a broker who leads the partitions that are read. The loop does not wait for
// the answer: the broker may be frozen. Another one is asked as well, where kgo takes them
// in turn, when the first has not answered within lookPatience.
func (l *loop) lookUp(ctx context.Context) {
	l.look.Reset(lookPatience)
	if l.looking == mostLooks {
		return
	}
	l.looking++
	l.lookedUp++
	number, req := l.lookedUp, l.metadataRequest()
	go func() {
		meta, err := req.RequestWith(ctx, l.client)
		select {
		case l.looks <- look{number, meta, err}:
		case <-ctx.Done():
		}
	}()
}

// lead makes use of a look. What is not known then is looked for again; a topic that no
// broker knows any more is a [*GoneError].
func (l *loop) lead(ctx context.Context, seen look) error {
	l.looking--
	if seen.number < l.learned {
		return nil // a later look was answered earlier
	}
	l.look.Stop()
	if seen.err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		l.trouble(seen.err)
		l.look.Reset(lookEvery)
		return nil
	}
	l.learned = seen.number
	meta := seen.meta
	for i := range meta.Topics {
		if err := l.learn(&meta.Topics[i]); err != nil {
			return err
		}
	}
	switch {
	case slices.ContainsFunc(l.cursors, func(c *cursor) bool { return c.leader == noLeader }):
		l.look.Reset(lookEvery)
	case l.following():
		l.look.Reset(growthEvery)
	}
	return nil
}

// known judges what the brokers say of a topic.
func (l *loop) known(topic string, err error) error {
	if !errors.Is(err, kerr.UnknownTopicOrPartition) {
		delete(l.unknown, topic)
		if err != nil && !kerr.IsRetriable(err) {
			return &PartitionError{Topic: topic, Err: err}
		}
		return nil
	}
	since, waiting := l.unknown[topic]
	if !waiting {
		l.unknown[topic] = time.Now()
		return nil
	}
	if time.Since(since) >= goneAfter {
		return &GoneError{topic}
	}
	return nil
}

// learn notes the leaders of a topic's partitions. One that is new, where everything
// that comes is wanted, is read from its beginning.
func (l *loop) learn(t *kmsg.MetadataResponseTopic) error {
	if t.Topic == nil {
		return nil
	}
	if err := l.known(*t.Topic, kerr.ErrorForCode(t.ErrorCode)); err != nil {
		return err
	}
	leaders := make(map[int32]int32, len(t.Partitions))
	for _, p := range t.Partitions {
		leaders[p.Partition] = p.Leader
	}
	most, grows := int32(-1), false
	for _, c := range l.cursors {
		if c.Topic != *t.Topic {
			continue
		}
		most, grows = max(most, c.Partition), grows || c.Grows && c.End == NoEnd
		if leader, ok := leaders[c.Partition]; ok {
			c.leader = leader // -1, as noLeader, when there is none
		}
	}
	for partition := most + 1; grows && leaders[partition] > noLeader; partition++ {
		if _, ok := leaders[partition]; !ok {
			break
		}
		s := Span{Topic: *t.Topic, Partition: partition, End: NoEnd, Grows: true}
		l.opts.Note(s.String() + " is new: it is read too")
		l.cursors = append(l.cursors, &cursor{Span: s, leader: leaders[partition]})
	}
	return nil
}

// following tells that some partition is read without an end.
func (l *loop) following() bool {
	return slices.ContainsFunc(l.cursors, func(c *cursor) bool { return c.End == NoEnd })
}

// metadataRequest is for the topics that are read. It is a raw request: kadm's answer
// comes from a cache.
func (l *loop) metadataRequest() *kmsg.MetadataRequest {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	req.Topics = []kmsg.MetadataRequestTopic{}
	asked := make(map[string]bool)
	for _, c := range l.cursors {
		if !asked[c.Topic] {
			asked[c.Topic] = true
			topic := kmsg.NewMetadataRequestTopic()
			topic.Topic = kmsg.StringPtr(c.Topic)
			req.Topics = append(req.Topics, topic)
		}
	}
	return req
}

// listed is the offset of one partition.
func listed(offsets kadm.ListedOffsets, topic string, partition int32) (int64, error) {
	o, ok := offsets.Lookup(topic, partition)
	if !ok {
		return 0, &PartitionError{topic, partition, errors.New("no broker tells its offsets")}
	}
	if o.Err != nil {
		return 0, &PartitionError{topic, partition, o.Err}
	}
	return o.Offset, nil
}
