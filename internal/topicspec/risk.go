package topicspec

import (
	"slices"
	"strings"
	"time"
)

// Risk is what a change does to records, or to those who read and write them, that nobody can undo or that costs
// time: a change that has one is blocked until the user accepts it. The values appear in JSON, and are what --accept
// takes.
type Risk string

const (
	// NoRisk is of a change that plain apply makes.
	NoRisk Risk = ""
	// RiskMove copies records to other brokers, or has fewer replicas of them.
	RiskMove Risk = "move"
	// RiskDelete deletes a topic.
	RiskDelete Risk = "delete"
	// RiskRekey has the records of a key in two partitions of a compacted topic: the old one is never compacted away.
	RiskRekey Risk = "rekey"
	// RiskTrim has the brokers remove records that would have stayed.
	RiskTrim Risk = "trim"
	// RiskRevoke takes rights, a credential or a quota from a principal.
	RiskRevoke Risk = "revoke"
)

// Consent is the risks that the user accepts. The zero value accepts none, which is plain apply.
type Consent struct {
	Move, Rekey, Trim bool
	// Deletes is how many topics may be deleted: just so many must be planned. 0 is none.
	Deletes int
	// Revokes is how many ACLs, credentials and quotas may be removed: just so many must be planned. 0 is none.
	Revokes int
}

// Evidence is what the data of a topic says about a change that has a risk.
type Evidence struct {
	// Records and Bytes are how much is copied, re-keyed, trimmed or deleted; bytes are about. Nil is unknown.
	Records *int64 `json:"records"`
	Bytes   *int64 `json:"bytes"`
	// RecordsEstimated reports that Records follow from bytes: they are about, too.
	RecordsEstimated bool `json:"recordsEstimated"`
	// Oldest and Newest are the times of the first and the last of these records, nil where they are not known.
	Oldest *time.Time `json:"oldest"`
	Newest *time.Time `json:"newest"`
	// Readers are the groups that have not read all of these records, or that lose their offsets.
	Readers []Reader `json:"readers"`
	// InUse says why a topic must not be deleted, in words; empty when nothing speaks against it. What could not be
	// asked counts as use.
	InUse []string `json:"inUse"`
	// Keyed reports whether records of the topic have keys, as far as the newest ones show; nil where that does not
	// matter or is not known. Compacted reports whether the topic keeps the last record of each key, now or after
	// the plan (cleanup.policy has compact); nil likewise. Both are of growth.
	Keyed     *bool `json:"keyed"`
	Compacted *bool `json:"compacted"`
	// EndOffsets are where the logs end, by partition; nil when one of them is not known. See [Moved].
	EndOffsets []int64 `json:"endOffsets"`
	// Unknown says what could not be found out and why, in words.
	Unknown []string `json:"unknown"`
}

// whole returns the evidence with lists that are empty where there is nothing, not absent.
func (e Evidence) whole() Evidence {
	if e.Readers == nil {
		e.Readers = []Reader{}
	}
	if e.InUse == nil {
		e.InUse = []string{}
	}
	if e.Unknown == nil {
		e.Unknown = []string{}
	}
	return e
}

// Reader is a consumer group, and how many of the records it has not read; nil is unknown.
type Reader struct {
	Group  string `json:"group"`
	Unread *int64 `json:"unread"`
}

// RiskTotal sums up the changes of a plan that have a risk.
type RiskTotal struct {
	Risk Risk `json:"risk"`
	// Changes and Topics are how many have it, made or blocked.
	Changes int `json:"changes"`
	Topics  int `json:"topics"`
	// Records and Bytes add up the evidence; nil where that of one change is unknown.
	Records *int64 `json:"records"`
	Bytes   *int64 `json:"bytes"`
	// Accepted reports that the user accepts it; a change may be blocked for another reason nevertheless.
	Accepted bool `json:"accepted"`
}

// withRisk returns a change of one topic with what it risks. A topic of which nobody has counted the records is not empty.
func (c Change) withRisk(d Desired, o Observed) Change {
	c.Risk = c.risk(d, o)
	if o.empty() {
		c.spare()
	}
	return c
}

