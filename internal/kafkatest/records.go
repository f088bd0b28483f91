package kafkatest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Records reads what a topic holds now, by partition and offset. Records of open and of aborted
// transactions are left out. It joins no group.
func Records(ctx context.Context, addrs []string, topic string) ([]*kgo.Record, error) {
	var records []*kgo.Record
	err := EachRecord(ctx, addrs, topic, func(r *kgo.Record) { records = append(records, r) })
	slices.SortFunc(records, func(a, b *kgo.Record) int {
		return cmp.Or(cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	return records, err
}

// EachRecord is Records for more than memory should hold: it calls its function with each record
// once, in the order of the partition.
func EachRecord(ctx context.Context, addrs []string, topic string, tell func(*kgo.Record)) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.ConsumeTopics(topic),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return fmt.Errorf("read %s: %w", topic, err)
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListCommittedOffsets(ctx, topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", topic, err)
	}
	missing := make(map[int32]int64) // the offset each partition is read to
	ends.Each(func(o kadm.ListedOffset) {
		if o.Offset > 0 {
			missing[o.Partition] = o.Offset
		}
	})
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if err := cmp.Or(ctx.Err(), fetches.Err()); err != nil {
			return fmt.Errorf("read %s: %w", topic, err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if end, waiting := missing[r.Partition]; waiting && !r.Attrs.IsControl() && r.Offset < end {
				tell(r)
			}
			if r.Offset+1 >= missing[r.Partition] {
				delete(missing, r.Partition)
			}
		})
	}
	return nil
}
