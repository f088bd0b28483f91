package access

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// The roles that topics tell become services, and all else grants; what a file cannot say is left, with the reason.
func TestServices(t *testing.T) {
	t.Parallel()
	observed := Observed{
		Bindings: rules(t,
			"User:order allow WRITE TOPIC:order.created", "User:order allow READ TOPIC:order.created", "User:order allow READ GROUP:g", "User:order allow READ GROUP:h*",
			"User:order allow WRITE TRANSACTIONAL_ID:tx-*", "User:order allow READ TOPIC:audit.*", "User:order deny READ TOPIC:audit.secret", "User:order allow WRITE TOPIC:undeclared",
			"User:order allow WRITE TOPIC:order.paid 10.0.0.9", "User:order allow DESCRIBE TOPIC:order.paid 10.0.0.9", "User:order allow 15 TOPIC:order.paid", "User:order allow READ GROUP:none",
			"User:producer allow WRITE TOPIC:order.paid 10.0.0.1", "User:producer allow WRITE TOPIC:order.paid 10.0.0.2", "User:producer allow READ GROUP:g 10.0.0.1",
			"User:reader allow READ TOPIC:order.*", "User:reader allow READ GROUP:*", "Group:order allow READ TOPIC:order.created", "User:* allow READ TOPIC:order.created",
			"user:low allow READ TOPIC:order.created", "User:kept allow WRITE TOPIC:order.paid", "User:kept deny DESCRIBE TOPIC:order.*",
			"User:admin allow ALTER CLUSTER:kafka-cluster", "User:order allow WRITE TOPIC:bad/name", "User:order allow WRITE TRANSACTIONAL_ID:a*b",
			"User:txa allow WRITE TRANSACTIONAL_ID:a-*", "User:txb allow WRITE TRANSACTIONAL_ID:a-b", "User:txb allow WRITE TRANSACTIONAL_ID:a-b 10.0.0.1",
		),
		Users: map[string]map[string]Credential{"order": {sha512: {Iterations: 8192}}, "only": {sha256: {Iterations: 4096}}},
		Quotas: map[QuotaEntity]map[string]float64{
			{"order", ""}: {"producer_byte_rate": 5 << 20, "new_rate": 1}, {"order", "c"}: {"request_percentage": 12.5}, {"client", "d"}: {"consumer_byte_rate": 1}, {"ANONYMOUS", ""}: {"consumer_byte_rate": 1},
		},
	}
	prefix := func(name string) acl.Resource {
		return acl.Resource{Type: acl.Topic, Pattern: acl.Prefixed, Name: name}
	}
	want := []topicspec.DesiredService{
		{Name: "*", Principal: "User:*", Hosts: from(), Grants: []topicspec.DesiredGrant{grant(literal(acl.Topic, "order.created"), read, nil)}},
		{Name: "ANONYMOUS", Principal: anonymous, Hosts: from()},
		{Name: "admin", Principal: admin, Hosts: from(), Grants: []topicspec.DesiredGrant{grant(theCluster, alter, nil)}},
		{Name: "client", Principal: "User:client", Hosts: from(), Quota: map[string]topicspec.Setting{"consumer_byte_rate": {Value: "1"}}, QuotaClientID: "d"},
		{Name: "kept", Principal: "User:kept", Hosts: from(), Grants: []topicspec.DesiredGrant{grant(prefix("order."), nil, describe)}},
		{Name: "only", Principal: "User:only", Hosts: from()},
		{
			Name: "order", Principal: "User:order", Hosts: from(), Produces: []string{"order.created"}, Consumes: []topicspec.Consumed{{Topic: "order.created"}},
			Groups: []topicspec.NamePattern{{Name: "g", Pattern: acl.Literal}, {Name: "h", Pattern: acl.Prefixed}}, TransactionalIDs: names(acl.Prefixed, "tx-"),
			Grants: []topicspec.DesiredGrant{
				grant(literal(acl.Group, noGroup), read, nil), grant(prefix("audit."), read, nil), grant(literal(acl.Topic, "audit.secret"), nil, read),
				{Resource: literal(acl.Topic, "order.paid"), Allow: []acl.Operation{acl.Describe, acl.Write}, Hosts: from("10.0.0.9")},
				grant(literal(acl.Topic, "undeclared"), []acl.Operation{acl.Write}, nil),
			},
			Quota: map[string]topicspec.Setting{"producer_byte_rate": {Value: "5242880"}},
		},
		{
			Name: "producer", Principal: "User:producer", Hosts: from("10.0.0.1", "10.0.0.2"), Produces: []string{"order.paid"},
			Grants: []topicspec.DesiredGrant{{Resource: literal(acl.Group, "g"), Allow: read, Hosts: from("10.0.0.1")}},
		},
		{Name: "reader", Principal: "User:reader", Hosts: from(), Groups: names(acl.Literal, acl.Any), Grants: []topicspec.DesiredGrant{grant(prefix("order."), read, nil)}},
		{Name: "txa", Principal: "User:txa", Hosts: from(), Grants: []topicspec.DesiredGrant{
			grant(acl.Resource{Type: acl.TransactionalID, Pattern: acl.Prefixed, Name: "a-"}, []acl.Operation{acl.Write}, nil),
		}},
		{Name: "txb", Principal: "User:txb", Hosts: from(), TransactionalIDs: names(acl.Literal, "a-b"), Grants: []topicspec.DesiredGrant{
			{Resource: literal(acl.TransactionalID, "a-b"), Allow: []acl.Operation{acl.Write}, Hosts: from("10.0.0.1")},
		}},
		{Name: "Group:order", Principal: "Group:order", Hosts: from(), Consumes: []topicspec.Consumed{{Topic: "order.created"}}},
	}
	got := Services(observed, []string{"order.created", "order.paid"})
	if diff := cmp.Diff(want, got.Services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	var left []string
	for _, l := range got.Left {
		left = append(left, l.Service+": "+l.What+": "+l.Why)
	}
	if diff := cmp.Diff([]string{
		"ANONYMOUS: quota consumer_byte_rate 1 of user ANONYMOUS: it is not of one client alone",
		"kept: User:kept may write topic order.paid: a DENY wins over it: User:kept must not describe topics order.*",
		"only: user only has SCRAM-SHA-256, 4096 iterations: brokers never tell the password, so scram has to say where it is: {password: {env: NAME}}",
		"order: User:order may write topic bad/name: " + acl.Check(rule(t, "User:order allow WRITE TOPIC:bad/name")).Error(),
		"order: User:order may 15 with topic order.paid: " + acl.Check(rule(t, "User:order allow 15 TOPIC:order.paid")).Error(),
		"order: User:order may write transactional id a*b: the * in its name is a character, and a file has it for a prefix",
		"order: user order has SCRAM-SHA-512, 8192 iterations: brokers never tell the password, so scram has to say where it is: {password: {env: NAME}}",
		"order: quota new_rate 1 of user order: the file has no word for it",
		"order: quota request_percentage 12.5 of user order and client c: a service has one quota, for all clients or for one",
		": user:low may read topic order.created: " + acl.CheckPrincipal("user:low").Error(),
	}, left); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

// The law of the export: Derive makes of it what the brokers have, but for what is left, and nothing is to be changed.
func TestServicesDeriveTheSameBindings(t *testing.T) {
	t.Parallel()
	roles, granted, left := 0, 0, 0
	for seed := range uint64(seeds) {
		w := newWorld(seed)
		file := w.desired()
		observed := w.observed(file)
		observed.Bindings, observed.Late, observed.NoAuthorizer = observed.all(), nil, false
		exported := Services(observed, file.Topics)
		var all []acl.Binding
		for _, wanted := range Derive(topicspec.DesiredAccess{Services: exported.Services}) {
			all = append(all, wanted.Binding)
		}
		for _, l := range exported.Left {
			if l.Binding != nil {
				all = append(all, *l.Binding)
				left++
			}
		}
		want := slices.Clone(observed.Bindings)
		slices.SortFunc(want, acl.Compare)
		slices.SortFunc(all, acl.Compare)
		if !slices.Equal(want, all) {
			t.Fatalf("seed %d: derived (-observed +derived):\n%s", seed, cmp.Diff(want, all))
		}
		d := Diff(topicspec.DesiredAccess{ACLs: topicspec.ACLsRequired, Services: exported.Services, Topics: file.Topics}, observed, topicspec.Consent{})
		if len(d.Changes) > 0 {
			t.Fatalf("seed %d: not in sync: %v", seed, lines(d))
		}
		if again := Services(observed, file.Topics); !reflect.DeepEqual(exported, again) {
			t.Fatalf("seed %d: not the same twice:\n%s", seed, cmp.Diff(exported, again))
		}
		for _, s := range exported.Services {
			for _, hosts := range append([][]string{s.Hosts}, hostsOf(s.Grants)...) {
				if len(hosts) == 0 || len(hosts) > 1 && slices.Contains(hosts, acl.Any) {
					t.Fatalf("seed %d: service %s has hosts %v", seed, s.Name, hosts)
				}
			}
			roles += len(s.Groups) + len(s.Consumes) + len(s.Produces) + len(s.TransactionalIDs)
			granted += len(s.Grants)
		}
	}
	if min(roles, granted, left) < seeds/4 {
		t.Errorf("%d roles, %d grants and %d that are left in %d worlds: too few of one", roles, granted, left, seeds)
	}
}

func hostsOf(grants []topicspec.DesiredGrant) [][]string {
	var all [][]string
	for _, g := range grants {
		all = append(all, g.Hosts)
	}
	return all
}
