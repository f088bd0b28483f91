package admin

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// DataDir is one data directory of a broker.
type DataDir struct {
	Path string
	// Size is the bytes of all replicas in it, Replicas how many there are.
	Size     int64
	Replicas int
	// Total and Usable are the bytes of its volume, -1 on brokers before 3.3 (KIP-827).
	Total, Usable int64
	// Err is why the broker cannot use it, nil otherwise.
	Err error
}

// dataDirs returns a broker's directories by path.
func (c *Client) dataDirs(ctx context.Context, id int32) ([]DataDir, error) {
	listed, err := c.kafka.LogDirs(ctx, id, nil)
	if err != nil {
		return nil, err
	}
	dirs := make([]DataDir, len(listed))
	for i, d := range listed {
		dirs[i] = DataDir{Path: d.Dir, Total: d.TotalBytes, Usable: d.UsableBytes, Err: kerr.ErrorForCode(d.ErrorCode)}
		for _, t := range d.Topics {
			for _, p := range t.Partitions {
				dirs[i].Size += p.Size
				dirs[i].Replicas++
			}
		}
	}
	slices.SortFunc(dirs, func(a, b DataDir) int { return cmp.Compare(a.Path, b.Path) })
	return dirs, nil
}

// replica is one copy of a partition.
type replica struct{ partition, broker int }

// replicaSizes asks the brokers that hold a topic for the bytes of its replicas; a
// replica whose size is not known is absent, and the notes say why.
func (c *Client) replicaSizes(ctx context.Context, live []kafka.Broker, t kmsg.MetadataResponseTopic) (sizes map[replica]int64, notes []string) {
	held := make(map[int32][]int32) // partitions by broker
	for _, p := range t.Partitions {
		for _, id := range p.Replicas {
			held[id] = append(held[id], p.Partition)
		}
	}
	holders := slices.DeleteFunc(slices.Clone(live), func(b kafka.Broker) bool { return held[b.ID] == nil })
	sizes = make(map[replica]int64)
	for _, at := range kafka.AskEach(ctx, holders, func(ctx context.Context, id int32) ([]kmsg.DescribeLogDirsResponseDir, error) {
		topic := kmsg.NewDescribeLogDirsRequestTopic()
		topic.Topic, topic.Partitions = *t.Topic, held[id]
		return c.kafka.LogDirs(ctx, id, []kmsg.DescribeLogDirsRequestTopic{topic})
	}) {
		if at.Err != nil {
			notes = append(notes, fmt.Sprintf("sizes on %s are not known: %v", at.Name, at.Err))
			continue
		}
		for _, dir := range at.Value {
			addSizes(sizes, at.ID, dir, held[at.ID])
		}
	}
	return sizes, notes
}

// addSizes counts what a directory of a broker holds of partitions. A replica that
// moves between directories takes space in both.
func addSizes(sizes map[replica]int64, id int32, dir kmsg.DescribeLogDirsResponseDir, partitions []int32) {
	for _, t := range dir.Topics {
		for _, p := range t.Partitions {
			if slices.Contains(partitions, p.Partition) {
				sizes[replica{int(p.Partition), int(id)}] += p.Size
			}
		}
	}
}
