package topicspec

import (
	"maps"
	"slices"
	"strings"

	"kafkactl/internal/acl"
)

// principalService stands in access.principal for the name of the service.
const principalService = "{service}"

// What a SCRAM credential has unless the file says otherwise: the iterations are those of Kafka's own tools.
const (
	scramSHA256       = "SCRAM-SHA-256"
	scramSHA512       = "SCRAM-SHA-512"
	defaultIterations = 4096
)

// Access folds the named profile, or none for "", into who shall be able to do what. Services without a principal are
// not in it. The error is that of [Spec.Desired].
func (s *Spec) Access(profile string) (DesiredAccess, error) {
	if err := s.checkProfile(profile); err != nil {
		return DesiredAccess{}, err
	}
	access := s.accessUnder(profile)
	desired := DesiredAccess{ACLs: ACLs(access.ACLs), Prune: access.Prune, Owns: access.Owns, Protect: access.Protect}
	if desired.ACLs == "" {
		desired.ACLs = ACLsAuto
	}
	for _, one := range s.foldServices(profile, s.roles()) {
		if one.principal != "" {
			desired.Services = append(desired.Services, s.desiredService(one))
		}
	}
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		if !s.Topics[name].Absent() {
			desired.Topics = append(desired.Topics, name)
		}
	}
	return desired, nil
}

// foldedService is a service with a profile laid over it, and what topics say of it.
type foldedService struct {
	Service
	name      string
	principal string // "" when it has none
	produces  []string
	consumes  []Consumed
}

// foldServices lists the services under a profile, in file order, with what topics say of them.
func (s *Spec) foldServices(profile string, roles map[string]foldedService) []foldedService {
	access := s.accessUnder(profile)
	names := inFileOrder(s, path{"services"}, s.Services)
	all := make([]foldedService, len(names))
	for i, name := range names {
		one := roles[name]
		one.Service, one.name = s.serviceUnder(profile, name), name
		one.principal = access.principalOf(name, one.Service)
		all[i] = one
	}
	return all
}

// managedServices returns the services that have a principal, under any profile or none.
func (s *Spec) managedServices() map[string]bool {
	managed := make(map[string]bool)
	for _, profile := range append(slices.Sorted(maps.Keys(s.Profiles)), "") {
		for _, one := range s.foldServices(profile, nil) {
			managed[one.name] = managed[one.name] || one.principal != ""
		}
	}
	return managed
}

// principalOf returns the principal of a service, "" when it has none.
func (a Access) principalOf(name string, service Service) string {
	switch {
	case service.Principal == none:
		return ""
	case service.Principal != "":
		return service.Principal
	case !strings.Contains(a.Principal, principalService): // none, or refused
		return ""
	default:
		return strings.ReplaceAll(a.Principal, principalService, name)
	}
}

// roles lists what the topics that shall exist say of each service, in file order.
func (s *Spec) roles() map[string]foldedService {
	roles := make(map[string]foldedService)
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		t := s.Topics[name]
		if t.Absent() {
			continue
		}
		for _, service := range t.Producers {
			r := roles[service]
			r.produces = append(r.produces, name)
			roles[service] = r
		}
		for _, service := range t.Consumers {
			r := roles[service]
			r.consumes = append(r.consumes, Consumed{name, t.DLQ})
			roles[service] = r
		}
	}
	return roles
}

// desiredService returns a service as it shall be, with defaults filled in.
func (s *Spec) desiredService(one foldedService) DesiredService {
	d := DesiredService{Name: one.name, Principal: one.principal, Hosts: hosts(one.Hosts, []string{acl.Any})}
	if one.Absent() {
		d.Absent = true
		return d
	}
	d.Groups, d.TransactionalIDs = one.groups(), one.TransactionalID.patterns()
	d.Produces, d.Consumes = one.produces, one.consumes
	d.Scram, d.Streams = one.Scram.desired(), (*DesiredStreams)(one.Streams)
	for _, g := range one.Grants {
		d.Grants = append(d.Grants, g.desired(d.Hosts))
	}
	if one.Quota != nil {
		d.Quota, d.QuotaClientID = one.Quota.desired(), one.Quota.ClientID
	}
	if c := one.Connect; c != nil {
		d.Connect = c.desired(inFileOrder(s, path{"services", one.name, fieldConnect, "connectors"}, c.Connectors))
	}
	return d
}

// Absent reports whether the principal of the service shall have nothing any more.
func (service Service) Absent() bool { return service.State == absent }

func (sc *Scram) desired() *DesiredScram {
	if sc == nil {
		return nil
	}
	d := &DesiredScram{Password: sc.Password, Mechanisms: sc.Mechanisms, Iterations: defaultIterations}
	if len(d.Mechanisms) == 0 {
		d.Mechanisms = []string{scramSHA512}
	}
	if sc.Iterations != nil {
		d.Iterations = *sc.Iterations
	}
	return d
}

// desired returns the worker with its connectors in order.
func (c *Connect) desired(order []string) *DesiredConnect {
	d := &DesiredConnect{Group: c.Group, Config: c.Config, Offsets: c.Offsets, Status: c.Status, ExactlyOnce: c.ExactlyOnce}
	for _, name := range order {
		one := c.Connectors[name]
		d.Connectors = append(d.Connectors, DesiredConnector{name, one.Consumes, one.Produces, one.DLQ, one.CreatesTopics})
	}
	return d
}
