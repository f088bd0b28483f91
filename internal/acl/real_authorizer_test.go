package acl_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// authorizers are the two that Kafka has.
func authorizers() map[kafkatest.Flavour]string {
	return map[kafkatest.Flavour]string{
		kafkatest.Kraft1: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		kafkatest.ZK1:    "kafka.security.authorizer.AclAuthorizer",
	}
}

// What the tests ask about. The names are prefixes of each other.
var (
	users  = []string{"a", "b", "app"}
	topics = []string{"o", "or", "order", "order.created", "x"}
	groups = []string{"o", "order", "order-group", "any name"}
	ids    = []string{"o", "order", "order-1"} // transactional ids
)

// judge is a broker with an authorizer, which users log in to.
type judge struct {
	*testing.T
	admin  *kafka.Client // a super user
	users  map[string]*kgo.Client
	openTo bool // allow.everyone.if.no.acl.found
	old    bool // before Kafka 4
}

func startJudge(t *testing.T, flavour kafkatest.Flavour, openToAll bool) judge {
	t.Helper()
	logins := "org.apache.kafka.common.security.plain.PlainLoginModule required"
	for _, user := range users {
		logins += fmt.Sprintf(" user_%s=%q", user, "password")
	}
	cluster := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}}, Props: map[string]string{
		"authorizer.class.name": authorizers()[flavour], "super.users": "User:ANONYMOUS", // of the plain listener
		"allow.everyone.if.no.acl.found": fmt.Sprint(openToAll), "sasl.enabled.mechanisms": "PLAIN",
		"listener.name.login.plain.sasl.jaas.config": logins + ";",
	}})
	admin, err := kafka.Dial(t.Context(), kafka.Config{Brokers: cluster.Addrs(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(admin.Close)
	j := judge{t, admin, make(map[string]*kgo.Client), openToAll, flavour == kafkatest.ZK1}
	for _, user := range users {
		client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenerAddrs("LOGIN")...), kgo.SASL(plain.Auth{User: user, Pass: "password"}.AsMechanism()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		j.users[user] = client
	}
	j.makeTopics()
	return j
}

// makeTopics makes what is asked about, and a coordinator for the groups: some group has committed once.
func (j judge) makeTopics() {
	j.Helper()
	if _, err := j.admin.Adm.CreateTopics(j.Context(), 1, 1, nil, topics...); err != nil {
		j.Fatal(err)
	}
	var offsets kadm.Offsets
	offsets.Add(kadm.Offset{Topic: topics[0], LeaderEpoch: -1})
	j.until("groups can commit", func() bool {
		for _, group := range groups {
			if j.admin.Adm.CommitAllOffsets(j.Context(), group, offsets) != nil {
				return false
			}
		}
		return true
	})
}

func (j judge) until(what string, holds func() bool) {
	j.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			j.Fatalf("not within a minute: %s", what)
		}
	}
}

// set makes these the only bindings. It returns once the broker goes by them.
func (j judge) set(bindings []acl.Binding) {
	j.Helper()
	remove := kmsg.NewPtrDeleteACLsRequest()
	all := kmsg.NewDeleteACLsRequestFilter()
	all.ResourceType, all.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	all.Operation, all.PermissionType = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny
	remove.Filters = append(remove.Filters, all)
	removed, err := remove.RequestWith(j.Context(), j.admin.Any)
	if err == nil {
		err = kerr.ErrorForCode(removed.Results[0].ErrorCode)
	}
	if err != nil {
		j.Fatal(err)
	}
	for i, err := range j.create(bindings) {
		if err != nil {
			j.Fatalf("%v: %v", bindings[i], err)
		}
	}
	j.until("the broker shows the bindings", func() bool {
		shown, err := j.admin.ACLs(j.Context(), j.admin.Seed(), kafka.ACLFilter{})
		return err == nil && cmp.Equal(bindings, shown)
	})
}

// create adds bindings; the answers are in their order. Brokers close the connection for a word that they do not know.
func (j judge) create(bindings []acl.Binding) []error {
	j.Helper()
	req := kmsg.NewPtrCreateACLsRequest()
	for _, b := range bindings {
		req.Creations = append(req.Creations, kafka.ACLCreation(b))
	}
	answers := make([]error, len(bindings))
	resp, err := req.RequestWith(j.Context(), j.admin.Any)
	if err != nil {
		return slices.Repeat([]error{err}, len(bindings))
	}
	for i, r := range resp.Results {
		answers[i] = kafka.CodeError(kmsg.CreateACLs, "", r.ErrorCode, r.ErrorMessage)
	}
	return answers
}

