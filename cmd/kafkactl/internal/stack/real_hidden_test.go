package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// guarded is a broker with an authorizer, where User:app logs in and has no right, and User:admin has
// all. The plain listener is for ANONYMOUS, who has all too.
type guarded struct {
	*kafkatest.Cluster
	flavour  kafkatest.Flavour
	password string // a file with that of both
}

func startGuarded(t *testing.T, flavour kafkatest.Flavour) guarded {
	t.Helper()
	authorizer := "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
	if flavour == kafkatest.ZK1 {
		authorizer = "kafka.security.authorizer.AclAuthorizer"
	}
	c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{
		"authorizer.class.name": authorizer, "super.users": "User:ANONYMOUS;User:admin", "sasl.enabled.mechanisms": "SCRAM-SHA-512",
		"listener.name.login.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
	}, Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}}})
	for _, user := range []string{"app", "admin"} {
		upsert := []kadm.UpsertSCRAM{{User: user, Mechanism: kadm.ScramSha512, Iterations: 4096, Password: "correct horse"}}
		if _, err := clitest.NewField(t, c).Adm.AlterUserSCRAMs(t.Context(), nil, upsert); err != nil {
			t.Fatal(err)
		}
	}
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("correct horse\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return guarded{c, flavour, password}
}

// as runs kafkactl as a user.
func (g guarded) as(t *testing.T, user, line string) clitest.RunResult {
	t.Helper()
	args := append(strings.Fields(line), "-b", g.ListenerAddrs("LOGIN")[0], "--security-protocol", "SASL_PLAINTEXT",
		"--sasl-mechanism", "SCRAM-SHA-512", "--sasl-username", user, "--sasl-password-file", g.password)
	return clitest.Kafkactl(t, args...)
}

// admin runs kafkactl as one who may do all.
func (g guarded) admin(t *testing.T, line string) {
	t.Helper()
	clitest.Kafkactl(t, append(strings.Fields(line), "-b", g.Bootstrap())...).Want(t, cli.ExitDone)
}

// What a client may not see is never called none, and one grant, typed as it is printed, mends each
// command.
func TestRealHidden(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			g := startGuarded(t, flavour)
			g.admin(t, "create order.created --partitions 1")
			g.admin(t, "create order.updated --partitions 1")
			g.admin(t, "produce order.created -k k --null")
			g.admin(t, "consume order.created --group billing")
			t.Run("nothing seen", g.testNothingSeen)
			t.Run("all seen", g.testAllSeen)
			t.Run("some seen", g.testSomeSeen)
			t.Run("grants", g.testGrants)
		})
	}
}

const (
	topicRefused   = `TOPIC_AUTHORIZATION_FAILED`
	groupRefused   = `GROUP_AUTHORIZATION_FAILED`
	partialAnswer  = `"partial":true`
	describeTopics = `--operation Describe --topic`
)

func (g guarded) testNothingSeen(t *testing.T) {
	for _, w := range []struct {
		line           string
		code           cli.ExitCode
		stdout, stderr string
	}{
		{"list", cli.ExitDone, "", `^no topics: none that User:app may see$`},
		{"list -o json", cli.ExitDone, partialAnswer + `,"topics":\[\]`, `none that User:app may see"}$`},
		{"list nothing.*", cli.ExitDone, "", `^no topics: none that User:app may see$`},
		{"list order.created", cli.ExitRefused, "", `not permitted: Describe on topic "order\.created"`},
		{"list groups", cli.ExitDone, "", `^no consumer groups: none that User:app may see$`},
		{"list groups -o json", cli.ExitDone, partialAnswer + `,"groups":\[\]`, `none that User:app may see"}$`},
		{"lag", cli.ExitDone, "", `^no consumer groups: none that User:app may see$`},
		{"lag -o json", cli.ExitDone, partialAnswer + `.*"totalLag":null`, `none that User:app may see"}$`},
		{"lag --max-lag 10", cli.ExitRefused, "", `no lag that User:app may see, .* \(` + groupRefused + `\)$`},
		{"lag --wait --timeout 20s", cli.ExitRefused, "", `no lag that User:app may see, .* \(` + groupRefused + `\)$`},
		{"describe cluster", cli.ExitDone, `(?s): not all known, 1 broker\n.*^topics +none that User:app may see$`, `log directories are not known`},
		{"describe cluster -o json", cli.ExitDone, partialAnswer, ""},
		{"describe cluster --check", cli.ExitRefused, "", `not known to be well: topics that User:app may not see`},
		{"list brokers", cli.ExitDone, "", `log directories are not known: not permitted: Describe on cluster`},
	} {
		r := g.as(t, "app", w.line)
		r.Want(t, w.code, w.stdout)
		if w.stderr != "" {
			r.WantErr(t, w.stderr)
		}
		if strings.Contains(r.Stdout+r.Stderr, ": ok,") {
			t.Errorf("%s: called ok: %v", w.line, r)
		}
	}
}

