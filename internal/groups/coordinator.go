package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// standing is a GroupStanding in the making.
type lagging struct {
	GroupLag
	coordinator kafka.Broker
	committed   map[string]map[int32]commit // by topic and partition
}

// commit is what a group committed for a partition.
type commit struct {
	offset   int64
	metadata string
}

func newLagging(keeper kafka.Broker) *lagging {
	s := &lagging{coordinator: keeper, committed: make(map[string]map[int32]commit)}
	s.Coordinator = keeper.ID
	return s
}

// askStandings asks each coordinator about its groups: about the members of those that
// have some, and what all of them committed, in topics or, for nil, anywhere. Groups
// that were removed meanwhile are dead.
func (c *Client) ask(ctx context.Context, all []*lagging, topics []string) []*lagging {
	ctx, cancel := context.WithTimeout(ctx, lagTimeout)
	defer cancel()
	kept := make(map[kafka.Broker][]*lagging)
	for _, s := range all {
		if s.Err == nil {
			kept[s.coordinator] = append(kept[s.coordinator], s)
		}
	}
	var asking sync.WaitGroup
	for keeper, groups := range kept {
		asking.Go(func() { c.askCoordinator(ctx, keeper, groups) })
	}
	asking.Wait()
	if topics != nil {
		for _, s := range all {
			s.only(topics)
		}
	}
	return all
}

// askKeeper asks one coordinator. Its members and its commits are different fields of a
// standing: they are asked for at the same time.
func (c *Client) askCoordinator(ctx context.Context, keeper kafka.Broker, groups []*lagging) {
	var classic, modern []*lagging
	for _, s := range groups {
		switch {
		case s.Protocol == protocolConsumer:
			modern = append(modern, s)
		case s.State != groupEmpty: // which has no member to describe
			classic = append(classic, s)
		}
	}
	var (
		asking                sync.WaitGroup
		described, told, read map[string]error
	)
	asking.Go(func() { described = c.describeClassic(ctx, keeper, classic) })
	asking.Go(func() { told = c.describeConsumer(ctx, keeper, modern) })
	asking.Go(func() { read = c.fetchCommits(ctx, keeper, groups) })
	asking.Wait()
	for _, s := range groups {
		s.Err = cmp.Or(described[s.Group], told[s.Group], read[s.Group])
		if errors.Is(s.Err, kerr.GroupIDNotFound) {
			s.State, s.Err = groupDead, nil
		}
	}
}

// every is the same error of all groups, for a question that was not answered.
func every(groups []*lagging, keeper kafka.Broker, asked string, err error) map[string]error {
	errs := make(map[string]error, len(groups))
	for _, s := range groups {
		errs[s.Group] = fmt.Errorf("%s: %s: %w", keeper.Name, asked, err)
	}
	return errs
}

// about is the request's groups, and where their answers go.
func about(groups []*lagging) (names []string, byName map[string]*lagging) {
	byName = make(map[string]*lagging, len(groups))
	for _, s := range groups {
		names, byName[s.Group] = append(names, s.Group), s
	}
	return names, byName
}

// describeClassic fills in the members of groups of the classic protocol.
func (c *Client) describeClassic(ctx context.Context, keeper kafka.Broker, groups []*lagging) map[string]error {
	if len(groups) == 0 {
		return nil
	}
	names, byName := about(groups)
	req := kmsg.NewPtrDescribeGroupsRequest()
	req.Groups = names
	resp, err := req.RequestWith(ctx, c.kafka.On(keeper.ID))
	if err != nil {
		return every(groups, keeper, "describe groups", err)
	}
	errs := make(map[string]error)
	for _, g := range resp.Groups {
		s, asked := byName[g.Group]
		if !asked {
			continue
		}
		if errs[g.Group] = kafka.CodeError(kmsg.DescribeGroups, g.Group, g.ErrorCode, g.ErrorMessage); errs[g.Group] != nil {
			continue
		}
		s.State, s.Assignor = g.State, g.Protocol
		for _, m := range g.Members {
			member := Member{ID: m.MemberID, ClientID: m.ClientID, Host: host(m.ClientHost)}
			if m.InstanceID != nil {
				member.InstanceID = *m.InstanceID
			}
			var assigned kmsg.ConsumerMemberAssignment
			if len(m.MemberAssignment) > 0 {
				if err := assigned.ReadFrom(m.MemberAssignment); err != nil {
					errs[g.Group] = fmt.Errorf("group %q: read the assignment of member %s: %w", g.Group, m.MemberID, err)
				}
			}
			for _, t := range assigned.Topics {
				member.assign(t.Topic, t.Partitions)
			}
			s.join(member)
		}
	}
	return errs
}

