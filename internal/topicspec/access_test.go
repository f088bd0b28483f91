package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
)

// accessUnder is the access of accessDocument, which must be accepted without warnings.
func accessUnder(t *testing.T, profile string) DesiredAccess {
	t.Helper()
	spec := parse(t, accessDocument, Source{Profile: profile})
	if warnings := spec.Warnings(); len(warnings) > 0 {
		t.Errorf("warnings: %v", warnings)
	}
	access, err := spec.Access(profile)
	if err != nil {
		t.Fatal(err)
	}
	return access
}

func named(names ...string) []NamePattern {
	var patterns []NamePattern
	for _, name := range names {
		patterns = append(patterns, newNamePattern(name))
	}
	return patterns
}

const accessDocument = `
version: 1
access: {owns: ["User:shop-*"], protect: [User:breakglass]}
services:
  OrderService:
    principal: User:order
    group: [order, audit-*]
    transactionalId: order-tx-*
    hosts: ["2001:db8::1", 10.0.0.1]
    grants:
      - {topic: audit.*, allow: [read, describe-configs]}
      - {cluster: true, deny: [alter], hosts: ["*"]}
    scram: {password: {env: ORDER_PASSWORD}}
    quota: {produce: 5MiB, consume: 1024, requestPercent: 12.50, controllerMutations: null}
  Paper: {group: paper}
  Enricher: {principal: User:enricher, streams: order-enricher}
  Sinks:
    principal: User:connect
    connect:
      group: w
      config: w-config
      offsets: w-offsets
      status: w-status
      connectors: {s3: {consumes: [b], dlq: b.dlq}, cdc: {produces: [db.orders], createsTopics: true}}
  Assigns: {principal: User:assigns, group: none}
  Old: {principal: User:old, state: absent, description: replaced}
topics:
  b: {producers: [OrderService, Paper], consumers: [Enricher, Assigns], dlq: b.dlq}
  a: {producers: [OrderService, Enricher], consumers: [OrderService]}
  b.dlq:
  gone: {state: absent}
profiles:
  production:
    access: {acls: required, prune: true, owns: []}
    services:
      OrderService: {hosts: [10.1.2.3], scram: {iterations: 8192, password: {file: order}}, quota: {consume: null, clientId: app}, grants: []}
      Enricher: {principal: "User:CN=enricher", streams: {exactlyOnce: true}}
      Sinks: {connect: {config: c, connectors: {s3: {dlq: a}, http: {consumes: [a]}}}}
  off: {access: {acls: "off"}, services: {OrderService: {principal: none, scram: , quota: }}}
  all: {access: {principal: "User:{service}.app"}}
`

func TestAccess(t *testing.T) {
	t.Parallel()
	anywhere := []string{acl.Any}
	order := DesiredService{
		Name: "OrderService", Principal: "User:order", Groups: named("order", "audit-*"), TransactionalIDs: named("order-tx-*"),
		Hosts: []string{"2001:db8:0:0:0:0:0:1", "10.0.0.1"}, Produces: []string{"b", "a"}, Consumes: []Consumed{{Topic: "a"}},
		Grants: []DesiredGrant{
			{
				Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Prefixed, Name: "audit."}, Allow: []acl.Operation{acl.Read, acl.DescribeConfigs},
				Hosts: []string{"2001:db8:0:0:0:0:0:1", "10.0.0.1"},
			},
			{Resource: acl.Resource{Type: acl.Cluster, Pattern: acl.Literal, Name: acl.ClusterName}, Deny: []acl.Operation{acl.Alter}, Hosts: anywhere},
		},
		Scram: &DesiredScram{Password: PasswordSource{Env: "ORDER_PASSWORD"}, Mechanisms: []string{scramSHA512}, Iterations: 4096},
		Quota: map[string]Setting{
			"producer_byte_rate": {Value: "5242880"}, "consumer_byte_rate": {Value: "1024"}, "request_percentage": {Value: "12.5"}, "controller_mutation_rate": {Unset: true},
		},
	}
	cdc := DesiredConnector{Name: "cdc", Produces: []string{"db.orders"}, CreatesTopics: true}
	base := DesiredAccess{
		ACLs: ACLsAuto, Owns: []string{"User:shop-*"}, Protect: []string{"User:breakglass"}, Topics: []string{"b", "a", "b.dlq"},
		Services: []DesiredService{
			order,
			{
				Name: "Enricher", Principal: "User:enricher", Hosts: anywhere, Produces: []string{"a"}, Consumes: []Consumed{{"b", "b.dlq"}},
				Streams: &DesiredStreams{ApplicationID: "order-enricher"},
			},
			{Name: "Sinks", Principal: "User:connect", Hosts: anywhere, Connect: &DesiredConnect{
				Group: "w", Config: "w-config", Offsets: "w-offsets", Status: "w-status",
				Connectors: []DesiredConnector{{Name: "s3", Consumes: []string{"b"}, DLQ: "b.dlq"}, cdc},
			}},
			{Name: "Assigns", Principal: "User:assigns", Hosts: anywhere, Consumes: []Consumed{{"b", "b.dlq"}}},
			{Name: "Old", Principal: "User:old", Absent: true, Hosts: anywhere},
		},
	}
	if diff := cmp.Diff(base, accessUnder(t, ""), noEmpty); diff != "" {
		t.Errorf("without a profile (-want +got):\n%s", diff)
	}

	production := base
	production.ACLs, production.Prune, production.Owns = ACLsRequired, true, nil
	order.Hosts, order.Grants, order.QuotaClientID = []string{"10.1.2.3"}, nil, "app"
	order.Scram = &DesiredScram{Password: PasswordSource{File: "order"}, Mechanisms: []string{scramSHA512}, Iterations: 8192}
	order.Quota = map[string]Setting{
		"producer_byte_rate": {Value: "5242880"}, "consumer_byte_rate": {Unset: true}, "request_percentage": {Value: "12.5"}, "controller_mutation_rate": {Unset: true},
	}
	enricher, sinks := base.Services[1], base.Services[2]
	enricher.Principal, enricher.Streams = "User:CN=enricher", &DesiredStreams{ApplicationID: "order-enricher", ExactlyOnce: true}
	sinks.Connect = &DesiredConnect{Group: "w", Config: "c", Offsets: "w-offsets", Status: "w-status", Connectors: []DesiredConnector{
		{Name: "http", Consumes: []string{"a"}}, {Name: "s3", Consumes: []string{"b"}, DLQ: "a"}, cdc,
	}}
	production.Services = []DesiredService{order, enricher, sinks, base.Services[3], base.Services[4]}
	if diff := cmp.Diff(production, accessUnder(t, "production"), noEmpty); diff != "" {
		t.Errorf("production (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(base, accessUnder(t, ""), noEmpty); diff != "" {
		t.Errorf("a profile changed what it was laid over (-want +got):\n%s", diff)
	}
}

