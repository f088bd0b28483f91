package topicspec

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Stage is a step of a whole plan, which is made for all topics before the next one begins.
type Stage string

// The stages in their order. A topic must exist before anything else; partitions must not be added while replicas
// move, so growth comes before that. min.insync.replicas is lowered before replicas go, and raised only when all of
// them are in sync: Kafka counts replicas that are being added from the start, and would refuse writes with acks=all
// until they are. What removes records comes late, and deletion last: the longer it waits, the more of the plan is
// known to be well.
const (
	// StageCreate makes topics.
	StageCreate Stage = "create"
	// StageLoosen writes settings that allow or keep more than before, and those that neither do that nor remove.
	StageLoosen Stage = "loosen"
	// StageGrow adds partitions.
	StageGrow Stage = "grow"
	// StageMove reassigns replicas, and waits until they are in sync.
	StageMove Stage = "move"
	// StageElect elects the preferred leaders of what was moved: it has the changes of StageMove.
	StageElect Stage = "elect"
	// StageTighten writes settings that demand or remove more than before. Those of a topic whose reassignment
	// failed must be held back with it.
	StageTighten Stage = "tighten"
	// StageDelete deletes topics.
	StageDelete Stage = "delete"
	// StageUsers writes SCRAM credentials, and waits until every broker takes them. Who may do what follows the topics
	// that it is about.
	StageUsers Stage = "users"
	// StageAllow adds ACLs, and waits until every broker shows them.
	StageAllow Stage = "allow"
	// StageQuotas writes and removes quotas.
	StageQuotas Stage = "quotas"
	// StageRevoke removes ACLs. A single failure before it stops it: what replaces an ACL must be there.
	StageRevoke Stage = "revoke"
	// StageForget removes SCRAM credentials.
	StageForget Stage = "forget"
)

// Step is a stage of a plan and its changes, as indexes into [Plan.Changes].
type Step struct {
	Stage   Stage
	Changes []int
}

// At returns the changes at the indexes, in their order: see [Step].
func At(changes []Change, indexes []int) []Change {
	picked := make([]Change, len(indexes))
	for i, index := range indexes {
		picked[i] = changes[index]
	}
	return picked
}

// Stages returns the steps in which the changes of the plan are to be made, without those that have none. A blocked
// change has no stage.
func (p Plan) Stages() []Step {
	found := make(map[Stage][]int)
	for i, c := range p.Changes {
		for _, stage := range c.stages() {
			found[stage] = append(found[stage], i)
		}
	}
	var steps []Step
	for _, stage := range []Stage{
		StageCreate, StageLoosen, StageGrow, StageMove, StageElect, StageTighten, StageDelete,
		StageUsers, StageAllow, StageQuotas, StageRevoke, StageForget,
	} {
		if len(found[stage]) > 0 {
			steps = append(steps, Step{stage, found[stage]})
		}
	}
	return steps
}

// stages returns those of one change. A setting of which nobody has said what it does counts as one that tightens:
// late is the safe side.
func (c Change) stages() []Stage {
	if c.Kind != KindTopic {
		return c.accessStages()
	}
	switch c.Action {
	case Create:
		return []Stage{StageCreate}
	case Grow:
		return []Stage{StageGrow}
	case Reassign:
		return []Stage{StageMove, StageElect}
	case Delete:
		return []Stage{StageDelete}
	case Set, Unset:
		if c.Stage == StageLoosen {
			return []Stage{StageLoosen}
		}
		return []Stage{StageTighten}
	default: // Blocked
		return nil
	}
}

// Precedes reports whether a change must have been made before another one of its topic: replicas are not added while
// min.insync.replicas is too high for that, nor while partitions are, and settings are tightened once the replicas are
// there. A new cleanup.policy, which removes what is beyond the retention, waits for one that is raised.
func (c Change) Precedes(later Change) bool {
	switch later.Action {
	case Reassign:
		return c.Interim || c.Action == Grow
	case Set, Unset:
		return later.stages()[0] == StageTighten && (c.Action == Reassign || later.Field == cleanupPolicy && c.keepsMore())
	default:
		return false
	}
}

// keepsMore reports whether a change has a topic keep records for longer, or more of them.
func (c Change) keepsMore() bool {
	return c.Stage == StageLoosen && isRetention(c.Field)
}

// HeldBack returns a change as blocked by one that precedes it and was not made.
func (c Change) HeldBack(by Change) Change {
	c.blockToo(fmt.Sprintf("held back: the change of %s before it was not made", by.Field))
	return c
}

// staged gives the changes of one topic their stages. o has the values in force where the topic sets nothing itself;
// where a value is not known, before or after, the setting counts as one that tightens. Settings of a topic that is
// trimmed go together with what trims, unless they loosen: Kafka judges some of them by others (see [crossings]), and
// one request is judged as a whole.
func staged(changes []Change, o Observed) {
	trimmed := slices.ContainsFunc(changes, func(c Change) bool { return c.trims(o) })
	for i := range changes {
		c := &changes[i]
		switch c.Action {
		case Set, Unset:
			c.Stage = StageLoosen
			if effect := c.effect(o); effect == tightens || effect == neither && trimmed {
				c.Stage = StageTighten
			}
		case Blocked:
		default:
			c.Stage = c.stages()[0]
		}
	}
}

// trims reports whether a setting has the brokers remove records that would have stayed.
func (c Change) trims(o Observed) bool {
	return (c.Action == Set || c.Action == Unset) && c.Field != minInSyncReplicas && c.effect(o) == tightens
}

// effect is what a change of a setting does to writes or records.
type effect int

const (
	neither  effect = iota
	loosens         // more writes succeed, or more records stay
	tightens        // fewer writes succeed, or records go that would have stayed
)

// effect compares the value before a change of a setting with the one after it.
func (c Change) effect(o Observed) effect {
	var compare func(before, after string) effect
	switch c.Field {
	case minInSyncReplicas:
		compare = func(before, after string) effect { return compareNumbers(after, before) }
	case "retention.ms", "retention.bytes":
		compare = compareNumbers
	case cleanupPolicy:
		compare = comparePolicies
	case remoteStorage: // off may delete what is there: remote.log.delete.on.disable
		compare = compareSwitches
	default:
		return neither
	}
	before := o.Config[c.Field].Value
	if c.Before != nil { // it may be what an earlier change of the plan writes
		before = c.Before.String()
	}
	if before == "" || c.After == nil { // with no override, the broker decides
		return tightens
	}
	return compare(before, c.After.String())
}

// compareNumbers is of a limit that keeps more the higher it is; a negative one is none.
func compareNumbers(before, after string) effect {
	x, errX := strconv.ParseInt(before, 10, 64)
	y, errY := strconv.ParseInt(after, 10, 64)
	if errX != nil || errY != nil {
		return tightens
	}
	limit := func(n int64) int64 {
		if n < 0 {
			return math.MaxInt64
		}
		return n
	}
	return [...]effect{tightens, neither, loosens}[1+cmp.Compare(limit(y), limit(x))]
}

// comparePolicies is of cleanup.policy: one that is new removes records that the others have kept.
func comparePolicies(before, after string) effect {
	x, y := listItems(before), listItems(after)
	isNew := func(policies []string) func(string) bool {
		return func(policy string) bool { return !slices.Contains(policies, policy) }
	}
	switch {
	case slices.ContainsFunc(y, isNew(x)):
		return tightens
	case slices.ContainsFunc(x, isNew(y)):
		return loosens
	default:
		return neither
	}
}

func compareSwitches(before, after string) effect {
	if before == "true" && after != "true" {
		return tightens
	}
	return neither
}
