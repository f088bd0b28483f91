package groups

import (
	"context"
	"errors"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// fetchCommits fills in what groups committed, with one request; with one for each
// before Kafka 3.0, whose OffsetFetch knows but one group.
func (c *Client) fetchCommits(ctx context.Context, keeper kafka.Broker, groups []*lagging) map[string]error {
	names, byName := about(groups)
	resp, err := c.fetchOffsets(ctx, keeper, names)
	if err != nil {
		return every(groups, keeper, "ask what groups committed", err)
	}
	errs := make(map[string]error)
	if resp.Version < 8 {
		errs[names[0]] = byName[names[0]].takeOne(resp)
		c.fetchOneByOne(ctx, keeper, groups[1:], errs)
		return errs
	}
	for _, g := range resp.Groups {
		if s, asked := byName[g.Group]; asked {
			errs[g.Group] = s.take(g)
		}
	}
	return errs
}

// fetchOffsets asks for everything that groups committed. Brokers that know but one
// group a request are asked about the first.
func (c *Client) fetchOffsets(ctx context.Context, keeper kafka.Broker, names []string) (*kmsg.OffsetFetchResponse, error) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Group = names[0]
	for _, name := range names {
		g := kmsg.NewOffsetFetchRequestGroup()
		g.Group = name
		req.Groups = append(req.Groups, g)
	}
	return req.RequestWith(ctx, c.kafka.On(keeper.ID))
}

// fetchOneByOne asks an older broker, a few groups at the same time.
func (c *Client) fetchOneByOne(ctx context.Context, keeper kafka.Broker, groups []*lagging, errs map[string]error) {
	var (
		asking  sync.WaitGroup
		mu      sync.Mutex
		callers = make(chan struct{}, 16)
	)
	for _, s := range groups {
		callers <- struct{}{}
		asking.Go(func() {
			defer func() { <-callers }()
			resp, err := c.fetchOffsets(ctx, keeper, []string{s.Group})
			if err == nil {
				err = s.takeOne(resp)
			}
			mu.Lock()
			defer mu.Unlock()
			errs[s.Group] = err
		})
	}
	asking.Wait()
}

// take notes what the group committed.
func (s *lagging) take(g kmsg.OffsetFetchResponseGroup) error {
	errs := []error{kafka.CodeError(kmsg.OffsetFetch, s.Group, g.ErrorCode, nil)}
	for _, t := range g.Topics {
		for _, p := range t.Partitions {
			errs = append(errs, s.commit(t.Topic, p.Partition, p.Offset, p.Metadata, p.ErrorCode))
		}
	}
	return errors.Join(errs...)
}

// takeOne is take of an older answer.
func (s *lagging) takeOne(resp *kmsg.OffsetFetchResponse) error {
	errs := []error{kafka.CodeError(kmsg.OffsetFetch, s.Group, resp.ErrorCode, nil)}
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			errs = append(errs, s.commit(t.Topic, p.Partition, p.Offset, p.Metadata, p.ErrorCode))
		}
	}
	return errors.Join(errs...)
}

func (s *lagging) commit(topic string, partition int32, offset int64, metadata *string, code int16) error {
	if code != 0 {
		return kafka.CodeError(kmsg.OffsetFetch, topic, code, nil)
	}
	if offset < 0 { // none
		return nil
	}
	if s.committed[topic] == nil {
		s.committed[topic] = make(map[int32]commit)
	}
	c := commit{offset: offset}
	if metadata != nil {
		c.metadata = *metadata
	}
	s.committed[topic][partition] = c
	return nil
}
