package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Consuming returns a line about each group when all of the named groups consume. The error is
// about those that do not, or one of [Client.Describe].
func (c *Client) Consuming(ctx context.Context, names []string) (evidence string, err error) {
	found, err := c.Describe(ctx, names)
	if err != nil {
		return "", err
	}
	var all, idle []string
	for _, g := range found {
		all = append(all, g.String())
		if !g.Consuming() {
			idle = append(idle, g.String())
		}
	}
	if len(idle) > 0 {
		return "", errors.New(strings.Join(idle, "; "))
	}
	return strings.Join(all, "; "), nil
}

// Describe returns the named groups in the order of names; one that does not exist has State "".
// The error is that one broker could not be asked, for then a group that the others do not know may
// be its; that one of the groups may not be seen; or an [*OtherGroupError].
func (c *Client) Describe(ctx context.Context, names []string) ([]Group, error) {
	answers, err := kafka.AskLive(ctx, c.kafka, func(ctx context.Context, id int32) ([]Group, error) {
		return c.describeNamed(ctx, id, names)
	})
	if err != nil {
		return nil, err
	}
	known := make(map[string]Group)
	for _, at := range answers {
		if at.Err != nil {
			return nil, fmt.Errorf("%s: %w", at.Name, at.Err)
		}
		for _, g := range at.Value {
			known[g.Name] = g
		}
	}
	found := make([]Group, len(names))
	var absent []string
	for i, name := range names {
		found[i] = Group{Name: name}
		if g, ok := known[name]; ok {
			found[i] = g
		} else {
			absent = append(absent, name)
		}
	}
	return found, c.mayDescribe(ctx, answers[0].ID, absent)
}

// describeNamed describes those of the named groups that broker id coordinates. The first that may
// not be described is the error.
func (c *Client) describeNamed(ctx context.Context, id int32, names []string) ([]Group, error) {
	listed, err := c.groupsListed(ctx, id)
	if err != nil {
		return nil, err
	}
	var classic, consumer []string
	for _, g := range listed {
		if !slices.Contains(names, g.Group) {
			continue
		}
		switch protocolOf(g) {
		case ProtocolClassic:
			classic = append(classic, g.Group)
		case ProtocolConsumer:
			consumer = append(consumer, g.Group)
		default:
			return nil, &OtherGroupError{g.Group, protocolOf(g)}
		}
	}
	found, err := c.describeBoth(ctx, id, classic, consumer)
	if err != nil {
		return nil, err
	}
	for _, g := range found {
		if g.Err != nil && !errors.As(g.Err, new(*assignmentError)) { // whose member is there all the same
			return nil, kafka.Wrap(fmt.Sprintf("describe group %q", g.Name), g.Err)
		}
	}
	return found, nil
}

// mayDescribe returns the broker's refusal when some of the groups may not be seen: the lists leave
// such a group out without a word. Any broker judges that, also one that does not coordinate the
// group, and looks for no coordinator to do so.
func (c *Client) mayDescribe(ctx context.Context, id int32, names []string) error {
	found, err := c.describeClassic(ctx, id, names)
	if err != nil {
		return err
	}
	var hidden kafka.Denials
	for _, g := range found {
		hidden.Add(g.Err)
	}
	return hidden.Err()
}

// moving returns those of the named groups, which no broker listed, that may exist all the same: no
// broker says that it is their coordinator and does not have them. While the partition of
// __consumer_offsets that a group falls into gets another leader, the old one lists the group no
// more, and the new one not yet.
func (c *Client) moving(ctx context.Context, seen listing, names []string) []string {
	if !seen.hasCoordinators {
		return nil
	}
	brokers := make([]kafka.Broker, len(seen.brokers))
	for i, on := range seen.brokers {
		brokers[i] = on.Broker
	}
	var absent []string
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]string, error) {
		return c.absentOn(ctx, id, names)
	}) {
		absent = append(absent, at.Value...)
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(absent, name) })
}

// absentOn returns those of the named groups that broker id coordinates and does not have. It asks
// the broker to describe them, because only then it says whether it is their coordinator. Then it
// lists the groups of the broker once more: DescribeGroups reports a group of the consumer protocol
// as dead, and the broker may have loaded it since it was asked first.
func (c *Client) absentOn(ctx context.Context, id int32, names []string) ([]string, error) {
	described, err := c.describeClassic(ctx, id, names)
	if err != nil {
		return nil, err
	}
	listed, err := c.groupsListed(ctx, id)
	if err != nil {
		return nil, err
	}
	var absent []string
	for _, g := range described {
		there := slices.ContainsFunc(listed, func(l kmsg.ListGroupsResponseGroup) bool { return l.Group == g.Name })
		if g.Err == nil && g.State == stateDead && !there {
			absent = append(absent, g.Name)
		}
	}
	return absent, nil
}
