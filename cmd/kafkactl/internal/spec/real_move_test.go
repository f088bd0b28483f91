package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Replicas that the program moves, on brokers that stay up: interrupted and resumed, with a growth, by a plan that was
// reviewed, and beside what somebody else moves.
func TestRealMove(t *testing.T) {
	t.Parallel() // it has its own brokers, to count requests
	f := newMoveField(t, kafkatest.Kraft3)
	t.Run("interrupted", func(t *testing.T) { f.in(t).interrupted() })
	t.Run("ended meanwhile", func(t *testing.T) { f.in(t).endedMeanwhile() })
	t.Run("grown", func(t *testing.T) { f.in(t).grown() })
	t.Run("reviewed", func(t *testing.T) { f.in(t).reviewed() })
	t.Run("foreign", func(t *testing.T) { f.in(t).foreign() }) // the last: what it moves goes on
}

// interrupted ends a throttled move at a third by SIGTERM. The brokers go on; what runs plainly meanwhile sends
// nothing; the same command resumes, and sends no reassignment either.
func (f moveField) interrupted() {
	const topic, small = "move.interrupted", "move.small" // the brokers have ended the small one before
	f.fill(topic, 3, 1, 3*mib)
	f.fill(small, 1, 1, 1)
	spec := clitest.SpecFile(f.T, 3, "  "+topic+": {}\n  "+small+": {partitions: 1}\n")
	move := []string{"apply", "--accept", "move", "--throttle", "1MiB", "-f", spec, "-b", f.Cluster.Bootstrap()}
	plain := func(code cli.ExitCode, stdout string) clitest.RunResult {
		f.Helper()
		before := f.reassigned()
		r := f.Kafkactl("apply", "-f", spec)
		r.Want(f.T, code, stdout)
		if n := f.reassigned() - before; n != 0 {
			f.Errorf("a plain apply sent %d reassignments", n)
		}
		return r
	}
	plain(cli.ExitFailed, `move\.interrupted +blocked +replicationFactor 1 → 3`)

	whole, before := f.held(topic), f.reassigned()
	cmd, wait := clitest.Background(f.T, move...)
	f.Until("a third is copied", func() bool { return f.held(topic) >= whole+2*whole/3 && !strings.Contains(f.moving(), small) })
	sent := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		f.Fatal(err)
	}
	r := wait()
	took, copied := time.Since(sent), f.held(topic)-whole
	if took > time.Second {
		f.Errorf("ended %s after SIGTERM", took)
	}
	r.Want(f.T, cli.ExitInterrupted)
	r.WantErr(f.T, `the brokers go on copying \d partitions of move\.interrupted.*, and the throttle of 1MiB a second on brokers 1, 2, 3 stays`, `the same command resumes`)
	if n := f.reassigned() - before; n != 1 {
		f.Errorf("%d requests reassigned the topic, want 1", n)
	}
	f.Logf("interrupted with %d %% copied, after %s: %s", copied*100/(2*whole), took.Round(time.Millisecond), lastLine(r.Stderr))

	r = plain(cli.ExitDone, `^2 topics in sync`)
	r.WantErr(f.T, `move\.interrupted is being reassigned`)
	r = clitest.Kafkactl(f.T, move...)
	r.Want(f.T, cli.ExitDone)
	if n := f.reassigned() - before; n != 1 {
		f.Errorf("the same command sent %d reassignments more", n-1)
	}
	f.Logf("resumed: %s", r)
	if left := f.throttled(topic, small); left != "" || f.moving() != "[]" {
		f.Errorf("left behind:\n%s\n%s", left, f.moving())
	}
	f.wantReplicas(topic, 3, 3)
	f.Kafkactl("plan", "--check", "-f", spec).Want(f.T, cli.ExitDone)
}

// endedMeanwhile has the brokers end a move by themselves after the program was interrupted. The same command takes the
// throttle away that was left.
func (f moveField) endedMeanwhile() {
	const topic = "move.ended"
	f.fill(topic, 1, 1, 3*mib)
	spec := clitest.SpecFile(f.T, 2, "  "+topic+": {partitions: 1}\n")
	move := []string{"apply", "--accept", "move", "--throttle", "1MiB", "-f", spec, "-b", f.Cluster.Bootstrap()}
	cmd, wait := clitest.Background(f.T, move...)
	f.target(topic)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		f.Fatal(err)
	}
	wait().Want(f.T, cli.ExitInterrupted)
	f.Until("the brokers have ended it", func() bool { return f.moving() == "[]" })
	if f.throttled(topic) == "" {
		f.Error("no throttle was left")
	}
	r := clitest.Kafkactl(f.T, move...)
	r.Want(f.T, cli.ExitDone, `^1 topic in sync`)
	f.Logf("ended meanwhile: %s", r)
	if left := f.throttled(topic); left != "" {
		f.Errorf("left behind:\n%s", left)
	}
}

