package topicspec

import (
	"cmp"
	"slices"
	"strings"

	"kafkactl/internal/acl"
)

// sharing checks services that have the same principal: what it has once is declared alike.
func (r *accessRules) sharing() {
	byPrincipal := make(map[string][]foldedService)
	for _, one := range r.services {
		if one.principal == "" {
			continue
		}
		for _, other := range byPrincipal[one.principal] {
			if r.shared(other, one) {
				break // one that differs says enough
			}
		}
		byPrincipal[one.principal] = append(byPrincipal[one.principal], one)
	}
}

// shared checks two services with one principal, and reports whether they differ. It is told of the later one.
func (r *accessRules) shared(first, one foldedService) bool {
	before := len(r.found)
	switch {
	case first.Absent() != one.Absent():
		gone, other := first, one
		if one.Absent() {
			gone, other = one, first
		}
		r.addf(gone.name, path{fieldState}, "service %q has the same principal %s, which shall have rights", other.name, one.principal)
	case first.Absent():
	default:
		r.sharedScram(first, one)
		r.sharedQuota(first, one)
	}
	return len(r.found) > before
}

func (r *accessRules) sharedScram(first, one foldedService) {
	if first.Scram == nil || one.Scram == nil {
		return
	}
	a, b := first.Scram.desired(), one.Scram.desired()
	if a.Password != b.Password {
		r.addf(one.name, path{fieldScram, fieldPassword}, "service %q has the same principal, and another password", first.name)
	}
	if a.Iterations != b.Iterations {
		r.addf(one.name, path{fieldScram, "iterations"}, "service %q has the same principal, and %d", first.name, a.Iterations)
	}
}

func (r *accessRules) sharedQuota(first, one foldedService) {
	if first.Quota == nil || one.Quota == nil || first.Quota.ClientID != one.Quota.ClientID {
		return
	}
	theirs, ours := first.Quota.desired(), one.Quota.desired()
	for _, f := range one.Quota.fields() {
		if value, too := theirs[f.key]; too && value != ours[f.key] {
			r.addf(one.name, path{fieldQuota, f.field}, "service %q has the same principal, and another quota", first.name)
		}
	}
}

// claim is names that a service has for itself.
type claim struct {
	acl.Resource
	service, principal string
	field              path
	order              int // among all claims of the file
}

// claims lists the transactional ids, groups, and topics of Streams applications that services have.
func (r *accessRules) claims() []claim {
	var all []claim
	for _, one := range r.services {
		if one.principal == "" || one.Absent() {
			continue
		}
		add := func(field path, kind acl.ResourceType, p NamePattern) {
			all = append(all, claim{acl.Resource{Type: kind, Pattern: p.Pattern, Name: p.Name}, one.name, one.principal, field, len(all)})
		}
		for _, p := range one.TransactionalID.patterns() {
			add(path{fieldTransactional}, acl.TransactionalID, p)
		}
		for _, p := range one.groups() {
			add(path{fieldGroup}, acl.Group, p)
		}
		if st := one.Streams; st != nil && st.ApplicationID != "" {
			id := path{fieldStreams, fieldApplicationID}
			own := NamePattern{st.ApplicationID + "-", acl.Prefixed}
			add(id, acl.Topic, own)
			if st.ExactlyOnce {
				add(id, acl.TransactionalID, own)
			}
			add(id, acl.Group, NamePattern{st.ApplicationID, acl.Literal})
		}
	}
	return all
}

// prefixes checks that no prefix has names of a service with another principal in it: it could fence its producers, or
// write and delete its topics. A group is only warned of: there it can commit offsets.
func (r *accessRules) prefixes() {
	claims := r.claims()
	slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) })
	for i, wide := range claims {
		if wide.Pattern != acl.Prefixed {
			continue
		}
		first := i
		for first > 0 && claims[first-1].Type == wide.Type && claims[first-1].Name == wide.Name {
			first--
		}
		for _, narrow := range claims[first:] {
			if narrow.Type != wide.Type || !strings.HasPrefix(narrow.Name, wide.Name) {
				break
			}
			r.overlap(wide, narrow)
		}
	}
}

func (r *accessRules) overlap(wide, narrow claim) {
	toldLater := wide.Resource == narrow.Resource && narrow.order > wide.order
	if wide.principal == narrow.principal || toldLater || !wide.Covers(narrow.Resource) {
		return
	}
	tell := r.addf
	if wide.Type == acl.Group {
		tell = r.warnf
	}
	tell(wide.service, wide.field, "%s include %s of service %q", wide.Resource, narrow.Resource, narrow.service)
}
