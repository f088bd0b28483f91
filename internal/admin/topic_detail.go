package admin

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// TopicDetail is all that the brokers know of one topic.
type TopicDetail struct {
	Topic
	PartitionList []Partition
	// Config lists every setting in force by name.
	Config []Setting
	// Notes say what is not known and why, and which transactions are open, a line each.
	Notes []string
}

// DescribeTopic returns all about one topic; a [*kafka.NotFoundError] when there is none. What
// withNames a broker knows that does not answer is left out, and a note says so.
func (c *Client) DescribeTopic(ctx context.Context, name string) (TopicDetail, error) {
	meta, err := c.topicMetadata(ctx, name)
	if err != nil {
		return TopicDetail{}, err
	}
	found := meta.Topics[0]
	detail := TopicDetail{Topic: newTopic(found), PartitionList: partitionsOf(meta, found)}
	var (
		marks  map[int]kafka.LogBounds
		sizes  map[replica]int64
		asking sync.WaitGroup
	)
	asking.Go(func() { detail.Config, err = c.TopicConfig(ctx, name) })
	asking.Go(func() { marks = c.logBounds(ctx, meta) })
	asking.Go(func() { sizes, detail.Notes = c.replicaSizes(ctx, kafka.LiveBrokers(meta), found) })
	asking.Go(func() { c.markMoving(ctx, map[string][]Partition{name: detail.PartitionList}) })
	asking.Wait()
	if err != nil {
		return TopicDetail{}, err
	}
	detail.countAll(detail.PartitionList)
	detail.fill(marks, sizes)
	detail.Notes = append(detail.Notes, c.openNotes(ctx, detail, marks)...)
	return detail, nil
}

// openNotes returns a line about each partition in which a transaction is open.
func (c *Client) openNotes(ctx context.Context, detail TopicDetail, bounds map[int]kafka.LogBounds) []string {
	var hiding []kafka.TopicPartition
	led := make(map[int32][]kafka.TopicPartition)
	for _, p := range detail.PartitionList {
		if b, ok := bounds[p.ID]; ok && b.Stable >= 0 && b.Stable < b.End {
			at := kafka.TopicPartition{Topic: detail.Name, Partition: int32(p.ID)}
			hiding, led[int32(p.Leader)] = append(hiding, at), append(led[int32(p.Leader)], at)
		}
	}
	if len(hiding) == 0 {
		return nil
	}
	open := c.kafka.OpenTransactions(ctx, led)
	notes := make([]string, len(hiding))
	for i, at := range hiding {
		b := bounds[int(at.Partition)]
		notes[i] = fmt.Sprintf("partition %d: a transaction that is still open hides %s from offset %d on", at.Partition, countOffsets(b.End-b.Stable), b.Stable)
		if name := kafka.NameOpen(open[at]); name != "" {
			notes[i] += ": " + name
		}
	}
	return notes
}

func countOffsets(n int64) string {
	if n == 1 {
		return "1 offset"
	}
	return fmt.Sprintf("%d offsets", n)
}

// fill puts together what was asked side by side.
func (t *TopicDetail) fill(bounds map[int]kafka.LogBounds, sizes map[replica]int64) {
	minISR := 0
	for _, s := range t.Config {
		if s.Name == minInSyncReplicas {
			minISR, _ = strconv.Atoi(s.Value)
		}
	}
	for i := range t.PartitionList {
		p := &t.PartitionList[i]
		p.MinISR = minISR
		if b, ok := bounds[p.ID]; ok {
			p.LogStart, p.End, p.First, p.Last, p.LeaderErr = b.Start, b.End, b.First, b.Last, b.Err
		}
		for _, id := range p.Replicas {
			size, known := sizes[replica{p.ID, id}]
			if !known {
				continue
			}
			p.Size, p.SizesKnown = max(p.Size, 0)+size, p.SizesKnown+1
			if id == p.Leader {
				p.LeaderSize = size
			}
		}
	}
}

// logBounds asks the leaders of the only topic of meta; a partition without one is
// absent. A leader that does not answer soon is the LeaderErr of its partitions: a
// frozen one must not take the rest of the description with it.
func (c *Client) logBounds(ctx context.Context, meta *kmsg.MetadataResponse) map[int]kafka.LogBounds {
	led := make(map[int32][]int32)
	for _, p := range meta.Topics[0].Partitions {
		led[p.Leader] = append(led[p.Leader], p.Partition)
	}
	leaders := slices.DeleteFunc(kafka.LiveBrokers(meta), func(b kafka.Broker) bool { return led[b.ID] == nil })
	bounds := make(map[int]kafka.LogBounds)
	for _, at := range kafka.AskEach(ctx, leaders, func(ctx context.Context, id int32) (map[int32]kafka.LogBounds, error) {
		return c.kafka.LogBoundsOn(ctx, id, *meta.Topics[0].Topic, led[id])
	}) {
		for _, p := range led[at.ID] {
			b, ok := at.Value[p]
			if !ok {
				b = kafka.LogBounds{Start: -1, End: -1, Err: fmt.Errorf("%s: %w", at.Name, at.Err)}
			}
			bounds[int(p)] = b
		}
	}
	return bounds
}

func compareNames(a, b Topic) int { return cmp.Compare(a.Name, b.Name) }

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
