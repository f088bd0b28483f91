package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// differences is what v does not show as desired, apart from leaders and replicas.
func (v view) differences(desired []topicspec.Desired) []Sickness {
	var found []Sickness
	for _, change := range topicspec.Diff(desired, v.topics).Makeable() {
		one := Sickness{Kind: Differs, Topic: change.Topic, Partition: -1}
		switch {
		case change.Action == topicspec.Create:
			one.What = "does not exist"
		case change.Before == nil:
			one.What = fmt.Sprintf("%s is not set, declared %s", change.Field, change.After)
		case change.After == nil:
			one.What = fmt.Sprintf("%s is set to %s, declared without an override", change.Field, change.Before)
		default:
			one.What = fmt.Sprintf("%s is %s, declared %s", change.Field, change.Before, change.After)
		}
		found = append(found, one)
	}
	return found
}

// ailments is what v shows to be amiss with leaders and replicas, in no order.
func (v view) ailments() []Sickness {
	var found []Sickness
	live := kafka.BrokerIDs(v.meta.Brokers)
	for _, t := range v.meta.Topics {
		observed, known := v.topics[*t.Topic]
		if !known {
			continue
		}
		// A value that is no number is one that the broker does not tell: nothing to hold against the partition.
		minISR, _ := strconv.Atoi(observed.Config["min.insync.replicas"].Value)
		for _, p := range t.Partitions {
			if kind, what := ailing(p, observed.Replicas[p.Partition], minISR, live); kind != "" {
				found = append(found, Sickness{kind, "", *t.Topic, int(p.Partition), what})
			}
		}
	}
	return found
}

// ailing judges a partition, "" for one that can take every write and lose what it
// was made to lose. want is the number of replicas that must be in sync, and minISR
// its min.insync.replicas, 0 for unknown. A replica whose broker is not alive does
// not count as in sync, also while the leader has not noticed.
func ailing(p kmsg.MetadataResponseTopicPartition, want, minISR int, live []int32) (kind Kind, what string) {
	inSync := slices.DeleteFunc(slices.Clone(p.ISR), func(id int32) bool { return !slices.Contains(live, id) })
	slices.Sort(inSync)
	switch {
	case !slices.Contains(live, p.Leader): // -1: none
		return Leaderless, fmt.Sprintf("no live leader, replicas on %s", kafka.JoinIDs(p.Replicas))
	case len(inSync) < minISR:
		kind = UnderMinISR
	case len(inSync) >= want:
		return "", ""
	case len(inSync) == minISR:
		kind = AtMinISR
	default:
		kind = UnderReplicated
	}
	what = fmt.Sprintf("%d of %d replicas in sync (%s)", len(inSync), want, kafka.JoinIDs(inSync))
	if minISR > 0 {
		what += fmt.Sprintf(", min.insync.replicas %d", minISR)
	}
	return kind, what
}

// offlineDirs asks brokers for directories they cannot use, when sick has partitions
// without a leader: a full or broken disk takes its partitions away and leaves the
// broker alive. A broker that may not be asked is one too: its directories are
// unknown, not fine.
func (c *Client) offlineDirs(ctx context.Context, brokers []kafka.Broker, sick []Sickness) []Sickness {
	var topics []kmsg.DescribeLogDirsRequestTopic
	for _, one := range sick {
		if one.Kind == Leaderless {
			topic := kmsg.NewDescribeLogDirsRequestTopic()
			topic.Topic, topic.Partitions = one.Topic, []int32{int32(one.Partition)}
			topics = append(topics, topic)
		}
	}
	if len(topics) == 0 {
		return nil
	}
	var found []Sickness
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]string, error) {
		return c.offlineDirsOn(ctx, id, topics)
	}) {
		if at.Err != nil {
			found = append(found, Sickness{LogDir, at.Name, "", -1, at.Err.Error()})
		}
		for _, what := range at.Value {
			found = append(found, Sickness{LogDir, at.Name, "", -1, what})
		}
	}
	return found
}

// offlineDirsOn tells of each directory that a broker cannot use. It answers for all
// its directories, whichever partitions it is asked about.
func (c *Client) offlineDirsOn(ctx context.Context, id int32, topics []kmsg.DescribeLogDirsRequestTopic) ([]string, error) {
	dirs, err := c.kafka.LogDirs(ctx, id, topics)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, dir := range dirs {
		switch err := kerr.TypedErrorForCode(dir.ErrorCode); {
		case err == nil:
		case errors.Is(err, kerr.KafkaStorageError):
			found = append(found, fmt.Sprintf("log directory %s is offline (%s)", dir.Dir, err.Message))
		default:
			found = append(found, fmt.Sprintf("log directory %s: %s", dir.Dir, err.Message))
		}
	}
	return found, nil
}
