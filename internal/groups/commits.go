package groups

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// fetchCommits fills in what groups committed, with one request; with one for each group before
// Kafka 3.0, whose OffsetFetch knows but one. The errors are by group. It asks nothing for no groups.
func (c *Client) fetchCommits(ctx context.Context, coordinator kafka.Broker, groups []*groupAsked) map[string]error {
	if len(groups) == 0 {
		return nil
	}
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	resp, err := c.fetchOffsets(ctx, coordinator.ID, names)
	if err != nil {
		return unanswered(names, coordinator, fmt.Errorf("ask what groups committed: %w", err))
	}
	errs := make(map[string]error)
	if resp.Version < 8 {
		errs[names[0]] = groups[0].takeOffsetsOfOne(resp)
		c.fetchOneByOne(ctx, coordinator.ID, groups[1:], errs)
		return errs
	}
	byName := groupsByName(groups)
	for _, answer := range resp.Groups {
		if g, asked := byName[answer.Group]; asked {
			errs[g.Name] = g.takeOffsets(answer)
		}
	}
	return errs
}

// fetchOffsets asks broker id for everything that groups committed. Brokers that know but one group
// a request are asked about the first.
func (c *Client) fetchOffsets(ctx context.Context, id int32, names []string) (*kmsg.OffsetFetchResponse, error) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = names[0]
	for _, name := range names {
		g := kmsg.NewOffsetFetchRequestGroup()
		g.Group = name
		req.Groups = append(req.Groups, g)
	}
	return req.RequestWith(ctx, c.kafka.On(id))
}

// fetchOneByOne asks an older broker, about a few groups at the same time.
func (c *Client) fetchOneByOne(ctx context.Context, id int32, groups []*groupAsked, errs map[string]error) {
	var (
		asking  sync.WaitGroup
		mu      sync.Mutex
		callers = make(chan struct{}, 16)
	)
	for _, g := range groups {
		callers <- struct{}{}
		asking.Go(func() {
			defer func() { <-callers }()
			resp, err := c.fetchOffsets(ctx, id, []string{g.Name})
			if err == nil {
				err = g.takeOffsetsOfOne(resp)
			}
			mu.Lock()
			defer mu.Unlock()
			errs[g.Name] = err
		})
	}
	asking.Wait()
}

// takeOffsets notes what the group committed.
func (g *groupAsked) takeOffsets(answer kmsg.OffsetFetchResponseGroup) error {
	errs := []error{kafka.CodeError(kmsg.OffsetFetch, g.Name, answer.ErrorCode, nil)}
	for _, t := range answer.Topics {
		for _, p := range t.Partitions {
			errs = append(errs, g.commit(t.Topic, p.Partition, p.Offset, p.Metadata, p.ErrorCode))
		}
	}
	return errors.Join(errs...)
}

// takeOffsetsOfOne does what takeOffsets does, with an answer before Kafka 3.0.
func (g *groupAsked) takeOffsetsOfOne(resp *kmsg.OffsetFetchResponse) error {
	errs := []error{kafka.CodeError(kmsg.OffsetFetch, g.Name, resp.ErrorCode, nil)}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			errs = append(errs, g.commit(t.Topic, p.Partition, p.Offset, p.Metadata, p.ErrorCode))
		}
	}
	return errors.Join(errs...)
}

// commit notes one committed offset; a negative one means that there is none.
func (g *groupAsked) commit(topic string, partition int32, offset int64, metadata *string, code int16) error {
	if code != 0 {
		return kafka.CodeError(kmsg.OffsetFetch, topic, code, nil)
	}
	if offset < 0 {
		return nil
	}
	if g.committed[topic] == nil {
		g.committed[topic] = make(map[int32]commit)
	}
	c := commit{offset: offset}
	if metadata != nil {
		c.metadata = *metadata
	}
	g.committed[topic][partition] = c
	return nil
}
