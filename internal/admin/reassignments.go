package admin

import (
	"context"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// reassignment is how somebody is changing the replicas of one partition.
type reassignment struct {
	replicas, adding, removing []int // replicas has both of the others
}

// replicaCount returns how many replicas the partition shall have.
func (r reassignment) replicaCount() int { return len(r.replicas) - len(r.removing) }

// reassignments holds the partitions that are being reassigned, by topic and partition.
type reassignments map[string]map[int]reassignment

// errMayNotList means that it is not known whether partitions are being reassigned: listing that needs Describe
// on the cluster.
var errMayNotList = errors.New("the login may not list reassignments")

// reassignments asks the controller which of the partitions, by topic, are being reassigned. Brokers
// that do not know the request (before 2.4) know of none; where they do not allow it, the error is
// errMayNotList.
func (c *Client) reassignments(ctx context.Context, partitions map[string][]int32) (reassignments, error) {
	if len(partitions) == 0 {
		return nil, nil
	}
	found, err := c.listReassignments(ctx, c.kafka.Any, partitions)
	switch {
	case errors.Is(err, kerr.ClusterAuthorizationFailed):
		return nil, errMayNotList
	case errors.As(err, new(*NoReassignmentError)):
		return nil, nil
	default:
		return found, err
	}
}

// listReassignments is reassignments for one who must know: not to be permitted to ask is a
// [*kafka.DeniedError], and brokers that do not know the request are a [*NoReassignmentError]. Nil
// asks for the partitions of all topics.
func (c *Client) listReassignments(ctx context.Context, to kmsg.Requestor, partitions map[string][]int32) (reassignments, error) {
	req := kmsg.NewPtrListPartitionReassignmentsRequest()
	req.TimeoutMillis = int32(kafka.WriteTimeout.Milliseconds())
	for _, name := range sortedNames(partitions) {
		topic := kmsg.NewListPartitionReassignmentsRequestTopic()
		topic.Topic, topic.Partitions = name, partitions[name]
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, to)
	if err == nil {
		err = kafka.CodeError(kmsg.ListPartitionReassignments, "", resp.ErrorCode, resp.ErrorMessage)
	}
	if err != nil {
		return nil, notOffered(kafka.Wrap("list reassignments", err))
	}
	found := make(reassignments)
	for _, t := range resp.Topics {
		found[t.Topic] = make(map[int]reassignment)
		for _, p := range t.Partitions {
			found[t.Topic][int(p.Partition)] = reassignment{toInts(p.Replicas), toInts(p.AddingReplicas), toInts(p.RemovingReplicas)}
		}
	}
	return found, nil
}

// markMoving completes the partitions, by topic, that lack replicas in sync: replicas that a
// reassignment is only adding are not missed. When no controller answers soon, all of them are.
func (c *Client) markMoving(ctx context.Context, lists map[string][]Partition) {
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	lacking := make(map[string][]int32)
	for name, list := range lists {
		for i := range list {
			if list[i].Missing() > 0 {
				lacking[name] = append(lacking[name], int32(list[i].ID))
			}
		}
	}
	moving, err := c.reassignments(ctx, lacking)
	if err != nil {
		return
	}
	for name, ids := range lacking {
		list := lists[name]
		for i := range list {
			if slices.Contains(ids, int32(list[i].ID)) {
				list[i].reassign(moving[name][list[i].ID])
			}
		}
	}
}
