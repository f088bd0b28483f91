package accessadmin

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// shop is a producer with transactions, a consumer with two mechanisms, and a Streams application whose password is made.
func shop(dir string) topicspec.DesiredAccess {
	names := func(name string, pattern acl.PatternType) []topicspec.NamePattern {
		return []topicspec.NamePattern{{Name: name, Pattern: pattern}}
	}
	scram := func(source topicspec.PasswordSource, mechanisms ...string) *topicspec.DesiredScram {
		return &topicspec.DesiredScram{Password: source, Mechanisms: mechanisms, Iterations: 4096}
	}
	return topicspec.DesiredAccess{ACLs: topicspec.ACLsRequired, Topics: []string{"order.created"}, Services: []topicspec.DesiredService{
		{
			Name: "Order", Principal: "User:order", Hosts: []string{acl.Any}, Produces: []string{"order.created"}, TransactionalIDs: names("order-", acl.Prefixed),
			Scram: scram(topicspec.PasswordSource{Env: "ORDER_PASSWORD"}, "SCRAM-SHA-512"),
			Quota: map[string]topicspec.Setting{"producer_byte_rate": {Value: "5242880"}, "request_percentage": {Value: "12.5"}, "controller_mutation_rate": {Unset: true}},
		},
		{
			Name: "Billing", Principal: "User:billing", Hosts: []string{acl.Any}, Groups: names("billing", acl.Literal), Consumes: []topicspec.Consumed{{Topic: "order.created"}},
			Scram:         scram(topicspec.PasswordSource{File: filepath.Join(dir, "billing")}, "SCRAM-SHA-256", "SCRAM-SHA-512"),
			QuotaClientID: "app", Quota: map[string]topicspec.Setting{"consumer_byte_rate": {Value: "1048576"}},
		},
		{
			Name: "Enricher", Principal: "User:enricher", Hosts: []string{acl.Any}, Streams: &topicspec.DesiredStreams{ApplicationID: "enricher", ExactlyOnce: true},
			Scram: scram(topicspec.PasswordSource{Generate: filepath.Join(dir, "made", "enricher")}, "SCRAM-SHA-512"),
		},
	}}
}

func shopSecrets(t testing.TB, dir string) Secrets {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "billing"), []byte("billing-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return Secrets{LookupEnv: func(name string) (string, bool) { return "order-secret", name == "ORDER_PASSWORD" }}
}

// A whole file is made: brokers have just what is derived, each lets each user in, and nothing is left to do. What others
// change meanwhile is seen and mended, and a service that goes takes all that it had with it.
func TestRealConverge(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1, kafkatest.Kraft3Before4} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			g := startGuarded(t, guardedOptions(flavour))
			dir := t.TempDir()
			desired, secrets, login := shop(dir), shopSecrets(t, dir), g.login(t)
			made := converge(t, login, desired, secrets, topicspec.Consent{})
			wantLines(t, "made", wholeShop(), made)
			if diff := cmp.Diff(derived(desired), g.toolBindings(t)); diff != "" {
				t.Errorf("kafka-acls (-want +got):\n%s", diff)
			}
			changes, compared := planned(t, login, desired, secrets)
			wantLines(t, "again", []string{}, changes)
			want := topicspec.AccessCompared{Services: 3, Bindings: 10, Users: 3, Quotas: 4, Extras: []topicspec.Extra{}, Notes: []string{}}
			if diff := cmp.Diff(want, compared); diff != "" {
				t.Errorf("again (-want +got):\n%s", diff)
			}
			checkGenerated(t, desired.Services[2].Scram.Password.Generate)
			g.checkPasswords(t, desired, secrets)
			g.checkAbsent(t, desired, secrets)
			g.checkValidate(t, flavour == kafkatest.ZK1)
		})
	}
}

func wholeShop() []string {
	return []string{
		`users user "order" SCRAM-SHA-512 done`, `users user "billing" SCRAM-SHA-256 done`, `users user "billing" SCRAM-SHA-512 done`, `users user "enricher" SCRAM-SHA-512 done`,
		`allow ACL "User:order may write topic order.created" done`, `allow ACL "User:order may write transactional ids order-*" done`,
		`allow ACL "User:billing may read group billing" done`, `allow ACL "User:billing may read topic order.created" done`,
		`allow ACL "User:enricher may read group enricher" done`,
		`allow ACL "User:enricher may create topics enricher-*" done`, `allow ACL "User:enricher may delete topics enricher-*" done`,
		`allow ACL "User:enricher may read topics enricher-*" done`, `allow ACL "User:enricher may write topics enricher-*" done`,
		`allow ACL "User:enricher may write transactional ids enricher-*" done`,
		`quotas quota producer_byte_rate of "order" done`, `quotas quota request_percentage of "order" done`, `quotas quota consumer_byte_rate of "billing" done`,
	}
}

// checkGenerated holds the file of a password that was made.
func checkGenerated(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	password := strings.TrimSuffix(string(data), "\n")
	strange := strings.ContainsFunc(password, func(r rune) bool { return !strings.ContainsRune(passwordAlphabet, r) })
	if info.Mode().Perm() != 0o600 || dir.Mode().Perm() != 0o700 || len(password) != 32 || strange {
		t.Errorf("%v in %v, %d characters, others %v", info.Mode(), dir.Mode(), len(password), strange)
	}
}

