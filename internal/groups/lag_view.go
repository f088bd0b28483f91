package groups

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// LagView is the lag of groups at one moment, in the order and with the sums that every view of it
// shares: tables, names, documents, thresholds, and what is watched.
type LagView struct {
	At     time.Time
	Groups []GroupLag // the worst first, then in the order they came in
	Total  LagSum
	// Times are those of the records that are next to be read, by place; nil when they were not
	// asked for.
	Times map[Place]time.Time
}

// Place is an offset in a partition.
type Place struct {
	Topic     string
	Partition int32
	Offset    int64
}

// NewLagView orders groups, which it sorts in place, and sums them up.
func NewLagView(at time.Time, groups []GroupLag) LagView {
	v := LagView{At: at, Groups: groups}
	slices.SortStableFunc(v.Groups, func(a, b GroupLag) int { return WorseLag(a.Sum, b.Sum) })
	for i := range groups {
		v.Total = v.Total.plus(groups[i].Sum)
	}
	return v
}

// Next returns the place that the group reads next, as far as the log still has it.
func (p *PartitionLag) Next() Place {
	return Place{Topic: p.Topic, Partition: p.Partition, Offset: max(p.Committed, p.LogStart)}
}

// Unread lists the places that are next to be read where there is something to read.
func (v LagView) Unread() []Place {
	var places []Place
	for i := range v.Groups {
		for j := range v.Groups[i].Partitions {
			if p := &v.Groups[i].Partitions[j]; p.Lag > 0 {
				places = append(places, p.Next())
			}
		}
	}
	return places
}

// TimeLag returns how old the record is that is next to be read, in milliseconds; 0 when all is
// read, and false when it is not known, as of a record without a timestamp (-1, Kafka's
// NO_TIMESTAMP). Clocks differ: a record that was written in the future is not old. A
// [time.Duration] would end after 292 years, and producers write wilder times than that.
func (v LagView) TimeLag(p *PartitionLag) (ms int64, known bool) {
	if p.Lag == 0 {
		return 0, true
	}
	written, ok := v.Times[p.Next()]
	if p.Lag < 0 || !ok || written.IsZero() || written.UnixMilli() == -1 {
		return 0, false
	}
	now := v.At.UnixMilli()
	if written.UnixMilli() < now-math.MaxInt64 {
		return math.MaxInt64, true
	}
	return now - min(written.UnixMilli(), now), true
}

// TopicLag is what all groups together have not read of a topic.
type TopicLag struct {
	Topic      string
	Groups     []string // in the order of the view
	Partitions int      // as many as the topic has, as far as groups have to do with them
	Sum        LagSum
}

// ByTopic returns the lag by topic, the worst first.
func (v LagView) ByTopic() []TopicLag {
	known := make(map[string]*TopicLag)
	for i := range v.Groups {
		g := &v.Groups[i]
		for j := range g.Partitions {
			p := &g.Partitions[j]
			t := known[p.Topic]
			if t == nil {
				t = &TopicLag{Topic: p.Topic}
				known[p.Topic] = t
			}
			if len(t.Groups) == 0 || t.Groups[len(t.Groups)-1] != g.Name {
				t.Groups = append(t.Groups, g.Name)
			}
			t.Partitions = max(t.Partitions, int(p.Partition)+1)
			t.Sum.Add(p)
		}
	}
	all := make([]TopicLag, 0, len(known))
	for _, t := range known {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b TopicLag) int { return cmp.Or(WorseLag(a.Sum, b.Sum), cmp.Compare(a.Topic, b.Topic)) })
	return all
}

// MemberLag is what a member has not read of its partitions.
type MemberLag struct {
	Group      string
	Member     *Member // nil for the partitions of the group that no member has
	Partitions int
	Sum        LagSum
}

// ID returns the member's, "" for none.
func (m MemberLag) ID() string {
	if m.Member == nil {
		return ""
	}
	return m.Member.ID
}

// ByMember returns the lag by member, the worst first. A member without partitions is there, and so
// are the partitions that no member has; for a group that is not known completely also where there
// are none of these.
func (v LagView) ByMember() []MemberLag {
	var all []MemberLag
	for i := range v.Groups {
		all = append(all, v.Groups[i].byMember()...)
	}
	slices.SortFunc(all, func(a, b MemberLag) int {
		return cmp.Or(WorseLag(a.Sum, b.Sum), cmp.Compare(a.Group, b.Group), cmp.Compare(a.ID(), b.ID()))
	})
	return all
}

func (g *GroupLag) byMember() []MemberLag {
	lags := make([]MemberLag, len(g.Members), len(g.Members)+1)
	of := make(map[*Member]*MemberLag)
	for i := range g.Members {
		lags[i] = MemberLag{Group: g.Name, Member: &g.Members[i]}
		of[&g.Members[i]] = &lags[i]
	}
	none := MemberLag{Group: g.Name, Sum: LagSum{Failed: g.Err != nil}}
	for i := range g.Partitions {
		by := cmp.Or(of[g.Partitions[i].Member], &none)
		by.Partitions++
		by.Sum.Add(&g.Partitions[i])
	}
	if none.Partitions > 0 || none.Sum.Failed {
		lags = append(lags, none)
	}
	return lags
}