// One who may see all is told nothing of hidden things, and nobody is who does not log in.
func (g guarded) testAllSeen(t *testing.T) {
	check := func(user string) {
		for _, line := range []string{"list -o json", "list groups -o json", "lag -o json", "lag --max-lag 10", "describe group billing -o json", "describe cluster -o json", "list nothing.*"} {
			r := g.as(t, user, line)
			r.Want(t, cli.ExitDone)
			if strings.Contains(r.Stdout+r.Stderr, "partial") || strings.Contains(r.Stderr, "may see") {
				t.Errorf("%s as %s: %v", line, user, r)
			}
		}
	}
	check("admin")
	for _, groups := range []string{"--cluster", "--group *"} {
		grants := []string{"--operation Describe --topic *", "--operation Describe " + groups, "--operation Describe --group billing"}
		for _, grant := range grants {
			acls(t, g.Cluster, "--add --allow-principal User:app "+grant)
		}
		g.admin(t, "list") // as ANONYMOUS
		check("app")
		g.clear(t)
	}
}

func (g guarded) testSomeSeen(t *testing.T) {
	acls(t, g.Cluster, "--add --allow-principal User:app --operation Describe --group billing")
	g.as(t, "app", "describe group billing").Want(t, cli.ExitDone, `^nothing committed, nothing assigned that User:app may see$`)
	g.as(t, "app", "describe group billing -o json").Want(t, cli.ExitDone, partialAnswer+`.*"totalLag":null`)
	g.as(t, "app", "lag").Want(t, cli.ExitDone, `^billing +Empty +0 +- +unknown +no topic that User:app may see$`)
	r := g.as(t, "app", "lag billing --max-lag 10")
	r.Want(t, cli.ExitRefused)
	r.WantErr(t, `no lag that User:app may see, .* \(`+topicRefused+`\)$`, describeTopics)
	acls(t, g.Cluster, "--add --allow-principal User:app --operation Describe --topic order.created")
	r = g.as(t, "app", "lag billing --max-lag 10")
	r.Want(t, cli.ExitDone)
	r.WantErr(t, `^note: only what User:app may see was looked at$`)
	g.as(t, "app", "list -o json").Want(t, cli.ExitDone, partialAnswer+`,"topics":\[\{"name":"order.created"`)
	g.as(t, "app", "list").Want(t, cli.ExitDone, `^order\.created `)
	g.as(t, "app", "describe cluster").Want(t, cli.ExitDone, `^topics +1 \(0 internal\) that User:app may see$`)
	g.clear(t)
}

// clear takes all that was granted.
func (g guarded) clear(t *testing.T) {
	t.Helper()
	all := kadm.NewACLs().AnyResource().Allow("User:app").AllowHosts().Operations(kadm.OpAny).ResourcePatternType(kadm.ACLPatternAny)
	removed, err := clitest.NewField(t, g.Cluster).Adm.DeleteACLs(t.Context(), all)
	if err != nil || len(removed) != 1 || removed[0].Err != nil || len(removed[0].Deleted) == 0 {
		t.Fatalf("remove the rights of app: %v, %v", removed, err)
	}
}

