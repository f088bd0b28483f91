package topicspec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Cluster is what the brokers say of the topics that are there, as far as it matters when a broker stops.
type Cluster struct {
	Brokers int // that are there
	// Topics holds the topics by name, Kafka's own included. Those whose settings are not known have no Config;
	// else it has at least the [DurabilitySettings].
	Topics map[string]Observed
	Groups []GroupMembers
}

// GroupMembers is a consumer group whose members all have what they will get.
type GroupMembers struct {
	Group string
	// Members counts all members, and Idle those without a partition.
	Members, Idle int
	// Topics lists the topics of which members have partitions, by name.
	Topics []string
}

// Advice is one thing that is right for Kafka and that loses records, or stops writes, when a broker stops: of
// every topic of which the same is true.
type Advice struct {
	Rule   string   `json:"rule"`   // RuleFewReplicas and the others
	Topics []string `json:"topics"` // by name
	Group  string   `json:"group"`  // "" unless it is about one
	Text   string   `json:"text"`
}

// DurabilitySettings lists the settings of topics that [Cluster.Advice] looks at.
func DurabilitySettings() []string {
	return []string{minInSyncReplicas, cleanupPolicy, "retention.ms", "retention.bytes", uncleanElection}
}

// Advice judges the topics by the rules that a topics file is judged by, with the values in force, and says which
// groups have members that get nothing. It is in the order of the rules. A topic whose settings are not
// known is judged by its replicas alone.
func (c Cluster) Advice() []Advice {
	e := extent{brokers: c.Brokers}
	for name, o := range c.Topics {
		if stateOf(name) == "" {
			e.factor = max(e.factor, o.fewestReplicas())
		}
	}
	rules := append(durabilityRules(e), durabilityRule{name: RuleAboveReplicas, doubt: Desired.minInSyncProblem})
	var all []Advice
	for _, r := range rules {
		by := make(map[string][]string) // topics by text
		for _, name := range slices.Sorted(maps.Keys(c.Topics)) {
			if stateOf(name) != "" && !r.ofState() {
				continue
			}
			if text := r.doubt(c.Topics[name].inForce(name)); text != "" {
				by[text] = append(by[text], name)
			}
		}
		for _, text := range slices.Sorted(maps.Keys(by)) {
			all = append(all, Advice{Rule: r.name, Topics: by[text], Text: text})
		}
	}
	for _, g := range slices.SortedFunc(slices.Values(c.Groups), func(a, b GroupMembers) int { return cmp.Compare(a.Group, b.Group) }) {
		if text := c.idleDoubt(g); text != "" {
			all = append(all, Advice{Rule: RuleIdleMembers, Topics: g.Topics, Group: g.Group, Text: text})
		}
	}
	return all
}

// ofState reports whether the rule is for Kafka's own topics, too. The brokers decide about their settings: with
// Kafka's defaults one replica in sync is enough for __consumer_offsets, and two are for __transaction_state
// wherever it lies.
func (r durabilityRule) ofState() bool {
	return r.name != RuleOneReplica && r.name != RuleAboveReplicas && r.name != RuleNoRetention
}

// fewestReplicas is the number of replicas of the partition that has the fewest.
func (o Observed) fewestReplicas() int {
	if len(o.Replicas) == 0 {
		return 0
	}
	return slices.Min(o.Replicas)
}

// inForce returns the topic as if a file declared what is in force. Retention counts only where the topic
// sets it itself: every topic has that of the brokers.
func (o Observed) inForce(name string) Desired {
	d := Desired{Name: name, Partitions: len(o.Replicas), ReplicationFactor: o.fewestReplicas(), Config: Config{}}
	for _, key := range DurabilitySettings() {
		setting, known := o.Config[key]
		limit := key == "retention.ms" || key == "retention.bytes"
		if known && (setting.Override || !limit) {
			d.Config[key] = Setting{Value: setting.Value}
		}
	}
	return d
}

// idleDoubt is of a group that has more members than each of its topics has partitions. One whose idle
// members may wait for another topic is fine, and so is one with a topic that is not seen.
func (c Cluster) idleDoubt(g GroupMembers) string {
	most := 0
	for _, topic := range g.Topics {
		o, seen := c.Topics[topic]
		if !seen {
			return ""
		}
		most = max(most, len(o.Replicas))
	}
	if g.Idle == 0 || len(g.Topics) == 0 || g.Members <= most {
		return ""
	}
	topics := "its topic " + plural(most, "partition", "")
	if len(g.Topics) > 1 {
		topics = fmt.Sprintf("none of its topics more than %s", plural(most, "partition", ""))
	}
	get := "get"
	if g.Idle == 1 {
		get = "gets"
	}
	return fmt.Sprintf("group %q has %s, and %s: %s %s no records", g.Group, plural(g.Members, "member", ""), topics, plural(g.Idle, "member", ""), get)
}
