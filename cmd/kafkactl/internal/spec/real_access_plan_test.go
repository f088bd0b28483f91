package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// accessFile writes a topics file with two services; more is lines of the second.
func accessFile(t *testing.T, dir, name, access, orders, billing string) string {
	t.Helper()
	text := fmt.Sprintf(`version: 1
access: {%s}
defaults: {partitions: 1, replicationFactor: 1}
services:
  OrderService: {principal: User:order-service%s}
  Billing: {principal: User:billing%s}
topics:
  access.order.created: {%sconsumers: [Billing]}
`, access, orders, billing, map[bool]string{true: "producers: [OrderService], "}[!strings.Contains(orders, "absent")])
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// accessRequests counts what a broker completed that changes users, ACLs or quotas.
func accessRequests(t *testing.T, c *kafkatest.Cluster) map[string]int {
	t.Helper()
	all, err := c.Requests()
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]int)
	for _, name := range []string{"CREATE_ACLS", "DELETE_ACLS", "ALTER_USER_SCRAM_CREDENTIALS", "ALTER_CLIENT_QUOTAS"} {
		found[name] = all[name]
	}
	return found
}

// Two services on a broker with an authorizer: a second apply sends no write, extras stay until just as many are accepted,
// and so does what a service has that shall be absent.
func TestRealAccessPlan(t *testing.T) {
	t.Parallel()
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, RequestLog: true, Props: map[string]string{
		"authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users": "User:ANONYMOUS",
	}})
	dir := t.TempDir()
	secret := filepath.Join(dir, "order.password")
	credential := fmt.Sprintf(", scram: {password: {generate: %s}}, quota: {produce: 5MiB}", secret)
	declared := accessFile(t, dir, "topics.yaml", "acls: required", credential, ", group: billing")
	more := accessFile(t, dir, "more.yaml", "acls: required", credential, ", group: billing, grants: [{topic: audit.*, allow: [read, write]}]")
	gone := accessFile(t, dir, "gone.yaml", "acls: required", ", state: absent", ", group: billing")
	run := func(command, file string, code cli.ExitCode, flags []string, stdout ...string) clitest.RunResult {
		t.Helper()
		r := clitest.Kafkactl(t, append([]string{command, "-f", file, "-b", c.Bootstrap()}, flags...)...)
		r.Want(t, code, stdout...)
		return r
	}
	run("plan", declared, cli.ExitCondition, []string{"--check"}, `^\+ User:order-service +allow +write topic access\.order\.created`, `^plan: 2 to create, 1 to change, 3 to allow$`)
	made := run("apply", declared, cli.ExitDone, nil, `: 2 created, 1 changed, 3 allowed \(`)
	password, err := os.ReadFile(secret)
	if err != nil || len(strings.TrimSpace(string(password))) != 32 || strings.Contains(made.String(), strings.TrimSpace(string(password))) {
		t.Fatalf("password of %d bytes, %v: %v", len(password), err, made)
	}
	unsent := func(what string, do func()) {
		t.Helper()
		before := accessRequests(t, c)
		do()
		if diff := cmp.Diff(before, accessRequests(t, c)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", what, diff)
		}
	}
	unsent("a second apply", func() {
		run("apply", declared, cli.ExitDone, nil, `^1 topic, 3 bindings, 1 user and 1 quota in sync \(`)
	})
	run("apply", more, cli.ExitDone, nil, `: 2 allowed; `)
	unsent("extras", func() {
		run("plan", declared, cli.ExitDone, []string{"--check"}, `^\? User:billing +extra +read, write topics audit\.\*$`)
		run("apply", declared, cli.ExitDone, nil, `in sync \(2 undeclared bindings left alone: --accept revoke=2 allows removal\)`)
		run("apply", declared, cli.ExitFailed, []string{"--accept", "revoke=1"}, `^! User:billing +blocked .*: 2 revocations are planned: --accept revoke=2$`)
	})
	run("apply", declared, cli.ExitDone, []string{"--accept", "revoke=2"}, `^- User:billing +revoked +read, write topics audit\.\*`)
	unsent("a service that shall be absent", func() {
		run("apply", gone, cli.ExitFailed, nil, `^! user order-service +blocked .*: --accept revoke=3 allows it$`)
	})
	run("apply", gone, cli.ExitDone, []string{"--accept", "revoke=3"}, `: 3 revoked; `)
	run("plan", gone, cli.ExitDone, []string{"--check"}, `^1 topic and 2 bindings in sync$`)
	left, err := c.CLI(t.Context(), "kafka-acls", "--bootstrap-server", "{b}", "--list")
	if err != nil || strings.Contains(left.Stdout, "order-service") || strings.Count(left.Stdout, "principal=User:billing") != 2 {
		t.Errorf("kafka-acls: %v\n%+v", err, left)
	}
}

// Brokers without an authorizer: ACLs are left alone in a line, or blocked where the file demands them.
func TestRealAccessWithoutAuthorizer(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Shared(t, flavour)
			for _, test := range []struct {
				acls   string
				code   cli.ExitCode
				stdout string
			}{
				{"auto", cli.ExitDone, `access of 2 services not looked at: the brokers have no authorizer`},
				{"required", cli.ExitFailed, `^! ACLs +blocked +access\.acls required: the brokers have no authorizer: `},
				{"off", cli.ExitDone, `^1 topic in sync \(`},
			} {
				file := accessFile(t, t.TempDir(), "topics.yaml", "acls: "+test.acls, "", ", group: billing")
				clitest.Kafkactl(t, "apply", "-f", file, "-b", c.Bootstrap()).Want(t, test.code, test.stdout)
			}
		})
	}
}
