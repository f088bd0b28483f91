package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// timestampBytes is how many bytes of one partition are asked for to find the timestamp of one
// record: mostly a batch. The broker sends the first batch of an answer whole, even if it is
// larger.
const timestampBytes = 16 << 10

// At is a place in a partition: where the record with this offset is, or would be.
type At struct {
	Topic     string
	Partition int32
	Offset    int64
}

// Timestamps returns the timestamps of the records at places. Where compaction or the marker of
// a transaction left a gap, it is that of the next record. A place is missing in the result
// when no record is at it or behind it, and when its leader does not answer before ctx ends.
// The error means that no broker answered who leads the partitions. The connections of the
// reader are closed when ctx ends.
func (r *Reader) Timestamps(ctx context.Context, places []At) (map[At]time.Time, error) {
	defer closeAfter(ctx, r.kafka)()
	leaders, err := r.leaders(ctx, places)
	if err != nil {
		return nil, err
	}
	byLeader := make(map[int32][]*openPlace)
	for _, at := range sortedPlaces(places) {
		if leader, ok := leaders[withoutOffset(at)]; ok {
			c := &cursor{Span: Span{Topic: at.Topic, Partition: at.Partition, Start: at.Offset, End: NoEnd}, next: at.Offset, leader: leader, epoch: -1}
			byLeader[leader] = append(byLeader[leader], &openPlace{at, c})
		}
	}
	var (
		found = make(map[At]time.Time, len(places))
		note  sync.Mutex
		read  sync.WaitGroup
	)
	for leader, open := range byLeader {
		read.Go(func() {
			for len(open) > 0 {
				open = r.askTimestamps(ctx, leader, open, func(at At, t time.Time) {
					note.Lock()
					defer note.Unlock()
					found[at] = t
				})
			}
		})
	}
	read.Wait()
	return found, nil
}

// openPlace is a place whose timestamp is not known yet.
type openPlace struct {
	at At
	*cursor
}

// sortedPlaces returns the places by offset, each once. So the first place of a partition is
// asked for first, and the answer may hold the records of the others too.
func sortedPlaces(places []At) []At {
	sorted := slices.SortedFunc(slices.Values(places), func(a, b At) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
	})
	return slices.Compact(sorted)
}

// withoutOffset returns the place with offset 0, which stands for its partition.
func withoutOffset(at At) At { return At{at.Topic, at.Partition, 0} }

// leaders returns the leaders of the partitions of places, by [withoutOffset].
func (r *Reader) leaders(ctx context.Context, places []At) (map[At]int32, error) {
	topics := []string{}
	for _, at := range places {
		topics = append(topics, at.Topic)
	}
	slices.Sort(topics)
	meta, err := r.kafka.AnyMetadata(ctx, slices.Compact(topics))
	if err != nil {
		return nil, fmt.Errorf("look up who leads the partitions: %w", err)
	}
	leaders := make(map[At]int32)
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			if p.Leader >= 0 {
				leaders[At{*t.Topic, p.Partition, 0}] = p.Leader
			}
		}
	}
	return leaders, nil
}

// askTimestamps asks a leader once, calls found for each timestamp in its answer, and returns the
// places that are still open. A broker sends at least one batch of the first partition that
// has any, so each question closes a place or brings it further.
func (r *Reader) askTimestamps(ctx context.Context, leader int32, open []*openPlace, found func(At, time.Time)) (still []*openPlace) {
	q, asked := question{broker: leader}, make(map[At]*openPlace)
	for _, o := range open {
		if _, twice := asked[withoutOffset(o.at)]; !twice { // one place of each partition at a time
			asked[withoutOffset(o.at)] = o
			q.add(o.cursor)
		}
	}
	req := r.request(q)
	req.MaxWaitMillis, req.MinBytes = 0, 0 // no waiting for new records
	for i := range req.Topics {
		for j := range req.Topics[i].Partitions {
			req.Topics[i].Partitions[j].PartitionMaxBytes = timestampBytes
		}
	}
	resp, err := kafka.Fetch(ctx, r.kafka.Kgo.Broker(int(leader)), req)
	if err != nil {
		return nil
	}
	return r.closePlaces(q, resp, asked, open, found)
}

// closePlaces calls found for each timestamp in an answer, and returns the places that are still
// open. An answer that brings no place further closes all those that were asked for.
func (r *Reader) closePlaces(q question, resp *kmsg.FetchResponse, asked map[At]*openPlace, open []*openPlace, found func(At, time.Time)) []*openPlace {
	done := make(map[*openPlace]bool)
	further := false
	held := make(map[At]partReply) // by partition
	for _, p := range r.decode(q, resp) {
		o := asked[At{p.Topic, p.Partition, 0}]
		switch {
		case errors.Is(p.err, kerr.OffsetOutOfRange):
			done[o] = true
		case p.err != nil, len(p.Records) > 0:
			held[withoutOffset(o.at)] = p
		case p.Next > o.next:
			o.next, further = p.Next, true
		}
	}
	for _, o := range open {
		got := held[withoutOffset(o.at)]
		if got.err != nil { // of the partition: its other places would get the same
			done[o] = true
			continue
		}
		records := got.Records
		i, _ := slices.BinarySearchFunc(records, o.next, func(r *kgo.Record, offset int64) int { return cmp.Compare(r.Offset, offset) })
		if i < len(records) {
			found(o.at, records[i].Timestamp)
			done[o] = true
		}
	}
	if len(done) == 0 && !further {
		for _, o := range asked {
			done[o] = true
		}
	}
	return slices.DeleteFunc(open, func(o *openPlace) bool { return done[o] })
}
