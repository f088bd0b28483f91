package groups

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

const (
	// smallLag is the lag up to which it is looked whether it is of markers alone: longer stretches of
	// aborted records are rare, and reading them is dear.
	smallLag = 1000
	// markerBytes bounds what a partition is asked for at first, and unreadBytes what a broker sends in
	// one answer. A marker has 78 bytes, and most batches of records that are not read fit in as well.
	markerBytes, unreadBytes = 8 << 10, 1 << 20
	// unreadRounds is how often a leader is asked at most. It is asked for four times as much of each
	// partition each time.
	unreadRounds = 4
)

// errTooMuch says that the bounds above were met.
var errTooMuch = errors.New("there is too much to look at")

// unreadPart is what was found out about the offsets between what groups committed and the end.
type unreadPart struct {
	hidden int64 // offsets from the first open transaction on
	open   []kafka.OpenTransaction
	// empty are offsets from which on no record is committed, with the number of aborted records
	// there.
	empty map[int64]int64
	err   error // why that is not known of the others
}

// unreadLook is a partition while its leader is asked for records.
type unreadLook struct {
	kafka.TopicPartition
	log  *partitionLog
	id   kafka.TopicID
	from []int64 // where groups read on, the highest first, without those that are settled

	at      int64 // the offset to ask for
	aborted int64 // records from from[0] up to at
}

// lookAtUnread finds out what keeps groups from the ends of the logs where it may be no record: open
// transactions, and the markers of others. It asks each leader where the open transactions of its
// partitions begin, and for what follows committed offsets that are near the end. Who has open
// transactions is asked only where there are any.
func (c *Client) lookAtUnread(ctx context.Context, asked []*groupAsked, logs map[string]*topicLog) {
	ctx, cancel := context.WithTimeout(ctx, lagTimeout)
	defer cancel()
	led := make(map[int32][]*unreadLook)
	for at, from := range unreadFrom(asked, logs) {
		log := &logs[at.Topic].partitions[at.Partition]
		led[log.leader] = append(led[log.leader], &unreadLook{TopicPartition: at, log: log, id: logs[at.Topic].id, from: from})
	}
	var asking sync.WaitGroup
	for leader, looks := range led {
		asking.Go(func() {
			slices.SortFunc(looks, func(a, b *unreadLook) int { return comparePartitions(a.TopicPartition, b.TopicPartition) })
			c.askStable(ctx, leader, looks)
			c.askUnread(ctx, leader, looks)
		})
	}
	asking.Wait()
	c.nameTransactions(ctx, led)
}

// unreadFrom returns where groups read on, the highest first, by the partitions in which there is
// something behind.
func unreadFrom(asked []*groupAsked, logs map[string]*topicLog) map[kafka.TopicPartition][]int64 {
	all := make(map[kafka.TopicPartition][]int64)
	for _, g := range asked {
		for _, topic := range g.topics() {
			log, commits := logs[topic], g.committed[topic]
			for number := range log.partitions {
				at := &log.partitions[number]
				committed := int64(-1)
				if c, ok := commits[int32(number)]; ok {
					committed = c.offset
				}
				if from := at.next(committed); log.err == nil && at.err == nil && from < at.end {
					partition := kafka.TopicPartition{Topic: topic, Partition: int32(number)}
					all[partition] = append(all[partition], from)
				}
			}
		}
	}
	for at, from := range all {
		slices.Sort(from)
		slices.Reverse(from)
		all[at] = slices.Compact(from)
	}
	return all
}

// askStable asks a leader where the first open transactions begin.
func (c *Client) askStable(ctx context.Context, leader int32, looks []*unreadLook) {
	partitions := make([]kafka.TopicPartition, len(looks))
	for i, l := range looks {
		partitions[i] = l.TopicPartition
	}
	listed, err := c.kafka.ListOffsets(ctx, leader, kafka.StableRequest(partitions))
	for _, l := range looks {
		stable, ok := listed[l.TopicPartition]
		switch {
		case err != nil:
			l.log.unread.err = err
		case ok && stable.Err == nil && stable.Offset >= 0:
			l.log.unread.hidden = max(l.log.end-stable.Offset, 0)
		}
	}
}

// nameTransactions adds the open transactions of partitions that have some.
func (c *Client) nameTransactions(ctx context.Context, led map[int32][]*unreadLook) {
	hiding := make(map[int32][]kafka.TopicPartition)
	for leader, looks := range led {
		for _, l := range looks {
			if l.log.unread.hidden > 0 {
				hiding[leader] = append(hiding[leader], l.TopicPartition)
			}
		}
	}
	if len(hiding) == 0 {
		return
	}
	open := c.kafka.OpenTransactions(ctx, hiding)
	for _, looks := range led {
		for _, l := range looks {
			l.log.unread.open = open[l.TopicPartition]
		}
	}
}