func (g guarded) testGrants(t *testing.T) {
	for _, w := range []struct{ line, operation string }{
		{"produce order.created -k k --null", "Write"},
		{"produce order.created -k k --null --acks 1", "Write"},
		{"consume order.created --from-beginning", "Read"},
		{"consume order.created --group billing", "Read"},
		{"consume order.created --group new", "Read"},
		{"reset-offsets billing --topic order.created --to-beginning --execute", "Read"},
		{"describe group billing", "Describe"},
		{"lag billing", "Describe"},
		{"delete group new --yes", "Delete"},
		{"delete order.created --yes", "Delete"},
	} {
		grant := g.refused(t, w.line, w.operation)
		acls(t, g.Cluster, grant)
		g.as(t, "app", w.line).Want(t, cli.ExitDone)
		g.clear(t)
	}
	g.admin(t, "create order.created --partitions 1")
	g.admin(t, "produce order.created -k k --null")
	g.admin(t, "consume order.created --group billing") // Kafka 3.9 removes a group with its last topic
	g.admin(t, "produce order.created -k k --null")     // which is unread
	// Who sees the topic, and no more, is told the same grant.
	acls(t, g.Cluster, "--add --allow-principal User:app --operation Describe --topic order.created --group billing")
	for _, line := range []string{
		"produce order.created -k k --null", "reset-offsets billing --topic order.created --to-beginning --execute",
		"consume order.created --group billing", "delete group billing --yes",
	} {
		g.refused(t, line, "")
	}
}

// refused fails the test unless a command is refused and prints one grant, which it returns.
func (g guarded) refused(t *testing.T, line, operation string) (grant string) {
	t.Helper()
	r := g.as(t, "app", line)
	r.Want(t, cli.ExitRefused)
	_, grant, found := strings.Cut(r.Stderr, "kafka-acls --bootstrap-server … ")
	grant, _, _ = strings.Cut(grant, "\n")
	if !found || strings.Contains(grant, "--cluster") || !strings.Contains(grant, "--operation "+operation) {
		t.Fatalf("%s: want a grant of %s on a topic or group: %v", line, operation, r)
	}
	return strings.ReplaceAll(grant, "User:NAME", "User:app")
}

// A quota of changes is named, with how long it lasts, at once where --timeout leaves no time for it, and is
// waited for where it does.
func TestRealMutationQuota(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			startGuarded(t, flavour).testQuota(t)
		})
	}
}

func (g guarded) testQuota(t *testing.T) {
	acls(t, g.Cluster, "--add --allow-principal User:app --operation All --topic *")
	rate := func(perSecond string) {
		t.Helper()
		clitest.Apache(t, g.Cluster, "kafka-configs", strings.Fields(
			"--alter --entity-type users --entity-name app --add-config controller_mutation_rate="+perSecond)...)
	}
	spec := clitest.SpecFile(t, 1, "  quota.a: {partitions: 4}\n  quota.b: {partitions: 4}\n")
	rate("0.01")
	r := g.as(t, "app", "apply --timeout 20s -f "+spec)
	r.Want(t, cli.ExitTimeout, `^x quota\.b +failed +it takes longer than there is time: THROTTLING_QUOTA_EXCEEDED: the quota controller_mutation_rate `)
	for _, line := range []string{
		"apply --timeout 20s -f " + spec, "create quota.c --partitions 4", "create quota.d --partitions 4", "alter quota.e --partitions 5", "delete quota.e --yes",
	} {
		if strings.Contains(line, "quota.e") {
			clitest.Kafkactl(t, "create", "quota.e", "--partitions", "1", "-b", g.Bootstrap())
		}
		r := g.as(t, "app", line)
		r.Want(t, cli.ExitTimeout, `THROTTLING_QUOTA_EXCEEDED: the quota controller_mutation_rate `)
		r.WantErr(t, `^hint: the brokers take more in \d+m?\d*s: .*kafka-configs .* --add-config controller_mutation_rate=N`)
		if r.Took > 8*time.Second+clitest.Busy {
			t.Errorf("%s: waited for what comes too late: %v", line, r)
		}
	}
	if g.flavour != kafkatest.ZK1 { // which does not count what it only validates
		health := g.as(t, "app", "health -f "+spec)
		health.Want(t, cli.ExitCondition, `^warn +K6 .*the quota controller_mutation_rate`, `hint: the brokers take more in `)
	}
	rate("1")
	done := g.as(t, "app", fmt.Sprintf("apply --timeout %s -f %s", time.Minute+clitest.Busy, spec))
	done.Want(t, cli.ExitDone, `^\+ quota\.b +created `)
}
