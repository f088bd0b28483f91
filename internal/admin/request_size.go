package admin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// What one request that changes topics may ask for.
const (
	// A KRaft controller makes the records of metadata of one request in one piece, and refuses a
	// request that needs more (POLICY_VIOLATION), also one that only validates. Kafka has no setting
	// for it: QuorumController.MAX_RECORDS_PER_USER_OP.
	mostRecords = 10_000
	// Kafka's own limits are 8 MiB for the records of one piece and socket.request.max.bytes, 100 MiB,
	// which somebody may have lowered. Only very long names and values come near this one.
	mostBytes = 1 << 20
)

// size is what a change takes of the limits of a request.
type size struct {
	records int // of a KRaft controller's metadata
	bytes   int // of the request, about
}

// sizeOf returns the size of a change. A topic is a record, and so are each of its partitions and of
// its settings. A count that is left to the brokers is taken for 1, Kafka's default.
func sizeOf(change topicspec.Change) size {
	const overhead = 16 // lengths, codes and tags of one item
	one := size{records: 1, bytes: len(change.Topic) + len(change.Field) + overhead}
	switch after := change.After.(type) {
	case topicspec.Shape:
		one.records += max(after.Partitions, 1)
		for key, value := range after.Config {
			one.records += settingRecords(key)
			one.bytes += len(key) + len(value) + overhead
		}
	case topicspec.Count:
		before, _ := change.Before.(topicspec.Count)
		one.records = int(after - before)
	case topicspec.Text:
		one.records = settingRecords(change.Field)
		one.bytes += len(after)
	case nil: // a deletion, or a setting that is taken back
		one.records = settingRecords(change.Field)
	}
	return one
}

// settingRecords returns how many records a change of a setting is: with min.insync.replicas the
// controller also forgets the eligible leader replicas of the topic (KIP-966).
func settingRecords(key string) int {
	if key == minInSyncReplicas {
		return 2
	}
	return 1
}

// requests divides changes of one kind into those that fit into one request each. The changes of a
// topic stay together, because the brokers have one answer for them.
func requests(changes []topicspec.Change) [][]topicspec.Change {
	if len(changes) == 0 {
		return nil
	}
	var divided [][]topicspec.Change
	var sum size
	start := 0
	for i := 0; i < len(changes); {
		next, topic := i, size{}
		for ; next < len(changes) && changes[next].Topic == changes[i].Topic; next++ {
			one := sizeOf(changes[next])
			topic.records, topic.bytes = topic.records+one.records, topic.bytes+one.bytes
		}
		if i > start && (sum.records+topic.records > mostRecords || sum.bytes+topic.bytes > mostBytes) {
			divided = append(divided, changes[start:i])
			start, sum = i, size{}
		}
		sum.records, sum.bytes = sum.records+topic.records, sum.bytes+topic.bytes
		i = next
	}
	return append(divided, changes[start:])
}

// halves divides changes between two topics, as near to the middle as it can; ok is false when they
// are all of one topic.
func halves(changes []topicspec.Change) (first, second []topicspec.Change, ok bool) {
	middle := len(changes) / 2
	differs := func(i int) bool { return changes[i].Topic != changes[i-1].Topic }
	for distance := range len(changes) {
		for _, i := range []int{middle + distance, middle - distance} {
			if 0 < i && i < len(changes) && differs(i) {
				return changes[:i], changes[i:], true
			}
		}
	}
	return nil, nil, false
}

// sendAll has send carry changes in as many requests as they need, one after another. A request
// that the controller finds too large nevertheless is divided again: a topic whose count is left to
// the brokers may have many partitions, and a controller may have a lower limit. The error is for
// all topics that have no answer.
func (c *Client) sendAll(ctx context.Context, send sender, changes []topicspec.Change, dry bool) (map[string]error, error) {
	answers := make(map[string]error)
	answered := 0
	for queue := requests(changes); len(queue) > 0; {
		request := queue[0]
		queue = queue[1:]
		got, err := send(ctx, request, dry)
		if large := tooLarge(request, got); large != nil {
			if first, second, ok := halves(request); ok {
				queue = slices.Insert(queue, 0, first, second)
				continue
			}
			got[request[0].Topic] = &TooLargeError{Change: request[0], Cause: large}
		}
		maps.Copy(answers, got)
		if err != nil {
			return answers, err
		}
		if answered += len(request); !dry && len(queue) > 0 {
			c.report(fmt.Sprintf("%d of %d changes are sent", answered, len(changes)))
		}
	}
	return answers, nil
}

// tooLarge returns the answer that says that a request is for too many records, nil when none does.
// Kafka has no code of its own for that. CreatePartitions answers UNKNOWN_SERVER_ERROR for the topic
// that meets the limit, and makes as many of its partitions as fit.
func tooLarge(request []topicspec.Change, answers map[string]error) error {
	for _, change := range request {
		err := answers[change.Topic]
		var refusal *kafka.BrokerError
		switch {
		case !errors.As(err, &refusal):
		case errors.Is(err, kerr.PolicyViolation) && strings.Contains(refusal.Detail, "xcessively large"):
			return err
		case errors.Is(err, kerr.UnknownServerError) && sizeOf(change).records > mostRecords:
			return err
		}
	}
	return nil
}

// TooLargeError reports a change that is more than a KRaft controller makes by one request, also when
// it is the only one in it. It is a decision, whatever the code of the controller's answer.
type TooLargeError struct {
	Change topicspec.Change
	Cause  error // the controller's answer
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("it is %d records of metadata (a topic, a partition and a setting are one each), and a KRaft controller makes at most %d by one request: %v",
		sizeOf(e.Change).records, mostRecords, e.Cause)
}

// Unwrap returns the controller's answer.
func (e *TooLargeError) Unwrap() error { return e.Cause }

// Hint returns how the topic can be had all the same.
func (e *TooLargeError) Hint() string {
	switch after := e.Change.After.(type) {
	case topicspec.Shape:
		others := sizeOf(e.Change).records - max(after.Partitions, 1)
		return fmt.Sprintf("declare %d partitions at most, apply, and then raise the count by %d at most at a time", mostRecords-others, mostRecords)
	case topicspec.Count:
		before, _ := e.Change.Before.(topicspec.Count)
		return fmt.Sprintf("raise the count by %d at most at a time: declare %d, apply, and go on", mostRecords, int(before)+mostRecords)
	default:
		return ""
	}
}
