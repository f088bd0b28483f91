package topicspec

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/acl"
)

// access checks who may do what as it is written, each value at its place. What only several of them say together is in
// [validator.crossedAccess].
func (v *validator) access() {
	s := v.spec
	v.managed = s.managedServices()
	v.policy(path{"access"}, s.Policy)
	for _, name := range inFileOrder(s, path{"services"}, s.Services) {
		p := path{"services", name}
		if name == "" {
			v.addf(p, "the name is empty")
		}
		if !v.absentService(name) {
			v.service(p, s.Services[name])
		}
	}
	declared := slices.Sorted(maps.Keys(s.Services))
	for _, profile := range inFileOrder(s, path{"profiles"}, s.Profiles) {
		p := path{"profiles", profile}
		v.policy(p.to("access"), s.Profiles[profile].Access)
		for _, name := range inFileOrder(s, p.to("services"), s.Profiles[profile].Services) {
			at := p.to("services", name)
			service, known := s.Services[name]
			if !known {
				v.addf(at, "is not declared under services%s", didYouMean(name, declared))
			}
			if service.Absent() {
				v.addf(at, "has state %s under services, which a profile does not change", absent)
				continue
			}
			if s.has(at.to(fieldState)) {
				v.faultf(at.to(fieldState), "only a service under services has it: a profile takes no service away")
			}
			v.service(at, s.Profiles[profile].Services[name])
		}
	}
}

// faultf adds a problem of the value at p, with its field.
func (v *validator) faultf(p path, format string, args ...any) {
	v.addf(p, "%s", p.label()+fmt.Sprintf(format, args...))
}

// fault adds err, if it is one, as a problem of the value at p.
func (v *validator) fault(p path, err error) {
	if err != nil {
		v.faultf(p, "%s", err)
	}
}

// policy checks access as a whole.
func (v *validator) policy(p path, a Access) {
	choices := []string{string(ACLsOff), string(ACLsAuto), string(ACLsRequired)}
	if at := p.to("acls"); v.spec.has(at) && !slices.Contains(choices, a.ACLs) {
		v.faultf(at, "must be off, auto or required, got %q%s", a.ACLs, didYouMean(a.ACLs, choices))
	}
	if at := p.to(fieldPrincipal); v.spec.has(at) && a.Principal != none {
		if !strings.Contains(a.Principal, principalService) {
			v.faultf(at, "must have %s for the name of the service, as %q, or be %s", principalService, "User:"+principalService, none)
		} else {
			v.faultOfPrincipal(at, a.Principal)
		}
	}
	v.principals(p.to("owns"), a.Owns)
	v.principals(p.to("protect"), a.Protect)
}

// principals checks principals of which the last character may be a *.
func (v *validator) principals(p path, names []string) {
	seen := make(map[string]bool)
	for i, name := range names {
		at := p.to(strconv.Itoa(i))
		kind, _, _ := strings.Cut(name, ":")
		switch prefix, cut := strings.CutSuffix(name, acl.Any); {
		case seen[name]:
			v.faultf(at, "%q is named twice", name)
		case name == acl.Any:
			v.faultf(at, "a * needs the start of the principals before it, as \"User:shop-*\"")
		case cut && prefix == kind+":" && p[len(p)-1] == "owns":
			v.faultf(at, "%s is every client: nothing is ever removed of all of them", name)
		case cut && prefix == kind+":":
			v.fault(at, acl.CheckPrincipal(name))
		case cut && strings.HasSuffix(prefix, acl.Any):
			v.faultf(at, "%q has more than one * at its end", name)
		default:
			v.fault(at, acl.CheckPrincipal(prefix))
		}
		seen[name] = true
	}
}

// absentService checks the state of a service, and reports whether the service is declared absent.
func (v *validator) absentService(name string) bool {
	p := path{"services", name}
	state, at := v.spec.Services[name].State, p.to(fieldState)
	if !v.spec.has(at) {
		return false
	}
	if state != absent {
		v.faultf(at, "must be %q, got %q%s", absent, state, didYouMean(state, []string{absent}))
		return false
	}
	v.principal(p.to(fieldPrincipal), v.spec.Services[name].Principal)
	for _, field := range slices.Sorted(maps.Keys(fieldNames(reflect.TypeFor[Service]()))) {
		if !slices.Contains([]string{fieldState, fieldPrincipal, "description"}, field) && v.spec.has(p.to(field)) {
			v.addf(p.to(field), "%s: a service with state %s has nothing but principal and description", field, absent)
		}
	}
	return true
}

