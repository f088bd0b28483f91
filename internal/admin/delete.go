package admin

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// ReplacedError reports a topic that was deleted and made again by others since its deletion was planned. The one
// that is there now was not touched.
type ReplacedError struct{ Planned, Now string } // ids

func (e *ReplacedError) Error() string {
	return fmt.Sprintf("it was deleted and made again since it was looked at (id %s → %s): the new topic was not deleted", e.Planned, e.Now)
}

// MarkedError reports a topic that brokers in ZooKeeper mode have only marked for deletion: they delete it later, and
// by themselves.
type MarkedError struct{ Until string } // "its reassignment has ended"

func (e *MarkedError) Error() string {
	return "it is only marked for deletion: brokers in ZooKeeper mode delete it once " + e.Until
}

// markTimeout is what brokers have to answer a deletion that they can only mark. They answer REQUEST_TIMED_OUT
// however long it is.
const markTimeout = time.Millisecond

// sendDeletes removes topics; one that is gone already counts as removed. Kafka has
// no way to validate a deletion, so a dry one is always fine.
func (c *Client) sendDeletes(ctx context.Context, changes []topicspec.Change, dry bool) (map[string]error, error) {
	answers := make(map[string]error)
	if dry {
		for _, change := range changes {
			answers[change.Topic] = nil
		}
		return answers, nil
	}
	kept := c.keptFromDeletion(ctx, changes)
	var marked, others []topicspec.Change
	for _, change := range changes {
		if kept[change.Topic] != "" {
			marked = append(marked, change)
		} else {
			others = append(others, change)
		}
	}
	got, err := c.deleteTopics(ctx, others, kafka.WriteTimeout)
	maps.Copy(answers, got)
	if err == nil {
		got, err = c.deleteTopics(ctx, marked, markTimeout)
		maps.Copy(answers, got)
	}
	if err != nil {
		return answers, err
	}
	for topic, until := range kept {
		if errors.Is(answers[topic], kerr.RequestTimedOut) {
			answers[topic] = &MarkedError{until}
		}
	}
	c.judgeUnknown(ctx, changes, answers)
	return answers, nil
}

// deleteTopics sends one request: by the topics' ids, so that it never meets a topic that was made again under a
// name, and by name where brokers have no ids.
func (c *Client) deleteTopics(ctx context.Context, changes []topicspec.Change, timeout time.Duration) (map[string]error, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	answers, names := make(map[string]error), make(map[[16]byte]string)
	req := kmsg.NewPtrDeleteTopicsRequest() // of our own: kadm drops how long a quota holds it back
	req.TimeoutMillis = int32(timeout.Milliseconds())
	for _, change := range changes {
		topic := kmsg.NewDeleteTopicsRequestTopic()
		if change.TopicID == "" {
			topic.Topic = kmsg.StringPtr(change.Topic)
			req.TopicNames = append(req.TopicNames, change.Topic) // what brokers before Kafka 2.8 read; they know no ids
		} else {
			id, err := base64.RawURLEncoding.DecodeString(change.TopicID)
			if err != nil || len(id) != len(topic.TopicID) {
				answers[change.Topic] = fmt.Errorf("%q is no topic id", change.TopicID)
				continue
			}
			topic.TopicID = [16]byte(id)
			names[topic.TopicID] = change.Topic
		}
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	if err != nil {
		return answers, fmt.Errorf("delete topics: %w", err)
	}
	for _, t := range resp.Topics {
		name, byID := names[t.TopicID]
		if !byID && t.Topic == nil {
			continue
		} else if !byID {
			name = *t.Topic
		}
		err := heldBack(kafka.CodeError(kmsg.DeleteTopics, name, t.ErrorCode, t.ErrorMessage), resp.ThrottleMillis)
		if errors.Is(err, kerr.UnknownTopicOrPartition) {
			err = nil
		}
		answers[name] = err
	}
	return answers, nil
}

// judgeUnknown looks at the names of topics whose ids the controller does not know: they are gone, or others have
// made one again. Where that cannot be seen, the answer stays.
func (c *Client) judgeUnknown(ctx context.Context, changes []topicspec.Change, answers map[string]error) {
	planned := make(map[string]string)
	for _, change := range changes {
		if errors.Is(answers[change.Topic], kerr.UnknownTopicID) {
			planned[change.Topic] = change.TopicID
		}
	}
	if len(planned) == 0 {
		return
	}
	v, err := c.observeShapes(ctx, c.kafka.Any, sortedNames(planned))
	if err != nil {
		return
	}
	for name, id := range planned {
		answers[name] = nil
		if now, exists := v.topics[name]; exists && now.ID != id {
			answers[name] = &ReplacedError{id, now.ID}
		}
	}
}

// keptFromDeletion returns what the deletion of topics waits for, by topic: the controller in ZooKeeper mode deletes
// none that has a replica on a broker that is away, or a reassignment under way. It returns nothing where that is not
// known, and for topics without an id.
func (c *Client) keptFromDeletion(ctx context.Context, changes []topicspec.Change) map[string]string {
	var names []string
	for _, change := range changes {
		if change.TopicID != "" {
			names = append(names, change.Topic)
		}
	}
	if len(names) == 0 {
		return nil
	}
	versions, err := c.apiVersions(ctx, c.kafka.Any)
	if err != nil || modeOf(versions) != ZooKeeper {
		return nil
	}
	v, err := c.observeShapes(ctx, c.kafka.Any, names)
	if err != nil || c.observeMoving(ctx, &v) != nil {
		return nil
	}
	kept := make(map[string]string)
	for _, t := range v.meta.Topics {
		if away := offlineReplicas(v.meta, t); len(away) > 0 {
			kept[*t.Topic] = "all of its replicas can be reached, and now those on " + kafka.JoinIDs(away) + " cannot"
		} else if len(v.moving[*t.Topic]) > 0 {
			kept[*t.Topic] = "its reassignment has ended"
		}
	}
	return kept
}

// offlineReplicas lists the brokers that are away, or cannot use the directory of a replica of t.
func offlineReplicas(meta *kmsg.MetadataResponse, t kmsg.MetadataResponseTopic) []int32 {
	live := kafka.BrokerIDs(meta.Brokers)
	var away []int32
	for _, p := range t.Partitions {
		away = append(away, p.OfflineReplicas...)
		for _, id := range p.Replicas {
			if !slices.Contains(live, id) {
				away = append(away, id)
			}
		}
	}
	slices.Sort(away)
	return slices.Compact(away)
}
