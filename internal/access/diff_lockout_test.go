package access

import (
	"testing"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

var (
	topicT      = literal(acl.Topic, "t")
	theCluster  = literal(acl.Cluster, acl.ClusterName)
	read        = []acl.Operation{acl.Read}
	describe    = []acl.Operation{acl.Describe}
	alter       = []acl.Operation{acl.Alter}
	everyTopic  = literal(acl.Topic, acl.Any)
	topicPrefix = named(acl.Topic, topicspec.NamePattern{Name: "t.", Pattern: acl.Prefixed})
)

// A service that shall have nothing loses what it has, by consent alone; what only people remove stays, and nothing goes
// of those who must keep it.
func TestDiffAbsent(t *testing.T) {
	t.Parallel()
	observed := Observed{
		Own: admin,
		Bindings: rules(t,
			"User:old allow READ TOPIC:t", "User:old allow DESCRIBE CLUSTER:kafka-cluster", "User:old allow ALL CLUSTER:kafka-cluster", "User:old deny READ TOPIC:x",
			"User:safe allow READ TOPIC:t", "User:admin allow ALTER CLUSTER:kafka-cluster",
		),
		Late: rules(t, "User:old allow READ GROUP:g"),
		Users: map[string]map[string]Credential{
			"old": {"SCRAM-SHA-512": {Iterations: 8192}, "SCRAM-SHA-256": {Iterations: 4096}}, "admin": {"SCRAM-SHA-512": {Iterations: 4096}},
		},
		Quotas: map[QuotaEntity]map[string]float64{
			{"old", "c"}: {"request_percentage": 12.5}, {"old", ""}: {"producer_byte_rate": 5 << 20, "consumer_byte_rate": 1}, {"older", ""}: {"producer_byte_rate": 1},
			{"safe", ""}: {"producer_byte_rate": 1},
		},
	}
	desired := services(absent("safe"), producer("a"), absent("old"), absent("admin"))
	desired.Protect = []string{"User:safe"}
	const (
		own  = "User:admin is who kafkactl itself is to the brokers: nothing of it is removed"
		safe = "access.protect has User:safe: nothing of it is removed"
	)
	runDiff(t, []diffCase{{"all it has", desired, observed, 0, []string{
		"blocked User:safe producer_byte_rate 1 → <nil> (revoke): " + safe,
		"quotas delete User:old consumer_byte_rate 1 → <nil> (revoke)",
		"quotas delete User:old producer_byte_rate 5242880 → <nil> (revoke)",
		"quotas delete User:old request_percentage of client c 12.5 → <nil> (revoke)",
		"blocked User:safe may read topic t (revoke): " + safe,
		"revoke delete User:old may describe the cluster (revoke)",
		"revoke delete User:old may read group g (revoke)",
		"revoke delete User:old may read topic t (revoke)",
		"blocked User:admin may alter the cluster (revoke): " + own,
		"forget delete User:old SCRAM-SHA-256 4096 → <nil> (revoke)",
		"forget delete User:old SCRAM-SHA-512 8192 → <nil> (revoke)",
		"blocked User:admin SCRAM-SHA-512 4096 → <nil> (revoke): " + own,
		"kept User:old may do everything with the cluster: brokers may need it for each other: only people remove it, with kafka-acls --remove",
		"kept User:old must not read topic x: it is a DENY: only people remove it, with kafka-acls --remove",
	}}, {"a service that is there has its principal", services(absent("a"), producer("a", "t")), Observed{
		Own: admin, Bindings: rules(t, "User:a allow READ TOPIC:t"), Users: map[string]map[string]Credential{"a": {"SCRAM-SHA-512": {}}},
		Quotas: map[QuotaEntity]map[string]float64{{"a", ""}: {"producer_byte_rate": 1}},
	}, 0, []string{"allow create User:a may write topic t", "? User:a may read topic t"}}})
}

// A DENY that wins over a declared ALLOW blocks it, whether that is there or not; one that wins over a part is noted.
func TestDiffDenials(t *testing.T) {
	t.Parallel()
	consumer := topicspec.DesiredService{Name: "a", Principal: "User:a", Hosts: from(), Consumes: []topicspec.Consumed{{Topic: "t.x"}}}
	fromOne := consumer
	fromOne.Hosts = from("10.0.0.1")
	prefix := topicspec.DesiredService{Name: "a", Principal: "User:a", Grants: []topicspec.DesiredGrant{grant(topicPrefix, []acl.Operation{acl.All}, nil)}}
	own := prefix
	own.Grants = []topicspec.DesiredGrant{grant(topicPrefix, read, nil), grant(literal(acl.Topic, "t.secret"), nil, read)}
	const create, blocked, there = "allow create User:a may read topic t.x", "blocked User:a may read topic t.x", "User:a allow READ TOPIC:t.x"
	for _, test := range []struct {
		name, deny string
		service    topicspec.DesiredService
		want       []string
	}{
		{"of the topic", "User:a deny READ TOPIC:t.x", consumer, []string{blocked + ": a DENY wins over it: User:a must not read topic t.x"}},
		{"of everybody and a prefix", "User:* deny ALL TOPIC:t*", consumer, []string{blocked + ": a DENY wins over it: User:* must not do everything with topics t*"}},
		{"of what READ implies", "User:a deny DESCRIBE TOPIC:*", consumer, []string{blocked + ": a DENY wins over it: User:a must not describe every topic"}},
		{"from its host", "User:a deny READ TOPIC:t.x 10.0.0.1", fromOne, []string{"blocked User:a may read topic t.x from 10.0.0.1: a DENY wins over it: User:a must not read topic t.x from 10.0.0.1"}},
		{"of another operation", "User:a deny WRITE TOPIC:t.x", consumer, []string{create}},
		{"of another topic", "User:a deny READ TOPIC:t.xy", consumer, []string{create}},
		{"of a longer prefix", "User:a deny READ TOPIC:t.x.*", consumer, []string{create}},
		{"of another type", "User:a deny READ GROUP:t.x", consumer, []string{create}},
		{"of another user", "User:b deny READ TOPIC:t.x", consumer, []string{create}},
		{"from one host of all", "User:* deny READ TOPIC:t.x 10.0.0.9", consumer, []string{
			create, "note: a DENY narrows what is declared: User:* must not read topic t.x from 10.0.0.9, although User:a may read topic t.x",
		}},
		{"of one name of a prefix, and one operation of all", "User:a deny READ TOPIC:t.secret", prefix, []string{
			"allow create User:a may do everything with topics t.*", "note: a DENY narrows what is declared: User:a must not read topic t.secret, although User:a may do everything with topics t.*",
		}},
		{"of a longer prefix below a prefix", "User:a deny ALL TOPIC:t.s*", prefix, []string{
			"allow create User:a may do everything with topics t.*", "note: a DENY narrows what is declared: User:a must not do everything with topics t.s*, although User:a may do everything with topics t.*",
		}},
		{"of one operation of all", "User:a deny READ TOPIC:t.*", prefix, []string{
			"allow create User:a may do everything with topics t.*", "note: a DENY narrows what is declared: User:a must not read topics t.*, although User:a may do everything with topics t.*",
		}},
		{"of all operations", "User:a deny ALL TOPIC:t.*", prefix, []string{"blocked User:a may do everything with topics t.*: a DENY wins over it: User:a must not do everything with topics t.*"}},
		{"as declared", "User:a deny READ TOPIC:t.secret", own, []string{"allow create User:a may read topics t.*"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			deny := rule(t, test.deny)
			var extra []string
			if deny.Principal == "User:a" && test.name != "as declared" {
				extra = []string{"kept " + deny.String() + ": it is a DENY: only people remove it, with kafka-acls --remove"}
			}
			notes := test.want[1:]
			want := append(append([]string{test.want[0]}, extra...), notes...)
			runDiff(t, []diffCase{{"missing", services(test.service), Observed{Own: admin, Bindings: []acl.Binding{deny}}, 0, want}})
			if test.want[0] == blocked {
				runDiff(t, []diffCase{{"there", services(test.service), Observed{Own: admin, Bindings: rules(t, there), Late: []acl.Binding{deny}}, 0, want}})
			}
		})
	}
}

// No DENY is added that is about kafkactl itself, or that wins over what the same file declares.
func TestDiffAddsNoHarmfulDeny(t *testing.T) {
	t.Parallel()
	all := topicspec.DesiredService{Name: "all", Principal: everyone, Grants: []topicspec.DesiredGrant{grant(topicT, nil, read)}}
	self := topicspec.DesiredService{Name: "self", Principal: admin, Grants: []topicspec.DesiredGrant{grant(topicT, nil, read)}}
	const ours = "this DENY would be about User:admin too, who kafkactl itself is to the brokers"
	runDiff(t, []diffCase{
		{"of everybody, and of its own principal", services(all, self), Observed{Own: admin}, 0, []string{
			"blocked User:* must not read topic t: " + ours, "blocked User:admin must not read topic t: " + ours,
		}},
		{"when it is there it is in sync", services(all), Observed{Own: admin, Bindings: rules(t, "User:* deny READ TOPIC:t")}, 0, nil},
		{"nobody knows who we are", services(granted("a", grant(topicT, nil, read))), Observed{Bindings: rules(t, "User:a allow WRITE TOPIC:t")}, 0, []string{
			"blocked User:a must not read topic t: who kafkactl itself is to the brokers is not known, and this DENY might be about it",
		}},
		{"against its own file", services(granted("a", grant(everyTopic, nil, describe))), Observed{Own: admin}, 0, []string{
			"blocked User:a must not describe every topic: this DENY would win over what is declared: User:a may write topic t",
			"allow create User:a may write topic t",
		}},
		{"of something else", services(granted("a", grant(topicT, nil, read))), Observed{Own: admin}, 0, []string{
			"allow create User:a may write topic t", "allow create User:a must not read topic t",
		}},
	})
}

// Where everybody may do everything with what has no ACL, the first one of a topic is noted, and the first one of the
// cluster needs one for kafkactl itself.
func TestDiffOpenToAll(t *testing.T) {
	t.Parallel()
	const blocked = "it would be the first ACL of the cluster, and allow.everyone.if.no.acl.found is set: unless User:admin is a super user " +
		"it could change nothing any more; give it ALTER on the cluster first, with kafka-acls --add or in its grants"
	const first = "note: the first ACL on t may lock out every client that is not listed: allow.everyone.if.no.acl.found is set on the brokers"
	open := func(texts ...string) Observed {
		return Observed{Own: admin, OpenToAll: true, Bindings: rules(t, texts...)}
	}
	metrics := topicspec.DesiredService{Name: "m", Principal: "User:m", Grants: []topicspec.DesiredGrant{grant(theCluster, describe, nil)}}
	denied := topicspec.DesiredService{Name: "m", Principal: "User:m", Grants: []topicspec.DesiredGrant{grant(theCluster, nil, alter)}}
	self := topicspec.DesiredService{Name: "self", Principal: admin, Grants: []topicspec.DesiredGrant{grant(theCluster, alter, nil)}}
	topics := func(desired topicspec.DesiredAccess, names ...string) topicspec.DesiredAccess {
		desired.Topics = names
		return desired
	}
	many := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	var adds []string
	for _, name := range many {
		adds = append(adds, "allow create User:a may write topic "+name)
	}
	runDiff(t, []diffCase{
		{"the first of a topic", topics(services(producer("a", "t")), "t", "u"), open("User:x allow READ TOPIC:u"), 0, []string{"allow create User:a may write topic t", first}},
		{"not the first", topics(services(producer("a", "t")), "t"), open("User:x allow READ TOPIC:t"), 0, []string{"allow create User:a may write topic t"}},
		{"not the first, by a prefix", topics(services(producer("a", "t.x")), "t.x"), open("User:x allow READ TOPIC:t*"), 0, []string{"allow create User:a may write topic t.x"}},
		{"not the first, by any", topics(services(producer("a", "t")), "t"), open("User:x allow READ TOPIC:*"), 0, []string{"allow create User:a may write topic t"}},
		{"many", topics(services(producer("a", many...)), many...), open("User:x allow READ GROUP:*"), 0, append(adds,
			"note: the first ACL on a, b, c, d, e, f, g, h, i, j and 2 more may lock out every client that is not listed: allow.everyone.if.no.acl.found is set on the brokers")},
		{"the first of the cluster", services(metrics), open(), 0, []string{"blocked User:m may describe the cluster: " + blocked}},
		{"a DENY is the first of the cluster", services(denied), open(), 0, []string{"blocked User:m must not alter the cluster: " + blocked}},
		{"kafkactl itself is in it", services(metrics, self), open(), 0, []string{"allow create User:m may describe the cluster", "allow create User:admin may alter the cluster"}},
		{"not the first of the cluster", services(metrics), open("User:admin allow ALTER CLUSTER:kafka-cluster"), 0, []string{"allow create User:m may describe the cluster"}},
		{"the brokers let nobody in", services(metrics), Observed{Own: admin}, 0, []string{"allow create User:m may describe the cluster"}},
	})
}
