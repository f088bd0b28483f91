package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafkatest"
)

// Three brokers, of which one ends, and one is frozen: what it keeps and leads is never told as
// none, and nobody is held up.
func TestRealLagThreeBrokers(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			testRealLagThree(t, flavour)
		})
	}
}

func testRealLagThree(t *testing.T, flavour kafkatest.Flavour) {
	f := newLagField(t, kafkatest.Start(t, kafkatest.Options{Flavour: flavour}), "")
	single := f.topic("single", 6, 1, 10) // each partition on one broker alone
	safe := f.topic("safe", 3, 3, 10)
	names := make([]string, 12) // so that every broker keeps some
	for i := range names {
		names[i] = f.commit(fmt.Sprintf("g%02d", i), safe, map[int32]int64{0: 1, 1: 1, 2: 1})
	}
	f.commit("g00", single, map[int32]int64{0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1})
	f.agree(f.lag(), nil)
	keeps, leads := f.coordinated(), f.led(single)
	if len(keeps[3]) == 0 || len(leads[3]) == 0 {
		t.Fatalf("broker 3 keeps %v and leads %v", keeps[3], leads[3])
	}

	t.Run("one frozen", func(t *testing.T) {
		f := *f
		f.T = t
		if err := f.c.Pause(3); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		r := clitest.Kafkactl(t, "lag", "-b", f.c.Bootstrap())
		r.Want(t, cli.ExitFailed)
		r.WantErr(t, `^kafkactl: some groups .*broker 3 \(127\.0\.0\.1:\d+\)`)
		if took := time.Since(start); took > 5*time.Second+clitest.Busy {
			t.Errorf("took %s", took)
		}
		for _, group := range keeps[3] {
			f.toldOrRefused(group)
		}
		if err := f.c.Resume(3); err != nil {
			t.Fatal(err)
		}
		f.settled(names)
	})
	t.Run("one ended", func(t *testing.T) {
		f := *f
		f.T = t
		if err := f.c.Kill(3); err != nil {
			t.Fatal(err)
		}
		clitest.WaitDropped(t, f.c)
		f.afterEnd(single, leads[3], names)
	})
}

// toldOrRefused is a group whose coordinator is frozen. Once the cluster has noticed, another keeps
// it and it is told; until then it must not look like one that is not there.
func (f *lagField) toldOrRefused(group string) {
	f.Helper()
	r := clitest.Kafkactl(f.T, "lag", group, "-b", f.c.Bootstrap())
	switch {
	case r.Code == int(cli.ExitFailed) && r.Stdout == "":
		r.WantErr(f.T, `^kafkactl: cannot tell .*"`+group+`".*broker 3 `)
	case group == "g00": // what it reads is partly on the frozen broker alone
		r.Want(f.T, cli.ExitFailed, `^single +\d +1 +- +- +- +- +- +lag unknown$`)
	default:
		r.Want(f.T, cli.ExitDone, `^`+group+`: Empty, no members, lag 27$`)
	}
}

// coordinated are the groups that each broker keeps.
func (f *lagField) coordinated() map[int32][]string {
	keeps := make(map[int32][]string)
	for _, g := range f.lag().Groups {
		keeps[g.Coordinator] = append(keeps[g.Coordinator], g.Group)
	}
	return keeps
}

// led are the partitions of a topic that each broker leads.
func (f *lagField) led(topic string) map[int32][]int32 {
	f.Helper()
	topics, err := f.adm.ListTopics(f.Context(), topic)
	if err != nil {
		f.Fatal(err)
	}
	leads := make(map[int32][]int32)
	for _, p := range topics[topic].Partitions {
		leads[p.Leader] = append(leads[p.Leader], p.Partition)
	}
	for _, partitions := range leads {
		slices.Sort(partitions)
	}
	return leads
}

