package topicspec

import (
	"fmt"
	"slices"
	"strconv"
)

// diffReplicas compares the replication factor. Where the replicas go is not decided here: see [Place]. Before is the
// fewest replicas of a partition that has another number. Partitions that somebody is reassigning to the declared
// number have it, unless they are adopted.
func (d Desired) diffReplicas(o Observed, adopt bool) []Change {
	if d.ReplicationFactor == 0 {
		return nil
	}
	before := 0
	for p, count := range o.Replicas {
		move := o.Moves[p]
		there := count + len(move.Removing) - len(move.Adding)
		if count == d.ReplicationFactor && (!adopt || there == count) {
			continue
		}
		if wrong := wrongCount(d.ReplicationFactor, there, count); before == 0 || wrong < before {
			before = wrong
		}
	}
	if before == 0 {
		return nil
	}
	change := Change{
		Topic: d.Name, Field: FieldReplicationFactor, Action: Reassign, Before: Count(before), After: Count(d.ReplicationFactor),
	}
	if reason := d.refuseMove(o, change); reason != "" {
		change.block(reason)
	}
	return []Change{change}
}

// wrongCount returns which is not the number of replicas that a partition shall have: the one there is, or the one that
// a reassignment will leave.
func wrongCount(want, there, later int) int {
	if there != want && (there < want || later >= want) {
		return there
	}
	return later
}

// refuseMove returns why the replication factor must not be changed, whoever accepts it; "" when it may.
func (d Desired) refuseMove(o Observed, change Change) string {
	fewest, most := slices.Min(o.Replicas), slices.Max(o.Replicas)
	there, minimum := o.inPlace(), o.minInSync()
	_, declared := d.Config[minInSyncReplicas]
	switch {
	case o.MovesUnknown && fewest <= d.ReplicationFactor && most > d.ReplicationFactor:
		return "whether a reassignment is taking some of them away is not known: listing that needs Describe on the cluster"
	case change.raises() && minimum > there && !declared:
		return fmt.Sprintf("min.insync.replicas is %d and the topic has %s, so that adding some would stop writes with acks=all "+
			"until they are in sync: declare min.insync.replicas, and apply lowers it meanwhile", minimum, plural(there, "replica", ""))
	case most > d.ReplicationFactor && d.MinInSyncDuringMove(o) > d.ReplicationFactor:
		return belowMinInSync(d.MinInSyncDuringMove(o))
	default:
		return ""
	}
}

// raises reports whether a change of the replication factor that may be made adds replicas to a partition.
func (c Change) raises() bool {
	before, isCount := c.Before.(Count)
	after, _ := c.After.(Count)
	return c.Action == Reassign && isCount && before < after
}

// MinInSyncDuringMove returns the min.insync.replicas that holds while replicas of the topic are reassigned: what
// lowers it is made before, what raises it after.
func (d Desired) MinInSyncDuringMove(o Observed) int {
	now := o.minInSync()
	if declared, err := strconv.Atoi(d.Config[minInSyncReplicas].Value); err == nil && declared < now {
		return declared
	}
	return now
}

// minInSync returns the min.insync.replicas in force; 1, Kafka's default, where the brokers do not say.
func (o Observed) minInSync() int {
	if now, err := strconv.Atoi(o.Config[minInSyncReplicas].Value); err == nil {
		return now
	}
	return 1
}

// withInterim adds to the changes of a topic that gets replicas the one that lowers min.insync.replicas meanwhile, if
// that is above what is there: Kafka counts replicas that are being added from the start, and would refuse writes with
// acks=all until they are in sync. What is declared is set after that, though it may be what is set now.
func (d Desired) withInterim(changes []Change, o Observed) []Change {
	there, want := o.inPlace(), d.Config[minInSyncReplicas]
	if declared, err := strconv.Atoi(want.Value); o.minInSync() <= there || err == nil && declared <= there {
		return changes
	}
	interim := Change{
		Topic: d.Name, Field: minInSyncReplicas, Action: Set, After: Text(strconv.Itoa(there)), Interim: true,
		Reason: "so that writes with acks=all go on while replicas are added; once they are in sync it is raised again",
	}
	if have := o.Config[minInSyncReplicas]; have.Override {
		interim.Before = Text(have.Value)
	}
	after := Change{Topic: d.Name, Field: minInSyncReplicas, Action: Set, Before: interim.After, After: Text(want.Value)}
	if want.Unset {
		after.Action, after.After = Unset, nil
	}
	changes = slices.DeleteFunc(changes, func(c Change) bool { return c.Field == minInSyncReplicas })
	changes = append(changes, interim, after)
	slices.SortStableFunc(changes, CompareChanges)
	return changes
}

// heldBack returns the changes of one topic, in which nothing is left to be made that needs a change of the
// replication factor which is not: neither what comes before the move, nor a min.insync.replicas above the replicas
// there are.
func heldBack(changes []Change) []Change {
	i := slices.IndexFunc(changes, func(c Change) bool { return c.Field == FieldReplicationFactor })
	if i < 0 || changes[i].Action == Reassign {
		return changes
	}
	there, isCount := changes[i].Before.(Count)
	if target, _ := changes[i].After.(Count); !isCount || there >= target {
		return changes
	}
	interim, lowered := byKey(changes, ChangeKey{Topic: changes[i].Topic, Field: minInSyncReplicas, Interim: true})
	var kept []Change
	for _, c := range changes {
		switch {
		case c.Interim:
			continue
		case c.Field != minInSyncReplicas || c.Action == Blocked || c.Stage != StageTighten:
		case lowered && c.undoes(interim):
			continue
		default:
			if lowered {
				c.Before = interim.Before
			}
			c.holdBack(int(there))
		}
		kept = append(kept, c)
	}
	return kept
}

// holdBack blocks a change of min.insync.replicas to more than the replicas there are, unless it lowers it.
func (c *Change) holdBack(there int) {
	minimum, err := strconv.Atoi(textOr(c.After, ""))
	before, errBefore := strconv.Atoi(textOr(c.Before, ""))
	switch {
	case err == nil && errBefore == nil && minimum < before:
		c.Stage = StageLoosen
	case err != nil || minimum > there:
		c.block(tooFewReplicas(there))
	}
}

// undoes reports whether a change takes back all that an earlier one does.
func (c Change) undoes(earlier Change) bool {
	if c.After == nil || earlier.Before == nil {
		return c.After == nil && earlier.Before == nil
	}
	return SameValue(c.Field, c.After.String(), earlier.Before.String())
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
	return tooFewReplicas(there)
}

func tooFewReplicas(there int) string {
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
