package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// topicLog is where the logs of a topic's partitions begin and end.
type topicLog struct {
	id         kafka.TopicID
	gone       bool  // there is no such topic
	err        error // why its partitions are not known
	partitions []partitionLog
}

// partitionLog is the log of one partition; -1 with an error where an offset is not known.
type partitionLog struct {
	start, end int64
	err        error
	leader     int32
	unread     unreadPart // what is between a committed offset and the end
}

// logs asks the leaders where the partitions of topics begin and end. Only brokers that have just
// answered are asked: a frozen one must not hold up the others again. A leader that was just
// elected refuses for a moment and is asked again.
func (c *Client) logs(ctx context.Context, answering []coordinator, topics []string) map[string]*topicLog {
	ctx, cancel := context.WithTimeout(ctx, lagTimeout)
	defer cancel()
	logs := make(map[string]*topicLog, len(topics))
	ask := topics
	for tries := 0; len(ask) > 0 && (tries == 0 || tries < 10 && kafka.Pause(ctx, 5*kafka.PollInterval)); tries++ {
		c.askLogs(ctx, answering, ask, logs)
		ask = slices.DeleteFunc(slices.Clone(ask), func(name string) bool { return !logs[name].retriable() })
	}
	return logs
}

// retriable reports whether another request may find out more.
func (l *topicLog) retriable() bool {
	return slices.ContainsFunc(l.partitions, func(p partitionLog) bool { return kerr.IsRetriable(p.err) })
}

// askLogs fills in the logs of topics.
func (c *Client) askLogs(ctx context.Context, answering []coordinator, topics []string, logs map[string]*topicLog) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.On(answering[0].ID), topics)
	if err != nil {
		for _, name := range topics {
			logs[name] = &topicLog{err: err}
		}
		return
	}
	for _, t := range meta.Topics {
		logs[*t.Topic] = newTopicLog(t)
	}
	var (
		leaders    []kafka.Broker
		start, end = kafka.OffsetRequests(meta, kafka.LogStart), kafka.OffsetRequests(meta, kafka.LogEnd)
		mu         sync.Mutex
	)
	for _, at := range answering {
		if end[at.ID] != nil {
			leaders = append(leaders, at.Broker)
		}
	}
	var asking sync.WaitGroup
	for _, leader := range leaders {
		for req, note := range map[*kmsg.ListOffsetsRequest]func(*partitionLog, int64){
			start[leader.ID]: func(p *partitionLog, o int64) { p.start = o },
			end[leader.ID]:   func(p *partitionLog, o int64) { p.end = o },
		} {
			asking.Go(func() {
				listed, err := c.kafka.ListOffsets(ctx, leader.ID, req)
				mu.Lock()
				defer mu.Unlock()
				noteOffsets(req, listed, err, logs, note)
			})
		}
	}
	asking.Wait()
}

// newTopicLog returns the log of a topic before its leaders are asked.
func newTopicLog(t kmsg.MetadataResponseTopic) *topicLog {
	l := &topicLog{id: t.TopicID, gone: kerr.TypedErrorForCode(t.ErrorCode) == kerr.UnknownTopicOrPartition}
	if err := kafka.CodeError(kmsg.Metadata, *t.Topic, t.ErrorCode, nil); err != nil && !errors.Is(err, kerr.LeaderNotAvailable) {
		l.err = err
	}
	for _, p := range t.Partitions {
		for len(l.partitions) <= int(p.Partition) {
			l.partitions = append(l.partitions, partitionLog{start: -1, end: -1, err: kafka.ErrNoLeader, leader: -1})
		}
		l.partitions[p.Partition].leader = p.Leader
		if p.Leader >= 0 {
			l.partitions[p.Partition].err = fmt.Errorf("broker %d, which leads it, does not answer", p.Leader)
		}
	}
	return l
}

// noteOffsets notes the answer to req. A partition is known once both its offsets are.
func noteOffsets(req *kmsg.ListOffsetsRequest, listed map[kafka.TopicPartition]kafka.ListedOffset, err error, logs map[string]*topicLog, note func(*partitionLog, int64)) {
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			at := &logs[t.Topic].partitions[p.Partition]
			answer, ok := listed[kafka.TopicPartition{Topic: t.Topic, Partition: p.Partition}]
			switch {
			case err != nil:
				at.err = err
			case !ok:
			case answer.Err != nil:
				at.err = answer.Err
			default:
				note(at, answer.Offset)
				if at.start >= 0 && at.end >= 0 {
					at.err = nil
				}
			}
		}
	}
}

// partitionNumbers returns the numbers of the partitions that a topic has, or that a group
// committed something of.
func partitionNumbers(log *topicLog, commits map[int32]commit) []int32 {
	var numbers []int32
	for i := range log.partitions {
		numbers = append(numbers, int32(i))
	}
	for number := range commits {
		if int(number) >= len(log.partitions) {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers
}