// checkPasswords changes passwords behind the back of a file.
func (g guarded) checkPasswords(t *testing.T, desired topicspec.DesiredAccess, secrets Secrets) {
	t.Helper()
	login := g.login(t)
	out, err := g.CLI(t.Context(), "kafka-configs", "--bootstrap-server", "{b}", "--alter", "--entity-type", "users", "--entity-name", "order",
		"--add-config", "SCRAM-SHA-512=[iterations=4096,password=another]")
	if err != nil || out.Code != 0 {
		t.Fatalf("kafka-configs: %v, exit %d\n%s%s", err, out.Code, out.Stdout, out.Stderr)
	}
	seen := func() []string { changes, _ := planned(t, login, desired, secrets); return changes }
	drift := []string{`users set user "order": the password in $ORDER_PASSWORD is not the one the brokers have`}
	for !slices.Equal(seen(), drift) && t.Context().Err() == nil { // the tool waits for nobody
	}
	plain := kafka.Config{Brokers: g.Addrs(), Version: "test"}
	changes, compared := planned(t, plain, desired, secrets)
	wantLines(t, "over PLAINTEXT", []string{}, changes)
	const reason = ": password not verified: nobody logs in on this connection, which is PLAINTEXT"
	wantLines(t, "notes", []string{"user order" + reason, "user billing" + reason, "user enricher" + reason}, compared.Notes)
	made := converge(t, login, desired, secrets, topicspec.Consent{})
	wantLines(t, "mended", []string{`users user "order" SCRAM-SHA-512 done`}, made)
	wantLines(t, "after that", []string{}, seen())
}

// checkAbsent has a service go, and another one lose a right.
func (g guarded) checkAbsent(t *testing.T, desired topicspec.DesiredAccess, secrets Secrets) {
	t.Helper()
	login := g.login(t)
	desired.Services = slices.Clone(desired.Services)
	desired.Services[1] = topicspec.DesiredService{Name: "Billing", Principal: "User:billing", Absent: true}
	desired.Services[0].TransactionalIDs = nil
	converge(t, login, desired, secrets, topicspec.Consent{}) // what is not accepted is left
	if got := len(g.toolBindings(t)); got != len(ownRights())+10 {
		t.Errorf("%d ACLs are left", got)
	}
	made := converge(t, login, desired, secrets, topicspec.Consent{Revokes: 6})
	wantLines(t, "removed", []string{
		`quotas quota consumer_byte_rate of "billing" done`,
		`revoke ACL "User:order may write transactional ids order-*" done`,
		`revoke ACL "User:billing may read group billing" done`, `revoke ACL "User:billing may read topic order.created" done`,
		`forget user "billing" SCRAM-SHA-256 done`, `forget user "billing" SCRAM-SHA-512 done`,
	}, made)
	if diff := cmp.Diff(derived(desired), g.toolBindings(t)); diff != "" {
		t.Errorf("kafka-acls (-want +got):\n%s", diff)
	}
	changes, _ := planned(t, login, desired, secrets)
	wantLines(t, "again", []string{}, changes)
}

// checkValidate has changes judged that brokers would refuse, or keep though they never matter; nothing is written.
func (g guarded) checkValidate(t *testing.T, byZooKeeper bool) {
	t.Helper()
	before := g.toolBindings(t)
	binding := func(resource acl.Resource, operation acl.Operation) topicspec.Change {
		return adding(acl.Binding{Principal: "User:x", Resource: resource, Host: acl.Any, Operation: operation, Permission: acl.Allow})
	}
	limit := func(key, value string) topicspec.Change {
		return topicspec.Change{Kind: topicspec.KindQuota, Field: key, Action: topicspec.Set, After: topicspec.Text(value), Access: &topicspec.AccessSubject{Principal: "User:" + key}}
	}
	user := func(mechanism string, iterations int) topicspec.Change {
		return topicspec.Change{
			Kind: topicspec.KindUser, Field: mechanism, Action: topicspec.Create, After: topicspec.Count(iterations), Access: &topicspec.AccessSubject{Principal: "User:order"},
		}
	}
	dir := t.TempDir()
	login := g.login(t)
	keeper := New(login, dial(t, login), shop(dir), shopSecrets(t, dir))
	changes := []topicspec.Change{
		limit("producer_byte_rate", "1024"), limit("request_percentage", "0.5"), limit("producer_byte_rates", "1"), limit("consumer_byte_rate", "0"),
		binding(acl.Resource{Type: acl.Group, Pattern: acl.Literal, Name: "g"}, acl.Write), binding(acl.Resource{Type: acl.Group, Pattern: acl.Literal, Name: "a/b"}, acl.Read),
		user("SCRAM-SHA-512", 4096), user("SCRAM-SHA-512", 4095), user("SCRAM-SHA-512", 16385), user("SCRAM-SHA-1", 4096),
	}
	var refused []bool
	for _, err := range keeper.Validate(t.Context(), changes) {
		refused = append(refused, err != nil)
	}
	if diff := cmp.Diff([]bool{false, false, true, true, true, byZooKeeper, false, true, true, true}, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, g.toolBindings(t)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	if left, err := describeQuotas(t.Context(), g.root.Seed()); err != nil || len(left[entityOf(changes[0])]) > 0 {
		t.Errorf("quotas %v, %v", left, err)
	}
}
