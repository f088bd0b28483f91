package topicspec

import "slices"

// BrokerDefaults is the shape that a broker gives to topics for which no client gives counts. It
// makes such topics by itself, for any client that uses a name before the spec was applied.
type BrokerDefaults struct {
	Partitions        int // num.partitions
	ReplicationFactor int // default.replication.factor
	// AutoCreate is auto.create.topics.enable as it is now: it may have been on before.
	AutoCreate bool
}

// Suspects returns the topics of a plan for observed that the brokers may have made by themselves:
// a count differs, and they set nothing of their own. Their Defaults decide: see
// [Observed.LooksAutoCreated].
func (p Plan) Suspects(observed map[string]Observed) []string {
	var names []string
	for _, c := range p.Changes {
		count := c.Field == FieldPartitions || c.Field == FieldReplicationFactor
		again := len(names) > 0 && names[len(names)-1] == c.Topic // a plan is ordered by topic
		if count && !again && !observed[c.Topic].overrides() {
			names = append(names, c.Topic)
		}
	}
	return names
}

// LooksAutoCreated reports whether o has the broker's default shape and sets nothing itself. A
// topic made by hand can look so too. It is false while the Defaults are unknown.
func (o Observed) LooksAutoCreated() bool {
	if o.Defaults == nil || len(o.Replicas) != o.Defaults.Partitions || o.overrides() {
		return false
	}
	return !slices.ContainsFunc(o.Replicas, func(n int) bool { return n != o.Defaults.ReplicationFactor })
}

// overrides reports whether o has a setting of its own.
func (o Observed) overrides() bool {
	for _, setting := range o.Config {
		if setting.Override {
			return true
		}
	}
	return false
}

// empty reports whether o is known to hold no record.
func (o Observed) empty() bool { return o.Records != nil && *o.Records == 0 }

// explain adds, once, before the first reason, where the counts that differ come from.
func (o Observed) explain(counts []Change) []Change {
	if len(counts) == 0 || !o.LooksAutoCreated() {
		return counts
	}
	if counts[0].Reason != "" {
		counts[0].Reason = "; " + counts[0].Reason
	}
	counts[0].Reason = o.origin() + counts[0].Reason
	return counts
}

// origin returns what a user should know of a topic that looks auto-created. The variable is how
// the images of Apache and Confluent spell the setting.
func (o Observed) origin() string {
	text := "looks auto-created: the broker's default shape (" + o.Shape().String() + "), no setting of its own"
	if o.Records != nil {
		text += ", " + plural(int(*o.Records), "record", "")
	}
	if !o.Defaults.AutoCreate {
		return text + "; auto.create.topics.enable makes topics that way, and is false now"
	}
	return text + "; auto.create.topics.enable=true makes topics that way: set KAFKA_AUTO_CREATE_TOPICS_ENABLE=false on every broker"
}
