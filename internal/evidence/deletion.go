package evidence

import (
	"fmt"
	"time"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// inUseFor is how long a topic counts as used after it was written to.
const inUseFor = 24 * time.Hour

// deletion returns what is lost with the topic, and why it must not be deleted: somebody reads it or wrote to it lately,
// its replicas are being moved, or it is internal. What is not known counts as use.
func (s *subject) deletion(now time.Time) *topicspec.Evidence {
	e := s.newEvidence()
	if why := internalName(s.name); why != "" {
		e.InUse = append(e.InUse, why)
	} else if s.internal {
		e.InUse = append(e.InUse, "it is an internal topic")
	}
	if err := s.boundsErr(); err != nil {
		e.InUse, e.Unknown = append(e.InUse, "whether it is used is not known: "+err.Error()), []string{}
		return e
	}
	s.addSize(e)
	s.addGroups(e)
	s.addWrites(e, now)
	if s.moving {
		e.InUse = append(e.InUse, "its replicas are being reassigned")
	} else if s.movingErr != nil {
		e.InUse = append(e.InUse, "whether its replicas are being reassigned is not known: "+s.movingErr.Error())
	}
	return e
}

// addSize adds how much the topic holds, and the time of its first record.
func (s *subject) addSize(e *topicspec.Evidence) {
	all := make([]int64, len(s.partitions))
	for i := range s.partitions {
		all[i] = s.partitions[i].records()
	}
	s.sumUp(e, all)
}

// addGroups adds who reads the topic, and the groups without members that lose what they committed.
func (s *subject) addGroups(e *topicspec.Evidence) {
	if s.readersErr != nil {
		e.InUse = append(e.InUse, "whether anybody reads it is not known: "+s.readersErr.Error())
	}
	for _, g := range s.lags {
		members, committed := s.standing(g)
		name := groupName(g)
		switch {
		case members == 1:
			e.InUse = append(e.InUse, name+" has a member that reads it")
		case members > 1:
			e.InUse = append(e.InUse, fmt.Sprintf("%s has %d members that read it", name, members))
		case g.Err != nil:
			e.InUse = append(e.InUse, fmt.Sprintf("whether %s reads it is not known: %v", name, g.Err))
		case committed && !g.Idle():
			e.InUse = append(e.InUse, name+" has members, and committed offsets of it")
		case g.Rebalancing():
			e.InUse = append(e.InUse, fmt.Sprintf("whether %s reads it is not known: its members are being given their partitions (%s)", name, g.State))
		case committed:
			e.Readers = append(e.Readers, topicspec.Reader{Group: g.Name, Unread: s.unread(g)})
		}
	}
}

// groupName names a group with its kind, where that is not of consumers.
func groupName(g groups.GroupLag) string {
	name := "group " + kafka.Printable(g.Name)
	if g.Protocol == groups.ProtocolShare || g.Protocol == groups.ProtocolStreams {
		return g.Protocol + " " + name
	}
	return name
}

// standing counts the members of a group that are assigned some of the topic, and reports whether the group committed
// something of it.
func (s *subject) standing(g groups.GroupLag) (members int, committed bool) {
	for _, m := range g.Members {
		for _, p := range m.Assigned {
			if p.Topic == s.name {
				members++
				break
			}
		}
	}
	for _, p := range g.Partitions {
		committed = committed || p.Topic == s.name && p.Committed >= 0
	}
	return members, committed
}

// unread returns what a group has not read of the topic, nil when that is not known.
func (s *subject) unread(g groups.GroupLag) *int64 {
	sum := new(int64)
	for _, p := range g.Partitions {
		switch {
		case p.Topic != s.name:
		case p.Lag < 0:
			return nil
		default:
			*sum += p.Lag
		}
	}
	return sum
}

// addWrites adds when the topic was written to.
func (s *subject) addWrites(e *topicspec.Evidence, now time.Time) {
	var newest, lastWrite time.Time
	var newestErr, writeErr error
	for _, p := range s.partitions {
		newestErr, writeErr = firstOf(newestErr, p.newestErr), firstOf(writeErr, p.writeErr)
		if p.records() > 0 && p.newest.After(newest) { // an empty log keeps the time of what was removed
			newest = p.newest
		}
		if p.lastWrite.After(lastWrite) {
			lastWrite = p.lastWrite
		}
	}
	if !newest.IsZero() {
		e.Newest = &newest
	}
	switch {
	case s.written:
		e.InUse = append(e.InUse, "somebody writes to it: its end moved while it was looked at")
	case newest.After(now):
		e.InUse = append(e.InUse, "its newest record has a time to come ("+newest.Format(time.RFC3339)+")")
	case !newest.IsZero() && now.Sub(newest) < inUseFor:
		e.InUse = append(e.InUse, "its newest record is "+age(now.Sub(newest))+" old")
	case newestErr != nil:
		e.InUse = append(e.InUse, "how old its newest record is is not known: "+newestErr.Error())
	case !lastWrite.IsZero() && now.Sub(lastWrite) < inUseFor:
		e.InUse = append(e.InUse, "a producer wrote to it "+age(now.Sub(lastWrite))+" ago")
	}
	if writeErr != nil {
		e.InUse = append(e.InUse, "whether a producer writes to it is not known: "+writeErr.Error())
	}
}

// age writes a time span with its largest unit: 12s, 1m, 23h.
func age(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	default:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
}
