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

// offsetsTopic is where the brokers keep groups: who leads a partition of it
// coordinates the groups that fall into it.
const offsetsTopic = "__consumer_offsets"

const (
	protocolClassic  = "classic"
	protocolConsumer = "consumer"
)

// listing is which groups there are.
type listing struct {
	brokers []coordinator // those that answered, at least one
	reasons []string      // why groups may be missing
	cause   error
}

// coordinator is a broker with the groups it keeps.
type coordinator struct {
	kafka.Broker
	groups []kmsg.ListGroupsResponseGroup
}

// listStandings asks every live broker for its groups. The error is that none answered.
func (c *Client) list(ctx context.Context) (listing, error) {
	live, reasons, err := c.coordinators(ctx)
	if err != nil {
		return listing{}, err
	}
	seen := listing{reasons: reasons}
	for _, at := range kafka.AskEach(ctx, live, c.listGroups) {
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

// coordinators is the brokers that are alive, and why groups have no coordinator among
// them: no broker leads their partition of [offsetsTopic].
func (c *Client) coordinators(ctx context.Context) (live []kafka.Broker, reasons []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	meta, err := c.kafka.AnyMetadata(ctx, []string{offsetsTopic})
	if err != nil {
		return nil, nil, &kafka.UnansweredError{What: err.Error(), Cause: err}
	}
	if len(meta.Brokers) == 0 {
		return nil, nil, &kafka.UnansweredError{What: kafka.NoBroker}
	}
	live = kafka.LiveBrokers(meta)
	for _, t := range meta.Topics { // not there, or not to be seen: it has no partitions
		leaderless := 0
		for _, p := range t.Partitions {
			if p.Leader < 0 {
				leaderless++
			}
		}
		if leaderless > 0 {
			reasons = append(reasons, fmt.Sprintf("%d of %d partitions of %s have no leader, and so their groups no coordinator",
				leaderless, len(t.Partitions), offsetsTopic))
		}
	}
	return live, reasons, nil
}

// listGroups is what broker id coordinates. One that still loads is waited for.
func (c *Client) listGroups(ctx context.Context, id int32) ([]kmsg.ListGroupsResponseGroup, error) {
	for {
		groups, err := c.groupsListed(ctx, id)
		if !errors.Is(err, kerr.CoordinatorLoadInProgress) || !kafka.Pause(ctx, 5*kafka.PollInterval) {
			return groups, err
		}
	}
}

// names are all groups that were listed.
func (l listing) names() []string {
	var names []string
	for _, on := range l.brokers {
		for _, g := range on.groups {
			names = append(names, g.Group)
		}
	}
	return names
}

// absent is the named groups that no broker has.
func (l listing) absent(named []string, found []*lagging) []string {
	there := make(map[string]bool, len(found))
	for _, s := range found {
		there[s.Group] = true
	}
	var absent []string
	for _, name := range named {
		if !there[name] {
			absent = append(absent, name)
		}
	}
	return absent
}

// wanted is the broker's groups that are asked for: of all of them those that consumers
// are in. One that is named and has no consumers is there with an error.
func (on coordinator) wanted(named []string) []*lagging {
	var wanted []*lagging
	for _, g := range on.groups {
		if named != nil && !slices.Contains(named, g.Group) {
			continue
		}
		s := newLagging(on.Broker)
		s.Group, s.State = g.Group, g.GroupState
		s.Protocol = cmp.Or(strings.ToLower(g.GroupType), protocolClassic) // before 3.8 there is but one
		if !ofConsumers(g) || s.Protocol != protocolClassic && s.Protocol != protocolConsumer {
			if named == nil {
				continue
			}
			s.Err = otherGroup(g)
		}
		wanted = append(wanted, s)
	}
	return wanted
}

// standingTimeout bounds what a broker is asked about its groups once it has listed
// them: it is alive, and thousands of groups take their time.
const lagTimeout = 2 * kafka.AnswerTimeout
