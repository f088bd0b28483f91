package admin

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// electsPreferred is ElectionType.PREFERRED of Kafka.
const electsPreferred = 0

// elect has the preferred replica elected where another one leads: the controller keeps the leader of
// before, and balances leaders by itself only every 300 s and above 10 % of a broker's partitions. A
// leader that could not be elected is a note of its topic.
func (m *mover) elect(ctx context.Context) error {
	ids := make(map[string][]int32)
	for _, p := range m.partitions {
		if p.state == moveDone && p.seen.leader != p.To[0] {
			ids[p.topic] = append(ids[p.topic], int32(p.Partition))
		}
	}
	notes, err := m.c.electPreferred(ctx, m.controller, ids)
	for name, lines := range notes {
		m.topics[name].Notes = append(m.topics[name].Notes, lines...)
	}
	return err
}

// electPreferred asks for the election of the preferred leaders of partitions. It returns a line for
// each that was not elected; the error is that ctx has ended.
func (c *Client) electPreferred(ctx context.Context, to kmsg.Requestor, ids map[string][]int32) (map[string][]string, error) {
	if len(ids) == 0 {
		return nil, nil // without topics the request is about all there are
	}
	req := kmsg.NewPtrElectLeadersRequest()
	req.ElectionType, req.TimeoutMillis = electsPreferred, int32(kafka.WriteTimeout.Milliseconds())
	for _, name := range sortedNames(ids) {
		topic := kmsg.NewElectLeadersRequestTopic()
		topic.Topic, topic.Partitions = name, ids[name]
		req.Topics = append(req.Topics, topic)
	}
	notes := make(map[string][]string)
	resp, err := req.RequestWith(ctx, to)
	if err == nil {
		err = kafka.CodeError(kmsg.ElectLeaders, "", resp.ErrorCode, nil)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		for name := range ids {
			notes[name] = []string{fmt.Sprintf("its preferred leaders were not elected: %v", err)}
		}
		return notes, nil
	}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			err := kafka.CodeError(kmsg.ElectLeaders, t.Topic, p.ErrorCode, p.ErrorMessage)
			if err != nil && !errors.Is(err, kerr.ElectionNotNeeded) {
				notes[t.Topic] = append(notes[t.Topic], fmt.Sprintf("partition %d: its preferred leader was not elected: %v", p.Partition, err))
			}
		}
	}
	return notes, nil
}
