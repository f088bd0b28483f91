package spec

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// A plan that is made while somebody moves a topic depends on where that goes: it is not stale once the move has
// ended. A broker that is stopped keeps the move running for as long as the test wants: KRaft takes it as a target.
func planFileOfAMove(t *testing.T, c *kafkatest.Cluster) {
	f := clitest.NewField(t, c)
	const topic = "plan.moved"
	clitest.CreateByHand(t, c, topic, 1, 1)
	from, to := c.BrokerIDs()[0], c.BrokerIDs()[2]
	move := func(brokers ...int32) {
		t.Helper()
		var req kadm.AlterPartitionAssignmentsReq
		req.Assign(topic, 0, brokers)
		if _, err := f.Adm.AlterPartitionAssignments(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	moving := func() bool { return len(f.Reassigning()) > 0 }
	move(int32(from))
	f.Until("the topic is where it is expected", func() bool { return !moving() })
	if err := c.Stop(to); err != nil {
		t.Fatal(err)
	}
	clitest.WaitDropped(t, c)
	move(int32(to))

	file := filepath.Join(t.TempDir(), "plan.json")
	spec := clitest.SpecFile(t, 1, "  plan.moved: {partitions: 1, config: {retention.ms: 1h}}\n")
	r := clitest.Kafkactl(t, "plan", "-f", spec, "--out", file, "-b", c.Bootstrap())
	r.Want(t, cli.ExitDone, `set +retention\.ms`)
	r.WantErr(t, `plan\.moved is being reassigned`)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if aim := regexp.MustCompile(`"replicas": \[\s+\[\s+` + strconv.Itoa(to) + `\s+\]\s+\]`); !aim.Match(text) {
		t.Errorf("the plan does not depend on broker %d alone:\n%s", to, text)
	}
	if err := c.StartBroker(to); err != nil {
		t.Fatal(err)
	}
	f.Until("the move has ended", func() bool { return !moving() })
	clitest.Kafkactl(t, "apply", "--plan", file, "-b", c.Bootstrap()).Want(t, cli.ExitDone, `1 changed`)
	move(int32(from))
	f.Until("the topic is back", func() bool { return !moving() })
	clitest.Kafkactl(t, "apply", "--plan", file, "-b", c.Bootstrap()).Want(t, cli.ExitCondition, `replicas of partition 0: planned from \[\d\], now \[\d\]`)
}
