package access

import (
	"slices"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// Derive returns the bindings that the services need, in file order and by resource: just those with which their clients
// work, and none twice. READ, WRITE, DELETE and ALTER imply DESCRIBE, so that is not among them; a producer needs
// nothing on the cluster to be idempotent (KIP-679: WRITE on any topic will do). A service whose principal an earlier
// one has adds its reasons to the bindings of that.
func Derive(d topicspec.DesiredAccess) []Wanted {
	w := wants{declared: make(map[string]bool, len(d.Topics)), at: make(map[acl.Binding]int)}
	for _, topic := range d.Topics {
		w.declared[topic] = true
	}
	for _, service := range d.Services {
		if service.Absent {
			continue
		}
		first := len(w.all)
		w.service = service
		w.produced()
		w.consumed()
		w.transactional()
		w.streams()
		w.connect()
		w.granted()
		slices.SortFunc(w.all[first:], func(a, b Wanted) int { return acl.Compare(a.Binding, b.Binding) })
		for i, wanted := range w.all[first:] {
			w.at[wanted.Binding] = first + i
		}
	}
	return w.all
}

// wants collects bindings, one service after the other.
type wants struct {
	declared map[string]bool // topics
	service  topicspec.DesiredService
	all      []Wanted
	at       map[acl.Binding]int // index in all
}

// add adds bindings for operations on a resource from some hosts.
func (w *wants) add(resource acl.Resource, permission acl.Permission, hosts []string, reason string, operations ...acl.Operation) {
	for _, operation := range operations {
		for _, host := range hosts {
			w.one(acl.Binding{Principal: w.service.Principal, Resource: resource, Host: host, Operation: operation, Permission: permission}, reason)
		}
	}
}

func (w *wants) one(binding acl.Binding, reason string) {
	i, found := w.at[binding]
	if !found {
		w.at[binding] = len(w.all)
		w.all = append(w.all, Wanted{Binding: binding, Service: w.service.Name, Reasons: []string{reason}})
		return
	}
	if known := &w.all[i].Reasons; !slices.Contains(*known, reason) {
		*known = append(*known, reason)
	}
}

// allow adds what the service may do from its hosts.
func (w *wants) allow(resource acl.Resource, reason string, operations ...acl.Operation) {
	w.add(resource, acl.Allow, w.service.Hosts, reason, operations...)
}

func (w *wants) produced() {
	for _, topic := range w.service.Produces {
		w.allow(literal(acl.Topic, topic), "producer of "+topic, acl.Write)
	}
}

// consumed adds what a consumer needs. A group is needed too where grants tell which topics it reads.
func (w *wants) consumed() {
	for _, consumed := range w.service.Consumes {
		w.allow(literal(acl.Topic, consumed.Topic), "consumer of "+consumed.Topic, acl.Read)
		if consumed.DLQ != "" {
			w.allow(literal(acl.Topic, consumed.DLQ), "dead letters of "+consumed.Topic, acl.Write)
		}
	}
	if len(w.service.Consumes) == 0 && !slices.ContainsFunc(w.service.Grants, readsTopics) {
		return
	}
	for _, group := range w.service.Groups {
		w.allow(named(acl.Group, group), "its group", acl.Read)
	}
}

func readsTopics(g topicspec.DesiredGrant) bool {
	return g.Type == acl.Topic && (slices.Contains(g.Allow, acl.Read) || slices.Contains(g.Allow, acl.All))
}

// transactional adds WRITE on transactional ids, which offsets that are sent with a transaction need, too. It is never
// TWO_PHASE_COMMIT (KIP-939): who has that can keep a transaction open for ever.
func (w *wants) transactional() {
	for _, id := range w.service.TransactionalIDs {
		w.allow(named(acl.TransactionalID, id), "its transactional id", acl.Write)
	}
}

// streams adds what an application needs for its own topics, which are named after it: repartition topics are trimmed
// (DELETE), and the group of a new protocol has them made for the same principal (KIP-1071). Its sources and sinks are
// topics that the service consumes and produces.
func (w *wants) streams() {
	app := w.service.Streams
	if app == nil {
		return
	}
	reason := "streams application " + app.ApplicationID
	own := topicspec.NamePattern{Name: app.ApplicationID + "-", Pattern: acl.Prefixed}
	w.allow(named(acl.Topic, own), reason, acl.Read, acl.Write, acl.Create, acl.Delete)
	w.allow(literal(acl.Group, app.ApplicationID), reason, acl.Read)
	if app.ExactlyOnce {
		w.allow(named(acl.TransactionalID, own), "exactly once of "+reason, acl.Write)
	}
	if app.Reset {
		w.allow(literal(acl.Group, app.ApplicationID), "reset of "+reason, acl.Delete)
	}
}

// connect adds what a worker and its connectors need. A worker makes those of its topics that the file does not declare.
func (w *wants) connect() {
	worker := w.service.Connect
	if worker == nil {
		return
	}
	reason := "Connect worker of group " + worker.Group
	w.allow(literal(acl.Group, worker.Group), reason, acl.Read)
	for _, topic := range []string{worker.Config, worker.Offsets, worker.Status} {
		if topic == "" {
			continue
		}
		w.allow(literal(acl.Topic, topic), reason, acl.Read, acl.Write)
		if !w.declared[topic] {
			w.allow(literal(acl.Topic, topic), reason, acl.Create)
		}
	}
	if worker.ExactlyOnce {
		w.allow(literal(acl.TransactionalID, "connect-cluster-"+worker.Group), "exactly once of "+reason, acl.Write)
	}
	for _, connector := range worker.Connectors {
		w.connector(*worker, connector)
	}
}

func (w *wants) connector(worker topicspec.DesiredConnect, c topicspec.DesiredConnector) {
	sink, source := "sink connector "+c.Name, "source connector "+c.Name
	for _, topic := range c.Consumes {
		w.allow(literal(acl.Topic, topic), sink, acl.Read)
	}
	if len(c.Consumes) > 0 {
		w.allow(literal(acl.Group, "connect-"+c.Name), sink, acl.Read)
		if c.DLQ != "" {
			w.allow(literal(acl.Topic, c.DLQ), "dead letters of "+sink, acl.Write)
		}
	}
	for _, topic := range c.Produces {
		w.allow(literal(acl.Topic, topic), source, acl.Write)
		if c.CreatesTopics {
			w.allow(literal(acl.Topic, topic), source, acl.Create)
		}
	}
	if len(c.Produces) > 0 && worker.ExactlyOnce {
		tasks := topicspec.NamePattern{Name: worker.Group + "-" + c.Name + "-", Pattern: acl.Prefixed}
		w.allow(named(acl.TransactionalID, tasks), "exactly once of "+source, acl.Write)
	}
}

// granted adds what the file says as it is.
func (w *wants) granted() {
	for _, grant := range w.service.Grants {
		w.add(grant.Resource, acl.Allow, grant.Hosts, "its grants", grant.Allow...)
		w.add(grant.Resource, acl.Deny, grant.Hosts, "its grants", grant.Deny...)
	}
}

func literal(kind acl.ResourceType, name string) acl.Resource {
	return acl.Resource{Type: kind, Pattern: acl.Literal, Name: name}
}

func named(kind acl.ResourceType, n topicspec.NamePattern) acl.Resource {
	return acl.Resource{Type: kind, Pattern: n.Pattern, Name: n.Name}
}
