package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// partitionsPerReassignment is how many are sent at once. In KRaft one request makes one batch of at
// most 10,000 records of the metadata log, all or none.
const partitionsPerReassignment = 1000

// sendAll gives the controller what it does not have yet of a part. Answers that only mean "not yet"
// are asked about before anything is sent again: ZooKeeper mode would begin anew what it has.
func (m *mover) sendAll(ctx context.Context, part []*movingPartition) error {
	began := time.Now()
	for next := (pace{}); ; {
		var last error
		for chunk := range slices.Chunk(planned(part), partitionsPerReassignment) {
			if err := m.send(ctx, chunk); err != nil {
				last = err
			}
		}
		if last == nil && len(planned(part)) == 0 {
			return nil
		}
		if last != nil && !mayPass(last) && !disconnected(last) && !kafka.TimedOut(last) || time.Since(began) > m.tracker.stall {
			return last
		}
		if !next.pause(ctx) {
			return ctx.Err()
		}
		if look, err := m.look(ctx); err == nil {
			m.begin(look)
		}
	}
}

// planned returns what has not been sent.
func planned(part []*movingPartition) []*movingPartition {
	return slices.DeleteFunc(slices.Clone(part), func(p *movingPartition) bool { return p.state != movePlanned })
}

// send gives the controller some reassignments. The error is about all of them, or the last one that
// may be sent again; any other is that of its topic.
func (m *mover) send(ctx context.Context, part []*movingPartition) error {
	targets := make(map[partitionName][]int)
	for _, p := range part {
		targets[p.name()] = p.To
	}
	answers, err := m.c.alterReassignments(ctx, m.controller, targets)
	if err != nil {
		for _, p := range part {
			if ctx.Err() != nil { // nobody waits for the answer: the controller may have taken it
				p.state = moveRunning
			}
		}
		return err
	}
	var again error
	for _, p := range part {
		switch err, answered := answers[p.name()]; {
		case !answered:
			m.fail(p, fmt.Errorf("reassign partition %d: %w", p.Partition, &LeftOutError{Item: "it"}))
		case err == nil:
			p.state = moveRunning
			m.topics[p.topic].Sent++
		case mayPass(err) && !errors.Is(err, kerr.UnknownTopicOrPartition):
			again = err
		default:
			m.fail(p, kafka.Wrap(fmt.Sprintf("reassign partition %d to brokers %s", p.Partition, kafka.JoinIDs(p.To)), err))
		}
	}
	return again
}

// alterReassignments asks the controller to reassign partitions to the targets; a nil target cancels.
// It returns its answer for each.
func (c *Client) alterReassignments(ctx context.Context, to kmsg.Requestor, targets map[partitionName][]int) (map[partitionName]error, error) {
	byTopic := make(map[string][]kmsg.AlterPartitionAssignmentsRequestTopicPartition)
	for name, target := range targets {
		partition := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
		partition.Partition = int32(name.id)
		for _, id := range target {
			partition.Replicas = append(partition.Replicas, int32(id))
		}
		byTopic[name.topic] = append(byTopic[name.topic], partition)
	}
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	req.TimeoutMillis = int32(kafka.WriteTimeout.Milliseconds())
	for _, name := range sortedNames(byTopic) {
		topic := kmsg.NewAlterPartitionAssignmentsRequestTopic()
		topic.Topic, topic.Partitions = name, byTopic[name]
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, to)
	if err == nil {
		err = kafka.CodeError(kmsg.AlterPartitionAssignments, "", resp.ErrorCode, resp.ErrorMessage)
	}
	if err != nil {
		return nil, notOffered(kafka.Wrap("reassign partitions", err))
	}
	answers := make(map[partitionName]error)
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			answers[partitionName{t.Topic, int(p.Partition)}] = kafka.CodeError(kmsg.AlterPartitionAssignments, t.Topic, p.ErrorCode, p.ErrorMessage)
		}
	}
	return answers, nil
}
