package access

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/topicspec"
)

// user is a service with a SCRAM credential.
func user(name string, password topicspec.PasswordSource, iterations int, mechanisms ...string) topicspec.DesiredService {
	return topicspec.DesiredService{Name: name, Principal: "User:" + name, Scram: &topicspec.DesiredScram{
		Password: password, Iterations: iterations, Mechanisms: mechanisms,
	}}
}

const sha256, sha512 = "SCRAM-SHA-256", "SCRAM-SHA-512"

// A user that is missing is made, one with other iterations or another password is set, and what could not be verified
// is no difference.
func TestDiffUsers(t *testing.T) {
	t.Parallel()
	env, file, made := topicspec.PasswordSource{Env: "PASS"}, topicspec.PasswordSource{File: "secrets/f"}, topicspec.PasswordSource{Generate: "secrets/g"}
	has := func(name string, credentials map[string]Credential) Observed {
		return Observed{Own: admin, Users: map[string]map[string]Credential{name: credentials}}
	}
	const locked = "kafkactl itself logs in as User:admin, and would lock itself out if this failed half way: apply as another principal, or change it " +
		"with kafka-configs --alter --entity-type users --entity-name admin"
	runDiff(t, []diffCase{
		{"missing, in file order", services(user("z", env, 8192, sha256, sha512), user("a", file, 4096, sha512), user("b", made, 4096, sha512)), Observed{Own: admin}, 0, []string{
			"users create User:z SCRAM-SHA-256 <nil> → 8192: password from $PASS",
			"users create User:z SCRAM-SHA-512 <nil> → 8192: password from $PASS",
			"users create User:a SCRAM-SHA-512 <nil> → 4096: password from secrets/f",
			"users create User:b SCRAM-SHA-512 <nil> → 4096: password from secrets/g",
		}},
		{"in sync", services(user("a", env, 8192, sha512)), has("a", map[string]Credential{sha512: {8192, Same, ""}}), 0, nil},
		{"other iterations", services(user("a", env, 8192, sha512)), has("a", map[string]Credential{sha512: {4096, NotVerified, "no login"}}), 0, []string{
			"users set User:a SCRAM-SHA-512 4096 → 8192",
		}},
		{"another password", services(user("a", env, 8192, sha512)), has("a", map[string]Credential{sha512: {8192, Other, ""}}), 0, []string{
			"users set User:a SCRAM-SHA-512 8192 → 8192: the password in $PASS is not the one the brokers have",
		}},
		{"not verified, of two mechanisms", services(user("a", env, 8192, sha256, sha512)), has("a", map[string]Credential{
			sha256: {8192, NotVerified, "the connection does not log in"}, sha512: {8192, NotVerified, "the connection does not log in"},
		}), 0, []string{"note: user a: password not verified: the connection does not log in"}},
		{"a mechanism that is not declared", services(user("a", env, 8192, sha512)), has("a", map[string]Credential{sha256: {4096, NotVerified, ""}, sha512: {8192, Same, ""}}), 0, []string{
			"note: user a: has a SCRAM-SHA-256 credential that is not declared, perhaps with another password",
		}},
		{"kafkactl's own", services(user("admin", env, 8192, sha256, sha512)), has("admin", map[string]Credential{sha256: {4096, Other, ""}, sha512: {4096, Same, ""}}), 0, []string{
			"blocked User:admin SCRAM-SHA-256 4096 → 8192: the password in $PASS is not the one the brokers have; " + locked,
			"blocked User:admin SCRAM-SHA-512 4096 → 8192: " + locked,
		}},
		{"kafkactl's own that is missing", services(user("admin", env, 8192, sha512)), Observed{Own: admin}, 0, []string{
			"users create User:admin SCRAM-SHA-512 <nil> → 8192: password from $PASS",
		}},
		{"one user of two services", services(user("a", env, 8192, sha512), topicspec.DesiredService{Name: "b", Principal: "User:a", Scram: user("a", env, 8192, sha512).Scram}), Observed{Own: admin}, 0, []string{
			"users create User:a SCRAM-SHA-512 <nil> → 8192: password from $PASS",
		}},
		{"without an authorizer", services(user("a", env, 8192, sha512)), Observed{NoAuthorizer: true}, 0, []string{
			"users create User:a SCRAM-SHA-512 <nil> → 8192: password from $PASS", "skipped: the brokers have no authorizer",
		}},
	})
}

