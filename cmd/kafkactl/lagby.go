package main

import (
	"cmp"
	"slices"

	"kafkactl/internal/groups"
)

// topicLag is what all groups together have not read of a topic.
type topicLag struct {
	topic      string
	groups     []string
	partitions int
	sum        lagSum
}

// byTopic is the lag by topic, the worst first.
func byTopic(look lagLook) []*topicLag {
	known := make(map[string]*topicLag)
	var all []*topicLag
	eachPartition(look, func(g *groups.GroupLag, p *groups.PartitionLag) {
		at := known[p.Topic]
		if at == nil {
			at = &topicLag{topic: p.Topic}
			known[p.Topic], all = at, append(all, at)
		}
		if !slices.Contains(at.groups, g.Group) {
			at.groups = append(at.groups, g.Group)
		}
		at.partitions = max(at.partitions, int(p.Partition)+1)
		at.sum.add(p)
	})
	slices.SortFunc(all, func(a, b *topicLag) int { return cmp.Or(worse(a.sum, b.sum), cmp.Compare(a.topic, b.topic)) })
	return all
}

// memberLag is what a member has not read of its partitions; member is nil for those of a
// group that no member has.
type memberLag struct {
	group      string
	member     *groups.Member
	partitions int
	sum        lagSum
}

// id is the member's, "" for none.
func (m *memberLag) id() string {
	if m.member == nil {
		return ""
	}
	return m.member.ID
}

// byMember is the lag by member, the worst first. A member without partitions is there.
func byMember(look lagLook) []*memberLag {
	var all []*memberLag
	for i := range look.groups {
		g := &look.groups[i]
		none := &memberLag{group: g.Group}
		of := make(map[*groups.Member]*memberLag)
		for j := range g.Members {
			m := &memberLag{group: g.Group, member: &g.Members[j]}
			of[m.member], all = m, append(all, m)
		}
		for j := range g.Partitions {
			by := cmp.Or(of[g.Partitions[j].Member], none)
			by.partitions++
			by.sum.add(&g.Partitions[j])
		}
		if none.partitions > 0 || g.Err != nil {
			none.sum.failed = g.Err != nil
			all = append(all, none)
		}
	}
	slices.SortFunc(all, func(a, b *memberLag) int {
		return cmp.Or(worse(a.sum, b.sum), cmp.Compare(a.group, b.group), cmp.Compare(a.id(), b.id()))
	})
	return all
}

// serviceLag is how the group of a service stands; standing is nil when there is no such
// group, service is "" for a group of no service.
type serviceLag struct {
	service, group string
	standing       *groups.GroupLag
}

// byService is the lag by service, the worst first, and last the services whose groups
// are not there. Where only some groups or topics are looked at those are not told.
func (o *lagOptions) byService(look lagLook) []serviceLag {
	var all, absent []serviceLag
	for i := range look.groups {
		g := &look.groups[i]
		found := false
		for _, s := range o.services {
			if s.group == g.Group {
				found = true
				all = append(all, serviceLag{s.name, s.group, g})
			}
		}
		if !found {
			all = append(all, serviceLag{"", g.Group, g})
		}
	}
	for _, s := range o.services {
		there := slices.ContainsFunc(look.groups, func(g groups.GroupLag) bool { return g.Group == s.group })
		if !there && len(o.groups) == 0 && len(o.topics) == 0 {
			absent = append(absent, serviceLag{service: s.name, group: s.group})
		}
	}
	return append(all, absent...)
}
