package topicspec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
// have is created; an observed topic that is not desired is ignored. One that is desired to be absent is deleted,
// or blocked for want of consent: see [DiffDelete] for deletion by name.
func Diff(desired []Desired, observed map[string]Observed) Plan {
	plan := Plan{Topics: len(desired)}
	for _, d := range desired {
		o, exists := observed[d.Name]
		if d.Absent {
			if exists {
				plan.Changes = append(plan.Changes, newDeletion(d.Name, o))
			}
			continue
		}
		if !exists {
			plan.Changes = append(plan.Changes, Change{Topic: d.Name, Field: FieldTopic, Action: Create, After: d.shape()})
			continue
		}
		counts := append(d.diffPartitions(o), d.diffReplicas(o)...)
		plan.Changes = append(plan.Changes, o.explain(counts)...)
		plan.Changes = append(plan.Changes, d.diffConfig(o)...)
		plan.Unmanaged = append(plan.Unmanaged, d.unmanaged(o)...)
		plan.Moving = append(plan.Moving, o.moving(d.Name)...)
	}
	return plan.elsewhere(desired, observed).withholdDeletions()
}

// CompareFields orders the fields of one topic as [Diff] does: the topic itself, its counts, then
// its settings by name.
func CompareFields(a, b string) int {
	counts := []string{FieldTopic, FieldPartitions, FieldReplicationFactor}
	rank := func(field string) int {
		if i := slices.Index(counts, field); i >= 0 {
			return i
		}
		return len(counts)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
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
	case d.Partitions > have:
		change.Action = Grow
		if !o.empty() {
			change.Reason = "records of one key written from now on may go to another partition than before"
		}
	default:
		change.Action = Blocked
		change.Reason = fmt.Sprintf("Kafka cannot remove partitions: declare %d, or delete the topic by name and apply again", have)
	}
	return []Change{change}
}

// diffReplicas compares the replication factor, which kafkactl does not change: moving data needs a
// throttle and a watch.
func (d Desired) diffReplicas(o Observed) []Change {
	if d.ReplicationFactor == 0 {
		return nil
	}
	i := slices.IndexFunc(o.Replicas, func(n int) bool { return n != d.ReplicationFactor })
	if i < 0 {
		return nil
	}
	change := Change{
		Topic: d.Name, Field: FieldReplicationFactor, Action: Blocked,
		Before: Count(o.Replicas[i]), After: Count(d.ReplicationFactor),
		Reason: fmt.Sprintf("changing it copies every record to other brokers: move them with kafka-reassign-partitions, or declare %d", o.Replicas[i]),
	}
	switch fewest, most := slices.Min(o.Replicas), slices.Max(o.Replicas); {
	case o.MovesUnknown && fewest <= d.ReplicationFactor && most > d.ReplicationFactor:
		change.Reason = "whether a reassignment is taking some of them away is not known: listing that needs Describe on the cluster"
	case fewest != most:
		change.Reason = fmt.Sprintf("its partitions have between %d and %d replicas: even them out with kafka-reassign-partitions", fewest, most)
	case o.empty():
		change.Reason = fmt.Sprintf("kafkactl does not move replicas: declare %d, or delete the topic by name (it holds no record) and apply again", fewest)
	}
	return []Change{change}
}

// diffConfig compares the managed settings, by name. A declared value is pinned even when it equals
// the broker's default, which could change.
func (d Desired) diffConfig(o Observed) []Change {
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
			if reason := o.holdsBack(key, want.Value); reason != "" {
				change.Action, change.Reason = Blocked, reason
			}
		default:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

// holdsBack returns why a setting must not be written yet, "" when it may. Kafka counts replicas that are
// being added for min.insync.replicas from the start, so a minimum above what is there stops every write
// with acks=all once a reassignment begins, until the copies are in sync.
func (o Observed) holdsBack(key, value string) string {
	minimum, err := strconv.Atoi(value)
	if key != minInSyncReplicas || err != nil || len(o.Replicas) == 0 {
		return ""
	}
	there := o.inPlace()
	if now, err := strconv.Atoi(o.Config[key].Value); minimum <= there || err == nil && minimum <= now {
		return ""
	}
	return fmt.Sprintf("the topic has %s: it would protect nothing, and stop writes with acks=all as soon as "+
		"replicas are added; apply sets it once they are in sync", plural(there, "replica", ""))
}

// inPlace counts the replicas that every partition has apart from those that are being added or taken away.
func (o Observed) inPlace() int {
	fewest := 0
	for p, count := range o.Replicas {
		move := o.Moves[p]
		if there := min(count, count+len(move.Removing)-len(move.Adding)); p == 0 || there < fewest {
			fewest = there
		}
	}
	return fewest
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
