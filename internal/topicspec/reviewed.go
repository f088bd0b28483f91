package topicspec

import (
	"fmt"
	"maps"
	"slices"
)

// Reviewed is a plan that was made to be carried out later, with what it was made from.
type Reviewed struct {
	Plan
	Desired []Desired
	// Access is who shall be able to do what.
	Access DesiredAccess
	// Seen is what the brokers showed of each of the desired topics, in their order.
	Seen []Seen
}

// Seen is what brokers show of one topic, as far as a plan for it depends on that. Settings that the spec
// does not manage are no part of it.
type Seen struct {
	Name   string
	Exists bool
	// ID is the topic's id, "" for one that does not exist, and from brokers that have no ids (before
	// Kafka 2.8): the name alone decides then.
	ID string
	// Replicas lists the brokers of each partition by its id. While a partition is being reassigned, it is
	// those that it will have.
	Replicas [][]int
	// Config has every managed setting.
	Config map[string]ObservedSetting
}

// Review is how a plan stands against what the brokers show later.
type Review struct {
	// Plan is what is left of the plan: changes to make, and blocked ones.
	Plan
	// Made are the changes that are made already.
	Made []Change
	// Stale is what differs from what the plan was made from, and is not what the plan would make of it.
	// Nothing of the plan must be made then.
	Stale []Stale
}

// Against compares the plan with the present: now is a new plan for the same desired topics, and seen what it
// was made from. Of the changes of a topic that is as planned, some may be made already, as after a run that
// was interrupted; what the plan does not have is never made. So it is with users, ACLs and quotas: a removal or a grant
// that is due now and that nobody has reviewed makes the plan stale.
func (r Reviewed) Against(now Plan, seen []Seen) Review {
	found := Review{Plan: now}
	found.Changes = nil
	planned, fresh := r.byTopic(), now.byTopic()
	for i, d := range r.Desired {
		t := topicReview{d, r.Seen[i], seen[i], planned[d.Name].changes, fresh[d.Name].changes}
		t.fresh = t.asPlanned()
		if stale := t.stale(); len(stale) > 0 {
			found.Stale = append(found.Stale, stale...)
			continue
		}
		left, made := t.split()
		found.Changes = append(found.Changes, left...)
		found.Made = append(found.Made, made...)
	}
	r.accessAgainst(now, &found)
	return found
}

// topicReview is one topic of a plan, when the plan was made and now.
type topicReview struct {
	Desired
	then, now      Seen
	planned, fresh []Change
}

// differs is a field that is not as it was planned from.
func (t topicReview) differs(field, planned, now string) Stale {
	return Stale{Topic: t.Name, Field: field, Planned: planned, Now: now}
}

// byKey returns the change with a key.
func byKey(changes []Change, key ChangeKey) (Change, bool) {
	i := slices.IndexFunc(changes, func(c Change) bool { return c.Key() == key })
	if i < 0 {
		return Change{}, false
	}
	return changes[i], true
}

// planOf returns the planned change of a count.
func (t topicReview) planOf(field string) (Change, bool) {
	return byKey(t.planned, ChangeKey{Topic: t.Name, Field: field})
}

// stale returns what is neither as planned nor as the plan would make it.
func (t topicReview) stale() []Stale {
	switch {
	case !t.then.Exists && !t.now.Exists:
		return nil
	case !t.then.Exists && len(t.fresh) == 0: // somebody made it just so
		return nil
	case !t.then.Exists:
		return []Stale{t.differs(FieldTopic, absent, t.now.text())}
	case !t.now.Exists && t.Absent: // its deletion is made already
		return nil
	case !t.now.Exists:
		return []Stale{t.differs(FieldTopic, t.then.text(), absent)}
	case t.then.ID != "" && t.now.ID != "" && t.then.ID != t.now.ID:
		return []Stale{t.differs(FieldTopicID, t.then.ID, t.now.ID)}
	}
	stale := append(t.stalePartitions(), t.staleReplicas()...)
	stale = append(stale, t.staleSettings()...)
	if len(stale) > 0 {
		return stale
	}
	return t.unplanned()
}

func (t topicReview) stalePartitions() []Stale {
	then, now := len(t.then.Replicas), len(t.now.Replicas)
	change, planned := t.planOf(FieldPartitions)
	if now == then || planned && change.After == Count(now) {
		return nil
	}
	return []Stale{t.differs(FieldPartitions, Count(then).String(), Count(now).String())}
}

