package topicspec

import (
	"fmt"
	"slices"
	"strings"
)

// Withhold returns the plan, of which a change is blocked whose risk the user does not accept, with what depends on
// it; the reason says what would happen, and what accepts it. Deletions are made when just as many are accepted as
// can be made, and none of them otherwise; so are revocations, with which extras go that the plan does not have yet. A deletion of a topic that is in use, or of which nobody
// knows that, is never made: that needs the name of the topic on the command line.
func (p Plan) Withhold(consent Consent) Plan {
	p.Changes = slices.Clone(p.Changes)
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Action == Delete && c.Risk == RiskDelete {
			if use := c.use(); use != "" {
				c.block(fmt.Sprintf("%s: only kafkactl delete %s deletes it", use, c.Topic))
			}
		}
	}
	deletes, revokes := p.Deletions(), p.Revocations()+p.Access.Removable()
	if p.Access != nil {
		compared := *p.Access
		compared.Revocable, p.Access = revokes, &compared
	}
	p = p.withhold(func(c Change) string {
		switch {
		case c.Risk == RiskDelete:
			return c.refuseCounted(consent.Deletes, deletes, plural(deletes, "deletion", ""))
		case c.Risk == RiskRevoke:
			return c.refuseCounted(consent.Revokes, revokes, plural(revokes, "revocation", ""))
		case !consent.covers(c.Risk):
			return fmt.Sprintf("%s: --accept %s allows it", c.consequence(), c.Risk)
		default:
			return ""
		}
	})
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Action != Blocked && c.Risk != NoRisk {
			c.Reason = joinReasons(c.Reason, c.consequence())
		}
	}
	p.Risks = p.totals(consent, deletes, revokes)
	return p
}

// WithholdCopies returns the plan, of which the moves are blocked when all of them together copy more than a limit in
// bytes, or nobody knows how much.
func (p Plan) WithholdCopies(limit int64) Plan {
	p.Changes = slices.Clone(p.Changes)
	total, known := int64(0), true
	for _, c := range p.Changes {
		if c.Action == Reassign && c.Risk != NoRisk {
			bytes := c.moved()
			total, known = total+bytes, known && bytes >= 0
		}
	}
	if known && total <= limit {
		return p
	}
	return p.withhold(func(c Change) string {
		if c.Risk != RiskMove {
			return ""
		}
		return fmt.Sprintf("%s: say how much of their network brokers may use for that, --throttle 50MiB a second or --throttle none", c.consequence())
	})
}

// Covered returns the plan, of which a change is blocked whose risk is not accepted. It is for one who makes a plan
// that has gone through [Plan.Withhold], or what is left of it: no more deletions and revocations than accepted may be
// left.
func (p Plan) Covered(consent Consent) Plan {
	p.Changes = slices.Clone(p.Changes)
	deletes, revokes := p.Deletions(), p.Revocations()
	return p.withhold(func(c Change) string {
		covered := consent.covers(c.Risk)
		switch c.Risk {
		case RiskDelete:
			covered = deletes <= consent.Deletes && c.use() == ""
		case RiskRevoke:
			covered = revokes <= consent.Revokes
		case NoRisk, RiskMove, RiskRekey, RiskTrim:
		}
		if covered {
			return ""
		}
		return c.consequence() + ": nobody has accepted it"
	})
}

// Needs returns what is accepted when all changes of the plan are that are not blocked.
func (p Plan) Needs() Consent {
	var needed Consent
	for _, c := range p.Makeable() {
		switch c.Risk {
		case RiskMove:
			needed.Move = true
		case RiskRekey:
			needed.Rekey = true
		case RiskTrim:
			needed.Trim = true
		case NoRisk, RiskDelete, RiskRevoke:
		}
	}
	needed.Deletes, needed.Revokes = p.Deletions(), p.Revocations()
	return needed
}

// withhold blocks the changes with a risk for which refuse has a reason.
func (p Plan) withhold(refuse func(Change) string) Plan {
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Action == Blocked || c.Risk == NoRisk {
			continue
		}
		if reason := refuse(*c); reason != "" {
			c.blockToo(reason)
		}
	}
	return p.heldBack()
}

// covers reports whether a risk is accepted that is not accepted by a number.
func (c Consent) covers(risk Risk) bool {
	return map[Risk]bool{NoRisk: true, RiskMove: c.Move, RiskRekey: c.Rekey, RiskTrim: c.Trim}[risk]
}

