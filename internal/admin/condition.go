package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Condition is how the declared topics are at one moment; both lists empty means
// that nothing is wrong. Each list is worst first.
type Condition struct {
	// Unusable keeps clients from reading or writing now.
	Unusable []Issue
	// Degraded does not: what is lacking are spare replicas.
	Degraded []Issue
}

// Issue is one thing that is wrong, and where.
type Issue struct {
	Kind IssueKind
	// Broker is the one that shows it, "broker 2 (kafka2:9092)"; "" for a partition,
	// and for a topic when all that answered show the same.
	Broker string
	// Topic is "" when it is about a broker as a whole.
	Topic string
	// Partition is -1 unless it is about a single one.
	Partition int
	What      string
}

// String is one line, such as
// "order.created/1: 2 of 3 replicas in sync (1, 2), min.insync.replicas 2".
func (i Issue) String() string {
	line := i.What
	switch {
	case i.Partition >= 0:
		line = fmt.Sprintf("%s/%d: %s", i.Topic, i.Partition, line)
	case i.Topic != "":
		line = i.Topic + ": " + line
	}
	if i.Broker != "" {
		line = i.Broker + ": " + line
	}
	return line
}

// Condition looks at the desired topics that shall exist once on every live broker. Blocked differences do not
// count, as for [Client.Settle]. The error is that nobody could be asked, or that we may not look:
// one broker of several that does not answer is a [Silent] one.
func (c *Client) Condition(ctx context.Context, desired []topicspec.Desired) (Condition, error) {
	desired = topicspec.Present(desired)
	if len(desired) == 0 {
		return Condition{}, nil
	}
	seen, err := c.observeDeclared(ctx, desired)
	if err != nil {
		return Condition{}, err
	}
	var answering []kafka.Broker
	for _, at := range seen {
		switch {
		case at.Err == nil:
			answering = append(answering, at.Broker)
		case kafka.Unauthorized(at.Err):
			return Condition{}, fmt.Errorf("%s: %w", at.Name, at.Err)
		default:
			err = &UnsettledError{Broker: at.Name, What: at.What(), Cause: at.Err}
		}
	}
	if len(answering) == 0 {
		return Condition{}, err
	}
	issues := seen.issues(desired)
	return condition(append(issues, c.offlineDirs(ctx, answering, issues)...)), nil
}

// condition sorts issues into the two lists.
func condition(issues []Issue) Condition {
	slices.SortFunc(issues, func(a, b Issue) int {
		return cmp.Or(
			cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition),
			cmp.Compare(a.Broker, b.Broker), cmp.Compare(a.What, b.What),
		)
	})
	var found Condition
	for _, one := range issues {
		if one.Kind.rank() < AtMinISR.rank() {
			found.Unusable = append(found.Unusable, one)
		} else {
			found.Degraded = append(found.Degraded, one)
		}
	}
	return found
}

// offlineDirs asks brokers for directories they cannot use, when the issues have partitions without
// a leader: a full or broken disk takes its partitions away and leaves the broker alive. A broker
// that may not be asked is one too: its directories are unknown, not fine.
func (c *Client) offlineDirs(ctx context.Context, brokers []kafka.Broker, issues []Issue) []Issue {
	var topics []kmsg.DescribeLogDirsRequestTopic
	for _, one := range issues {
		if one.Kind == Leaderless {
			topic := kmsg.NewDescribeLogDirsRequestTopic()
			topic.Topic, topic.Partitions = one.Topic, []int32{int32(one.Partition)}
			topics = append(topics, topic)
		}
	}
	if len(topics) == 0 {
		return nil
	}
	var found []Issue
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]kmsg.DescribeLogDirsResponseDir, error) {
		return c.kafka.LogDirs(ctx, id, topics) // which answers for all its directories, whatever is in them
	}) {
		if at.Err != nil {
			found = append(found, Issue{LogDir, at.Name, "", -1, at.What()})
		}
		for _, dir := range at.Value {
			if what := offlineText(dir); what != "" {
				found = append(found, Issue{LogDir, at.Name, "", -1, what})
			}
		}
	}
	return found
}

// offlineText says why a broker cannot use a directory, "" when it can.
func offlineText(dir kmsg.DescribeLogDirsResponseDir) string {
	switch err := kerr.TypedErrorForCode(dir.ErrorCode); {
	case err == nil:
		return ""
	case errors.Is(err, kerr.KafkaStorageError):
		return fmt.Sprintf("log directory %s is offline (%s)", dir.Dir, err.Message)
	default:
		return fmt.Sprintf("log directory %s: %s", dir.Dir, err.Message)
	}
}
