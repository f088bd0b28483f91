package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// offsetsTopic is where the brokers keep groups: the leader of a partition of it coordinates the
// groups that fall into that partition.
const offsetsTopic = "__consumer_offsets"

// listing is which groups there are.
type listing struct {
	brokers []coordinator // those that answered, at least one
	// hasCoordinators says that __consumer_offsets is there, so that every group has a coordinator.
	hasCoordinators bool
	reasons         []string // why groups may be missing
	cause           error
}

// coordinator is a broker with the groups that it keeps.
type coordinator struct {
	kafka.Broker
	groups []kmsg.ListGroupsResponseGroup
}

// list asks every live broker for its groups. The error is that none answered.
func (c *Client) list(ctx context.Context) (listing, error) {
	live, seen, err := c.coordinators(ctx)
	if err != nil {
		return listing{}, err
	}
	for _, at := range kafka.AskEach(ctx, live, c.groupsLoaded) {
		if at.Err != nil {
			seen.reasons, seen.cause = append(seen.reasons, at.Reason()), cmp.Or(seen.cause, at.Err)
			continue
		}
		seen.brokers = append(seen.brokers, coordinator{at.Broker, at.Value})
	}
	if len(seen.brokers) == 0 {
		return seen, &UnlistedError{Reasons: seen.reasons, Cause: seen.cause}
	}
	return seen, nil
}

// coordinators returns the brokers that are alive, and a listing without any of them: whether
// groups have coordinators at all, and why some may have none, because no broker leads their
// partition of [offsetsTopic].
func (c *Client) coordinators(ctx context.Context) (live []kafka.Broker, seen listing, err error) {
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	meta, err := c.kafka.AnyMetadata(ctx, []string{offsetsTopic})
	if err != nil {
		return nil, listing{}, &kafka.UnansweredError{What: err.Error(), Cause: err}
	}
	if len(meta.Brokers) == 0 {
		return nil, listing{}, &kafka.UnansweredError{What: kafka.NoBroker}
	}
	for _, t := range meta.Topics { // one that is not there, or not to be seen, has no partitions
		seen.hasCoordinators = len(t.Partitions) > 0
		leaderless := 0
		for _, p := range t.Partitions {
			if p.Leader < 0 {
				leaderless++
			}
		}
		if leaderless > 0 {
			seen.reasons = append(seen.reasons, fmt.Sprintf("%d of %d partitions of %s have no leader, and so their groups no coordinator",
				leaderless, len(t.Partitions), offsetsTopic))
		}
	}
	return kafka.LiveBrokers(meta), seen, nil
}

// groupsLoaded returns what groupsListed does. It asks a broker that still loads its groups again.
func (c *Client) groupsLoaded(ctx context.Context, id int32) ([]kmsg.ListGroupsResponseGroup, error) {
	for {
		groups, err := c.groupsListed(ctx, id)
		if !errors.Is(err, kerr.CoordinatorLoadInProgress) || !kafka.Pause(ctx, 5*kafka.PollInterval) {
			return groups, err
		}
	}
}

// groupsListed returns the groups of every kind that broker id coordinates.
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

// isConsumerType reports whether a group with this protocol type is one of consumers. One without a
// type has offsets, and never had a member.
func isConsumerType(protocolType string) bool {
	return protocolType == "" || protocolType == "consumer"
}

// protocolOf returns the protocol of a listed group, as "classic", "consumer" or "share". Brokers
// before 3.8 do not say: they have only the classic one.
func protocolOf(g kmsg.ListGroupsResponseGroup) string {
	return cmp.Or(strings.ToLower(g.GroupType), ProtocolClassic)
}

// names returns the names of all groups that were listed.
func (l listing) names() []string {
	var names []string
	for _, on := range l.brokers {
		for _, g := range on.groups {
			names = append(names, g.Group)
		}
	}
	return names
}

// absent returns the named groups that are not among those that were found.
func absent(named []string, found []*groupAsked) []string {
	there := make(map[string]bool, len(found))
	for _, g := range found {
		there[g.Name] = true
	}
	var missing []string
	for _, name := range named {
		if !there[name] {
			missing = append(missing, name)
		}
	}
	return missing
}

// matching returns the broker's groups that are asked for: of all of them those of consumers, or those
// of all that may read topics. One that is named and is not of consumers is there with an error.
func (on coordinator) matching(named []string, allReaders bool) []*groupAsked {
	var wanted []*groupAsked
	for _, listed := range on.groups {
		if named != nil && !slices.Contains(named, listed.Group) {
			continue
		}
		g := newGroupAsked(on.Broker, listed)
		ofConsumers := isConsumerType(listed.ProtocolType) && (g.Protocol == ProtocolClassic || g.Protocol == ProtocolConsumer)
		switch {
		case ofConsumers, allReaders && (g.Protocol == ProtocolShare || g.Protocol == ProtocolStreams):
		case named != nil, allReaders && g.Protocol != ProtocolClassic: // others of the classic protocol, as of Kafka Connect, read nothing
			g.Err = fmt.Errorf("it is a %s group, not a consumer group", cmp.Or(listed.ProtocolType, g.Protocol))
		default:
			continue
		}
		wanted = append(wanted, g)
	}
	return wanted
}
