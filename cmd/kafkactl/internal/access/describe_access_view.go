package access

import (
	"maps"
	"slices"

	"kafkactl/internal/access"
	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// state is how a part of a service's access stands on the brokers. The values appear in JSON.
type state string

const (
	notCompared state = "notCompared" // declared; the brokers were not asked, or have no authorizer
	asDeclared  state = "ok"
	isMissing   state = "missing"
	differs     state = "differs" // a credential or a quota is there, and another one
	isBlocked   state = "blocked" // what is declared has no effect, or cannot be made
	isExtra     state = "extra"   // there, and not declared
)

// serviceAccess is what a service may do by the topics file, and how that stands.
type serviceAccess struct {
	topicspec.DesiredService
	bindings []bindingState
	users    []partState // its SCRAM credentials, by mechanism
	quotas   []partState // by Kafka's key
	skipped  string      // why ACLs were not compared, "" when they were
	compared bool        // the brokers were asked
	notes    []string
}

// bindingState is one binding, and why the file asks for it.
type bindingState struct {
	acl.Binding
	state   state
	reasons []string
	note    string // what else is to be known of it
}

// partState is a credential or a quota.
type partState struct {
	name   string          // the mechanism, or the key
	before topicspec.Value // what the brokers have; nil for nothing, and where it is not known
	after  topicspec.Value // what is declared; nil for nothing
	state  state
	note   string
}

// comparison is what the brokers have of the access of services. The zero value is that nobody was asked.
type comparison struct {
	asked   bool
	changes []topicspec.Change
	topicspec.AccessCompared
	// unread says of principals why their passwords cannot be had here: their credentials were not compared.
	unread map[string]string
}

// alike returns d with only those services that have the principal of one: their bindings are the same principal's.
func alike(d topicspec.DesiredAccess, one topicspec.DesiredService) topicspec.DesiredAccess {
	d.Services = slices.DeleteFunc(slices.Clone(d.Services), func(s topicspec.DesiredService) bool { return s.Principal != one.Principal })
	d.Owns = nil
	return d
}

// newServiceAccess says how the access of one service stands.
func newServiceAccess(d topicspec.DesiredAccess, service topicspec.DesiredService, c comparison) serviceAccess {
	view := serviceAccess{DesiredService: service, compared: c.asked, skipped: c.Skipped, notes: slices.Clone(c.Notes)}
	changes := slices.DeleteFunc(slices.Clone(c.changes), func(change topicspec.Change) bool {
		return change.Access == nil || change.Access.Principal != service.Principal
	})
	view.addBindings(d, changes)
	for _, extra := range c.Extras {
		if extra.Principal == service.Principal {
			view.bindings = append(view.bindings, bindingState{extra.Binding, isExtra, nil, extra.Reason})
		}
	}
	view.addUsers(changes, c.unread[service.Principal])
	view.addQuotas(changes)
	return view
}

// addBindings adds what the file asks for, and what a service that is declared absent still has.
func (v *serviceAccess) addBindings(d topicspec.DesiredAccess, changes []topicspec.Change) {
	due := make(map[acl.Binding]topicspec.Change)
	for _, change := range changes {
		switch {
		case change.Kind != topicspec.KindACL:
		case change.Access.Binding == nil:
			v.notes = append(v.notes, change.Reason)
		default:
			due[*change.Access.Binding] = change
		}
	}
	d.Services = []topicspec.DesiredService{v.DesiredService}
	for _, wanted := range access.Derive(d) {
		change, found := due[wanted.Binding]
		delete(due, wanted.Binding)
		one := bindingState{wanted.Binding, asDeclared, wanted.Reasons, ""}
		switch {
		case !v.compared || v.skipped != "":
			one.state = notCompared
		case found && change.Action == topicspec.Blocked:
			one.state, one.note = isBlocked, change.Reason
		case found:
			one.state = isMissing
		}
		v.bindings = append(v.bindings, one)
	}
	if !v.Absent {
		return
	}
	for _, binding := range slices.SortedFunc(maps.Keys(due), acl.Compare) {
		v.bindings = append(v.bindings, bindingState{binding, isExtra, nil, due[binding].Reason})
	}
}

// addUsers adds the credentials that are declared, and those that an absent service still has.
func (v *serviceAccess) addUsers(changes []topicspec.Change, unread string) {
	due := dueOf(changes, topicspec.KindUser, "")
	if v.Scram != nil {
		for _, mechanism := range v.Scram.Mechanisms {
			user := v.part(mechanism, topicspec.Count(v.Scram.Iterations), due)
			if unread != "" {
				user.before, user.state, user.note = nil, notCompared, unread
			}
			v.users = append(v.users, user)
		}
	}
	v.users = append(v.users, left(due)...)
}

// addQuotas is addUsers for quotas.
func (v *serviceAccess) addQuotas(changes []topicspec.Change) {
	due := dueOf(changes, topicspec.KindQuota, v.QuotaClientID)
	for _, key := range slices.Sorted(maps.Keys(v.Quota)) {
		var after topicspec.Value
		if setting := v.Quota[key]; !setting.Unset {
			after = topicspec.Text(setting.Value)
		}
		v.quotas = append(v.quotas, v.part(key, after, due))
	}
	v.quotas = append(v.quotas, left(due)...)
}

// dueOf returns the changes of a kind by what they are about.
func dueOf(changes []topicspec.Change, kind topicspec.Kind, clientID string) map[string]topicspec.Change {
	due := make(map[string]topicspec.Change)
	for _, change := range changes {
		if change.Kind == kind && change.Access.ClientID == clientID {
			due[change.Field] = change
		}
	}
	return due
}

// part says how a credential or a quota stands, and takes its change out of due.
func (v *serviceAccess) part(name string, after topicspec.Value, due map[string]topicspec.Change) partState {
	change, found := due[name]
	delete(due, name)
	part := partState{name: name, after: after, state: asDeclared}
	switch {
	case !v.compared:
		part.state = notCompared
	case !found:
		part.before = after
	default:
		part.before, part.state, part.note = change.Before, differs, change.Reason
		if change.Action == topicspec.Blocked {
			part.state = isBlocked
		} else if change.Before == nil {
			part.state, part.note = isMissing, "" // which says where the password is, as the file does
		}
	}
	return part
}

// left is what an absent service still has.
func left(due map[string]topicspec.Change) []partState {
	var parts []partState
	for _, name := range slices.Sorted(maps.Keys(due)) {
		parts = append(parts, partState{name: name, before: due[name].Before, state: isExtra, note: due[name].Reason})
	}
	return parts
}

// count counts the bindings of a state.
func (v *serviceAccess) count(of state) int {
	n := 0
	for _, b := range v.bindings {
		if b.state == of {
			n++
		}
	}
	return n
}

// wrongParts returns the credentials or quotas that are not as declared.
func wrongParts(parts []partState) []partState {
	return slices.DeleteFunc(slices.Clone(parts), func(p partState) bool { return p.state == asDeclared || p.state == notCompared })
}

// inSync reports whether all that is declared is there. What is there beside it is no drift by itself.
func (v *serviceAccess) inSync() bool {
	wrong := v.count(isMissing) + v.count(isBlocked) + len(wrongParts(v.users)) + len(wrongParts(v.quotas))
	return wrong == 0 && (!v.Absent || len(v.bindings) == 0)
}
