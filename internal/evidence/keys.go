package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

const (
	// newestRecords is how many of the newest records of a topic are looked at for keys, over all partitions, and
	// allNewest how many of all topics together, about.
	newestRecords, allNewest = 200, 20_000
	// keysTimeout bounds reading them.
	keysTimeout = 2 * time.Second
)

// askKeys fills in whether the newest records of topics have keys.
func (c *Client) askKeys(ctx context.Context, asked subjects) {
	if len(asked) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	wanted := maps.Clone(asked)
	for len(wanted) > 0 {
		err := c.readKeys(ctx, wanted)
		for name, s := range wanted {
			switch {
			case s.keyed != nil && *s.keyed: // one is enough
				delete(wanted, name)
			case err == nil:
				s.keyed = new(false)
			default:
				s.keyed, s.keysErr = nil, kafka.Refusal(kmsg.Fetch, name, err)
			}
		}
		failed, one := errors.AsType[*record.PartitionError](err)
		if !one || wanted[failed.Topic] == nil {
			return
		}
		delete(wanted, failed.Topic) // it is not read, and the others are
	}
}

// readKeys reads the newest records of topics, and notes those topics that have a record with a key.
func (c *Client) readKeys(ctx context.Context, wanted subjects) error {
	reader, err := record.NewReader(ctx, c.config, record.ReaderOptions{Uncommitted: true})
	if err != nil {
		return err
	}
	defer reader.Close()
	left := len(wanted)
	err = reader.Read(ctx, newestSpans(wanted), func(b record.Batch) error {
		s := wanted[b.Topic]
		for _, r := range b.Records {
			if r.Key != nil && s.keyed == nil {
				s.keyed = new(true)
				left--
			}
		}
		if left == 0 {
			return record.Enough()
		}
		return nil
	})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("they were not read within %s", keysTimeout)
	}
	return err
}

// newestSpans returns where the newest records of topics are. It reads nothing but where the logs begin and end: the
// rest may be filled in by others meanwhile.
func newestSpans(wanted subjects) []record.Span {
	var spans []record.Span
	most := min(newestRecords, cmp.Or(allNewest/len(wanted), 1))
	for _, name := range wanted.names() {
		s := wanted[name]
		for i := range s.partitions {
			start, end := s.partitions[i].start, s.partitions[i].end
			width := int64(max(most/len(s.partitions), 1))
			spans = append(spans, record.Span{
				Topic: name, Partition: int32(i), TopicID: s.id, Start: max(start, end-width), End: end,
			})
		}
	}
	return spans
}
