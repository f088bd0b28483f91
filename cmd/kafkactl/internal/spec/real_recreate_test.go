package spec

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Row 22: a topic is deleted and made again at once, as tests between two runs do it: the
// deletion ends when no broker knows the topic, and so the creation never meets the old
// one, in ZooKeeper's mode neither.
func TestRealDeleteThenCreate(t *testing.T) {
	t.Parallel() // nobody else knows its topic
	for _, test := range []struct {
		flavour kafkatest.Flavour
		rounds  int
	}{
		{kafkatest.ZK1, 10},
		{kafkatest.Kraft1, 10},
		{kafkatest.Kraft3, 3},
	} {
		t.Run(string(test.flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, test.flavour)
			const topic = "again.and.again"
			create := clitest.Told{
				Args: []string{"create", topic, "--partitions", "3", "-b", c.Bootstrap()}, Code: cli.ExitDone, Within: 5 * time.Second,
				Stdout: []string{`^\+ again\.and\.again +created +3 partitions`},
			}
			remove := clitest.Told{
				Args: []string{"delete", topic, "--yes", "-b", c.Bootstrap()}, Code: cli.ExitDone, Within: 5 * time.Second,
				Stdout: []string{`^- again\.and\.again +deleted +3 partitions`, `^1 topic: 1 deleted \(\d+\.\d\ds\)$`},
			}
			create.Check(t)
			for range test.rounds {
				remove.Check(t)
				for _, addr := range c.Addrs() {
					if code := clitest.AskTopics(t, addr, topic)[0].ErrorCode; code != kerr.UnknownTopicOrPartition.Code {
						t.Errorf("after delete %s answers %v", addr, kerr.ErrorForCode(code))
					}
				}
				create.Check(t)
			}
			remove.Check(t)
		})
	}
}

// Row 23: an init that runs again finds nothing to do, and two at the same time get along.
func TestRealAgain(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, flavour)
			apply := []string{"apply", "-f", clitest.SpecFile(t, 1, "  run.again: {}\n  run.twice: {}\n"), "-b", c.Bootstrap()}
			_, first := clitest.Background(t, apply...)
			_, second := clitest.Background(t, apply...)
			for _, wait := range []func() clitest.RunResult{first, second} {
				r := wait()
				r.Want(t, cli.ExitDone, `^2 topics(: \d created| in sync)`)
				if r.Took > 2*clitest.Busy {
					t.Errorf("took %s", r.Took)
				}
			}
			clitest.Told{Args: apply, Code: cli.ExitDone, Within: clitest.Busy, Stdout: []string{`\A2 topics in sync \(\d+\.\d\ds\)\n\z`}}.Check(t)
		})
	}
}
