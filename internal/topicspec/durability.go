package topicspec

import (
	"cmp"
	"fmt"
	"slices"
)

// The names of the rules about durability. They appear in JSON.
const (
	// RuleEveryReplica is of a topic of which every replica must be in sync.
	RuleEveryReplica = "every-replica-in-sync"
	// RuleOneReplica is of a topic with spare replicas that no write waits for.
	RuleOneReplica = "one-replica-in-sync"
	// RuleFewReplicas is of a topic with fewer replicas than others have, or than the brokers could hold.
	RuleFewReplicas = "few-replicas"
	// RuleUnclean is of a topic of which a replica that lacks records may become the leader.
	RuleUnclean = "unclean-election"
	// RuleNoRetention is of a limit that has no effect on a compacted topic.
	RuleNoRetention = "retention-of-compacted"
	// RuleAboveReplicas is of a topic with fewer replicas than must be in sync: a file that says so is not valid.
	RuleAboveReplicas = "in-sync-above-replicas"
	// RuleIdleMembers is of a group with more members than its topics have partitions.
	RuleIdleMembers = "idle-members"
)

// durabilityRule is about topics that Kafka takes and that lose records, or stop being written to, when a
// single broker stops. It holds where the topic has all that it needs.
type durabilityRule struct {
	name   string
	fields []path // as of [crossing]
	doubt  func(Desired) string
}

// extent is how many replicas a topic could have.
type extent struct {
	factor  int // the largest replication factor of the topics
	brokers int // that are there, 0 where that is not known
}

// enough is how many replicas a topic of importance has.
const enough = 3

func durabilityRules(e extent) []durabilityRule {
	setting := func(name string) path { return path{"config", name} }
	compacted := func(limit string) durabilityRule {
		return durabilityRule{RuleNoRetention, []path{setting(limit), setting(cleanupPolicy)}, func(d Desired) string { return d.compactedDoubt(limit) }}
	}
	return []durabilityRule{
		{RuleEveryReplica, []path{setting(minInSyncReplicas), {FieldReplicationFactor}}, Desired.strictDoubt},
		{RuleOneReplica, []path{setting(minInSyncReplicas), {FieldReplicationFactor}}, Desired.looseDoubt},
		{RuleFewReplicas, []path{{FieldReplicationFactor}}, func(d Desired) string { return d.spareDoubt(e) }},
		{RuleUnclean, []path{setting(uncleanElection), {FieldReplicationFactor}}, Desired.uncleanDoubt},
		compacted("retention.ms"),
		compacted("retention.bytes"),
	}
}

// spareDoubt is of a topic that has fewer replicas than others, which have three, or than three brokers could
// hold: most often it was forgotten. What Kafka keeps itself should be held by two brokers as well.
func (d Desired) spareDoubt(e extent) string {
	lost := stateOf(d.Name)
	if lost != "" {
		lost += " is"
	}
	could := min(e.brokers, enough)
	var others string
	switch {
	case d.ReplicationFactor == 0 || d.ReplicationFactor >= enough:
		return ""
	case lost == "" && e.factor >= enough:
		others = fmt.Sprintf("other topics have %d", e.factor)
	case could >= enough, lost != "" && could > d.ReplicationFactor:
		others = fmt.Sprintf("%d brokers could hold %d", e.brokers, could)
	default:
		return ""
	}
	return fmt.Sprintf("replicationFactor %d, and %s: fewer brokers can stop before %s away", d.ReplicationFactor, others, cmp.Or(lost, "its records are"))
}

// strictDoubt is of a topic of which every replica must be in sync.
func (d Desired) strictDoubt() string {
	if minimum, declared := d.number(minInSyncReplicas); !declared || d.ReplicationFactor < 2 || minimum != int64(d.ReplicationFactor) {
		return ""
	}
	return fmt.Sprintf("min.insync.replicas is as high as replicationFactor %d: one broker that stops, stops writes with acks=all", d.ReplicationFactor)
}

// looseDoubt is of a topic with spare replicas that no write waits for.
func (d Desired) looseDoubt() string {
	if minimum, declared := d.number(minInSyncReplicas); !declared || minimum != 1 || d.ReplicationFactor < 3 {
		return ""
	}
	return fmt.Sprintf("min.insync.replicas 1 with replicationFactor %d: a record that only one broker has counts as written", d.ReplicationFactor)
}

// uncleanDoubt is of a topic that stays writable at the price of records.
func (d Desired) uncleanDoubt() string {
	if !d.isOn(uncleanElection) || d.ReplicationFactor == 1 {
		return ""
	}
	return uncleanElection + " is on: a replica that lacks records may become the leader, and they are lost"
}

// compactedDoubt is of a limit that only a topic with the policy delete has.
func (d Desired) compactedDoubt(limit string) string {
	_, limited := d.Config[limit]
	policy, declared := d.Config[cleanupPolicy]
	if !limited || d.Config[limit].Unset || !declared || policy.Unset || slices.Contains(listItems(policy.Value), "delete") ||
		!slices.Contains(listItems(policy.Value), "compact") {
		return ""
	}
	return fmt.Sprintf("%s has no effect with cleanup.policy compact: write compact,delete for both", limit)
}
