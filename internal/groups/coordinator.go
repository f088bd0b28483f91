package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// lagTimeout bounds what a broker is asked about its groups once it has listed them: it is alive,
// and thousands of groups take their time.
const lagTimeout = 2 * kafka.AnswerTimeout

// groupAsked is a group while its coordinator is asked about it.
type groupAsked struct {
	Group
	coordinator kafka.Broker
	committed   map[string]map[int32]commit // by topic and partition
}

// commit is what a group committed for a partition.
type commit struct {
	offset   int64
	metadata string
}

// newGroupAsked returns a group as its coordinator lists it.
func newGroupAsked(coordinator kafka.Broker, g kmsg.ListGroupsResponseGroup) *groupAsked {
	return &groupAsked{
		Group:       Group{Name: g.Group, State: g.GroupState, Protocol: protocolOf(g), Coordinator: coordinator.ID},
		coordinator: coordinator,
		committed:   make(map[string]map[int32]commit),
	}
}

// askCoordinators asks each coordinator about its groups: about the members of those that have
// some, and what all of them committed, in topics or, for nil, anywhere. Groups that were removed
// meanwhile are dead.
func (c *Client) askCoordinators(ctx context.Context, all []*groupAsked, topics []string) {
	ctx, cancel := context.WithTimeout(ctx, lagTimeout)
	defer cancel()
	kept := make(map[kafka.Broker][]*groupAsked)
	for _, g := range all {
		if g.Err == nil {
			kept[g.coordinator] = append(kept[g.coordinator], g)
		}
	}
	var asking sync.WaitGroup
	for coordinator, groups := range kept {
		asking.Go(func() { c.askCoordinator(ctx, coordinator, groups) })
	}
	asking.Wait()
	if topics != nil {
		for _, g := range all {
			g.keepTopics(topics)
		}
	}
}

// askCoordinator asks one coordinator, at the same time, who the members of its groups are and what
// the groups committed.
func (c *Client) askCoordinator(ctx context.Context, coordinator kafka.Broker, groups []*groupAsked) {
	named, committing := make(map[string][]string), make([]*groupAsked, 0, len(groups))
	for _, g := range groups {
		if g.Protocol != ProtocolClassic || g.State != stateEmpty { // which has no member to describe
			named[g.Protocol] = append(named[g.Protocol], g.Name)
		}
		if g.Protocol != ProtocolShare { // which commits nothing that a consumer could
			committing = append(committing, g)
		}
	}
	var (
		asking     sync.WaitGroup
		described  = make([][]Group, 4)
		errs       = make([]error, 4)
		commitErrs map[string]error
		askers     = []func(context.Context, int32, []string) ([]Group, error){
			c.describeClassic, c.describeConsumer, c.describeShare, c.describeStreams,
		}
		protocols = []string{ProtocolClassic, ProtocolConsumer, ProtocolShare, ProtocolStreams}
	)
	for i, describe := range askers {
		asking.Go(func() { described[i], errs[i] = describe(ctx, coordinator.ID, named[protocols[i]]) })
	}
	asking.Go(func() { commitErrs = c.fetchCommits(ctx, coordinator, committing) })
	asking.Wait()
	failed := make(map[string]error)
	for i, protocol := range protocols {
		maps.Copy(failed, unanswered(named[protocol], coordinator, errs[i]))
	}
	byName := groupsByName(groups)
	for _, d := range slices.Concat(described...) {
		if g, asked := byName[d.Name]; asked {
			failed[d.Name] = g.setDescription(d)
		}
	}
	for _, g := range groups {
		g.Err = cmp.Or(failed[g.Name], commitErrs[g.Name])
		if errors.Is(g.Err, kerr.GroupIDNotFound) {
			g.State, g.Err = stateDead, nil
		}
	}
}

// setDescription takes over how the coordinator describes the group. A refusal is the error, and
// leaves the group as it was listed.
func (g *groupAsked) setDescription(described Group) error {
	if described.Err == nil || errors.As(described.Err, new(*assignmentError)) {
		g.State, g.Assignor, g.Members = described.State, described.Assignor, described.Members
	}
	return described.Err
}

// unanswered returns the error of each of the groups for a question that was not answered, which
// err says; none when it is nil.
func unanswered(names []string, coordinator kafka.Broker, err error) map[string]error {
	errs := make(map[string]error, len(names))
	if err != nil {
		for _, name := range names {
			errs[name] = fmt.Errorf("%s: %w", coordinator.Name, err)
		}
	}
	return errs
}

func groupsByName(groups []*groupAsked) map[string]*groupAsked {
	byName := make(map[string]*groupAsked, len(groups))
	for _, g := range groups {
		byName[g.Name] = g
	}
	return byName
}

// keepTopics leaves out what is about other topics.
func (g *groupAsked) keepTopics(topics []string) {
	maps.DeleteFunc(g.committed, func(topic string, _ map[int32]commit) bool { return !slices.Contains(topics, topic) })
	for i := range g.Members {
		g.Members[i].Assigned = slices.DeleteFunc(g.Members[i].Assigned, func(p kafka.TopicPartition) bool {
			return !slices.Contains(topics, p.Topic)
		})
	}
}

// topics returns the names of those that the group has to do with, in order.
func (g *groupAsked) topics() []string { return topicsOf([]*groupAsked{g}) }

// topicsOf returns the names of the topics that any of the groups has to do with, in order.
func topicsOf(groups []*groupAsked) []string {
	names := make(map[string]bool)
	for _, g := range groups {
		for name := range g.committed {
			names[name] = true
		}
		for _, m := range g.Members {
			for _, p := range m.Assigned {
				names[p.Topic] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
