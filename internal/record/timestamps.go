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
)

// timeBytes is what is asked of one partition to find one record's time: mostly a batch.
// A broker sends a whole batch all the same when it alone is larger and asked for first.
const timeBytes = 16 << 10

// At is a place in a partition.
type At struct {
	Topic     string
	Partition int32
	Offset    int64
}

// Times are the timestamps of the records at places; where compaction, or a marker of a
// transaction, left a gap, that of the next record. A place with no record at or behind
// it, or whose leader does not answer before ctx ends, has none. The error is that
// nobody told who leads the partitions. The reader is of no use after ctx has ended.
func (r *Reader) Times(ctx context.Context, places []At) (map[At]time.Time, error) {
	defer closeAfter(ctx, r.client)()
	leaders, err := r.leaders(ctx, places)
	if err != nil {
		return nil, err
	}
	byLeader := make(map[int32][]*timing)
	for _, at := range inOrder(places) {
		if leader, ok := leaders[partitionOf(at)]; ok {
			c := &cursor{Span: Span{Topic: at.Topic, Partition: at.Partition, Start: at.Offset, End: NoEnd}, next: at.Offset, leader: leader}
			byLeader[leader] = append(byLeader[leader], &timing{at, c})
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
				open = r.times(ctx, leader, open, func(at At, t time.Time) {
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

// timing is a place whose time is not known yet.
type timing struct {
	at At
	*cursor
}

// inOrder is the places by offset, each once: the first of a partition is asked for first,
// and the answer may hold the others too.
func inOrder(places []At) []At {
	sorted := slices.SortedFunc(slices.Values(places), func(a, b At) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
	})
	return slices.Compact(sorted)
}

// partitionOf is the place without the offset.
func partitionOf(at At) At { return At{at.Topic, at.Partition, 0} }

// leaders are the brokers that lead the places' partitions. It is a raw request: kadm's
// answer comes from a cache.
func (r *Reader) leaders(ctx context.Context, places []At) (map[At]int32, error) {
	l := loop{}
	for _, at := range places {
		l.cursors = append(l.cursors, &cursor{Span: Span{Topic: at.Topic}})
	}
	meta, err := l.metadataRequest().RequestWith(ctx, r.client)
	if err != nil {
		return nil, fmt.Errorf("ask who leads the partitions: %w", err)
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

// times asks a leader once, and returns the places that are still open. A broker gives at
// least a batch of the first partition that has any, so each question closes a place or
// brings it further.
func (r *Reader) times(ctx context.Context, leader int32, open []*timing, found func(At, time.Time)) (still []*timing) {
	q, asked := question{broker: leader}, make(map[At]*timing)
	for _, o := range open {
		if _, twice := asked[partitionOf(o.at)]; !twice { // one place of each partition at a time
			asked[partitionOf(o.at)] = o
			q.add(o.cursor)
		}
	}
	req := r.request(q)
	req.MaxWaitMillis, req.MinBytes = 0, 0 // what is there is there
	for i := range req.Topics {
		for j := range req.Topics[i].Partitions {
			req.Topics[i].Partitions[j].PartitionMaxBytes = timeBytes
		}
	}
	resp, err := req.RequestWith(ctx, r.client.Broker(int(leader)))
	if err != nil || kerr.ErrorForCode(resp.ErrorCode) != nil {
		return nil
	}
	return r.settle(q, resp, asked, open, found)
}

// settle closes the places that an answer tells the time of. Where it brings none any
// further, none of those that were asked for can be.
func (r *Reader) settle(q question, resp *kmsg.FetchResponse, asked map[At]*timing, open []*timing, found func(At, time.Time)) []*timing {
	closed := make(map[*timing]bool)
	further := false
	held := make(map[At]part) // by partition
	for _, p := range r.decode(q, resp) {
		o := asked[At{p.Topic, p.Partition, 0}]
		switch {
		case errors.Is(p.err, kerr.OffsetOutOfRange):
			closed[o] = true
		case p.err != nil, len(p.Records) > 0:
			held[partitionOf(o.at)] = p
		case p.Next > o.next:
			o.next, further = p.Next, true
		}
	}
	for _, o := range open {
		got := held[partitionOf(o.at)]
		if got.err != nil { // it is the partition's: the other places fare no better
			closed[o] = true
			continue
		}
		records := got.Records
		i, _ := slices.BinarySearchFunc(records, o.next, func(r *kgo.Record, offset int64) int { return cmp.Compare(r.Offset, offset) })
		if i < len(records) {
			found(o.at, records[i].Timestamp)
			closed[o] = true
		}
	}
	if len(closed) == 0 && !further {
		for _, o := range asked {
			closed[o] = true
		}
	}
	return slices.DeleteFunc(open, func(o *timing) bool { return closed[o] })
}
