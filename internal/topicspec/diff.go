package topicspec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Observed is one existing topic as the brokers answer it.
type Observed struct {
	// ID is the topic's id, "" from brokers that have no ids (before Kafka 2.8).
	ID string
	// Replicas holds the number of replicas of each partition by partition id. While partitions are
	// being reassigned, it counts the replicas that they will have.
	Replicas []int
	// Moves holds the partitions that somebody is reassigning. MovesUnknown reports that the login may
	// not ask for them: Replicas may then count some that will go.
	Moves        map[int]Move
	MovesUnknown bool
	// Config holds every setting the brokers described.
	Config map[string]ObservedSetting
	// Defaults are the broker's, and Records is how many records the topic holds, by its
	// offsets; nil is unknown. They only explain a difference: see [Plan.Suspects].
	Defaults *BrokerDefaults
	Records  *int64
}

// Move is how a partition is being reassigned: the brokers that get a replica, and those that lose
// theirs once the others are in sync.
type Move struct{ Adding, Removing []int }

// ObservedSetting is one setting in force on a topic.
type ObservedSetting struct {
	Value string
	// Override reports that the topic sets it itself (DYNAMIC_TOPIC_CONFIG); otherwise the value is
	// the broker's or Kafka's default.
	Override bool
}

// Diff plans the changes that turn observed into desired. A desired topic that observed does not
// have is created; an observed topic that is not desired is ignored. One that is desired to be absent is deleted: see
// [DiffDelete] for deletion by name. What has a risk is in the plan: see [Plan.Withhold].
//
// A topic that is being reassigned to just the declared number of replicas has them already, as far as Diff is
// concerned: somebody sees to that. See [Adopt].
func Diff(desired []Desired, observed map[string]Observed) Plan {
	return diff(desired, observed, false)
}

// Adopt is [Diff] for one who accepts moves: a reassignment that runs to just the declared number of replicas is
// one of the plan's, which is waited for and finished.
func Adopt(desired []Desired, observed map[string]Observed) Plan {
	return diff(desired, observed, true)
}

func diff(desired []Desired, observed map[string]Observed, adopt bool) Plan {
	plan := Plan{Topics: len(desired)}
	for _, d := range desired {
		o, exists := observed[d.Name]
		if d.Absent {
			if exists {
				deletion := newDeletion(d.Name, o)
				deletion.Risk = RiskDelete
				plan.Changes = append(plan.Changes, deletion)
			}
			continue
		}
		if !exists {
			plan.Changes = append(plan.Changes, Change{Topic: d.Name, Field: FieldTopic, Action: Create, After: d.shape(), Stage: StageCreate})
			continue
		}
		plan.Changes = append(plan.Changes, d.changes(o, adopt)...)
		plan.Unmanaged = append(plan.Unmanaged, d.unmanaged(o)...)
		plan.Moving = append(plan.Moving, o.moving(d.Name)...)
	}
	return plan.elsewhere(desired, observed)
}

// changes returns those of a topic that exists.
func (d Desired) changes(o Observed, adopt bool) []Change {
	replicas := d.diffReplicas(o, adopt)
	raises := slices.ContainsFunc(replicas, Change.raises)
	changes := o.explain(append(d.diffPartitions(o), replicas...))
	changes = append(changes, d.diffConfig(o, raises)...)
	if raises {
		changes = d.withInterim(changes, o)
	}
	staged(changes, o)
	for i := range changes {
		changes[i] = changes[i].withRisk(d, o)
	}
	return heldBack(changes)
}

// CompareChanges orders the changes of one topic as [Diff] does: the topic itself, its partitions, a setting for the
// time of a move, the replication factor, then the settings by name. Changes of users, ACLs and quotas come after all of
// them, and are equal among themselves.
func CompareChanges(a, b Change) int {
	switch {
	case a.Kind != KindTopic && b.Kind != KindTopic:
		return 0
	case a.Kind != KindTopic:
		return 1
	case b.Kind != KindTopic:
		return -1
	}
	rank := func(c Change) int {
		switch {
		case c.Field == FieldTopic:
			return 0
		case c.Field == FieldPartitions:
			return 1
		case c.Interim:
			return 2
		case c.Field == FieldReplicationFactor:
			return 3
		default:
			return 4
		}
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Field, b.Field))
}