// staleReplicas compares the partitions that are there on both sides.
func (t topicReview) staleReplicas() []Stale {
	change, planned := t.planOf(FieldReplicationFactor)
	for p := range min(len(t.then.Replicas), len(t.now.Replicas)) {
		then, now := t.then.Replicas[p], t.now.Replicas[p]
		if slices.Equal(then, now) || planned && change.leaves(p, now) {
			continue
		}
		return []Stale{t.differs(fmt.Sprintf("replicas of partition %d", p), fmt.Sprint(then), fmt.Sprint(now))}
	}
	return nil
}

func (t topicReview) staleSettings() []Stale {
	var stale []Stale
	for _, key := range slices.Sorted(maps.Keys(t.Config)) {
		then, now := t.then.Config[key], t.now.Config[key]
		if then == now || then.Override == now.Override && SameValue(key, then.Value, now.Value) {
			continue
		}
		if slices.ContainsFunc(t.planned, func(c Change) bool { return c.Field == key && c.reached(now) }) {
			continue
		}
		stale = append(stale, t.differs(key, then.text(), now.text()))
	}
	return stale
}

// leaves reports whether a partition has, or will have, the replicas that its reassignment leaves.
func (c Change) leaves(partition int, now []int) bool {
	i := slices.IndexFunc(c.Reassignments, func(r Reassignment) bool { return r.Partition == partition })
	if i < 0 {
		return c.After == Count(len(now))
	}
	return slices.Equal(c.Reassignments[i].To, now)
}

// reached reports whether a setting is as its change would leave it.
func (c Change) reached(now ObservedSetting) bool {
	value, is := c.After.(Text)
	if c.After == nil {
		return !now.Override
	}
	return is && now.Override && SameValue(c.Field, string(value), now.Value)
}

// unplanned returns the changes that are due now and that the plan does not have, though the topic is as
// planned: brokers that differ show them. Blocked ones are not among them.
func (t topicReview) unplanned() []Stale {
	var stale []Stale
	for _, c := range t.fresh {
		if _, planned := byKey(t.planned, c.Key()); !planned && c.Action != Blocked {
			stale = append(stale, t.differs(c.Field, planInSync, textOr(c.Before, unset)+" ("+c.Reason+")"))
		}
	}
	return stale
}

// asPlanned returns the fresh changes, of which those are blocked that the plan does not make, with what depends on
// them: only what was reviewed may be made. The deletion of a topic is that of the records it had then.
func (t topicReview) asPlanned() []Change {
	fresh := slices.Clone(t.fresh)
	for i, c := range fresh {
		planned, found := byKey(t.planned, c.Key())
		switch {
		case !found || c.Action == Blocked:
		case planned.Action == Blocked:
			fresh[i].block(planned.Reason)
		case c.Risk != NoRisk && planned.Risk != c.Risk:
			fresh[i].block("the plan does not show its risk: " + c.consequence())
		case c.Risk == RiskDelete && c.Evidence != nil: // without, it is blocked in any case: see [Plan.Withhold]
			fresh[i].Evidence = planned.Evidence
			fresh[i] = fresh[i].WithUse(c.Evidence)
		}
	}
	return heldBack(fresh)
}

// split returns which of the planned changes are left, and which are made already. What is blocked now is left
// as blocked, whether or not it was planned.
func (t topicReview) split() (left, made []Change) {
	move, _ := byKey(t.fresh, ChangeKey{Topic: t.Name, Field: FieldReplicationFactor})
	for _, c := range t.planned {
		now, due := byKey(t.fresh, c.Key())
		switch {
		case !due && c.Interim && move.Action == Blocked:
			c.block("the replication factor is not changed")
			left = append(left, c)
		case !due:
			made = append(made, c)
		case now.Action == Blocked:
			left = append(left, now)
		default:
			left = append(left, c.dueAs(now))
		}
	}
	for _, c := range t.fresh {
		if _, planned := byKey(t.planned, c.Key()); !planned && c.Action == Blocked {
			left = append(left, c)
		}
	}
	slices.SortStableFunc(left, CompareChanges)
	return left, made
}

// dueAs returns a planned change as it is to be made now: with what the data says now, and with what is left of its
// reassignments. Those keep the brokers that were reviewed, and the order of before a move that runs.
func (c Change) dueAs(now Change) Change {
	c.Risk, c.RiskIfUsed, c.Evidence = now.Risk, now.RiskIfUsed, now.Evidence
	c.Reason = now.Reason
	if now.Reassignments == nil {
		return c
	}
	var left []Reassignment
	for _, r := range now.Reassignments {
		i := slices.IndexFunc(c.Reassignments, func(planned Reassignment) bool { return planned.Partition == r.Partition })
		if i >= 0 {
			r.From, r.To = c.Reassignments[i].From, c.Reassignments[i].To
		}
		left = append(left, r)
	}
	c.Reassignments = left
	return c
}
