package spec

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// An export of a real cluster, where brokers have defaults of their own, static and dynamic, is the file of
// what the topics set themselves: a plan from it is in sync and writes nothing, and topics made from it
// export as the same bytes.
func TestRealExport(t *testing.T) {
	t.Parallel() // it has its own brokers, for settings of the whole cluster
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, RequestLog: true, Props: map[string]string{
				"log.segment.bytes": "16777216", "compression.type": "lz4", "log.cleanup.policy": "compact",
			}})
			clitest.Apache(t, c, "kafka-configs", "--alter", "--entity-type", "brokers", "--entity-default",
				"--add-config", "log.retention.ms=7200000,message.max.bytes=2000000")
			const seed = 16
			t.Logf("seed %d", seed)
			made := filepath.Join(t.TempDir(), "made.yaml")
			if err := os.WriteFile(made, []byte(randomSpec(rand.New(rand.NewPCG(seed, 0)), 40)), 0o600); err != nil {
				t.Fatal(err)
			}
			clitest.Kafkactl(t, "apply", "-f", made, "-b", c.Bootstrap()).Want(t, cli.ExitDone, `40 created`)
			exported := exportFile(t, c)
			before := clitest.Writes(t, c)
			clitest.Kafkactl(t, "plan", "-f", exported, "--check", "-b", c.Bootstrap()).Want(t, cli.ExitDone, `^40 topics in sync`)
			clitest.Kafkactl(t, "apply", "-f", exported, "-b", c.Bootstrap()).Want(t, cli.ExitDone, `^40 topics in sync`)
			if after := clitest.Writes(t, c); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("writes: %v, before %v", after, before)
			}
			names := strings.Fields(clitest.Kafkactl(t, "list", "-o", "name", "-b", c.Bootstrap()).Stdout)
			clitest.Kafkactl(t, append([]string{"delete", "--yes", "-b", c.Bootstrap()}, names...)...).Want(t, cli.ExitDone)
			clitest.Kafkactl(t, "apply", "-f", exported, "-b", c.Bootstrap()).Want(t, cli.ExitDone, `40 created`)
			if again, first := read(t, exportFile(t, c)), read(t, exported); again != first {
				t.Errorf("exported again:\n%s\nfirst:\n%s", again, first)
			}
		})
	}
}

func exportFile(t *testing.T, c *kafkatest.Cluster) string {
	t.Helper()
	r := clitest.Kafkactl(t, "export", "-b", c.Bootstrap())
	r.Want(t, cli.ExitDone, `^version: 1$`)
	file := filepath.Join(t.TempDir(), "exported.yaml")
	if err := os.WriteFile(file, []byte(r.Stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// randomSpec declares so many topics, with settings of all kinds.
func randomSpec(r *rand.Rand, topics int) string {
	values := [][]string{
		{"retention.ms", "7d", "-1", "1h", "86400001"},
		{"segment.bytes", "16MiB", "1GiB", "1048577"},
		{"cleanup.policy", "compact", "delete", `"compact,delete"`, `"delete,compact"`},
		{"min.cleanable.dirty.ratio", "0.5", "0", "1", "0.0001"},
		{"compression.type", "producer", "zstd", "uncompressed", "lz4"},
		{"unclean.leader.election.enable", "true", "false"},
		{"max.message.bytes", "2000000", "1MiB"},
		{"min.compaction.lag.ms", "0", "1h"},
		{"message.timestamp.type", "LogAppendTime", "CreateTime"},
	}
	var file strings.Builder
	file.WriteString("version: 1\ntopics:\n")
	for i := range topics {
		fmt.Fprintf(&file, "  export.t%d:\n    partitions: %d\n    replicationFactor: 1\n    config:\n      flush.ms: 1d\n", i, 1+r.IntN(4))
		for _, v := range values {
			if r.IntN(3) == 0 {
				fmt.Fprintf(&file, "      %s: %s\n", v[0], v[1+r.IntN(len(v)-1)])
			}
		}
	}
	return file.String()
}
