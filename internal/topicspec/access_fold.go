package topicspec

import (
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
	return s.foldAccess(profile), nil
}

// foldAccess is Access of a profile that can be used.
func (s *Spec) foldAccess(profile string) DesiredAccess {
	access := s.accessUnder(profile)
	desired := DesiredAccess{ACLs: ACLs(access.ACLs), Prune: access.Prune, Owns: access.Owns, Protect: access.Protect}
	if desired.ACLs == "" {
		desired.ACLs = ACLsAuto
	}
	roles := s.roles()
	for _, name := range inFileOrder(s, path{"services"}, s.Services) {
		service := s.serviceUnder(profile, name)
		principal := access.principalOf(name, service)
		if principal == "" {
			continue
		}
		d := service.desired(name, principal, roles[name])
		if c := service.Connect; c != nil && !d.Absent {
			d.Connect = c.desired(inFileOrder(s, path{"services", name, "connect", "connectors"}, c.Connectors))
		}
		desired.Services = append(desired.Services, d)
	}
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		if !s.Topics[name].Absent() {
			desired.Topics = append(desired.Topics, name)
		}
	}
	return desired
}

// principalOf returns the principal of a service, "" when it has none.
func (a Access) principalOf(name string, service Service) string {
	switch {
	case service.Principal == none, service.Principal == "" && a.Principal == none:
		return ""
	case service.Principal != "":
		return service.Principal
	default:
		return strings.ReplaceAll(a.Principal, principalService, name)
	}
}

// role is what topics say of a service.
type role struct {
	produces []string
	consumes []Consumed
}

// roles lists what the topics that shall exist say of each service, in file order.
func (s *Spec) roles() map[string]role {
	roles := make(map[string]role)
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

// desired returns the service as it shall be, with defaults filled in.
func (service Service) desired(name, principal string, r role) DesiredService {
	if service.Absent() {
		return DesiredService{Name: name, Principal: principal, Absent: true, Hosts: []string{acl.Any}}
	}
	d := DesiredService{
		Name: name, Principal: principal, Hosts: hosts(service.Hosts, []string{acl.Any}),
		Groups: service.groups(), TransactionalIDs: service.TransactionalID.patterns(),
		Produces: r.produces, Consumes: r.consumes,
		Scram: service.Scram.desired(),
	}
	for _, g := range service.Grants {
		d.Grants = append(d.Grants, g.desired(d.Hosts))
	}
	if service.Quota != nil {
		d.Quota, d.QuotaClientID = service.Quota.desired(), service.Quota.ClientID
	}
	if service.Streams != nil {
		d.Streams = (*DesiredStreams)(service.Streams)
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
