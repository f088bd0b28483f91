package topicspec

import "kafkactl/internal/acl"

// planInSync is what a plan says of what it does not change.
const planInSync = "in sync"

// ofAccess returns the changes of users, ACLs and quotas.
func (p Plan) ofAccess() []Change {
	var found []Change
	for _, c := range p.Changes {
		if c.Kind != KindTopic {
			found = append(found, c)
		}
	}
	return found
}

// accessAgainst adds what [Reviewed.Against] says of users, ACLs and quotas. Where a later look has not compared them,
// all of the plan is left.
func (r Reviewed) accessAgainst(now Plan, found *Review) {
	planned := r.ofAccess()
	if now.Access == nil {
		found.Changes = append(found.Changes, planned...)
		return
	}
	due, reviewed := make(map[ChangeKey]Change), make(map[ChangeKey]bool)
	for _, c := range now.ofAccess() {
		due[c.Key()] = c
	}
	for _, c := range planned {
		reviewed[c.Key()] = true
		switch fresh, is := due[c.Key()]; {
		case !is:
			found.Made = append(found.Made, c)
		case c.Action != Blocked && fresh.Action != Blocked && !c.sameAs(fresh):
			found.Stale = append(found.Stale, c.staleAccess(c.state(), fresh.state()))
		default:
			found.Changes = append(found.Changes, c.dueAccess(fresh))
		}
	}
	for _, c := range now.ofAccess() {
		switch {
		case reviewed[c.Key()]:
		case c.Action == Blocked:
			found.Changes = append(found.Changes, c)
		default:
			found.Stale = append(found.Stale, c.staleAccess(planInSync, c.state()))
		}
	}
}

// dueAccess returns a planned change as it is to be made now, of which fresh is the same in a new plan.
func (c Change) dueAccess(fresh Change) Change {
	switch {
	case fresh.Action == Blocked:
		return fresh
	case c.Action == Blocked:
		fresh.block(c.Reason)
		return fresh
	case fresh.Risk != c.Risk:
		fresh.block("the plan does not show its risk: " + fresh.consequence())
		return fresh
	default:
		c.Reason = fresh.Reason
		return c
	}
}

// sameAs reports whether a change of a later plan does the same to the same state.
func (c Change) sameAs(later Change) bool {
	return c.Action == later.Action && textOr(c.Before, unset) == textOr(later.Before, unset) && textOr(c.After, unset) == textOr(later.After, unset)
}

// staleAccess is a change of which something differs from when the plan was made.
func (c Change) staleAccess(planned, now string) Stale {
	stale := Stale{Kind: c.Kind, Principal: c.Access.Principal, Field: c.Field, Planned: planned, Now: now}
	if c.Access.Binding != nil {
		stale.Field = wordsOf(*c.Access.Binding)
	}
	return stale
}

// state is what a change begins with.
func (c Change) state() string {
	switch {
	case c.Kind == KindACL && c.Action == Delete:
		return "there"
	case c.Kind == KindACL, c.Kind == KindUser && c.Before == nil:
		return absent
	case c.Kind == KindUser:
		return plural(int(orCount(c.Before)), "iteration", "")
	case c.Before == nil:
		return unset
	default:
		return QuotaText(c.Field, c.Before.String())
	}
}

func orCount(v Value) Count {
	n, _ := v.(Count)
	return n
}

// wordsOf is what a binding says without who: "write topic order.created from 10.0.0.1".
func wordsOf(b acl.Binding) string {
	text := acl.Words(string(b.Operation)) + " " + b.Resource.String()
	if b.Permission == acl.Deny {
		text = "no " + text
	}
	if b.Host != acl.Any {
		text += " from " + b.Host
	}
	return text
}
