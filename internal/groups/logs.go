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
	gone       bool  // there is no such topic
	err        error // why its partitions are not known
	partitions []partitionLog
}

// partitionLog is one of them; -1 with an error where an offset is not known.
type partitionLog struct {
	start, end int64
	err        error
}

var errNoLeader = errors.New("no broker leads it")

// logs asks the leaders where the partitions of topics begin and end. Only brokers that
// have just answered are asked: a frozen one must not hold up the others again. A leader
// that was just elected refuses for a moment and is asked again.
func (c *Client) logs(ctx context.Context, answering []coordinator, topics []string) map[string]*topicLog {
	ctx, cancel := context.WithTimeout(ctx, lagTimeout)
	defer cancel()
	logs := make(map[string]*topicLog, len(topics))
	ask := topics
	for tries := 0; len(ask) > 0 && (tries == 0 || tries < 10 && kafka.Pause(ctx, 5*kafka.PollInterval)); tries++ {
		c.askLogs(ctx, answering, ask, logs)
		ask = slices.DeleteFunc(slices.Clone(ask), func(name string) bool { return !logs[name].passing() })
	}
	return logs
}

// passing tells that another look may know more.
func (l *topicLog) passing() bool {
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
				resp, err := req.RequestWith(ctx, c.kafka.On(leader.ID))
				mu.Lock()
				defer mu.Unlock()
				noteOffsets(req, resp, err, logs, note)
			})
		}
	}
	asking.Wait()
}

// newTopicLog is the log of a topic before its leaders are asked.
func newTopicLog(t kmsg.MetadataResponseTopic) *topicLog {
	l := &topicLog{gone: goneTopic(t.ErrorCode)}
	if err := kafka.CodeError(kmsg.Metadata, *t.Topic, t.ErrorCode, nil); err != nil && !errors.Is(err, kerr.LeaderNotAvailable) {
		l.err = err
	}
	for _, p := range t.Partitions {
		for len(l.partitions) <= int(p.Partition) {
			l.partitions = append(l.partitions, partitionLog{-1, -1, errNoLeader})
		}
		if p.Leader >= 0 {
			l.partitions[p.Partition].err = fmt.Errorf("broker %d, which leads it, does not answer", p.Leader)
		}
	}
	return l
}

// noteOffsets notes the answer to req. A partition is known once both its offsets are.
func noteOffsets(req *kmsg.ListOffsetsRequest, resp *kmsg.ListOffsetsResponse, err error, logs map[string]*topicLog, note func(*partitionLog, int64)) {
	if err != nil {
		for _, t := range req.Topics {
			for _, p := range t.Partitions {
				logs[t.Topic].partitions[p.Partition].err = err
			}
		}
		return
	}
	for _, t := range resp.Topics {
		l := logs[t.Topic]
		for _, p := range t.Partitions {
			if l == nil || int(p.Partition) >= len(l.partitions) {
				continue
			}
			at := &l.partitions[p.Partition]
			if err := kafka.CodeError(kmsg.ListOffsets, t.Topic, p.ErrorCode, nil); err != nil {
				at.err = err
				continue
			}
			note(at, p.Offset)
			if at.start >= 0 && at.end >= 0 {
				at.err = nil
			}
		}
	}
}

// against is the standing, measured at the logs.
func (s *lagging) against(logs map[string]*topicLog) GroupLag {
	sortMembers(s.Members)
	owners := make(map[TopicPartition]*Member)
	for i := range s.Members {
		for _, p := range s.Members[i].Assigned {
			owners[p] = &s.Members[i]
		}
	}
	for _, topic := range s.topics() {
		log, commits := logs[topic], s.committed[topic]
		numbers := numbersOf(log, commits)
		for _, number := range numbers {
			p := PartitionLag{TopicPartition: TopicPartition{topic, number}, Committed: -1, LogStart: -1, End: -1, Lag: -1}
			if c, ok := commits[number]; ok {
				p.Committed, p.Metadata = c.offset, c.metadata
			}
			p.Member = owners[p.TopicPartition]
			p.measure(log)
			s.Partitions = append(s.Partitions, p)
		}
	}
	return s.GroupLag
}

// numbersOf are the partitions that a topic has, or that a group committed for.
func numbersOf(log *topicLog, commits map[int32]commit) []int32 {
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

// measure fills in where the partition's log is, and what of it is not read.
func (p *PartitionLag) measure(log *topicLog) {
	if p.TopicGone = log.gone || log.err == nil && int(p.Partition) >= len(log.partitions); p.TopicGone {
		return
	}
	if p.Err = log.err; p.Err != nil {
		return
	}
	at := log.partitions[p.Partition]
	if p.LogStart, p.End, p.Err = at.start, at.end, at.err; p.Err != nil {
		p.LogStart, p.End = -1, -1
		return
	}
	from := p.Committed
	switch {
	case from < 0:
		from = p.LogStart
	case from < p.LogStart:
		p.Lost, from = p.LogStart-from, p.LogStart
	case from > p.End:
		p.Past, from = from-p.End, p.End
	}
	p.Lag = max(p.End-from, 0)
}
