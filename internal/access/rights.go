package access

import (
	"fmt"
	"slices"

	"kafkactl/internal/acl"
)

// rights are the bindings that the file declares and those that the brokers have, as they are looked up here.
type rights struct {
	wanted  []Wanted
	all     map[acl.Binding]standing
	allows  map[string][]acl.Binding // declared, by principal
	denials map[string][]acl.Binding // of the brokers, by principal
	// clusterClosed reports that the cluster has an ACL of any kind: only those whom one allows something are let in.
	clusterClosed bool
}

// standing is what is known of a binding: whether the file declares it, some broker shows it, and every broker does.
type standing struct{ declared, shown, everywhere bool }

func newRights(wanted []Wanted, o Observed) *rights {
	r := &rights{
		wanted: wanted, all: make(map[acl.Binding]standing, max(len(wanted), len(o.Bindings)+len(o.Late))),
		allows: make(map[string][]acl.Binding), denials: make(map[string][]acl.Binding),
	}
	for _, b := range o.Bindings {
		r.all[b] = standing{shown: true, everywhere: true}
	}
	for _, b := range o.Late {
		r.all[b] = standing{shown: true}
	}
	for b := range r.all {
		r.clusterClosed = r.clusterClosed || b.Type == acl.Cluster
		if b.Permission == acl.Deny {
			r.denials[b.Principal] = append(r.denials[b.Principal], b)
		}
	}
	for _, denials := range r.denials {
		slices.SortFunc(denials, acl.Compare)
	}
	for _, w := range wanted {
		known := r.all[w.Binding]
		known.declared = true
		r.all[w.Binding] = known
		if w.Permission == acl.Allow {
			r.allows[w.Principal] = append(r.allows[w.Principal], w.Binding)
		}
	}
	return r
}

// denied returns a DENY that the brokers have and that wins over all of a declared ALLOW, and else one that wins over a
// part of it and is not declared.
func (r *rights) denied(allow acl.Binding) (whole, part *acl.Binding) {
	for _, principal := range []string{allow.Principal, everyone} {
		for _, deny := range r.denials[principal] {
			if defeats(deny, allow) {
				return &deny, nil
			}
			if part == nil && !r.all[deny].declared && deny.Defeats(allow) {
				part = &deny
			}
		}
	}
	return nil, part
}

// defeated returns a declared ALLOW over all of which a DENY wins, nil when there is none.
func (r *rights) defeated(deny acl.Binding) *acl.Binding {
	for _, allow := range r.allows[deny.Principal] {
		if defeats(deny, allow) {
			return &allow
		}
	}
	return nil
}

// alreadyAllows says that an ALLOW which is not declared covers some that are, "" when it does not.
func (r *rights) alreadyAllows(b acl.Binding) string {
	first, more := acl.Binding{}, -1
	for _, allow := range r.allows[b.Principal] {
		if b.Covers(allow) {
			if more++; more == 0 {
				first = allow
			}
		}
	}
	switch what := fmt.Sprintf("already allows what is declared: %s %s", acl.Words(string(first.Operation)), first.Resource); more {
	case -1:
		return ""
	case 0:
		return what
	default:
		return fmt.Sprintf("%s, and %d more", what, more)
	}
}

// defeats reports whether a DENY wins over all of an ALLOW, so that no client can do what it is for; [acl.Binding.Defeats]
// is of any part of it.
func defeats(deny, allow acl.Binding) bool {
	return deny.Defeats(allow) && deny.Resource.Covers(allow.Resource) && (deny.Principal == everyone || deny.Principal == allow.Principal) &&
		(deny.Host == acl.Any || deny.Host == allow.Host) && (deny.Operation == acl.All || allow.Operation != acl.All)
}