// settled waits until every group is told whole again.
func (f *lagField) settled(names []string) {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	f.eventually(ctx, "see all groups again", func() error {
		r := clitest.Kafkactl(f.T, "lag", "-o", "name", "-b", f.c.Bootstrap())
		if lines := strings.Fields(r.Stdout); r.Code != 0 || len(lines) != len(names) {
			return errors.New(r.String())
		}
		return nil
	})
}

// afterEnd is what is told when broker 3 has ended: partitions that it alone had are unknown. Its
// groups are either with other brokers by now, or said to be missing.
func (f *lagField) afterEnd(topic string, unknown []int32, names []string) {
	f.Helper()
	live := strings.Join(f.c.Addrs()[:2], ",")
	r := clitest.Kafkactl(f.T, "lag", "-b", live)
	r.Want(f.T, cli.ExitFailed)
	lines := strings.Count(r.Stdout, "\n") - 1
	if lines < len(names) {
		r.WantErr(f.T, `^kafkactl: some groups .*(broker 3 |\d+ of \d+ partitions of __consumer_offsets )`)
	}
	r = clitest.Kafkactl(f.T, "lag", "g00", "-b", live)
	if strings.Contains(r.Stderr, "cannot tell whether") {
		f.Log("g00 was kept by the broker that ended")
		r.Want(f.T, cli.ExitFailed)
		return
	}
	r.Want(f.T, cli.ExitFailed)
	for p := range int32(6) {
		if slices.Contains(unknown, p) {
			r.Want(f.T, cli.ExitFailed, fmt.Sprintf(`^%s +%d +1 +- +- +- +- +- +lag unknown$`, topic, p))
		} else {
			r.Want(f.T, cli.ExitFailed, fmt.Sprintf(`^%s +%d +1 +0 +10 +9 `, topic, p))
		}
	}
	r.WantErr(f.T, fmt.Sprintf(`^kafkactl: the lag of %s is not known: %s/%d: (no broker leads it|broker 3, which leads it, does not answer)$`, term.Count(len(unknown), "partition"), topic, unknown[0]))
}

// Where __consumer_offsets has one replica, as on many a development cluster, the groups of a
// broker that ends have no coordinator at all: no live broker lists them, and that is said.
func TestRealLagOrphanedGroups(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	f := newLagField(t, kafkatest.Start(t, kafkatest.Options{
		Flavour: kafkatest.Kraft3, Props: map[string]string{"offsets.topic.replication.factor": "1"},
	}), "")
	safe := f.topic("safe", 3, 3, 10)
	for i := range 12 {
		f.commit(fmt.Sprintf("g%02d", i), safe, map[int32]int64{0: 1, 1: 1, 2: 1})
	}
	keeps := f.coordinated()
	if len(keeps[3]) == 0 || len(keeps[1])+len(keeps[2]) == 0 {
		t.Fatalf("the groups are kept by %v", keeps)
	}
	if err := f.c.Kill(3); err != nil {
		t.Fatal(err)
	}
	clitest.WaitDropped(t, f.c)
	live := strings.Join(f.c.Addrs()[:2], ",")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	f.eventually(ctx, "see that the broker has ended", func() error {
		if r := clitest.Kafkactl(t, "lag", "-b", live); strings.Contains(r.Stderr, "broker 3") {
			return errors.New(r.String())
		}
		return nil
	})
	const orphaned = `.* 1 of 3 partitions of __consumer_offsets have no leader, and so their groups no coordinator$`
	r := clitest.Kafkactl(t, "lag", "-b", live)
	r.Want(t, cli.ExitFailed)
	r.WantErr(t, `^kafkactl: some groups`+orphaned)
	for _, group := range keeps[3] {
		r := clitest.Kafkactl(t, "lag", group, "-b", live)
		r.Want(t, cli.ExitFailed)
		r.WantErr(t, `^kafkactl: cannot tell .*"`+group+`"`+orphaned)
	}
	for _, group := range append(keeps[1], keeps[2]...) {
		clitest.Kafkactl(t, "lag", group, "-b", live).Want(t, cli.ExitDone, `^`+group+`: Empty, no members, lag 27$`)
	}
}