// askUnread asks a leader for what follows the offsets where groups read on, as far as they are near
// the end and no transaction is open. Bounds of bytes and requests keep that cheap: what they leave
// is not known.
func (c *Client) askUnread(ctx context.Context, leader int32, looks []*unreadLook) {
	open := slices.DeleteFunc(slices.Clone(looks), func(l *unreadLook) bool { return !l.begin() })
	most := int32(markerBytes)
	for round := 0; round < unreadRounds && len(open) > 0; round++ {
		places := make([]kafka.FetchPlace, len(open))
		for i, l := range open {
			places[i] = kafka.FetchPlace{TopicPartition: l.TopicPartition, TopicID: l.id, Offset: l.at, LastEpoch: -1, MaxBytes: most}
		}
		resp, err := kafka.Fetch(ctx, c.kafka.On(leader), kafka.FetchRequest(places, unreadBytes))
		if err != nil {
			for _, l := range open {
				l.log.unread.err = err
			}
			return
		}
		answered, size := make(map[kafka.TopicPartition]*kmsg.FetchResponseTopicPartition), 0
		for i := range resp.Topics {
			t := &resp.Topics[i]
			for j := range t.Partitions {
				size += len(t.Partitions[j].RecordBatches)
				answered[kafka.TopicPartition{Topic: t.Topic, Partition: t.Partitions[j].Partition}] = &t.Partitions[j]
			}
		}
		room := unreadBytes-size >= int(most)
		open = slices.DeleteFunc(open, func(l *unreadLook) bool {
			answer, ok := answered[l.TopicPartition]
			return ok && l.take(answer, room)
		})
		slices.SortStableFunc(open, func(a, b *unreadLook) int { return int(a.log.end-a.at) - int(b.log.end-b.at) })
		most *= 4
	}
}

// begin reports whether there is something to ask for, and sets where.
func (l *unreadLook) begin() bool {
	l.from = slices.DeleteFunc(l.from, func(from int64) bool { return l.log.end-from > smallLag })
	if len(l.from) == 0 || l.log.unread.hidden > 0 || l.log.unread.err != nil {
		return false
	}
	l.at, l.log.unread.err, l.log.unread.empty = l.from[0], errTooMuch, make(map[int64]int64)
	return true
}

// take takes an answer, and reports whether there is nothing more to ask for: a record was found, and
// so there is one behind each lower offset too, or all offsets are settled. room says that what the
// partition was asked for had room in the answer: if there is nothing, a batch is larger than that,
// and no marker. Its records count as lag, until it is found out that they are aborted.
func (l *unreadLook) take(answer *kmsg.FetchResponseTopicPartition, room bool) (done bool) {
	if err := kafka.CodeError(kmsg.Fetch, l.Topic, answer.ErrorCode, nil); err != nil {
		l.log.unread.err = err
		return true
	}
	if room && len(answer.RecordBatches) == 0 {
		l.log.unread.err = nil
		return false
	}
	committed, next := l.process(answer, kgo.ReadCommitted())
	if committed.Err != nil {
		l.log.unread.err = committed.Err
		return true
	}
	until := l.log.end // what is behind is settled
	if settled := l.log.unread.empty; len(settled) > 0 {
		for offset := range settled {
			until = min(until, offset)
		}
	}
	if slices.ContainsFunc(committed.Records, func(r *kgo.Record) bool { return r.Offset < until }) {
		l.log.unread.err = nil
		return true
	}
	all, _ := l.process(answer, kgo.ReadUncommitted())
	for _, r := range all.Records {
		if r.Offset < until {
			l.aborted++
		}
	}
	if l.at = max(l.at, next); l.at < until {
		return false
	}
	l.log.unread.empty[l.from[0]] = l.aborted
	if l.from = l.from[1:]; len(l.from) == 0 {
		l.log.unread.err = nil
		return true
	}
	l.at = l.from[0]
	return false
}

// process decodes an answer.
func (l *unreadLook) process(answer *kmsg.FetchResponseTopicPartition, isolation kgo.IsolationLevel) (kgo.FetchPartition, int64) {
	return kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{
		Offset: l.at, IsolationLevel: isolation, Topic: l.Topic, Partition: l.Partition,
	}, answer, kgo.DefaultDecompressor(), nil)
}
