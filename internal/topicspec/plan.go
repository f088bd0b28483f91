package topicspec

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/acl"
)

// Action is what a change does. The values appear in JSON.
type Action string

const (
	// Create makes a topic that does not exist, with all its declared fields.
	Create Action = "create"
	// Grow raises the number of partitions to the absolute count in After.
	Grow Action = "grow"
	// Reassign changes the number of replicas of each partition to the one in After: see [Place].
	Reassign Action = "reassign"
	// Set writes one topic setting.
	Set Action = "set"
	// Unset removes one override, so that the broker's default holds again.
	Unset Action = "unset"
	// Delete removes a topic and its records: one that was named, or that is declared absent.
	Delete Action = "delete"
	// Blocked is a difference that apply must not or cannot make; Reason says why.
	Blocked Action = "blocked"
)

// Names of the fields a change can be about; every other field is a topic setting.
const (
	FieldTopic             = "topic"
	FieldPartitions        = "partitions"
	FieldReplicationFactor = "replicationFactor"
)

// Value is one side of a change: a [Count], a [Text] or a [Shape]; nil is absent and null in JSON.
type Value interface {
	fmt.Stringer
	value()
}

// Count is a number of partitions or replicas.
type Count int

// Text is the value of a topic setting, in canonical form.
type Text string

// Shape is a whole topic, one side of its creation or deletion.
type Shape struct {
	// Partitions and ReplicationFactor are -1 where the broker's default decides.
	Partitions        int               `json:"partitions"`
	ReplicationFactor int               `json:"replicationFactor"`
	Config            map[string]string `json:"config"`
}

func (Count) value() {}
func (Text) value()  {}
func (Shape) value() {}

func (c Count) String() string { return strconv.Itoa(int(c)) }
func (t Text) String() string  { return string(t) }

// String is "3 partitions, replication factor 1, retention.ms=1w".
func (s Shape) String() string {
	parts := []string{
		plural(s.Partitions, "partition", "the broker's default partitions"),
		"replication factor " + strconv.Itoa(s.ReplicationFactor),
	}
	if s.ReplicationFactor < 0 {
		parts[1] = "the broker's default replication factor"
	}
	for _, key := range slices.Sorted(maps.Keys(s.Config)) {
		parts = append(parts, key+"="+Humanize(key, s.Config[key]))
	}
	return strings.Join(parts, ", ")
}

// Change is one difference of one topic, or of who may do what, and what is to be done about it.
type Change struct {
	// Topic is "" for a change of another kind.
	Topic string `json:"topic"`
	// Field is FieldTopic, FieldPartitions, FieldReplicationFactor or the name of a topic setting. Of a user it is the
	// mechanism, as "SCRAM-SHA-512", of a quota its key, as "producer_byte_rate", and of an ACL "".
	Field  string `json:"field"`
	Action Action `json:"action"`
	Before Value  `json:"before"`
	After  Value  `json:"after"`
	// Reason explains a blocked change, and what a user should know of another.
	Reason string `json:"reason"`
	// Stage is when the change is made, "" for one that is blocked. Of a setting it is StageLoosen or StageTighten.
	Stage Stage `json:"stage"`
	// Interim reports that another change of the plan writes the same setting later: min.insync.replicas is lowered
	// while replicas are added.
	Interim bool `json:"interim"`
	// Risk is what must be accepted before the change is made: see [Plan.Withhold]. A change that is blocked for
	// want of that keeps it.
	Risk Risk `json:"risk"`
	// RiskIfUsed is the risk that growth or a reassignment does not have as long as the topic holds no record: it is
	// looked at again right before the change is made.
	RiskIfUsed Risk `json:"-"`
	// Evidence is what the data says about the risk, nil where nobody has asked.
	Evidence *Evidence `json:"evidence"`
	// Reassignments are the new replicas of the partitions of a Reassign: see [Plan.Placed].
	Reassignments []Reassignment `json:"reassignments,omitempty"`
	// TopicID is the id of the topic that is to be deleted, "" where brokers have none: a topic that was made
	// again under the name meanwhile is another one, and stays.
	TopicID string `json:"topicId,omitempty"`
	Kind    Kind   `json:"kind"`
	// Access is what a change of a user, an ACL or a quota is about, nil for a topic.
	Access *AccessSubject `json:"access,omitempty"`
}