// describeModern fills in the members of groups of KIP-848's protocol, which the older
// request does not find.
func (c *Client) describeConsumer(ctx context.Context, keeper kafka.Broker, groups []*lagging) map[string]error {
	if len(groups) == 0 {
		return nil
	}
	names, byName := about(groups)
	req := kmsg.NewPtrConsumerGroupDescribeRequest()
	req.Groups = names
	resp, err := req.RequestWith(ctx, c.kafka.On(keeper.ID))
	if err != nil {
		return every(groups, keeper, "describe groups", err)
	}
	known := c.topicNames(ctx, keeper, resp)
	errs := make(map[string]error)
	for _, g := range resp.Groups {
		s, asked := byName[g.Group]
		if !asked {
			continue
		}
		if errs[g.Group] = kafka.CodeError(kmsg.ConsumerGroupDescribe, g.Group, g.ErrorCode, g.ErrorMessage); errs[g.Group] != nil {
			continue
		}
		s.State, s.Assignor = g.State, g.AssignorName
		for _, m := range g.Members {
			member := Member{ID: m.MemberID, ClientID: m.ClientID, Host: host(m.ClientHost)}
			if m.InstanceID != nil {
				member.InstanceID = *m.InstanceID
			}
			for _, t := range m.Assignment.TopicPartitions {
				if topic := cmp.Or(t.Topic, known[t.TopicID]); topic != "" {
					member.assign(topic, t.Partitions)
				}
			}
			s.join(member)
		}
	}
	return errs
}

// topicNames are the names of topics that a broker told the ids of alone, as Kafka's own
// never does. One that was deleted has none.
func (c *Client) topicNames(ctx context.Context, keeper kafka.Broker, resp *kmsg.ConsumerGroupDescribeResponse) map[[16]byte]string {
	known := make(map[[16]byte]string)
	req := kmsg.NewPtrMetadataRequest()
	for _, g := range resp.Groups {
		for _, m := range g.Members {
			for _, t := range m.Assignment.TopicPartitions {
				if _, asked := known[t.TopicID]; t.Topic == "" && !asked {
					known[t.TopicID] = ""
					topic := kmsg.NewMetadataRequestTopic()
					topic.TopicID = t.TopicID
					req.Topics = append(req.Topics, topic)
				}
			}
		}
	}
	if len(known) == 0 {
		return nil
	}
	named, err := req.RequestWith(ctx, c.kafka.On(keeper.ID))
	if err != nil {
		return nil
	}
	for _, t := range named.Topics {
		if t.Topic != nil {
			known[t.TopicID] = *t.Topic
		}
	}
	return known
}

// host is an address without the slash that Java puts before one.
func host(s string) string { return strings.TrimPrefix(s, "/") }

func (m *Member) assign(topic string, partitions []int32) {
	for _, p := range partitions {
		m.Assigned = append(m.Assigned, TopicPartition{topic, p})
	}
}

func (s *lagging) join(m Member) {
	slices.SortFunc(m.Assigned, func(a, b TopicPartition) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
	})
	s.Members = append(s.Members, m)
}

// only leaves out what is about other topics.
func (s *lagging) only(topics []string) {
	maps.DeleteFunc(s.committed, func(topic string, _ map[int32]commit) bool { return !slices.Contains(topics, topic) })
	for i := range s.Members {
		s.Members[i].Assigned = slices.DeleteFunc(s.Members[i].Assigned, func(p TopicPartition) bool {
			return !slices.Contains(topics, p.Topic)
		})
	}
}

// topics are those that the group has to do with, by name.
func (s *lagging) topics() []string {
	names := make(map[string]bool, len(s.committed))
	for name := range s.committed {
		names[name] = true
	}
	for _, m := range s.Members {
		for _, p := range m.Assigned {
			names[p.Topic] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// topicsOf are the topics that any of the groups has to do with, by name.
func topicsOf(standings []*lagging) []string {
	names := make(map[string]bool)
	for _, s := range standings {
		for _, name := range s.topics() {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func sortMembers(members []Member) {
	slices.SortFunc(members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), cmp.Compare(a.Host, b.Host), cmp.Compare(a.ID, b.ID))
	})
}
