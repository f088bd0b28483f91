package topicspec

import (
	"fmt"
	"slices"
)

// durabilityRules are about topics that Kafka takes and that lose records, or stop being written to, when a
// single broker stops. They hold where the topic declares all that they need.
// most is the largest replication factor of them all.
func durabilityRules(most int) []crossing {
	setting := func(name string) path { return path{"config", name} }
	const unclean = "unclean.leader.election.enable"
	return []crossing{
		{[]path{setting(minInSyncReplicas), {FieldReplicationFactor}}, Desired.strictDoubt, true},
		{[]path{setting(minInSyncReplicas), {FieldReplicationFactor}}, Desired.looseDoubt, true},
		{[]path{{FieldReplicationFactor}}, func(d Desired) string { return d.spareDoubt(most) }, true},
		{[]path{setting(unclean), {FieldReplicationFactor}}, func(d Desired) string {
			if !d.isOn(unclean) || d.ReplicationFactor == 1 {
				return ""
			}
			return unclean + " is on: a replica that lacks records may become the leader, and they are lost"
		}, true},
		{[]path{setting("retention.ms"), setting(cleanupPolicy)}, func(d Desired) string { return d.compactedDoubt("retention.ms") }, true},
		{[]path{setting("retention.bytes"), setting(cleanupPolicy)}, func(d Desired) string { return d.compactedDoubt("retention.bytes") }, true},
	}
}

// spareDoubt is of a topic that has fewer replicas than others, which have three: most often it was forgotten.
func (d Desired) spareDoubt(most int) string {
	if d.ReplicationFactor == 0 || d.ReplicationFactor > 2 || most < 3 {
		return ""
	}
	return fmt.Sprintf("replicationFactor %d, and other topics have %d: fewer brokers can stop before its records are away", d.ReplicationFactor, most)
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
