package stack

import (
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// deadRounds is how often each command is run with each order of addresses. Which address a client
// asks first is a matter of chance.
const deadRounds = 4

// An address of --brokers, or of --zookeeper, where nothing listens changes no exit code of a
// cluster that is whole without it, wherever it stands in the list, and is not waited for.
func TestRealDeadAddress(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1, kafkatest.Kraft3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Shared(t, flavour)
			spec := clitest.SpecFile(t, 1, "  dead.address: {}\n")
			const dead, other = "127.0.0.1:1", "127.0.0.1:2"
			clitest.Kafkactl(t, "apply", "-f", spec, "-b", dead+","+c.Bootstrap()).Want(t, cli.ExitDone, `^1 topic: 1 created`)
			for _, brokers := range [][]string{{dead, c.Bootstrap()}, {dead, c.Bootstrap(), other}, {c.Bootstrap(), dead}} {
				on := []string{"-f", spec, "-b", strings.Join(brokers, ",")}
				if z := c.ZooKeeper(); z != "" {
					on = append(on, "--zookeeper", dead+","+z)
				}
				for range deadRounds {
					for command, says := range map[string]string{
						"health": `^degraded: \d brokers?`, "wait": `^ready in `, "apply": `^1 topic in sync`, "plan": `^1 topic in sync`,
					} {
						args := append([]string{command}, on...)
						if command == "health" || command == "wait" {
							args = append(args, "--data-path")
						}
						r := clitest.Kafkactl(t, args...)
						r.Want(t, cli.ExitDone, says)
						if command != "health" {
							r.WantErr(t, `^warning: K1 TCP accepts: `+dead+`: connection refused; `)
						}
						if r.Took > clitest.Busy+2*time.Second {
							t.Errorf("%s took %s", command, r.Took)
						}
					}
				}
			}
		})
	}
}