// ChangeKey tells the changes of a plan apart.
type ChangeKey struct {
	Topic, Field string
	Interim      bool
	Kind         Kind
	Principal    string
	ClientID     string
	Binding      acl.Binding
}

// Key returns what no other change of the plan has.
func (c Change) Key() ChangeKey {
	key := ChangeKey{Topic: c.Topic, Field: c.Field, Interim: c.Interim, Kind: c.Kind}
	if c.Access != nil {
		key.Principal, key.ClientID = c.Access.Principal, c.Access.ClientID
		if c.Access.Binding != nil {
			key.Binding = *c.Access.Binding
		}
	}
	return key
}

// block makes c a blocked change.
func (c *Change) block(reason string) { c.Action, c.Reason, c.Stage = Blocked, reason, "" }

// blockToo is block for a reason that does not make what else a user should know of the change untrue.
func (c *Change) blockToo(reason string) {
	c.block(joinReasons(c.Reason, reason))
}

// joinReasons returns both of two reasons, or the one that there is.
func joinReasons(first, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + "; " + second
}

// Plan is the ordered list of differences, by topic in file order. It carries all that apply
// consults.
type Plan struct {
	// ClusterID is the cluster that was observed, "" if it has none.
	ClusterID string
	// Topics is how many topics were compared.
	Topics  int
	Changes []Change
	// Unmanaged lists overrides on declared topics that the spec does not mention. They are left
	// alone and do not count as drift.
	Unmanaged []Unmanaged
	// Moving lists the declared topics that somebody is reassigning: apply neither waits for the copies
	// nor changes where they go.
	Moving []Moving
	// Risks sums up the risks of the changes, in the order of [Risk]: see [Plan.Withhold].
	Risks []RiskTotal
	// Access is what was compared beside topics, nil where the file manages no access.
	Access *AccessCompared
}

// Moving is a topic that is being reassigned: its partitions, the brokers that get replicas of them, and
// those that lose theirs.
type Moving struct {
	Topic      string `json:"topic"`
	Partitions []int  `json:"partitions"`
	Adding     []int  `json:"adding"`
	Removing   []int  `json:"removing"`
}

// Unmanaged is one topic setting the brokers have and the spec does not mention.
type Unmanaged struct {
	Topic string `json:"topic"`
	Field string `json:"field"`
	Value string `json:"value"`
}

// InSync reports whether apply has nothing to make; a blocked difference counts. See [Plan.Drifted].
func (p Plan) InSync() bool { return len(p.Changes) == 0 }

// Drifted reports whether the cluster is not what the file says: something differs, or, where access.prune has that
// count, there are extras that could be removed. Nothing of those is a change of a plan without consent, so apply is
// done though the cluster has drifted.
func (p Plan) Drifted() bool {
	return !p.InSync() || p.Access != nil && p.Access.Prune && p.Access.Removable() > 0
}

// Blocked lists the changes that apply will not make.
func (p Plan) Blocked() []Change {
	return slices.DeleteFunc(slices.Clone(p.Changes), func(c Change) bool { return c.Action != Blocked })
}

// Makeable lists the changes that apply will make.
func (p Plan) Makeable() []Change {
	return slices.DeleteFunc(slices.Clone(p.Changes), func(c Change) bool { return c.Action == Blocked })
}

func plural(n int, noun, unset string) string {
	switch {
	case n < 0:
		return unset
	case n == 1:
		return "1 " + noun
	default:
		return strconv.Itoa(n) + " " + noun + "s"
	}
}
