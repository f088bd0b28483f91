package record

import (
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// learnID compares the id that a broker knows a topic by with the one that is read. Another id may
// be that of a topic that was made again, or an older one that this broker still knows: a topic
// counts as made again only when nothing shows any more that the one that is read is there. leaders
// are by partition.
func (l *loop) learnID(topic string, id kafka.TopicID, leaders map[int32]int32) error {
	none := kafka.TopicID{}
	if id == none || l.retired[id] {
		return nil
	}
	remade := false
	for _, c := range l.cursors {
		if c.Topic != topic {
			continue
		}
		if c.TopicID == none {
			c.TopicID = id
		}
		remade = remade || c.TopicID != id && c.doubted
	}
	if !remade {
		return nil
	}
	return l.remake(topic, id, leaders)
}

// remake goes on with another topic of the same name, at its start. Partitions that it does not have
// are read no more or, where they were asked for by number, waited for.
func (l *loop) remake(topic string, id kafka.TopicID, leaders map[int32]int32) error {
	if slices.ContainsFunc(l.cursors, func(c *cursor) bool { return c.Topic == topic && c.End != NoEnd }) {
		return &GoneError{Topic: topic, Remade: true}
	}
	l.opts.Note(fmt.Sprintf("topic %s was deleted and made again; going on at its start", topic))
	var missing []string
	l.cursors = slices.DeleteFunc(l.cursors, func(c *cursor) bool {
		if c.Topic != topic {
			return false
		}
		l.retired[c.TopicID] = true
		delete(l.epochs, c.at())
		_, there := leaders[c.Partition]
		if !there {
			l.opts.Rewind(topic, c.Partition, -1)
			if c.Grows {
				return true
			}
			missing = append(missing, c.String())
		} else {
			l.opts.Rewind(topic, c.Partition, 0)
		}
		span := c.Span
		span.TopicID = id
		*c = cursor{Span: span, leader: noLeader, epoch: -1}
		return false
	})
	if len(missing) > 0 {
		l.opts.Note(fmt.Sprintf("topic %s has no %s any more: waiting for it", topic, shortList(missing, 3)))
	}
	return nil
}

// diverge moves a cursor back to where its log began to differ from what was read: a leader without
// these records was elected (unclean.leader.election.enable), or lost them with its disk. The answer
// has the end of the records that both have, by an epoch; where that is not before the cursor,
// nothing was lost.
func (l *loop) diverge(c *cursor, d *kmsg.FetchResponseTopicPartitionDivergingEpoch) error {
	read := c.next
	c.epoch = d.Epoch
	if d.EndOffset >= read {
		return nil
	}
	if c.End != NoEnd {
		return &PartitionError{c.Topic, c.Partition, fmt.Errorf("the log lost its offsets from %d on while it was read", d.EndOffset)}
	}
	l.opts.Note(fmt.Sprintf("%s: the log lost its offsets %d to %d; going on at %[2]d with what stands there now", c.Span, d.EndOffset, read-1))
	l.rewind(c, d.EndOffset)
	c.epoch = d.Epoch
	return nil
}

// rewind moves a cursor to an offset that is not behind what was read.
func (l *loop) rewind(c *cursor, next int64) {
	c.next, c.epoch = next, -1
	delete(l.epochs, c.at())
	l.opts.Rewind(c.Topic, c.Partition, next)
}
