package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// GroupNames lists the consumer groups of all live brokers by name: those of the
// brokers that answered, with an error for each of the others. It looks for no
// coordinator, so it changes nothing on the cluster. Groups of other kinds, such as
// Kafka Connect's workers, are left out.
func (c *Client) GroupNames(ctx context.Context) ([]string, error) {
	answers, err := kafka.AskLive(ctx, c.kafka, c.groupNamesOn)
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

// groupNamesOn is the names of the groups that broker id coordinates.
func (c *Client) groupNamesOn(ctx context.Context, id int32) ([]string, error) {
	groups, err := c.groupsListed(ctx, id)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, g := range groups {
		if ofConsumers(g) {
			names = append(names, g.Group)
		}
	}
	return names, nil
}

// groupsListed is the groups of every kind that broker id coordinates.
func (c *Client) groupsListed(ctx context.Context, id int32) ([]kmsg.ListGroupsResponseGroup, error) {
	resp, err := kmsg.NewPtrListGroupsRequest().RequestWith(ctx, c.kafka.On(id))
	if err == nil {
		err = kafka.CodeError(kmsg.ListGroups, "", resp.ErrorCode, nil)
	}
	if err != nil {
		return nil, kafka.Wrap("list groups", err)
	}
	return resp.Groups, nil
}

// ofConsumers tells a group of consumers from those of other kinds. One without a
// protocol type has offsets, and never had a member.
func ofConsumers(g kmsg.ListGroupsResponseGroup) bool {
	return g.ProtocolType == "" || g.ProtocolType == "consumer"
}