// grown adds partitions and replicas by one edit. The new partitions have as many replicas as the others.
func (f moveField) grown() {
	const topic = "move.grown"
	f.fill(topic, 2, 1, mib)
	spec := clitest.SpecFile(f.T, 3, "  "+topic+": {partitions: 5, config: {min.insync.replicas: 2}}\n")
	r := f.Kafkactl("apply", "--accept", "move", "-f", spec)
	r.Want(f.T, cli.ExitDone, `partitions 2 → 5`, `replicationFactor 1 → 3`)
	if grow, move := strings.Index(r.Stdout, "partitions 2"), strings.Index(r.Stdout, "replicationFactor 1"); grow > move {
		f.Errorf("replicas are added before partitions: %s", r)
	}
	f.wantReplicas(topic, 5, 3)
	f.Kafkactl("plan", "--check", "-f", spec).Want(f.T, cli.ExitDone)
}

// reviewed makes a plan by its file: just what is accepted there, and once.
func (f moveField) reviewed() {
	const topic = "move.reviewed"
	f.fill(topic, 3, 1, mib)
	spec := clitest.SpecFile(f.T, 2, "  "+topic+": {}\n")
	dir := f.TempDir()
	plan := func(name string, args ...string) string {
		f.Helper()
		file := filepath.Join(dir, name+".json")
		if r := f.Kafkactl(append([]string{"plan", "--out", file, "-f", spec}, args...)...); r.Code == int(cli.ExitUsage) {
			f.Fatalf("%v", r)
		}
		return file
	}
	p := planCluster{f.Cluster, f.T, spec, dir}
	refused := plan("refused")
	accepted := plan("accepted", "--accept", "move")
	p.apply(refused, cli.ExitFailed, "map[]", `replicationFactor 1 → 2`)
	f.wantReplicas(topic, 3, 1)
	p.apply(accepted, cli.ExitDone, "map[ALTER_PARTITION_REASSIGNMENTS:1]", `replicationFactor 1 → 2`)
	f.wantReplicas(topic, 3, 2)
	p.apply(accepted, cli.ExitDone, "map[]", `^1 topic: 1 done already`)
	p.apply(refused, cli.ExitDone, "map[]")
}

// foreign moves a topic while Apache's tool moves two others, one of which is declared: they and their throttle are
// left alone.
func (f moveField) foreign() {
	topics := []string{"foreign.declared", "foreign.other"}
	var parts []string
	for _, topic := range topics {
		f.fill(topic, 1, 1, 8*mib)
		parts = append(parts, fmt.Sprintf(`{"topic":%q,"partition":0,"replicas":[%d]}`, topic, f.partitions(topic)[0].Leader%3+1))
	}
	f.fill("foreign.fine", 1, 1, 2)
	file := filepath.Join(f.TempDir(), "reassignment.json")
	if err := os.WriteFile(file, []byte(`{"version":1,"partitions":[`+strings.Join(parts, ",")+`]}`), 0o600); err != nil {
		f.Fatal(err)
	}
	clitest.Apache(f.T, f.Cluster, "kafka-reassign-partitions", "--execute", "--throttle", "262144", "--reassignment-json-file", file)
	throttles, moves := f.throttled(topics...), f.moving()

	spec := clitest.SpecFile(f.T, 2, "  foreign.declared: {partitions: 1}\n  foreign.fine: {partitions: 1}\n")
	r := f.Kafkactl("apply", "--accept", "move", "--throttle", "20MiB", "-f", spec)
	r.Want(f.T, cli.ExitFailed, `foreign\.declared +blocked .*somebody else is moving partition 0 to`, `foreign\.fine +changed +replicationFactor 1 → 2`)
	f.Logf("beside another's move: %s", r)
	f.wantReplicas("foreign.fine", 1, 2)
	if now := f.throttled(topics...); now != throttles || !strings.Contains(now, "=262144") {
		f.Errorf("the throttle of somebody else was\n%s\nand is\n%s", throttles, now)
	}
	if now := f.moving(); now != moves || strings.Count(now, "foreign.") != 2 {
		f.Errorf("somebody else moved %s, and moves %s", moves, now)
	}
	if left := f.throttled("foreign.fine"); strings.Contains(left, "foreign.fine") {
		f.Errorf("left behind:\n%s", left)
	}
}
