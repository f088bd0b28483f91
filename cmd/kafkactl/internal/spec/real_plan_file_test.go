package spec

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// planCluster is a real cluster that plans are for, and that counts requests.
type planCluster struct {
	*kafkatest.Cluster
	t    *testing.T
	spec string
	dir  string
}

// plan saves a plan for what the topics are like now.
func (p planCluster) plan(name string, more ...string) string {
	p.t.Helper()
	file := filepath.Join(p.dir, name+".json")
	r := clitest.Kafkactl(p.t, append([]string{"plan", "-f", p.spec, "--out", file, "-b", p.Bootstrap()}, more...)...)
	r.Want(p.t, cli.ExitDone)
	return file
}

// apply makes a plan, or is told why not; writes are what the brokers got of it that could change a topic.
func (p planCluster) apply(file string, code cli.ExitCode, writes string, stdout ...string) clitest.RunResult {
	p.t.Helper()
	return p.run([]string{"--plan", file}, code, writes, stdout...)
}

// applyFile makes what the file declares, with flags; writes as for apply.
func (p planCluster) applyFile(code cli.ExitCode, writes string, flags []string, stdout ...string) clitest.RunResult {
	p.t.Helper()
	return p.run(append([]string{"-f", p.spec}, flags...), code, writes, stdout...)
}

// run runs apply, and counts what the brokers got of it that could change a topic.
func (p planCluster) run(flags []string, code cli.ExitCode, writes string, stdout ...string) clitest.RunResult {
	p.t.Helper()
	before := clitest.Writes(p.t, p.Cluster)
	r := clitest.Kafkactl(p.t, append([]string{"apply", "-b", p.Bootstrap()}, flags...)...)
	r.Want(p.t, code, stdout...)
	sent := make(map[string]int)
	for name, n := range clitest.Writes(p.t, p.Cluster) {
		if n > before[name] {
			sent[name] = n - before[name]
		}
	}
	if got := fmt.Sprint(sent); got != writes {
		p.t.Errorf("apply %s: the brokers got %s, want %s", flags, got, writes)
	}
	return r
}

// On real brokers: a plan is made once, and is refused when a topic has changed, was made again, when the cluster is
// another or a byte is. What the brokers log of these runs holds no request that could change a topic, not even one
// that only validates.
func TestRealPlanFile(t *testing.T) {
	t.Parallel() // it has its own brokers, to count requests
	flavours := []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1}
	clusters := make(map[kafkatest.Flavour]*kafkatest.Cluster)
	for _, flavour := range flavours {
		clusters[flavour] = kafkatest.Start(t, kafkatest.Options{Flavour: flavour, RequestLog: true})
	}
	for i, flavour := range flavours {
		t.Run(string(flavour), func(t *testing.T) {
			c, other := clusters[flavour], clusters[flavours[1-i]]
			p := planCluster{c, t, clitest.SpecFile(t, 1, "  plan.new: {}\n  plan.grown: {partitions: 4, config: {retention.ms: 1h, cleanup.policy: null}}\n"), t.TempDir()}
			clitest.CreateByHand(t, c, "plan.grown", 2, 1)
			clitest.AlterByHand(t, c, "plan.grown", "cleanup.policy", "compact")
			const nothing = "map[]"

			file := p.plan("made")
			// Each is validated first, and made then.
			p.apply(file, cli.ExitDone, "map[CREATE_PARTITIONS:2 CREATE_TOPICS:2 INCREMENTAL_ALTER_CONFIGS:2]", `^2 topics: 1 created, 1 changed`)
			clitest.WantShapes(t, c, map[string]string{"plan.new": "3 partitions, RF 1", "plan.grown": "4 partitions, RF 1"})
			p.apply(file, cli.ExitDone, nothing, `^2 topics: 2 done already`)
			p.apply(p.plan("in sync"), cli.ExitDone, nothing, `^2 topics in sync`)

			clitest.AlterByHand(t, c, "plan.grown", "retention.ms", "60000")
			p.apply(file, cli.ExitCondition, nothing, `^plan\.grown  retention\.ms: planned from .*, now 1m$`)
			drifted := p.plan("drifted")
			clitest.GrowByHand(t, c, "plan.grown", 5)
			p.apply(drifted, cli.ExitCondition, nothing, `^plan\.grown  partitions: planned from 4, now 5$`)

			p.remake("plan.grown")
			again := p.plan("again")
			p.remake("plan.grown")
			p.apply(again, cli.ExitCondition, nothing, `^plan\.grown  topic was recreated: id \S{22} → \S{22}$`)

			p.checkRefused(p.plan("refused"), other)
		})
	}
}

// remake deletes a topic, and makes it again: by the program, because with ZooKeeper a topic that no broker shows any
// more is in the way for a moment.
func (p planCluster) remake(topic string) {
	p.t.Helper()
	clitest.Kafkactl(p.t, "delete", topic, "--yes", "-b", p.Bootstrap()).Want(p.t, cli.ExitDone)
	clitest.Kafkactl(p.t, "create", topic, "--partitions", "2", "--replication-factor", "1", "-b", p.Bootstrap()).Want(p.t, cli.ExitDone)
}

// checkRefused holds a good plan against another cluster, and against one changed byte.
func (p planCluster) checkRefused(file string, other *kafkatest.Cluster) {
	p.t.Helper()
	r := planCluster{other, p.t, p.spec, p.dir}.apply(file, cli.ExitUsage, "map[]")
	r.WantErr(p.t, `the plan is for another cluster`)
	text, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	edited := filepath.Join(p.dir, "edited.json")
	if err := os.WriteFile(edited, bytes.Replace(text, []byte(`"after": 4`), []byte(`"after": 6`), 1), 0o600); err != nil {
		p.t.Fatal(err)
	}
	r = p.apply(edited, cli.ExitUsage, "map[]")
	r.WantErr(p.t, `its digest does not fit`)
	p.apply(file, cli.ExitDone, "map[CREATE_PARTITIONS:2 INCREMENTAL_ALTER_CONFIGS:2]", `1 changed`)
}
