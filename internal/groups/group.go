package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Kafka's words for the states of a group that are told apart here; in the others
// its members are being given their partitions.
const (
	groupStable = "Stable"
	groupEmpty  = "Empty"
	groupDead   = "Dead"
)

// Group is how one consumer group stands, of the classic protocol or of KIP-848's.
type Group struct {
	Name string
	// State is Kafka's word, such as "PreparingRebalance"; "" when there is no such
	// group.
	State   string
	Members int
}

// Consuming tells that the group has members and each has its partitions.
func (g Group) Consuming() bool { return g.State == groupStable && g.Members > 0 }

// String is one line, such as "order-service-group: stable, 2 members".
func (g Group) String() string {
	members := fmt.Sprintf("%d members", g.Members)
	if g.Members == 1 {
		members = "1 member"
	}
	switch g.State {
	case "":
		return g.Name + ": no such group yet"
	case groupEmpty:
		return g.Name + ": empty: no member"
	case groupDead:
		return g.Name + ": dead: it was removed"
	case groupStable:
		return g.Name + ": stable, " + members
	default:
		return fmt.Sprintf("%s: rebalancing (%s), %s", g.Name, g.State, members)
	}
}

// Consuming is nil and tells of each group when all of them consume; otherwise the
// error tells of those that do not, or is one of [Client.Groups].
func (c *Client) Consuming(ctx context.Context, names []string) (evidence string, err error) {
	groups, err := c.Groups(ctx, names)
	if err != nil {
		return "", err
	}
	var all, idle []string
	for _, g := range groups {
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

// OtherGroupError is a group that is none of consumers, and never will be.
type OtherGroupError struct {
	Name string
	Type string // "share", "streams"
}

func (e *OtherGroupError) Error() string {
	return fmt.Sprintf("group %q is a %s group, not a consumer group", e.Name, e.Type)
}

// Hint is where to find the groups that are.
func (e *OtherGroupError) Hint() string { return "kafkactl list groups shows those that are" }

// Groups tells how the named groups stand, in the order of names. It asks every live
// broker for the groups it coordinates, and not FindCoordinator, which makes
// __consumer_offsets where nothing consumed before: asking must not change the
// cluster. The error is that one broker could not be asked, for then a group that
// the others do not know may be its; that one of the groups may not be seen; or an
// [*OtherGroupError].
func (c *Client) Groups(ctx context.Context, names []string) ([]Group, error) {
	answers, err := kafka.AskLive(ctx, c.kafka, func(ctx context.Context, id int32) ([]Group, error) {
		return c.groupsOn(ctx, id, names)
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
	groups := make([]Group, len(names))
	var absent []string
	for i, name := range names {
		groups[i] = Group{Name: name}
		if g, ok := known[name]; ok {
			groups[i] = g
		} else {
			absent = append(absent, name)
		}
	}
	return groups, c.mayDescribe(ctx, answers[0].ID, absent)
}

// groupsOn is those of the named groups that broker id coordinates.
func (c *Client) groupsOn(ctx context.Context, id int32, names []string) ([]Group, error) {
	listed, err := c.groupsListed(ctx, id)
	if err != nil {
		return nil, err
	}
	var classic, modern []string
	for _, g := range listed {
		if !slices.Contains(names, g.Group) {
			continue
		}
		switch strings.ToLower(g.GroupType) {
		case "", "classic": // "": the broker does not know of types (before 3.8), so there is but one
			classic = append(classic, g.Group)
		case "consumer":
			modern = append(modern, g.Group)
		default:
			return nil, &OtherGroupError{g.Group, strings.ToLower(g.GroupType)}
		}
	}
	found, err := c.describe(ctx, id, kmsg.DescribeGroups, classic)
	if err != nil {
		return nil, err
	}
	more, err := c.describe(ctx, id, kmsg.ConsumerGroupDescribe, modern)
	return append(found, more...), err
}

// describe describes groups of the protocol that key asks about, on their coordinator.
func (c *Client) describe(ctx context.Context, id int32, key kmsg.Key, names []string) ([]Group, error) {
	descriptions, err := c.descriptions(ctx, id, key, names)
	if err != nil {
		return nil, err
	}
	groups := make([]Group, len(descriptions))
	for i, d := range descriptions {
		if groups[i], err = d.group(); err != nil {
			return nil, err
		}
	}
	return groups, nil
}

// description is what a broker says of one group, or its refusal to.
type description struct {
	Group
	err error
}

// group is the group as described. One that was removed since it was listed is dead,
// which brokers before 4.0 tell by its state and later ones by an error.
func (d description) group() (Group, error) {
	switch {
	case errors.Is(d.err, kerr.GroupIDNotFound):
		return Group{Name: d.Name, State: groupDead}, nil
	case d.err != nil:
		return Group{}, kafka.Wrap(fmt.Sprintf("describe group %q", d.Name), d.err)
	}
	return d.Group, nil
}

// descriptions asks a broker about groups: with DescribeGroups about those of the
// classic protocol, with ConsumerGroupDescribe about KIP-848's, which the older request
// does not find. For no names it asks nothing.
func (c *Client) descriptions(ctx context.Context, id int32, key kmsg.Key, names []string) ([]description, error) {
	if len(names) == 0 {
		return nil, nil
	}
	var found []description
	say := func(g Group, code int16, message *string) {
		found = append(found, description{g, kafka.CodeError(key, g.Name, code, message)})
	}
	var req kmsg.Request = &kmsg.DescribeGroupsRequest{Groups: names}
	if key == kmsg.ConsumerGroupDescribe {
		req = &kmsg.ConsumerGroupDescribeRequest{Groups: names}
	}
	answered, err := c.kafka.On(id).Request(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("describe groups: %w", err)
	}
	switch resp := answered.(type) {
	case *kmsg.DescribeGroupsResponse:
		for _, g := range resp.Groups {
			say(Group{g.Group, g.State, len(g.Members)}, g.ErrorCode, g.ErrorMessage)
		}
	case *kmsg.ConsumerGroupDescribeResponse:
		for _, g := range resp.Groups {
			say(Group{g.Group, g.State, len(g.Members)}, g.ErrorCode, g.ErrorMessage)
		}
	}
	return found, nil
}

// mayDescribe is the broker's refusal when some of the groups may not be seen: the
// lists leave it out without a word. Any broker judges that, also one that does not
// coordinate the group, and looks for no coordinator to do so.
func (c *Client) mayDescribe(ctx context.Context, id int32, names []string) error {
	descriptions, err := c.descriptions(ctx, id, kmsg.DescribeGroups, names)
	if err != nil {
		return err
	}
	var hidden kafka.Denials
	for _, d := range descriptions {
		hidden.Add(d.err)
	}
	return hidden.Err()
}
