package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
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
	broker
	groups []kmsg.ListGroupsResponseGroup
}

// listStandings asks every live broker for its groups. The error is that none answered.
func (c *Client) listStandings(ctx context.Context) (listing, error) {
	live, reasons, err := c.coordinators(ctx)
	if err != nil {
		return listing{}, err
	}
	seen := listing{reasons: reasons}
	for _, at := range askEach(ctx, live, c.listGroups) {
		if at.err != nil {
			seen.reasons, seen.cause = append(seen.reasons, at.reason()), cmp.Or(seen.cause, at.err)
			continue
		}
		seen.brokers = append(seen.brokers, coordinator{at.broker, at.value})
	}
	if len(seen.brokers) == 0 {
		return seen, &UnlistedError{Reasons: seen.reasons, Cause: seen.cause}
	}
	return seen, nil
}

// reason is why a broker did not tell.
func (a answer[T]) reason() string {
	if errors.Is(a.err, context.DeadlineExceeded) {
		return a.name + " does not answer"
	}
	return fmt.Sprintf("%s: %v", a.name, a.err)
}

// coordinators is the brokers that are alive, and why groups have no coordinator among
// them: no broker leads their partition of [offsetsTopic].
func (c *Client) coordinators(ctx context.Context) (live []broker, reasons []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	meta, err := c.anyMetadata(ctx, []string{offsetsTopic})
	if err != nil {
		return nil, nil, &UnsettledError{Broker: "the cluster", What: err.Error(), Cause: err}
	}
	if len(meta.Brokers) == 0 {
		return nil, nil, &UnsettledError{Broker: "the cluster", What: "no broker is listed as alive"}
	}
	for _, b := range sortedBrokers(meta) {
		live = append(live, named(b))
	}
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

// hedgeAfter is how long one broker is given before the others are asked too.
const hedgeAfter = 300 * time.Millisecond

// anyMetadata is metadata of whichever broker answers: kgo may choose one that is
// frozen, time and again.
func (c *Client) anyMetadata(ctx context.Context, topics []string) (*kmsg.MetadataResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type told struct {
		meta *kmsg.MetadataResponse
		err  error
	}
	others := c.kgo.DiscoveredBrokers()
	answers := make(chan told, 1+len(others))
	ask := func(to kmsg.Requestor) {
		meta, err := c.metadata(ctx, to, topics)
		answers <- told{meta, err}
	}
	go ask(c.any)
	hedge := time.NewTimer(hedgeAfter)
	defer hedge.Stop()
	for asked := 1; ; {
		select {
		case got := <-answers:
			if asked--; got.err == nil || asked == 0 && len(others) == 0 {
				return got.meta, got.err
			}
			hedge.Reset(0)
		case <-hedge.C:
			asked += len(others)
			for _, b := range others {
				go ask(prompt{b})
			}
			others = nil
		}
	}
}

// listGroups is what broker id coordinates. One that still loads is waited for.
func (c *Client) listGroups(ctx context.Context, id int32) ([]kmsg.ListGroupsResponseGroup, error) {
	for {
		groups, err := c.groupsListed(ctx, id)
		if !errors.Is(err, kerr.CoordinatorLoadInProgress) || !pause(ctx, 5*pollInterval) {
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
func (l listing) absent(named []string, found []*standing) []string {
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
func (on coordinator) wanted(named []string) []*standing {
	var wanted []*standing
	for _, g := range on.groups {
		if named != nil && !slices.Contains(named, g.Group) {
			continue
		}
		s := newStanding(on.broker)
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
const standingTimeout = 2 * answerTimeout
