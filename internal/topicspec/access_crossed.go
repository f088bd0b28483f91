package topicspec

import (
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/acl"
)

// accessFinding is what several fields of services say together, and should not.
type accessFinding struct {
	service string
	field   string // the way to the field of the service that it is about, as path.String has it
	text    string
	warns   bool
}

// accessRules collects findings under one profile.
type accessRules struct {
	services []foldedService
	topics   []string // that shall exist
	protect  []string
	found    []accessFinding
}

func (r *accessRules) addf(service string, field path, format string, args ...any) {
	text := field.label() + fmt.Sprintf(format, args...)
	r.found = append(r.found, accessFinding{service: service, field: field.String(), text: text})
}

func (r *accessRules) warnf(service string, field path, format string, args ...any) {
	r.addf(service, field, format, args...)
	r.found[len(r.found)-1].warns = true
}

// crossedAccess checks what services say together, as written and under each profile.
func (v *validator) crossedAccess() {
	asWritten, roles := make(map[accessFinding]bool), v.spec.roles()
	for _, profile := range append([]string{""}, inFileOrder(v.spec, path{"profiles"}, v.spec.Profiles)...) {
		if v.spec.unset[profile] != nil {
			continue // it may be the missing variable that is right
		}
		for _, f := range v.spec.accessFindings(profile, roles) {
			place := v.spec.placeOf(profile, f)
			if place[0] == "profiles" || !asWritten[f] {
				v.clash(profile, place, f.warns, f.text)
			}
			asWritten[f] = asWritten[f] || profile == ""
		}
	}
	for _, name := range inFileOrder(v.spec, path{"services"}, v.spec.Services) {
		v.useless(name)
	}
}

// placeOf returns where the file decides about a finding: the nearest field that it has on the way there.
func (s *Spec) placeOf(profile string, f accessFinding) path {
	service := path{"services", f.service}
	for field := strings.Split(f.field, pathSeparator); len(field) > 0; field = field[:len(field)-1] {
		for _, p := range []path{{"profiles", profile, "services", f.service}, service} {
			if at := p.to(field...); s.has(at) {
				return at
			}
		}
	}
	return service
}

func (s *Spec) accessFindings(profile string, roles map[string]foldedService) []accessFinding {
	r := &accessRules{services: s.foldServices(profile, roles), protect: s.accessUnder(profile).Protect}
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		if !s.Topics[name].Absent() {
			r.topics = append(r.topics, name)
		}
	}
	for _, one := range r.services {
		r.whole(one)
		if one.principal == "" {
			continue
		}
		if err := acl.CheckPrincipal(one.principal); err != nil && one.Service.Principal == "" {
			r.addf(one.name, path{fieldPrincipal}, "%s (by access.principal)", strings.TrimPrefix(err.Error(), "principal "))
		}
		if one.Absent() {
			r.protected(one)
			continue
		}
		r.grouped(one)
		r.personal(one)
		r.ownTopics(one)
	}
	r.sharing()
	r.prefixes()
	return r.found
}

// whole checks that mappings have the fields that they need.
func (r *accessRules) whole(one foldedService) {
	if one.Scram != nil && one.Scram.Password == (PasswordSource{}) {
		r.addf(one.name, path{fieldScram, fieldPassword}, "it needs just one of env, file and generate")
	}
	if one.Quota != nil && len(one.Quota.fields()) == 0 {
		r.addf(one.name, path{fieldQuota}, "it needs produce, consume, requestPercent or controllerMutations")
	}
	if one.Streams != nil && one.Streams.ApplicationID == "" {
		r.addf(one.name, path{fieldStreams, fieldApplicationID}, "is missing")
	}
	if one.Connect == nil {
		return
	}
	for _, field := range []struct{ name, value string }{
		{fieldGroup, one.Connect.Group}, {"config", one.Connect.Config}, {"offsets", one.Connect.Offsets}, {"status", one.Connect.Status},
	} {
		if field.value == "" {
			r.addf(one.name, path{fieldConnect, field.name}, "is missing")
		}
	}
	for name, connector := range one.Connect.inOrder() {
		at := path{fieldConnect, "connectors", name}
		switch {
		case len(connector.Consumes)+len(connector.Produces) == 0:
			r.addf(one.name, at, "it needs consumes or produces")
		case connector.DLQ != "" && len(connector.Consumes) == 0:
			r.addf(one.name, at.to("dlq"), "only a sink has one: the connector consumes nothing")
		}
	}
}