// told are the operations that a broker says are permitted on a thing; nil where it does not tell, for want of
// DESCRIBE. With only, it tells of that one alone.
type told struct {
	kind       acl.ResourceType
	name       string
	operations []string
	only       acl.Operation
}

// ask asks the broker, as a client, what may be done with every thing.
func (j judge) ask(client *kgo.Client) []told {
	j.Helper()
	var all []told
	add := func(kind acl.ResourceType, name string, code int16, bits int32) {
		one := told{kind: kind, name: name}
		if code == 0 {
			if one.operations = kafka.Operations(bits); one.operations == nil {
				j.Fatalf("the broker does not know the operations on %s %s", kind, name)
			}
		}
		all = append(all, one)
	}
	req := kafka.MetadataRequest(topics)
	req.IncludeTopicAuthorizedOperations = true
	meta, err := req.RequestWith(j.Context(), client)
	if err != nil || len(meta.Topics) != len(topics) {
		j.Fatal(meta, err)
	}
	for _, t := range meta.Topics {
		j.expect(t.ErrorCode, kerr.TopicAuthorizationFailed)
		add(acl.Topic, *t.Topic, t.ErrorCode, t.AuthorizedOperations)
	}
	describe := kmsg.NewPtrDescribeGroupsRequest()
	describe.Groups, describe.IncludeAuthorizedOperations = groups, true
	described, err := describe.RequestWith(j.Context(), client.SeedBrokers()[0])
	if err != nil || len(described.Groups) != len(groups) {
		j.Fatal(described, err)
	}
	for _, g := range described.Groups {
		j.expect(g.ErrorCode, kerr.GroupAuthorizationFailed)
		add(acl.Group, g.Group, g.ErrorCode, g.AuthorizedOperations)
	}
	cluster := kmsg.NewPtrDescribeClusterRequest()
	cluster.IncludeClusterAuthorizedOperations = true
	is, err := cluster.RequestWith(j.Context(), client)
	if err != nil {
		j.Fatal(err)
	}
	add(acl.Cluster, acl.ClusterName, is.ErrorCode, is.ClusterAuthorizedOperations)
	if last := &all[len(all)-1]; len(last.operations) == 0 { // which says that it may not be described
		last.operations = nil
	}
	return append(all, j.askIDs(client)...)
}

// askIDs asks for DESCRIBE on transactional ids: of other operations on them, brokers tell nothing.
func (j judge) askIDs(client *kgo.Client) (all []told) {
	j.Helper()
	req := kmsg.NewPtrDescribeTransactionsRequest()
	req.TransactionalIDs = ids
	resp, err := req.RequestWith(j.Context(), client.SeedBrokers()[0])
	if err != nil || len(resp.TransactionStates) != len(ids) {
		j.Fatal(resp, err)
	}
	for _, s := range resp.TransactionStates {
		one := told{kind: acl.TransactionalID, name: s.TransactionalID, only: acl.Describe}
		if s.ErrorCode != kerr.TransactionalIDAuthorizationFailed.Code {
			j.expect(s.ErrorCode, kerr.NotCoordinator) // there are no transactions here
			one.operations = []string{string(acl.Describe)}
		}
		all = append(all, one)
	}
	return all
}

// expect fails for any other answer than success and that refusal.
func (j judge) expect(code int16, refusal *kerr.Error) {
	j.Helper()
	if err := kerr.ErrorForCode(code); code != 0 && code != refusal.Code {
		j.Fatalf("want %v or nothing, got %v", refusal, err)
	}
}

// compare holds Decide to what the broker tells a user. It counts the answers, and those that allow.
func (j judge) compare(bindings []acl.Binding, user string) (answers, allowed int) {
	j.Helper()
	for _, thing := range j.ask(j.users[user]) {
		for _, o := range acl.OperationsOf(thing.kind) {
			if thing.operations == nil && o != acl.Describe || thing.only != "" && o != thing.only || j.unknown(thing.kind, o) {
				continue
			}
			q := acl.Question{Principal: "User:" + user, Host: "127.0.0.1", Operation: o, Type: thing.kind, Name: thing.name, OpenToAll: j.openTo}
			got, want := acl.Decide(bindings, q), slices.Contains(thing.operations, string(o))
			if answers++; want {
				allowed++
			}
			if got.Allowed != want {
				j.Errorf("%+v: %+v, and the broker says %v, with\n%v", q, got, want, bindings)
			}
		}
	}
	return answers, allowed
}

// unknown reports whether the broker is too old for an operation, and so never tells of it.
func (j judge) unknown(kind acl.ResourceType, o acl.Operation) bool {
	return j.old && kind == acl.Group && (o == acl.DescribeConfigs || o == acl.AlterConfigs)
}
