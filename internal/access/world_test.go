package access

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// world makes random files and clusters of few names, so that they meet.
type world struct{ *rand.Rand }

func newWorld(seed uint64) world { return world{rand.New(rand.NewPCG(seed, 18))} }

func pick[T any](w world, from ...T) T { return from[w.IntN(len(from))] }

// some returns each of all with the chance of one in n.
func some[T any](w world, n int, all ...T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(T) bool { return w.IntN(n) > 0 })
}

func (w world) one(n int) bool { return w.IntN(n) == 0 }

func (w world) topics() []string { return []string{"t", "t.x", "t.x.y", "u", "app-log"} }

func (w world) principal() string {
	return pick(w, "User:a", "User:b", "User:c", "User:c1", "User:d", admin, everyone, anonymous, "Group:a")
}

func (w world) host() string { return pick(w, acl.Any, acl.Any, "10.0.0.1", "10.0.0.2") }

func (w world) resource() acl.Resource {
	if w.one(8) {
		return theCluster
	}
	kind := pick(w, acl.Topic, acl.Topic, acl.Topic, acl.Group, acl.TransactionalID, acl.User)
	return acl.Resource{Type: kind, Pattern: pick(w, acl.Literal, acl.Literal, acl.Prefixed), Name: pick(w, "t", "t.x", "u", "app-", acl.Any, "connect-s")}
}

func (w world) operation() acl.Operation {
	return pick(w, acl.Read, acl.Write, acl.Describe, acl.All, acl.Create, acl.Delete, acl.Alter, acl.ClusterAction, acl.AlterConfigs, acl.DescribeConfigs, "15")
}

func (w world) desired() topicspec.DesiredAccess {
	d := topicspec.DesiredAccess{
		ACLs: topicspec.ACLsAuto, Prune: w.one(2), Owns: some(w, 3, "User:c*", "User:d", everyone), Protect: some(w, 5, "User:a", "User:c*"), Topics: some(w, 2, w.topics()...),
	}
	for place := range w.IntN(5) {
		d.Services = append(d.Services, w.service("s"+strconv.Itoa(place)))
	}
	return d
}

func (w world) service(name string) topicspec.DesiredService {
	s := topicspec.DesiredService{Name: name, Principal: w.principal()}
	if w.one(6) {
		s.Absent = true
		return s
	}
	s.Hosts = []string{w.host()}
	s.Groups = names(pick(w, acl.Literal, acl.Prefixed), some(w, 3, "t", "g")...)
	s.TransactionalIDs = names(pick(w, acl.Literal, acl.Prefixed), some(w, 3, "t", "g")...)
	s.Produces = some(w, 3, w.topics()...)
	for _, topic := range some(w, 4, w.topics()...) {
		s.Consumes = append(s.Consumes, topicspec.Consumed{Topic: topic, DLQ: pick(w, "", "u")})
	}
	for range w.IntN(3) {
		s.Grants = append(s.Grants, w.grant())
	}
	if w.one(5) {
		s.Streams = &topicspec.DesiredStreams{ApplicationID: "app", ExactlyOnce: w.one(2), Reset: w.one(2)}
	}
	if w.one(5) {
		s.Connect = &topicspec.DesiredConnect{Group: "w", Config: "u", Offsets: "w-offsets", ExactlyOnce: w.one(2), Connectors: []topicspec.DesiredConnector{
			{Name: "s", Consumes: some(w, 3, w.topics()...), DLQ: "u"}, {Name: "d", Produces: some(w, 3, w.topics()...), CreatesTopics: w.one(2)},
		}}
	}
	if w.one(2) {
		s.Scram = &topicspec.DesiredScram{Password: topicspec.PasswordSource{Env: "PASS"}, Mechanisms: pick(w, []string{sha256}, []string{sha256, sha512}), Iterations: pick(w, 4096, 8192)}
	}
	if w.one(2) {
		s.Quota = map[string]topicspec.Setting{"producer_byte_rate": {Value: pick(w, "1", "2.5")}, "request_percentage": {Unset: true}}
		s.QuotaClientID = pick(w, "", "c")
	}
	return s
}

func (w world) grant() topicspec.DesiredGrant {
	return topicspec.DesiredGrant{Resource: w.resource(), Allow: some(w, 3, acl.Read, acl.All, acl.Describe, acl.Alter), Deny: some(w, 4, acl.Write, acl.Describe), Hosts: []string{w.host()}}
}

// observed is a cluster that has some of what is declared, and others' things.
func (w world) observed(d topicspec.DesiredAccess) Observed {
	o := Observed{Own: pick(w, admin, admin, "User:a", ""), OpenToAll: w.one(3), Users: map[string]map[string]Credential{}, Quotas: map[QuotaEntity]map[string]float64{}}
	if w.one(20) {
		o.NoAuthorizer = true
		return o
	}
	for _, wanted := range Derive(d) {
		switch w.IntN(4) {
		case 0, 1:
			o.Bindings = append(o.Bindings, wanted.Binding)
		case 2:
			o.Late = append(o.Late, wanted.Binding)
		}
	}
	for range w.IntN(12) {
		b := acl.Binding{Principal: w.principal(), Resource: w.resource(), Host: w.host(), Operation: w.operation(), Permission: pick(w, acl.Allow, acl.Allow, acl.Allow, acl.Deny)}
		if !slices.Contains(o.Late, b) && !slices.Contains(o.Bindings, b) {
			o.Bindings = append(o.Bindings, b)
		}
	}
	for _, name := range some(w, 2, "a", "b", "c", "admin") {
		o.Users[name] = map[string]Credential{pick(w, sha256, sha512): {Iterations: pick(w, 4096, 8192), Password: pick(w, NotVerified, Same, Other)}}
		o.Quotas[QuotaEntity{name, pick(w, "", "c")}] = map[string]float64{pick(w, "producer_byte_rate", "request_percentage"): pick(w, 1, 2.5)}
	}
	return o
}

// made returns what brokers have once a change is made.
func made(o Observed, c topicspec.Change) Observed {
	name, _ := userName(c.Access.Principal)
	switch c.Kind {
	case topicspec.KindACL:
		other := func(b acl.Binding) bool { return b == *c.Access.Binding }
		o.Bindings, o.Late = slices.DeleteFunc(slices.Clone(o.Bindings), other), slices.DeleteFunc(slices.Clone(o.Late), other)
		if c.Action == topicspec.Create {
			o.Bindings = append(o.Bindings, *c.Access.Binding)
		}
	case topicspec.KindUser:
		credentials := maps.Clone(o.Users[name])
		if credentials == nil {
			credentials = map[string]Credential{}
		}
		delete(credentials, c.Field)
		if c.Action != topicspec.Delete {
			credentials[c.Field] = Credential{Iterations: int(c.After.(topicspec.Count)), Password: Same}
		}
		o.Users = maps.Clone(o.Users)
		o.Users[name] = credentials
	case topicspec.KindQuota:
		entity := QuotaEntity{name, c.Access.ClientID}
		values := maps.Clone(o.Quotas[entity])
		if values == nil {
			values = map[string]float64{}
		}
		delete(values, c.Field)
		if c.After != nil {
			values[c.Field], _ = strconv.ParseFloat(c.After.String(), 64)
		}
		o.Quotas = maps.Clone(o.Quotas)
		o.Quotas[entity] = values
	case topicspec.KindTopic:
	}
	return o
}
