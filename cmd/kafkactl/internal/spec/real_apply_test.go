package spec

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Started at the same moment as the brokers, apply ends with all topics, known to every broker, and
// the first use of each succeeds at once; the second time it prints one line and sends no write.
// Three brokers get the production profile: no topic fits before the last one is there.
func TestRealColdStart(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, test := range []struct {
		flavour           kafkatest.Flavour
		replicationFactor int
		profile           []string
	}{
		{kafkatest.ZK1, 1, nil},
		{kafkatest.Kraft1, 1, nil},
		{kafkatest.ZK3, 3, []string{"--profile", "production"}},
		{kafkatest.Kraft3, 3, []string{"--profile", "production"}},
	} {
		t.Run(string(test.flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Prepare(t, kafkatest.Options{Flavour: test.flavour, RequestLog: true})
			apply := append([]string{"apply", "-f", clitest.StackFile(), "-b", c.Bootstrap()}, test.profile...)
			_, wait := clitest.Background(t, apply...)
			if err := c.Launch(); err != nil {
				t.Fatal(err)
			}
			first := wait()
			clitest.WantUsable(t, c)
			first.Want(t, cli.ExitDone, `^11 topics: 11 created \(`)
			t.Logf("apply and boot: %s", first.Took.Round(time.Millisecond))
			clitest.WantShapes(t, c, clitest.StackShapes(test.replicationFactor))

			before := clitest.Writes(t, c)
			if before["CREATE_TOPICS"] == 0 {
				t.Fatalf("the request log does not show the creation: %v", before)
			}
			clitest.Kafkactl(t, apply...).Want(t, cli.ExitDone, `\A11 topics in sync \([0-9.]+s\)\n\z`)
			if diff := cmp.Diff(before, clitest.Writes(t, c)); diff != "" {
				t.Errorf("an apply in sync sent writes:\n%s", diff)
			}
		})
	}
}

// What Apache's tools did is named field by field, repaired, and gone after.
func TestRealDrift(t *testing.T) {
	t.Parallel() // it looks at its own topics and groups alone
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Shared(t, flavour)
			clitest.CreateByHand(t, c, "drift.grown.by.hand", 1, 1)
			spec := clitest.SpecFile(t, 1, `  drift.kept: {config: {retention.ms: 7d}}
  drift.reset: {config: {retention.ms: null}}
  drift.deleted: {}
  drift.grown.by.hand: {}
`)
			cluster := []string{"-f", spec, "-b", c.Bootstrap()}
			clitest.Kafkactl(t, append([]string{"apply"}, cluster...)...).Want(t, cli.ExitDone, `3 created, 1 changed`)

			clitest.Apache(t, c, "kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", "drift.kept", "--add-config", "retention.ms=1000,max.message.bytes=2000")
			clitest.AlterByHand(t, c, "drift.reset", "retention.ms", "1000")
			clitest.Apache(t, c, "kafka-topics", "--delete", "--topic", "drift.deleted")
			clitest.WaitGone(t, c, "drift.deleted")

			drift := clitest.Kafkactl(t, append([]string{"plan", "--check", "-o", "wide"}, cluster...)...)
			drift.Want(t, cli.ExitCondition,
				`^~ drift\.kept +set +retention\.ms 1s → 7d$`,
				`^~ drift\.reset +unset +retention\.ms 1s → unset$`,
				`^\+ drift\.deleted +create +3 partitions`,
				`drift\.kept +unmanaged +max\.message\.bytes 2000$`,
				`^plan: 1 to create, 2 to change; 1 topic in sync$`)
			clitest.Kafkactl(t, append([]string{"apply"}, cluster...)...).Want(t, cli.ExitDone, `1 created, 2 changed; 1 topic in sync`)
			clitest.Kafkactl(t, append([]string{"plan", "--check"}, cluster...)...).Want(t, cli.ExitDone, `^4 topics in sync \(1 unmanaged setting left alone`)

			configs := clitest.Apache(t, c, "kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", "drift.kept")
			for _, want := range []string{"retention.ms=604800000", "max.message.bytes=2000"} {
				if !strings.Contains(configs, want) {
					t.Errorf("kafka-configs does not show %s:\n%s", want, configs)
				}
			}
			clitest.WantShapes(t, c, map[string]string{"drift.grown.by.hand": "3 partitions, RF 1", "drift.deleted": "3 partitions, RF 1"})
		})
	}
}

