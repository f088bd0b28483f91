package records

import (
	"io"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// A reader that stops hangs nothing and costs no commit, as real brokers commit.
func TestRealConsumePausedReader(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			topic, addr := f.Topic("consume.paused", 1), f.Cluster.Bootstrap()
			fillBig(t, f.Client, topic)
			readWithAPause(t, f.Adm, topic, addr)
			p := newPausedReader(t, "consume", topic, "-b", addr, "--from-beginning", "--expect", "1000000", "--timeout", "2s", "-o", "value")
			p.end(t).Want(t, cli.ExitCondition)
			rest, err := io.ReadAll(p.out)
			if err != nil || len(rest) == 0 {
				t.Errorf("%d bytes were written before it ended, %v", len(rest), err)
			}
		})
	}
}
