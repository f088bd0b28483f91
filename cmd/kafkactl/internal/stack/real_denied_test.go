package stack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// denial is an operation on order.created that is not permitted, and what needs it.
type denial struct {
	operation string
	before    []string // a command that must succeed first
	commands  [][]string
	stdout    map[string]string // by command, what it must answer as well
	there     []string          // topics, after the commands
	allowed   []string          // a command that does without, after them
}

// denials are in the order in which one meets them. file writes a topics file with
// that shape of order.created.
func denials(file func(shape string) string) []denial {
	declared := file("{}")
	both := []string{"order.created", "order.updated"}
	return []denial{
		{
			operation: "Describe",
			commands: [][]string{
				{"plan", "-f", declared}, {"apply", "-f", declared}, {"wait", "-f", declared}, {"describe", "order.created"},
			},
			stdout: map[string]string{"wait": `^fail +K6 .* not permitted: Describe on topic "order\.created" `},
		},
		{
			operation: "Create",
			commands: [][]string{
				{"plan", "-f", declared}, {"apply", "-f", declared}, {"wait", "-f", declared}, {"create", "order.created"},
			},
			stdout: map[string]string{
				"apply": `^x order\.created +refused +not permitted: Create on topic "order\.created" \(TOPIC_AUTHORIZATION_FAILED\)$`,
				"plan":  `^! order\.created +blocked .*: not permitted: Create on topic "order\.created" \(TOPIC_AUTHORIZATION_FAILED\)$`,
				"wait":  `^fail +K6 .*: not permitted: Create on topic "order\.created" `,
			},
		},
		{
			operation: "DescribeConfigs", // asked only about topics that exist: the first apply makes them, and meets it then
			commands: [][]string{
				{"apply", "-f", declared}, {"plan", "-f", declared}, {"wait", "-f", declared, "--for", "topics"}, {"describe", "order.created"},
			},
			stdout:  map[string]string{"apply": `^\+ order\.created +created `},
			there:   both,
			allowed: []string{"wait", "--for", "topic:order.created"},
		},
		{
			operation: "AlterConfigs",
			commands:  [][]string{{"apply", "-f", file("{config: {retention.ms: 1h}}")}, {"alter", "order.created", "--config", "retention.ms=1h"}},
			there:     both,
		},
		{
			operation: "Alter",
			commands:  [][]string{{"apply", "-f", file("{partitions: 5}")}, {"alter", "order.created", "--partitions", "5"}},
			there:     both,
		},
		{
			operation: "Write",
			commands:  [][]string{{"produce", "order.created", "-k", "k", "--null"}},
			there:     both,
		},
		{
			operation: "Read",
			before:    []string{"produce", "order.created", "-k", "k", "--null"},
			commands:  [][]string{{"consume", "order.created"}, {"consume", "order.created", "--follow"}},
			there:     both,
		},
		{
			operation: "Delete",
			commands:  [][]string{{"delete", "order.created", "--yes"}},
			stdout:    map[string]string{"delete": `^x order\.created +failed +not permitted: Delete on topic "order\.created" `},
			there:     both,
		},
	}
}

// A missing ACL is reported with the grant that gives it, and at once; the grant, typed as
// printed, leads to the next one that is missing, until nothing is. ANONYMOUS may do as it
// likes with every topic but order.created, which has an ACL, and that is another's.
func TestRealDenied(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: map[string]string{
		"authorizer.class.name":          "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"allow.everyone.if.no.acl.found": "true",
	}})
	// What the broker itself and kafka-acls need, and not Create: that would hold for every topic.
	acls(t, c, "--add --allow-principal User:ANONYMOUS --cluster --operation ClusterAction --operation Alter"+
		" --operation Describe --operation DescribeConfigs --operation IdempotentWrite")
	acls(t, c, "--add --allow-principal User:other --topic order.created --operation All")
	file := func(shape string) string {
		return clitest.SpecFile(t, 1, "  order.created: "+shape+"\n  order.updated: {}\n")
	}
	for _, d := range denials(file) {
		if d.before != nil {
			clitest.Kafkactl(t, append(d.before, "-b", c.Bootstrap())...).Want(t, cli.ExitDone)
		}
		var last clitest.RunResult
		for _, args := range d.commands {
			last = clitest.Kafkactl(t, append(args, "-b", c.Bootstrap())...)
			wantDenied(t, args, last, d)
		}
		// What ANONYMOUS may not see is not in it.
		if there := clitest.ToldTopics(t, c); !slices.Equal(there, d.there) {
			t.Errorf("after %s was refused there are topics %q, want %q", d.operation, there, d.there)
		}
		if d.allowed != nil {
			clitest.Kafkactl(t, append(d.allowed, "-b", c.Bootstrap())...).Want(t, cli.ExitDone)
		}
		_, grant, _ := strings.Cut(last.Stderr, "kafka-acls --bootstrap-server … ")
		acls(t, c, strings.ReplaceAll(grant, "User:NAME", "User:ANONYMOUS"))
	}
	clitest.Kafkactl(t, "delete", "order.created", "--yes", "-b", c.Bootstrap()).Want(t, cli.ExitDone, `^- order\.created +deleted `)
	clitest.Kafkactl(t, "apply", "-f", file("{}"), "-b", c.Bootstrap()).Want(t, cli.ExitDone, `^\+ order\.created +created `)
}

// wantDenied fails the test unless the run was refused at once, and said why with the
// grant as hint.
func wantDenied(t *testing.T, args []string, r clitest.RunResult, d denial) {
	t.Helper()
	r.Want(t, cli.ExitRefused, d.stdout[args[0]])
	if r.Took > 3*time.Second {
		t.Errorf("%q took %s", args, r.Took)
	}
	told := r.Stdout + r.Stderr
	sentence := `not permitted: ` + d.operation + ` on topic "order.created" (TOPIC_AUTHORIZATION_FAILED)`
	if !strings.Contains(told, sentence) || strings.Contains(told, "does not exist") {
		t.Errorf("%q: want %s, got %v", args, sentence, r)
	}
	r.WantErr(t, `^hint: an administrator grants it: kafka-acls .* --operation `+d.operation+` --topic order\.created$`)
}

// acls runs Apache's kafka-acls.
func acls(t *testing.T, c *kafkatest.Cluster, args string) {
	t.Helper()
	clitest.Apache(t, c, "kafka-acls", strings.Fields(args)...)
}