// A topic with more partitions, or with records and another replication factor, is blocked with its
// reason; everything else is still done.
func TestRealBlocked(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft3)
	clitest.CreateByHand(t, c, "blocked.wide", 5, 3)
	clitest.CreateByHand(t, c, "blocked.thin", 3, 1)
	f := clitest.NewField(t, c)
	f.Write(f.Client, "blocked.thin", 3, "there is something to copy ", 1)
	spec := clitest.SpecFile(t, 3, "  blocked.wide: {}\n  blocked.thin: {}\n  blocked.other: {}\n")
	r := clitest.Kafkactl(t, "apply", "-f", spec, "-b", c.Bootstrap())
	r.Want(t, cli.ExitFailed,
		`^! blocked\.wide +blocked +partitions 5 → 3: `,
		`^! blocked\.thin +blocked +replicationFactor 1 → 3: .*--accept move`,
		`^\+ blocked\.other +created`,
		`^3 topics: 1 created, 2 blocked`)
	clitest.WantShapes(t, c, map[string]string{
		"blocked.wide": "5 partitions, RF 3", "blocked.thin": "3 partitions, RF 1", "blocked.other": "3 partitions, RF 3",
	})
}

// What the brokers would refuse is reported in their words or ours before the first
// write, and nothing is created.
func TestRealRefused(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		c := kafkatest.Shared(t, flavour)
		clitest.CreateByHand(t, c, "refused.taken", 1, 1)
		for _, test := range []struct {
			name   string
			spec   string
			args   []string
			code   cli.ExitCode
			stdout []string
			stderr []string
		}{
			{
				name: "replication factor 3 on one broker", code: cli.ExitTimeout,
				spec: clitest.SpecFile(t, 3, "  refused.a: {}\n"), args: []string{"--timeout", "2s"},
				stderr: []string{`K3 .*1 broker.* 3 (are )?needed`},
			},
			{
				name: "replication factor 3 on one broker, by the broker", code: cli.ExitFailed,
				spec: clitest.SpecFile(t, 3, "  refused.a: {}\n  refused.b: {replicationFactor: 1}\n"), args: []string{"--min-brokers", "1"},
				stdout: []string{`^x refused\.a +refused +INVALID_REPLICATION_FACTOR: `, `^\+ refused\.b +untried `},
				stderr: []string{`^kafkactl: .* 1 of 2 topics`},
			},
			{
				name: "min.insync.replicas above the factor", code: cli.ExitUsage,
				spec:   clitest.SpecFile(t, 1, "  refused.a: {config: {min.insync.replicas: 2}}\n"),
				stderr: []string{`topics\.yaml:4:\d+: topic "refused\.a": min\.insync\.replicas 2 `},
			},
			{
				name: "illegal name", code: cli.ExitUsage,
				spec:   clitest.SpecFile(t, 1, "  \"refused a\": {}\n  refused.b: {}\n"),
				stderr: []string{`topics\.yaml:4:3: topic "refused a": illegal name`},
			},
			{
				name: "colliding names in the file", code: cli.ExitUsage,
				spec:   clitest.SpecFile(t, 1, "  refused.a: {}\n  refused_a: {}\n"),
				stderr: []string{`topics\.yaml:5:3: topic "refused_a": collides with "refused\.a"`},
			},
			{
				name: "name that collides with an existing topic", code: cli.ExitFailed,
				spec:   clitest.SpecFile(t, 1, "  refused_taken: {}\n  refused.b: {}\n"),
				stdout: []string{`^x refused_taken +refused +INVALID_TOPIC_EXCEPTION: .*collides with existing topic`, `^\+ refused\.b +untried`},
			},
			{
				name: "bad config value", code: cli.ExitUsage,
				spec:   clitest.SpecFile(t, 1, "  refused.a: {config: {cleanup.policy: shred}}\n  refused.b: {}\n"),
				stderr: []string{`topics\.yaml:4:\d+: topic "refused\.a": config "cleanup\.policy": .*shred`},
			},
			{
				name: "config value that brokers without tiered storage refuse", code: cli.ExitFailed,
				spec:   clitest.SpecFile(t, 1, "  refused.a: {config: {remote.storage.enable: true}}\n  refused.b: {}\n"),
				stdout: []string{`^x refused\.a +refused +INVALID_CONFIG: .*Tiered Storage`, `^\+ refused\.b +untried`},
			},
		} {
			t.Run(string(flavour)+"/"+test.name, func(t *testing.T) {
				t.Parallel() // none of them makes anything
				r := clitest.Kafkactl(t, append([]string{"apply", "--timeout", "30s", "-f", test.spec, "-b", c.Bootstrap()}, test.args...)...)
				r.Want(t, test.code, test.stdout...)
				r.WantErr(t, test.stderr...)
				for _, topic := range clitest.ToldTopics(t, c) {
					if strings.HasPrefix(topic, "refused") && topic != "refused.taken" {
						t.Errorf("topic %s was created", topic)
					}
				}
			})
		}
	}
}
