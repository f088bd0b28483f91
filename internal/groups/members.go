package groups

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"kafkactl/internal/kafka"
)

// Members returns the consumer groups that consume, with their members, by name. A broker is asked to list
// its groups and, where it has such, to describe them. The error comes with what could be found out: groups
// may be missing, or one may not be seen.
func (c *Client) Members(ctx context.Context) ([]Group, error) {
	seen, err := c.list(ctx)
	if err != nil {
		return nil, err
	}
	listed := make(map[int32]coordinator)
	var brokers []kafka.Broker
	for _, on := range seen.brokers {
		listed[on.ID] = on
		brokers = append(brokers, on.Broker)
	}
	var (
		found []Group
		errs  []error
	)
	if len(seen.reasons) > 0 {
		errs = append(errs, &UnlistedError{Reasons: seen.reasons, Cause: seen.cause})
	}
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]Group, error) {
		return c.describeStable(ctx, listed[id])
	}) {
		if at.Err != nil {
			errs = append(errs, &UnlistedError{Reasons: []string{at.Reason()}, Cause: at.Err})
		}
		for _, g := range at.Value {
			if g.Err != nil {
				errs = append(errs, g.Err)
			} else if g.Consuming() {
				found = append(found, g)
			}
		}
	}
	slices.SortFunc(found, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return found, errors.Join(errs...)
}

// describeStable describes the consumer groups that their coordinator lists as stable: the others have no
// members, or these have no partitions yet. Brokers before 2.6 do not say in which state a group is.
func (c *Client) describeStable(ctx context.Context, on coordinator) ([]Group, error) {
	var classic, consumer []string
	for _, g := range on.matching(nil, false) {
		switch {
		case g.State != stateStable && g.State != "":
		case g.Protocol == ProtocolConsumer:
			consumer = append(consumer, g.Name)
		default:
			classic = append(classic, g.Name)
		}
	}
	return c.describeBoth(ctx, on.ID, classic, consumer)
}

// describeBoth describes groups of either protocol that broker id coordinates.
func (c *Client) describeBoth(ctx context.Context, id int32, classic, consumer []string) ([]Group, error) {
	found, err := c.describeClassic(ctx, id, classic)
	if err != nil {
		return nil, err
	}
	more, err := c.describeConsumer(ctx, id, consumer)
	if err != nil {
		return nil, err
	}
	return append(found, more...), nil
}
