package access

import (
	"fmt"
	"slices"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// noAuthorizer is why ACLs are not compared.
const noAuthorizer = "the brokers have no authorizer"

// bindings compares ACLs, each exactly: one that is broader than a declared one does not stand in for it.
func (c *comparison) bindings() {
	if c.observed.NoAuthorizer {
		if c.desired.ACLs == topicspec.ACLsRequired {
			c.allowed = append(c.allowed, change(topicspec.Change{Kind: topicspec.KindACL, Access: &topicspec.AccessSubject{}}, noAuthorizer+
				": set authorizer.class.name on brokers and controllers"))
		} else {
			c.compared.Skipped = noAuthorizer
		}
		return
	}
	r := newRights(Derive(c.desired), c.observed)
	var added []acl.Binding
	for _, wanted := range r.wanted {
		blocked := c.obstacle(wanted.Binding, r)
		switch {
		case blocked == "" && r.all[wanted.Binding].everywhere:
			c.compared.Bindings++
			continue
		case blocked == "":
			added = append(added, wanted.Binding)
		}
		c.allowed = append(c.allowed, change(topicspec.Change{Kind: topicspec.KindACL, Action: topicspec.Create, Access: &topicspec.AccessSubject{
			Principal: wanted.Principal, Service: wanted.Service, Binding: &wanted.Binding, Reasons: wanted.Reasons,
		}}, blocked))
	}
	c.undeclared(r)
	c.closes(added, r)
}

// obstacle says why a declared binding does not hold, or must not be added; "" where nothing speaks against it.
func (c *comparison) obstacle(b acl.Binding, r *rights) string {
	blocked := c.firstOfCluster(b, r)
	switch {
	case blocked != "":
		return blocked
	case b.Permission == acl.Allow:
		return c.defeat(b, r)
	case r.all[b].everywhere:
		return ""
	case c.observed.Own == "":
		return "who kafkactl itself is to the brokers is not known, and this DENY might be about it"
	case b.Principal == everyone || b.Principal == c.observed.Own:
		return fmt.Sprintf("this DENY would be about %s too, who kafkactl itself is to the brokers", c.observed.Own)
	}
	if allowed := r.defeated(b); allowed != nil {
		return fmt.Sprintf("this DENY would win over what is declared: %s", allowed)
	}
	return ""
}

// defeat says which DENY wins over all of a declared ALLOW, "" when none does. One that wins over a part of it is a note,
// unless the file itself declares it.
func (c *comparison) defeat(b acl.Binding, r *rights) string {
	whole, part := r.denied(b)
	if whole != nil {
		return "a DENY wins over it: " + whole.String()
	}
	if part != nil {
		c.note(fmt.Sprintf("a DENY narrows what is declared: %s, although %s", part, b))
	}
	return ""
}

// undeclared lists what principals of the file have and the file does not declare, or removes it: of those who shall
// have nothing any more in any case, of others when the user accepts removals.
func (c *comparison) undeclared(r *rights) {
	var found []acl.Binding
	for b, known := range r.all {
		if _, ours := c.owners.of(b.Principal); ours && !known.declared {
			found = append(found, b)
		}
	}
	slices.SortFunc(found, c.owners.byOwner)
	for _, b := range found {
		owner, _ := c.owners.of(b.Principal)
		keeps, leaves := c.owners.keeps(b.Principal), leaves(b, owner.absent)
		remove := topicspec.Change{
			Kind: topicspec.KindACL, Action: topicspec.Delete, Risk: topicspec.RiskRevoke,
			Access: &topicspec.AccessSubject{Principal: b.Principal, Service: owner.service, Binding: &b},
		}
		switch {
		case leaves == "" && (owner.absent || keeps == "" && c.consent.Revokes > 0):
			c.revoked = append(c.revoked, change(remove, keeps))
		case keeps != "":
			c.extra(b, owner, keeps, true)
		case leaves != "":
			c.extra(b, owner, leaves, true)
		default:
			c.extra(b, owner, r.alreadyAllows(b), false)
		}
	}
}

func (c *comparison) extra(b acl.Binding, o owner, reason string, kept bool) {
	c.compared.Extras = append(c.compared.Extras, topicspec.Extra{Binding: b, Service: o.service, Reason: reason, Kept: kept})
}