// WithUse returns a deletion with what is known now of the use of its topic. It is blocked when somebody uses it, or has
// written to it since it was planned; nil is not known.
func (c Change) WithUse(now *Evidence) Change {
	before := c.Evidence
	c.Evidence = now
	if use := c.use(); use != "" {
		c.block(fmt.Sprintf("%s: only kafkactl delete %s deletes it", use, c.Topic))
	} else if before == nil || Moved(*before, *now) {
		c.block("somebody wrote to it after this was planned: plan its deletion anew")
	}
	return c
}

// WithRecords returns a change that had no risk because its topic was empty, with how many records that holds now; nil is
// not known. It has its risk when there is one, and is blocked when that is not accepted.
func (c Change) WithRecords(now *int64, consent Consent) Change {
	if c.RiskIfUsed == NoRisk || now != nil && *now == 0 {
		return c
	}
	c.Risk, c.Evidence = c.RiskIfUsed, nil
	if consent.covers(c.Risk) {
		return c
	}
	since := "the topic was empty when this was planned, and holds " + plural(int(orZero(now)), "record", "") + " now"
	if now == nil {
		since = "whether the topic is still empty is not known"
	}
	c.blockToo(fmt.Sprintf("%s: %s: --accept %s allows it", since, c.consequence(), c.Risk))
	return c
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// use says why a topic must not be deleted by a file, "" when it may.
func (c Change) use() string {
	if c.Evidence == nil {
		return "whether it is in use is not known"
	}
	return strings.Join(c.Evidence.InUse, "; ")
}

// consequence says what a change with a risk does: "copies about 1.2 GiB to other brokers".
func (c Change) consequence() string {
	if c.Evidence != nil && c.Risk != RiskMove {
		return c.Evidence.reason(c.Risk)
	}
	switch c.Risk {
	case RiskMove:
		before, _ := c.Before.(Count)
		if after, _ := c.After.(Count); after < before {
			return "fewer brokers have its records"
		}
		if bytes := c.moved(); bytes >= 0 {
			return fmt.Sprintf("copies about %s to other brokers", sizeText(bytes))
		}
		return "copies its records to other brokers"
	case RiskRekey:
		return "the topic is compacted, and those in the old one are never compacted away"
	case RiskTrim:
		return "the brokers remove records that would have stayed"
	case RiskDelete:
		return "deletes the topic with its records"
	case RiskRevoke:
		return c.revoked()
	default:
		return ""
	}
}

// moved returns how many bytes are copied, -1 where that is not known.
func (c Change) moved() int64 {
	if len(c.Reassignments) == 0 {
		return -1
	}
	return Placement{Reassignments: c.Reassignments}.Bytes()
}

// sizeText is bytes in the largest unit that they fill: "1.2 GiB".
func sizeText(bytes int64) string {
	for _, u := range sizes {
		if bytes >= u.factor && u.factor > 1 {
			return fmt.Sprintf("%.1f %s", float64(bytes)/float64(u.factor), u.suffix)
		}
	}
	return fmt.Sprintf("%d B", bytes)
}

// totals sums up the risks of the plan.
func (p Plan) totals(consent Consent, deletes, revokes int) []RiskTotal {
	var found []RiskTotal
	for _, risk := range []Risk{RiskMove, RiskRekey, RiskTrim, RiskDelete, RiskRevoke} {
		total := RiskTotal{Risk: risk, Records: new(int64), Bytes: new(int64), Accepted: consent.covers(risk)}
		switch risk {
		case RiskDelete:
			total.Accepted = consent.Deletes > 0 && consent.Deletes == deletes
		case RiskRevoke:
			total.Accepted = consent.Revokes > 0 && consent.Revokes == revokes
		case NoRisk, RiskMove, RiskRekey, RiskTrim:
		}
		topics := make(map[string]bool)
		for _, c := range p.Changes {
			if c.Risk == risk {
				total.add(c)
				if c.Kind == KindTopic {
					topics[c.Topic] = true
				}
			}
		}
		if total.Topics = len(topics); total.Changes > 0 {
			found = append(found, total)
		}
	}
	return found
}

func (t *RiskTotal) add(c Change) {
	t.Changes++
	if c.Kind != KindTopic { // which is about no record
		return
	}
	evidence := Evidence{}
	if c.Evidence != nil {
		evidence = *c.Evidence
	}
	if bytes := c.moved(); evidence.Bytes == nil && bytes >= 0 {
		evidence.Bytes = &bytes
	}
	t.Records, t.Bytes = sum(t.Records, evidence.Records), sum(t.Bytes, evidence.Bytes)
}

// sum adds what is known; the sum with something unknown is unknown.
func sum(a, b *int64) *int64 {
	if a == nil || b == nil {
		return nil
	}
	total := *a + *b
	return &total
}
