package topicspec

import (
	"fmt"
	"slices"
)

// BrokerPlan is the plan over what one broker shows.
type BrokerPlan struct {
	Broker string // its name in messages
	Plan
}

// Union returns the plan for desired over what all brokers show. It is the first plan, in which
// stands as well which settings another broker shows differently: a broker may be behind for a
// moment, and one that was killed may show the settings of a topic that was deleted and made anew
// for ever. A topic that the first broker does not know and another does is taken from that one.
func Union(desired []Desired, plans []BrokerPlan) Plan {
	merged := plans[0].Plan
	if len(plans) == 1 {
		return merged
	}
	merged.Changes, merged.Unmanaged, merged.Moving = nil, nil, nil
	parts := make([]map[string]topicPlan, len(plans))
	for i, p := range plans {
		parts[i] = p.byTopic()
	}
	for _, d := range desired {
		first := 0
		for i := range plans {
			if !parts[i][d.Name].lacks(d) {
				first = i
				break
			}
		}
		part := parts[first][d.Name]
		if !part.creates() {
			for i := range plans {
				other := parts[i][d.Name].changes
				part.changes = withRisks(part.changes, other, plans[i].Broker)
				part.changes = append(part.changes, missingFrom(part.changes, other, plans[i].Broker)...)
			}
			slices.SortStableFunc(part.changes, CompareChanges)
		}
		merged.Changes = append(merged.Changes, part.changes...)
		merged.Unmanaged = append(merged.Unmanaged, part.unmanaged...)
		merged.Moving = append(merged.Moving, part.moving...)
	}
	return merged
}

// topicPlan is the part of a plan that is about one topic.
type topicPlan struct {
	changes   []Change
	unmanaged []Unmanaged
	moving    []Moving
}

func (t topicPlan) creates() bool { return len(t.changes) > 0 && t.changes[0].Action == Create }

// lacks reports whether the broker of the plan does not show the topic d.
func (t topicPlan) lacks(d Desired) bool {
	if d.Absent {
		return len(t.changes) == 0
	}
	return t.creates()
}

func (p Plan) byTopic() map[string]topicPlan {
	parts := make(map[string]topicPlan)
	for _, c := range p.Changes {
		part := parts[c.Topic]
		part.changes = append(part.changes, c)
		parts[c.Topic] = part
	}
	for _, u := range p.Unmanaged {
		part := parts[u.Topic]
		part.unmanaged = append(part.unmanaged, u)
		parts[u.Topic] = part
	}
	for _, m := range p.Moving {
		part := parts[m.Topic]
		part.moving = append(part.moving, m)
		parts[m.Topic] = part
	}
	return parts
}

// missingFrom returns the changes of settings that another broker's plan has and known has not; its
// name is the reason. Counts are not among them: a broker that shows fewer partitions is behind,
// and will show the others. So nothing is among them that depends on a replication factor.
func missingFrom(known, other []Change, broker string) []Change {
	var missing []Change
	for _, c := range heldBack(other) {
		isCount := slices.Contains([]string{FieldTopic, FieldPartitions, FieldReplicationFactor}, c.Field)
		if _, found := byKey(known, c.Key()); isCount || found {
			continue
		}
		c.Reason = joinReasons(c.Reason, brokersDiffer(broker))
		missing = append(missing, c)
	}
	return missing
}

func brokersDiffer(broker string) string {
	return fmt.Sprintf("the brokers differ: %s shows it so", broker)
}

// withRisks returns the known changes, in which those have a risk that have one in another broker's plan: the first
// broker may be the one that is behind. A setting is changed from the value that the other one shows.
func withRisks(known, other []Change, broker string) []Change {
	known = slices.Clone(known)
	for i := range known {
		c := &known[i]
		risky, found := byKey(other, c.Key())
		if !found || risky.Risk == NoRisk || c.Risk != NoRisk || c.Action == Blocked || risky.Action != c.Action {
			continue
		}
		reason := joinReasons(c.Reason, brokersDiffer(broker))
		if risky.Action == Set || risky.Action == Unset {
			*c = risky
		}
		c.Risk, c.Reason = risky.Risk, reason
	}
	return known
}
