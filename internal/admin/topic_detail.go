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
)

// TopicDetail is all that the brokers know of one topic.
type TopicDetail struct {
	Topic
	PartitionList []Partition
	// Config lists every setting in force by name.
	Config []Setting
	// Notes say what is not known and why, a line each.
	Notes []string
}

// DescribeTopic returns all about one topic; a [*NotFoundError] when there is none. What
// only a broker knows that does not answer is left out, and a note says so.
func (c *Client) DescribeTopic(ctx context.Context, name string) (TopicDetail, error) {
	meta, err := c.topicMetadata(ctx, name)
	if err != nil {
		return TopicDetail{}, err
	}
	found := meta.Topics[0]
	detail := TopicDetail{Topic: newTopic(found), PartitionList: partitionsOf(meta, found)}
	var (
		marks  map[int]landmarks
		sizes  map[replica]int64
		asking sync.WaitGroup
	)
	asking.Go(func() { detail.Config, err = c.TopicConfig(ctx, name) })
	asking.Go(func() { marks = c.landmarks(ctx, meta) })
	asking.Go(func() { sizes, detail.Notes = c.replicaSizes(ctx, liveBrokers(meta), found) })
	asking.Go(func() { c.markMoving(ctx, map[string][]Partition{name: detail.PartitionList}) })
	asking.Wait()
	if err != nil {
		return TopicDetail{}, err
	}
	detail.count(detail.PartitionList)
	detail.fill(marks, sizes)
	return detail, nil
}

// fill puts together what was asked side by side.
func (t *TopicDetail) fill(marks map[int]landmarks, sizes map[replica]int64) {
	minISR := 0
	for _, s := range t.Config {
		if s.Name == minInSyncReplicas {
			minISR, _ = strconv.Atoi(s.Value)
		}
	}
	for i := range t.PartitionList {
		p := &t.PartitionList[i]
		p.MinISR = minISR
		if mark, ok := marks[p.ID]; ok {
			p.LogStart, p.End, p.First, p.Last, p.LeaderErr = mark.start, mark.end, mark.first, mark.last, mark.err
		}
		for _, id := range p.Replicas {
			size, known := sizes[replica{p.ID, id}]
			if !known {
				continue
			}
			p.Size, p.SizesTold = max(p.Size, 0)+size, p.SizesTold+1
			if id == p.Leader {
				p.LeaderSize = size
			}
		}
	}
}

// landmarks asks the leaders of the only topic of meta; a partition without one is
// absent. A leader that does not answer soon is the LeaderErr of its partitions: a
// frozen one must not take the rest of the description with it.
func (c *Client) landmarks(ctx context.Context, meta *kmsg.MetadataResponse) map[int]landmarks {
	led := make(map[int32][]int32)
	for _, p := range meta.Topics[0].Partitions {
		led[p.Leader] = append(led[p.Leader], p.Partition)
	}
	leaders := slices.DeleteFunc(liveBrokers(meta), func(b broker) bool { return led[b.id] == nil })
	marks := make(map[int]landmarks)
	for _, at := range askEach(ctx, leaders, func(ctx context.Context, id int32) (map[int32]landmarks, error) {
		return c.landmarksOn(ctx, id, *meta.Topics[0].Topic, led[id])
	}) {
		for _, p := range led[at.id] {
			mark, ok := at.value[p]
			if !ok {
				mark = landmarks{start: -1, end: -1, err: fmt.Errorf("%s: %w", at.name, at.err)}
			}
			marks[int(p)] = mark
		}
	}
	return marks
}

// liveBrokers are those that metadata lists, by id.
func liveBrokers(meta *kmsg.MetadataResponse) []broker {
	live := make([]broker, len(meta.Brokers))
	for i, b := range sortedBrokers(meta) {
		live[i] = named(b)
	}
	return live
}

func compareNames(a, b Topic) int { return cmp.Compare(a.Name, b.Name) }

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