// Quotas are compared as numbers, one value at a time; what is not declared is left alone.
func TestDiffQuotas(t *testing.T) {
	t.Parallel()
	quota := func(client string, values map[string]topicspec.Setting) topicspec.DesiredAccess {
		return services(topicspec.DesiredService{Name: "a", Principal: "User:a", Quota: values, QuotaClientID: client})
	}
	has := func(client string, values map[string]float64) Observed {
		return Observed{Own: admin, Quotas: map[QuotaEntity]map[string]float64{{"a", client}: values}}
	}
	const produce, percent = "producer_byte_rate", "request_percentage"
	both := map[string]topicspec.Setting{percent: {Value: "12.5"}, produce: {Value: "5242880"}}
	runDiff(t, []diffCase{
		{"missing", quota("", both), has("c", map[string]float64{produce: 5242880}), 0, []string{
			"quotas set User:a producer_byte_rate <nil> → 5242880", "quotas set User:a request_percentage <nil> → 12.5",
		}},
		{"of a client", quota("c", both), has("c", map[string]float64{produce: 1.5, percent: 12.5}), 0, []string{
			"quotas set User:a producer_byte_rate of client c 1.5 → 5242880",
		}},
		{"as declared, with another value besides", quota("", both), has("", map[string]float64{produce: 5 << 20, percent: 12.5, "consumer_byte_rate": 1}), 0, nil},
		{"another text of the number", quota("", map[string]topicspec.Setting{produce: {Value: "1e6"}}), has("", map[string]float64{produce: 1000000}), 0, nil},
		{"none declared, but there", quota("", map[string]topicspec.Setting{produce: {Unset: true}}), has("", map[string]float64{produce: 1}), 0, []string{
			"quotas unset User:a producer_byte_rate 1 → <nil>",
		}},
		{"none declared, and not there", quota("", map[string]topicspec.Setting{produce: {Unset: true}}), Observed{Own: admin}, 0, nil},
	})
}

// What is as declared is counted, and lists are empty where there is nothing, not absent.
func TestDiffCounts(t *testing.T) {
	t.Parallel()
	a := user("a", topicspec.PasswordSource{Env: "PASS"}, 4096, sha256, sha512)
	a.Produces, a.Hosts = []string{"t", "u"}, from()
	a.Quota = map[string]topicspec.Setting{"producer_byte_rate": {Value: "1"}, "consumer_byte_rate": {Unset: true}}
	desired := services(a, absent("gone"))
	desired.Prune = true
	got := Diff(desired, Observed{
		Own: admin, Bindings: rules(t, "User:a allow WRITE TOPIC:t", "User:a allow WRITE TOPIC:u"),
		Users:  map[string]map[string]Credential{"a": {sha256: {4096, Same, ""}, sha512: {4096, Same, ""}}},
		Quotas: map[QuotaEntity]map[string]float64{{"a", ""}: {"producer_byte_rate": 1}},
	}, topicspec.Consent{})
	want := Difference{Compared: topicspec.AccessCompared{
		Services: 2, Bindings: 2, Users: 1, Quotas: 2, Extras: []topicspec.Extra{}, Prune: true, Notes: []string{},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Changes are in the order in which they are made, and say whom they are about and why.
func TestDiffOrder(t *testing.T) {
	t.Parallel()
	a := user("a", topicspec.PasswordSource{Env: "PASS"}, 4096, sha512)
	a.Produces, a.Hosts, a.Quota = []string{"t"}, from(), map[string]topicspec.Setting{"producer_byte_rate": {Value: "1"}}
	got := Diff(services(absent("old"), a), Observed{
		Own: admin, Bindings: rules(t, "User:old allow READ TOPIC:t", "User:a allow READ TOPIC:t"), Users: map[string]map[string]Credential{"old": {sha512: {Iterations: 4096}}},
	}, topicspec.Consent{Revokes: 3})
	write, old, more := rule(t, "User:a allow WRITE TOPIC:t"), rule(t, "User:old allow READ TOPIC:t"), rule(t, "User:a allow READ TOPIC:t")
	subject := func(name string) *topicspec.AccessSubject {
		return &topicspec.AccessSubject{Principal: "User:" + name, Service: name, Reasons: []string{}}
	}
	allowed, oldGone, moreGone := subject("a"), subject("old"), subject("a")
	allowed.Binding, allowed.Reasons, oldGone.Binding, moreGone.Binding = &write, []string{"producer of t"}, &old, &more
	want := []topicspec.Change{
		{Kind: topicspec.KindUser, Field: sha512, Action: topicspec.Create, After: topicspec.Count(4096), Reason: "password from $PASS", Stage: topicspec.StageUsers, Access: subject("a")},
		{Kind: topicspec.KindACL, Action: topicspec.Create, Stage: topicspec.StageAllow, Access: allowed},
		{Kind: topicspec.KindQuota, Field: "producer_byte_rate", Action: topicspec.Set, After: topicspec.Text("1"), Stage: topicspec.StageQuotas, Access: subject("a")},
		{Kind: topicspec.KindACL, Action: topicspec.Delete, Risk: topicspec.RiskRevoke, Stage: topicspec.StageRevoke, Access: oldGone},
		{Kind: topicspec.KindACL, Action: topicspec.Delete, Risk: topicspec.RiskRevoke, Stage: topicspec.StageRevoke, Access: moreGone},
		{Kind: topicspec.KindUser, Field: sha512, Action: topicspec.Delete, Risk: topicspec.RiskRevoke, Before: topicspec.Count(4096), Stage: topicspec.StageForget, Access: subject("old")},
	}
	if diff := cmp.Diff(want, got.Changes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range got.Changes {
		if diff := cmp.Diff([]topicspec.Step{{Stage: c.Stage, Changes: []int{0}}}, topicspec.Plan{Changes: []topicspec.Change{c}}.Stages()); diff != "" {
			t.Errorf("%s (-its stage +that of the plan):\n%s", line(c), diff)
		}
	}
}
