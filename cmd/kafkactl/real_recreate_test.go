package main

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

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
			create := told{
				args: []string{"create", topic, "--partitions", "3", "-b", c.Bootstrap()}, code: exitDone, within: 5 * time.Second,
				stdout: []string{`^\+ again\.and\.again +created +3 partitions`},
			}
			remove := told{
				args: []string{"delete", topic, "--yes", "-b", c.Bootstrap()}, code: exitDone, within: 5 * time.Second,
				stdout: []string{`^- again\.and\.again +deleted +3 partitions`, `^1 topic: 1 deleted \(\d+\.\d\ds\)$`},
			}
			create.check(t)
			for range test.rounds {
				remove.check(t)
				for _, addr := range c.Addrs() {
					if code := askTopics(t, addr, topic)[0].ErrorCode; code != kerr.UnknownTopicOrPartition.Code {
						t.Errorf("after delete %s answers %v", addr, kerr.ErrorForCode(code))
					}
				}
				create.check(t)
			}
			remove.check(t)
		})
	}
}

// Row 23: an init that runs again finds nothing to do, and two at the same time get along.
func TestRealAgain(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			c := kafkatest.Shared(t, flavour)
			apply := []string{"apply", "-f", specFile(t, 1, "  run.again: {}\n  run.twice: {}\n"), "-b", c.Bootstrap()}
			_, first := background(t, apply...)
			_, second := background(t, apply...)
			for _, wait := range []func() runResult{first, second} {
				r := wait()
				r.want(t, exitDone, `^2 topics(: \d created| in sync)`)
				if r.took > 2*busy {
					t.Errorf("took %s", r.took)
				}
			}
			told{args: apply, code: exitDone, within: busy, stdout: []string{`\A2 topics in sync \(\d+\.\d\ds\)\n\z`}}.check(t)
		})
	}
}
