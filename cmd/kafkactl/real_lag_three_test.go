package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// Three brokers, of which one ends, and one is frozen: what it keeps and leads is never
// told as none, and nobody is held up.
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
		r := kafkactl(t, "lag", "-b", f.c.Bootstrap())
		r.want(t, exitFailed)
		r.wantErr(t, `^kafkactl: some groups .*broker 3 \(127\.0\.0\.1:\d+\)`)
		if took := time.Since(start); took > 5*time.Second+busy {
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
		waitDropped(t, f.c)
		f.afterEnd(single, leads[3], names)
	})
}

// toldOrRefused is a group whose coordinator is frozen. Once the cluster has noticed,
// another keeps it and it is told; until then it must not look like one that is not there.
func (f *lagField) toldOrRefused(group string) {
	f.Helper()
	r := kafkactl(f.T, "lag", group, "-b", f.c.Bootstrap())
	switch {
	case r.code == int(exitFailed) && r.stdout == "":
		r.wantErr(f.T, `^kafkactl: cannot tell .*"`+group+`".*broker 3 `)
	case group == "g00": // what it reads is partly on the frozen broker alone
		r.want(f.T, exitFailed, `^single +\d +1 +- +- +- +- +- +lag unknown$`)
	default:
		r.want(f.T, exitDone, `^`+group+`: Empty, no members, lag 27$`)
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
		r := kafkactl(f.T, "lag", "-o", "name", "-b", f.c.Bootstrap())
		if told := strings.Fields(r.stdout); r.code != 0 || len(told) != len(names) {
			return errors.New(r.String())
		}
		return nil
	})
}

// afterEnd is what is told when broker 3 has ended: partitions that it alone had are
// unknown. Its groups are either with other brokers by now, or said to be missing.
func (f *lagField) afterEnd(topic string, unknown []int32, names []string) {
	f.Helper()
	live := strings.Join(f.c.Addrs()[:2], ",")
	r := kafkactl(f.T, "lag", "-b", live)
	r.want(f.T, exitFailed)
	told := strings.Count(r.stdout, "\n") - 1
	if told < len(names) {
		r.wantErr(f.T, `^kafkactl: some groups .*(broker 3 |\d+ of \d+ partitions of __consumer_offsets )`)
	}
	r = kafkactl(f.T, "lag", "g00", "-b", live)
	if strings.Contains(r.stderr, "cannot tell whether") {
		f.Log("g00 was kept by the broker that ended")
		r.want(f.T, exitFailed)
		return
	}
	r.want(f.T, exitFailed)
	for p := range int32(6) {
		if slices.Contains(unknown, p) {
			r.want(f.T, exitFailed, fmt.Sprintf(`^%s +%d +1 +- +- +- +- +- +lag unknown$`, topic, p))
		} else {
			r.want(f.T, exitFailed, fmt.Sprintf(`^%s +%d +1 +0 +10 +9 `, topic, p))
		}
	}
	r.wantErr(f.T, fmt.Sprintf(`^kafkactl: the lag of %s is not known: %s/%d: (no broker leads it|broker 3, which leads it, does not answer)$`, count(len(unknown), "partition"), topic, unknown[0]))
}

// Where __consumer_offsets has one replica, as on many a development cluster, the groups
// of a broker that ends have no coordinator at all: no live broker lists them, and that
// is said.
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
	waitDropped(t, f.c)
	live := strings.Join(f.c.Addrs()[:2], ",")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	f.eventually(ctx, "see that the broker has ended", func() error {
		if r := kafkactl(t, "lag", "-b", live); strings.Contains(r.stderr, "broker 3") {
			return errors.New(r.String())
		}
		return nil
	})
	const orphaned = `.* 1 of 3 partitions of __consumer_offsets have no leader, and so their groups no coordinator$`
	r := kafkactl(t, "lag", "-b", live)
	r.want(t, exitFailed)
	r.wantErr(t, `^kafkactl: some groups`+orphaned)
	for _, group := range keeps[3] {
		r := kafkactl(t, "lag", group, "-b", live)
		r.want(t, exitFailed)
		r.wantErr(t, `^kafkactl: cannot tell .*"`+group+`"`+orphaned)
	}
	for _, group := range append(keeps[1], keeps[2]...) {
		kafkactl(t, "lag", group, "-b", live).want(t, exitDone, `^`+group+`: Empty, no members, lag 27$`)
	}
}