// noEmpty takes no list for an empty one.
var noEmpty = cmp.FilterValues(func(a, b []string) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore())

// A service has no principal when a profile takes it away, and that of access.principal when it names none.
func TestPrincipals(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string][]string{
		"":    {"User:order", "User:enricher", "User:connect", "User:assigns", "User:old"},
		"off": {"User:enricher", "User:connect", "User:assigns", "User:old"},
		"all": {"User:order", "User:Paper.app", "User:enricher", "User:connect", "User:assigns", "User:old"},
	} {
		access := accessUnder(t, profile)
		var got []string
		for _, s := range access.Services {
			got = append(got, s.Principal)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("profile %q (-want +got):\n%s", profile, diff)
		}
		if access.Managed() == (profile == "off") {
			t.Errorf("profile %q: managed is %v", profile, access.Managed())
		}
	}
	spec := parse(t, accessDocument, Source{})
	if _, err := spec.Access("prodution"); errorText(err) != `topics.yaml: no profile "prodution" (did you mean "production"?) (profiles: all, off, production)` {
		t.Errorf("an unknown profile: %v", err)
	}
}

// A file in which no service has a principal manages no access.
func TestAccessOfDocumentation(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"", "production"} {
		access, err := repositorySpec(t, profile).Access(profile)
		if err != nil || access.Managed() {
			t.Errorf("profile %q: %+v, %v", profile, access, err)
		}
	}
}

// What is taken and hardly meant is said, and what one Kafka alone refuses. A service without a principal has no ACLs.
func TestAccessWarnings(t *testing.T) {
	t.Parallel()
	spec := parse(t, `
version: 1
services:
  Slash: {principal: User:slash, group: a/b, transactionalId: "*", grants: [{transactionalId: x, allow: [two-phase-commit]}]}
  Paper: {group: a/b, scram: {password: {env: P}}, hosts: [10.0.0.1]}
  Streams: {principal: User:streams, streams: order}
  Groups: {principal: User:groups, group: shop-*}
  Shop: {principal: User:shop, group: shop-a}
  Watcher: {principal: User:watcher, grants: [{topic: "*", allow: [describe, describe-configs]}, {group: "*", allow: [describe]}, {topic: "*", allow: [read]}]}
topics: {order-x: , order: }
profiles: {p: {services: {Shop: {group: "*"}}}}
`, Source{})
	var got []string
	for _, w := range spec.Warnings() {
		got = append(got, w.String())
	}
	want := []string{
		`topics.yaml:4:41: service "Slash": group: Kafka 3.9 with ZooKeeper refuses it: group a/b has a / in its name, for which the authorizer of brokers with ZooKeeper can keep no ACL`,
		`topics.yaml:4:63: service "Slash": transactionalId: * is every transactional id: is that meant?`,
		`topics.yaml:4:106: service "Slash": grants.allow: Kafka 3.9 with ZooKeeper refuses it: brokers with ZooKeeper do not know the operation two-phase-commit`,
		`topics.yaml:5:30: service "Paper": scram: it has no effect without a principal`,
		`topics.yaml:5:59: service "Paper": hosts: it has no effect without a principal`,
		`topics.yaml:6:47: service "Streams": streams.applicationId: "order-x" is among the topics order-* that the application may write, create and delete`,
		`topics.yaml:7:43: service "Groups": group: groups shop-* include group shop-a of service "Shop"`,
		`topics.yaml:9:139: service "Watcher": grants.topic: * is every topic: is that meant?`,
		`topics.yaml:11:41: profile "p": service "Shop": group: * is every group: is that meant?`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
