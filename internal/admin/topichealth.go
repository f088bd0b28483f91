package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// More kinds, of a partition that is looked at by itself.
const (
	// OfflineReplica is a replica whose broker or directory is away.
	OfflineReplica Kind = "offline-replica"
	// NotPreferred is a leader that is not the first replica: load lies uneven, and
	// nothing is sick.
	NotPreferred Kind = "not-preferred-leader"
)

// Partition is one partition of a topic.
type Partition struct {
	ID     int
	Leader int // -1: none
	// Replicas in assignment order: the first is the preferred leader.
	Replicas []int
	ISR      []int
	// Offline are the replicas that are away, Adding those that a reassignment is
	// still filling, which nobody misses yet.
	Offline []int
	Adding  []int
	// MinISR is min.insync.replicas, 0 when it is not known.
	MinISR int
	// LogStart and End are offsets: the first one still there, and the next one to
	// be written. -1 when the leader could not be asked.
	LogStart int64
	End      int64
	// First and Last are the times of the first record and of the latest one; zero
	// when there is none, or it is not told.
	First, Last time.Time
	// LeaderErr is why the leader that metadata names did not tell.
	LeaderErr error
	// Size is the bytes of the replicas that told theirs, which are SizesTold, and
	// LeaderSize those of the leader's. -1 when none told, or not the leader.
	Size       int64
	SizesTold  int
	LeaderSize int64
}

// Preferred tells that the first replica leads.
func (p Partition) Preferred() bool { return len(p.Replicas) > 0 && p.Leader == p.Replicas[0] }

// Missing counts the replicas that should be in sync and are not.
func (p Partition) Missing() int { return len(p.Replicas) - len(p.Adding) - len(p.ISR) }

// Ailments are the kinds of what is amiss, worst first; they do not exclude each other.
func (p Partition) Ailments() []Kind {
	var kinds []Kind
	add := func(kind Kind, amiss bool) {
		if amiss {
			kinds = append(kinds, kind)
		}
	}
	add(Leaderless, p.Leader < 0)
	add(Silent, p.Leader >= 0 && p.LeaderErr != nil)
	add(UnderMinISR, len(p.ISR) < p.MinISR)
	add(AtMinISR, p.Missing() > 0 && len(p.ISR) == p.MinISR)
	add(UnderReplicated, p.Missing() > 0)
	add(OfflineReplica, len(p.Offline) > 0)
	add(NotPreferred, p.Leader >= 0 && !p.Preferred())
	return kinds
}

// Sick tells that something is amiss that an uneven load is not.
func (p Partition) Sick() bool {
	return slices.ContainsFunc(p.Ailments(), func(k Kind) bool { return k != NotPreferred })
}

// partitionsOf are a topic's partitions as metadata shows them, by id. A leader that
// is not alive leads nobody.
func partitionsOf(meta *kmsg.MetadataResponse, t kmsg.MetadataResponseTopic) []Partition {
	live := kafka.BrokerIDs(meta.Brokers)
	partitions := make([]Partition, 0, len(t.Partitions))
	for _, p := range t.Partitions {
		one := Partition{
			ID: int(p.Partition), Leader: int(p.Leader), Replicas: toInts(p.Replicas), ISR: toInts(p.ISR),
			LogStart: -1, End: -1, Size: -1, LeaderSize: -1,
		}
		if !slices.Contains(live, p.Leader) {
			one.Leader = -1
		}
		for _, id := range p.Replicas {
			if slices.Contains(p.OfflineReplicas, id) || !slices.Contains(live, id) {
				one.Offline = append(one.Offline, int(id))
			}
		}
		partitions = append(partitions, one)
	}
	slices.SortFunc(partitions, func(a, b Partition) int { return a.ID - b.ID })
	return partitions
}

// TopicHealth is a topic and how each of its partitions stands.
type TopicHealth struct {
	Topic
	// PartitionList has no offsets and no sizes.
	PartitionList []Partition
}

// Health tells how the partitions of all topics stand, internal ones included, by name.
// It takes as many requests for ten thousand topics as for one.
func (c *Client) Health(ctx context.Context) ([]TopicHealth, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	found := make([]TopicHealth, 0, len(meta.Topics))
	var names []string
	for _, t := range meta.Topics {
		summary := summarize(t)
		found = append(found, TopicHealth{summary, partitionsOf(meta, t)})
		names = append(names, summary.Name)
	}
	slices.SortFunc(found, func(a, b TopicHealth) int { return compareNames(a.Topic, b.Topic) })
	minISR, err := c.minISRs(ctx, names)
	if err != nil {
		return nil, err
	}
	lists := make(map[string][]Partition, len(found))
	for _, t := range found {
		for i := range t.PartitionList {
			t.PartitionList[i].MinISR = minISR[t.Name]
		}
		lists[t.Name] = t.PartitionList
	}
	c.markAdded(ctx, lists)
	return found, nil
}

// minISRs asks for min.insync.replicas of topics alone. One that was deleted meanwhile
// is absent.
func (c *Client) minISRs(ctx context.Context, topics []string) (map[string]int, error) {
	if len(topics) == 0 {
		return nil, nil
	}
	req := kmsg.NewPtrDescribeConfigsRequest()
	for _, name := range topics {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, name
		resource.ConfigNames = []string{minInSyncReplicas}
		req.Resources = append(req.Resources, resource)
	}
	resp, err := req.RequestWith(ctx, c.kafka.Seed())
	if err != nil {
		return nil, fmt.Errorf("describe configs: %w", err)
	}
	found := make(map[string]int, len(topics))
	var hidden kafka.Denials
	for _, r := range resp.Resources {
		switch err := settingsError(r); {
		case hidden.Add(err), errors.Is(err, kerr.UnknownTopicOrPartition):
		case err != nil:
			return nil, err
		}
		for _, s := range r.Configs {
			if s.Name == minInSyncReplicas && s.Value != nil {
				found[r.ResourceName], _ = strconv.Atoi(*s.Value) // what is no number is not told
			}
		}
	}
	return found, hidden.Err()
}

const minInSyncReplicas = "min.insync.replicas"

// markAdded tells the partitions that lack replicas in sync which of these a
// reassignment is only adding. Brokers that do not know the request (before 2.4) or do
// not allow it leave all of them counted as missing.
func (c *Client) markAdded(ctx context.Context, lists map[string][]Partition) {
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	req := kmsg.NewPtrListPartitionReassignmentsRequest()
	req.TimeoutMillis = int32(kafka.AskTimeout.Milliseconds())
	for _, name := range sortedNames(lists) {
		topic := kmsg.NewListPartitionReassignmentsRequestTopic()
		topic.Topic = name
		for _, p := range lists[name] {
			if p.Missing() > 0 {
				topic.Partitions = append(topic.Partitions, int32(p.ID))
			}
		}
		if topic.Partitions != nil {
			req.Topics = append(req.Topics, topic)
		}
	}
	if len(req.Topics) == 0 {
		return
	}
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	if err != nil {
		return // no controller answers: what lacks replicas is sick all the same
	}
	for _, t := range resp.Topics {
		for _, moving := range t.Partitions {
			for i := range lists[t.Topic] {
				if p := &lists[t.Topic][i]; int32(p.ID) == moving.Partition {
					p.Adding = toInts(moving.AddingReplicas)
				}
			}
		}
	}
}