// spare takes the risk from a change of a topic of which no record is concerned.
func (c *Change) spare() {
	if c.Action == Grow || c.Action == Reassign {
		c.RiskIfUsed = c.Risk
	}
	c.Risk = NoRisk
}

// risk returns what a change risks when the topic holds records.
func (c Change) risk(d Desired, o Observed) Risk {
	switch {
	case c.Field == FieldReplicationFactor && c.Action == Reassign:
		return RiskMove
	case c.Action == Grow && (compacts(o.Config[cleanupPolicy].Value) || compacts(d.Config[cleanupPolicy].Value)):
		return RiskRekey
	case c.trims(o) && !(isRetention(c.Field) && o.removesNothing(d)):
		return RiskTrim
	default:
		return NoRisk
	}
}

func isRetention(field string) bool { return field == "retention.ms" || field == "retention.bytes" }

// removesNothing reports whether the retention of a topic is not in force, and will not be: its cleanup.policy, which is
// known, has no delete, and d declares none that has.
func (o Observed) removesNothing(d Desired) bool {
	deletes := func(policy string) bool {
		policies := listItems(policy)
		return len(policies) == 0 || slices.Contains(policies, "delete")
	}
	declared, managed := d.Config[cleanupPolicy]
	return !deletes(o.Config[cleanupPolicy].Value) && (!managed || !deletes(declared.Value))
}

func compacts(policy string) bool { return slices.Contains(listItems(policy), "compact") }

// Risky returns the topics with a change that has a risk, in plan order: what they hold decides about it.
func (p Plan) Risky() []string {
	var names []string
	for _, c := range p.Changes {
		if c.Kind == KindTopic && c.Risk != NoRisk && !slices.Contains(names[max(0, len(names)-1):], c.Topic) {
			names = append(names, c.Topic)
		}
	}
	return names
}

// WithEvidence returns the plan with what the data says of its risks. A move, growth or trim that is about no record
// has none; the deletion of a topic is one in any case.
func (p Plan) WithEvidence(found map[ChangeKey]Evidence) Plan {
	p.Changes = slices.Clone(p.Changes)
	for i := range p.Changes {
		c := &p.Changes[i]
		evidence, asked := found[c.Key()]
		if !asked || c.Action == Blocked {
			continue
		}
		evidence = evidence.whole()
		c.Evidence = &evidence
		if c.Risk != RiskDelete && evidence.Records != nil && *evidence.Records == 0 {
			c.spare()
		}
		if c.Action == Grow {
			c.Reason = strings.TrimSuffix(strings.TrimSuffix(c.Reason, otherPartition), "; ")
			if c.Risk == NoRisk {
				c.Reason = joinReasons(c.Reason, evidence.GrowReason())
			}
		}
	}
	return p
}

// Placed returns the plan with the new replicas of what it reassigns, or with the reasons of the placements as those
// of blocked changes. A topic without a placement is blocked as well, and so is what depends on a move that is.
func (p Plan) Placed(placements []Placement) Plan {
	p.Changes = slices.Clone(p.Changes)
	placed := make(map[string]Placement, len(placements))
	for _, placement := range placements {
		placed[placement.Topic] = placement
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Action != Reassign {
			continue
		}
		switch placement := placed[c.Topic]; {
		case placement.Blocked != "":
			c.blockToo(placement.Blocked)
		case len(placement.Reassignments) == 0:
			c.blockToo("where its replicas are is not known yet: apply again")
		default:
			c.Reassignments = placement.Reassignments
		}
	}
	return p.heldBack()
}

// heldBack is [heldBack] of every topic.
func (p Plan) heldBack() Plan {
	var kept []Change
	for rest := p.Changes; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Topic == rest[0].Topic {
			n++
		}
		kept = append(kept, heldBack(rest[:n])...)
		rest = rest[n:]
	}
	p.Changes = kept
	return p
}
