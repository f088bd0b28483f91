package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kafkactl/internal/kafka"
)

// Names lists the consumer groups of all live brokers by name: those of the brokers that answered,
// with an error for each of the others. Groups of other kinds, such as Kafka Connect's workers, are
// left out.
func (c *Client) Names(ctx context.Context) ([]string, error) {
	answers, err := kafka.AskLive(ctx, c.kafka, c.namesOn)
	if err != nil {
		return nil, err
	}
	var (
		names []string
		errs  []error
	)
	for _, at := range answers {
		if at.Err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", at.Name, at.Err))
		}
		names = append(names, at.Value...)
	}
	slices.Sort(names)
	return slices.Compact(names), errors.Join(errs...)
}

// namesOn lists the consumer groups that broker id coordinates.
func (c *Client) namesOn(ctx context.Context, id int32) ([]string, error) {
	listed, err := c.groupsListed(ctx, id)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, g := range listed {
		if isConsumerType(g.ProtocolType) {
			names = append(names, g.Group)
		}
	}
	return names, nil
}