// DiffDelete plans the deletion of the named topics that exist.
func DiffDelete(names []string, observed map[string]Observed) Plan {
	plan := Plan{Topics: len(names)}
	for _, name := range names {
		if o, exists := observed[name]; exists {
			plan.Changes = append(plan.Changes, newDeletion(name, o))
		}
	}
	return plan
}

// diffPartitions compares the count; Kafka can only raise it.
func (d Desired) diffPartitions(o Observed) []Change {
	have := len(o.Replicas)
	change := Change{Topic: d.Name, Field: FieldPartitions, Before: Count(have), After: Count(d.Partitions)}
	switch {
	case d.Partitions == 0 || d.Partitions == have:
		return nil
	case d.Partitions > have && len(o.Moves) > 0:
		change.Action = Blocked
		change.Reason = "its partitions are being moved to other brokers, and new ones would get as many replicas as those have meanwhile: apply again once that is done"
	case d.Partitions > have:
		change.Action = Grow
		if !o.empty() {
			change.Reason = otherPartition
		}
	default:
		change.Action = Blocked
		change.Reason = fmt.Sprintf("Kafka cannot remove partitions: declare %d, or delete the topic by name and apply again", have)
	}
	return []Change{change}
}

// diffConfig compares the managed settings, by name. A declared value is pinned even when it equals
// the broker's default, which could change. raises reports that replicas are added.
func (d Desired) diffConfig(o Observed, raises bool) []Change {
	var changes []Change
	for _, key := range slices.Sorted(maps.Keys(d.Config)) {
		want, have := d.Config[key], o.Config[key]
		change := Change{Topic: d.Name, Field: key}
		if have.Override {
			change.Before = Text(have.Value)
		}
		switch {
		case want.Unset && have.Override:
			change.Action = Unset
		case !want.Unset && (!have.Override || !SameValue(key, want.Value, have.Value)):
			change.Action, change.After = Set, Text(want.Value)
			if !have.Override && have.Value != "" {
				change.Reason = "not set on the topic; the broker's default is " + Humanize(key, have.Value)
			}
			if reason := o.holdsBack(key, want.Value); reason != "" && !raises {
				change.block(reason)
			}
		default:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

// moving returns what somebody is reassigning of the topic, nil for nothing.
func (o Observed) moving(topic string) []Moving {
	if len(o.Moves) == 0 {
		return nil
	}
	found := Moving{Topic: topic, Partitions: slices.Sorted(maps.Keys(o.Moves)), Adding: []int{}, Removing: []int{}}
	for _, p := range found.Partitions {
		found.Adding = append(found.Adding, o.Moves[p].Adding...)
		found.Removing = append(found.Removing, o.Moves[p].Removing...)
	}
	for _, ids := range []*[]int{&found.Adding, &found.Removing} {
		slices.Sort(*ids)
		*ids = slices.Compact(*ids)
	}
	return []Moving{found}
}

// unmanaged lists the overrides d does not mention, by name. Throttles belong to reassignments.
func (d Desired) unmanaged(o Observed) []Unmanaged {
	var found []Unmanaged
	for _, key := range slices.Sorted(maps.Keys(o.Config)) {
		if _, managed := d.Config[key]; !managed && o.Config[key].Override && !isThrottle(key) {
			found = append(found, Unmanaged{d.Name, key, o.Config[key].Value})
		}
	}
	return found
}

// shape is what d is created with.
func (d Desired) shape() Shape {
	s := Shape{Partitions: orDefault(d.Partitions), ReplicationFactor: orDefault(d.ReplicationFactor), Config: map[string]string{}}
	for key, setting := range d.Config {
		if !setting.Unset {
			s.Config[key] = setting.Value
		}
	}
	return s
}

// Shape is o as one value: the fewest replicas, and only its overrides.
func (o Observed) Shape() Shape {
	s := Shape{Partitions: len(o.Replicas), Config: map[string]string{}}
	if len(o.Replicas) > 0 {
		s.ReplicationFactor = slices.Min(o.Replicas)
	}
	for key, setting := range o.Config {
		if setting.Override {
			s.Config[key] = setting.Value
		}
	}
	return s
}

// orDefault is -1, Kafka's word for the broker's default, for a count not declared.
func orDefault(count int) int {
	if count == 0 {
		return -1
	}
	return count
}