// grouped checks that a consumer says which group it has.
func (r *accessRules) grouped(one foldedService) {
	if len(one.Group) > 0 || one.Streams != nil {
		return
	}
	for _, c := range one.consumes {
		if !one.sinks(c.Topic) {
			r.addf(one.name, path{fieldGroup}, "it consumes %q and names none: write a name, or %s when it assigns partitions itself", c.Topic, none)
			return
		}
	}
}

// sinks reports whether a connector of the service reads a topic.
func (service Service) sinks(topic string) bool {
	if service.Connect == nil {
		return false
	}
	for _, connector := range service.Connect.inOrder() {
		if slices.Contains(connector.Consumes, topic) {
			return true
		}
	}
	return false
}

// certificateName is a distinguished name, as a client has that logs in with a certificate.
func certificateName(user string) bool {
	attribute, _, found := strings.Cut(user, "=")
	return found && !strings.ContainsFunc(attribute, func(c rune) bool { return !isLetter(c) })
}

func isLetter(c rune) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// personal checks what only one user can have.
func (r *accessRules) personal(one foldedService) {
	user, isUser := strings.CutPrefix(one.principal, "User:")
	if isUser && (user == acl.Any || user == "ANONYMOUS") {
		derived := len(one.produces)+len(one.consumes)+len(one.groups())+len(one.TransactionalID) > 0 || one.Streams != nil || one.Connect != nil
		if derived {
			r.addf(one.name, path{fieldPrincipal}, "%s is not one client alone: what it may do is only written in grants", one.principal)
		}
		if one.Scram != nil {
			r.addf(one.name, path{fieldScram}, "%s is not one client alone, and has no password", one.principal)
		}
		if one.Quota != nil {
			r.addf(one.name, path{fieldQuota}, "%s is not one client alone, and has no quota of its own", one.principal)
		}
		return
	}
	switch {
	case one.Scram == nil:
	case !isUser:
		r.addf(one.name, path{fieldScram}, "only a User: has a password, and %s is none", one.principal)
	case certificateName(user):
		r.addf(one.name, path{fieldScram}, "%s is the name of a certificate, with which no password goes", one.principal)
	}
	if one.Quota != nil && !isUser {
		r.addf(one.name, path{fieldQuota}, "only a User: has a quota, and %s is none", one.principal)
	}
}

// protected checks that nothing of a service is to go that must not.
func (r *accessRules) protected(one foldedService) {
	for _, entry := range r.protect {
		if newNamePattern(entry).Matches(one.principal) {
			r.addf(one.name, path{fieldState}, "access.protect has %s, so that nothing of %s would be removed", entry, one.principal)
		}
	}
}

// ownTopics warns of declared topics that a Streams application takes for its own.
func (r *accessRules) ownTopics(one foldedService) {
	if one.Streams == nil || one.Streams.ApplicationID == "" {
		return
	}
	for _, topic := range r.topics {
		if strings.HasPrefix(topic, one.Streams.ApplicationID+"-") {
			r.warnf(one.name, path{fieldStreams, fieldApplicationID}, "%q is among the topics %s-* that the application may write, create and delete", topic, one.Streams.ApplicationID)
		}
	}
}

// useless checks a service that has no principal under any profile.
func (v *validator) useless(name string) {
	if v.managed[name] {
		return
	}
	service := path{"services", name}
	if v.spec.Services[name].Absent() {
		v.addf(service.to(fieldState), "state: it needs its principal: nobody else says whose rights go")
		return
	}
	for _, field := range []string{fieldTransactional, fieldHosts, "grants", fieldScram, fieldQuota} {
		if at := service.to(field); v.spec.has(at) && !v.refused[service.to(fieldPrincipal).String()] {
			v.warn(at, "", field+": it has no effect without a principal")
		}
	}
}