func (v *validator) service(p path, service Service) {
	v.principal(p.to(fieldPrincipal), service.Principal)
	v.nameList(p.to(fieldGroup), service.Group, acl.Group)
	v.nameList(p.to(fieldTransactional), service.TransactionalID, acl.TransactionalID)
	v.hosts(p.to(fieldHosts), service.Hosts)
	for i, g := range service.Grants {
		v.grant(p.to("grants", strconv.Itoa(i)), g)
	}
	if service.Scram != nil {
		v.scram(p.to(fieldScram), *service.Scram)
	}
	if service.Quota != nil {
		v.quota(p.to(fieldQuota), *service.Quota)
	}
	if at := p.to(fieldStreams, fieldApplicationID); v.spec.has(at) {
		id := service.Streams.ApplicationID
		if problem := cmp.Or(nameProblem(id), nameProblem(id+"-")); problem != "" {
			v.faultf(at, "%s (topics of the application begin with it)", problem)
		}
	}
	if service.Connect != nil {
		v.connect(p.to(fieldConnect), *service.Connect)
	}
}

func (v *validator) principal(p path, principal string) {
	switch {
	case !v.spec.has(p), principal == none:
	case principal == "":
		v.faultf(p, "is empty: leave the line out, or write %s", none)
	default:
		v.faultOfPrincipal(p, principal)
	}
}

// faultOfPrincipal checks the principal at p, whose field says already that it is one.
func (v *validator) faultOfPrincipal(p path, principal string) {
	if err := acl.CheckPrincipal(principal); err != nil {
		v.faultf(p, "%s", strings.TrimPrefix(err.Error(), "principal "))
	}
}

// nameList checks names of which the last character may be a *.
func (v *validator) nameList(p path, names NameList, kind acl.ResourceType) {
	seen := make(map[string]bool)
	for i, name := range names {
		at := p
		if item := p.to(strconv.Itoa(i)); v.spec.has(item) {
			at = item
		}
		switch {
		case seen[name]:
			v.faultf(at, "%q is named twice", name)
		case kind == acl.Group && name == none && len(names) == 1:
		case kind == acl.Group && name == none:
			v.faultf(at, "%s stands alone: it says that there is no group", none)
		default:
			v.namePattern(at, name, kind)
			v.warnOfAll(at, name, kind)
		}
		seen[name] = true
	}
}

// namePattern checks a name, NAME* or * of a type of resource.
func (v *validator) namePattern(p path, name string, kind acl.ResourceType) {
	pattern := newNamePattern(name)
	resource := acl.Resource{Type: kind, Pattern: pattern.Pattern, Name: pattern.Name}
	switch {
	case name == "":
		v.faultf(p, "the name is empty")
		return
	case name != acl.Any && strings.Contains(pattern.Name, acl.Any):
		v.faultf(p, "%q: a * is only understood at the end of a name, for all that begin so", name)
		return
	}
	v.fault(p, acl.CheckResource(resource))
	v.zooKeeper(p, acl.Binding{Resource: resource})
}

// warnOfAll warns of a name that stands for everything of its type.
func (v *validator) warnOfAll(p path, name string, kind acl.ResourceType) {
	if name == acl.Any {
		v.warn(p, "", p.label()+fmt.Sprintf("* is %s: is that meant?", acl.Resource{Type: kind, Pattern: acl.Literal, Name: acl.Any}))
	}
}

// zooKeeper warns of a binding that only brokers with ZooKeeper refuse. There is none of a service without a principal.
func (v *validator) zooKeeper(p path, b acl.Binding) {
	const kafka = "3.9 with ZooKeeper"
	if err := acl.CheckZooKeeper(b); err != nil && v.managed[p.service()] {
		v.warn(p, kafka, p.label()+refusal{kafka, err.Error()}.String())
	}
}

// service returns the service that p is in, "" for none.
func (p path) service() string {
	if len(p) > 2 && p[0] == "profiles" {
		p = p[2:]
	}
	if len(p) > 1 && p[0] == "services" {
		return p[1]
	}
	return ""
}

// hosts checks IP addresses.
func (v *validator) hosts(p path, hosts []string) {
	seen := make(map[string]bool)
	for i, host := range hosts {
		at, written := p.to(strconv.Itoa(i)), brokerHost(host)
		switch {
		case seen[written]:
			v.faultf(at, "%q is named twice", host)
		case host == acl.Any && len(hosts) > 1:
			v.faultf(at, "* is any address: leave out the others, or it")
		default:
			v.fault(at, acl.CheckHost(written))
		}
		seen[written] = true
	}
}
