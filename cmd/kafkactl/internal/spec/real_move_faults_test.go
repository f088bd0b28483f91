package spec

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Replicas that the program moves while brokers fail.
func TestRealMoveFaults(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			f := newMoveField(t, flavour)
			f.targetFails()
			f.oneIsAway()
		})
	}
}

// targetFails has the broker fail that replicas are copied to, in three ways. None ends well while it lasts, each names
// the broker, and once it is back the same command ends well.
func (f moveField) targetFails() {
	for _, fault := range []struct {
		name        string
		begin, heal func(id int) error
		timeout     string // time enough to notice it
	}{
		{"killed", f.Cluster.Kill, f.Cluster.StartBroker, "5s"},
		{"stopped", f.Cluster.Stop, f.Cluster.StartBroker, "5s"},
		{"frozen", f.Cluster.Pause, f.Cluster.Resume, "10s"},
	} {
		topic := "faults." + fault.name
		f.fill(topic, 1, 1, 8*mib)
		spec := clitest.SpecFile(f.T, 2, "  "+topic+": {partitions: 1}\n")
		move := []string{"apply", "--accept", "move", "--throttle", "1MiB", "-f", spec, "-b", f.Cluster.Bootstrap()}
		_, wait := clitest.Background(f.T, append(move, "--move-timeout", fault.timeout)...)
		id := f.target(topic)
		f.Until("it copies", func() bool { return f.heldBy(id, topic) > 0 })
		if err := fault.begin(id); err != nil {
			f.Fatal(err)
		}
		r := wait()
		r.Want(f.T, cli.ExitTimeout)
		r.WantErr(f.T, fmt.Sprintf(`time ran out: the brokers go on copying 1 partition of faults\..*; broker %d `, id), `the same command resumes`)
		f.Logf("%s: %s", fault.name, r)
		if err := fault.heal(id); err != nil {
			f.Fatal(err)
		}
		clitest.WaitDropped(f.T, f.Cluster)
		before := f.reassigned()
		r = clitest.Kafkactl(f.T, move...)
		r.Want(f.T, cli.ExitDone)
		f.Logf("back: %s", r)
		if n := f.reassigned() - before; n != 0 {
			f.Errorf("the same command sent %d reassignments", n)
		}
		f.wantReplicas(topic, 1, 2)
		if left := f.throttled(topic); left != "" {
			f.Errorf("left behind:\n%s", left)
		}
	}
}

// oneIsAway stops a broker. It gets no replica, and is the one that loses them.
func (f moveField) oneIsAway() {
	const fewer, more = "faults.fewer", "faults.more"
	f.fill(fewer, 3, 3, mib)
	f.fill(more, 1, 1, mib)
	clitest.Apache(f.T, f.Cluster, "kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", fewer, "--add-config", "min.insync.replicas=2")
	away := int(f.partitions(more)[0].Leader)%3 + 1
	if err := f.Cluster.Stop(away); err != nil {
		f.Fatal(err)
	}
	clitest.WaitDropped(f.T, f.Cluster)

	r := f.Kafkactl("apply", "--accept", "move", "--min-brokers", "2", "-f", clitest.SpecFile(f.T, 3, "  "+more+": {partitions: 1}\n"))
	r.Want(f.T, cli.ExitFailed, `faults\.more +blocked .*3 replicas of a partition need as many brokers, and 2 answered`)

	least, stop := f.watchInSync(fewer)
	led := leaders(f.partitions(fewer))
	spec := clitest.SpecFile(f.T, 2, "  "+more+": {partitions: 1}\n  "+fewer+": {config: {min.insync.replicas: 2}}\n")
	f.Kafkactl("apply", "--accept", "move", "-f", spec).Want(f.T, cli.ExitDone, `faults\.more +changed +replicationFactor 1 → 2`, `faults\.fewer +changed +replicationFactor 3 → 2`)
	stop()
	if *least < 2 {
		f.Errorf("%d replicas were in sync", *least)
	}
	f.wantReplicas(more, 1, 2)
	f.wantReplicas(fewer, 3, 2)
	now := f.partitions(fewer)
	if got := leaders(now); !slices.Equal(got, led) {
		f.Errorf("brokers %v led, and %v lead now", led, got)
	}
	for _, p := range append(now, f.partitions(more)...) {
		if slices.Contains(p.Replicas, int32(away)) {
			f.Errorf("broker %d is away, and has a replica: %+v", away, p)
		}
	}
	f.Kafkactl("plan", "--check", "-f", spec).Want(f.T, cli.ExitDone)
}

// watchInSync notes the fewest replicas of a partition of a topic that were in sync, until it is stopped.
func (f moveField) watchInSync(topic string) (least *int, stop func()) {
	ctx, cancel := context.WithCancel(f.Context())
	ended := make(chan struct{})
	least = new(int)
	*least = 3
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			meta, err := clitest.Metadata(ctx, f.Client, topic)
			if err != nil {
				continue
			}
			for _, p := range meta.Topics[0].Partitions {
				*least = min(*least, len(p.ISR))
			}
		}
	}()
	return least, func() {
		cancel()
		<-ended
	}
}
