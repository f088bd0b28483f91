package health

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kafkactl/internal/kafka"
)

// Each question ends deadlineReserve before the caller's deadline, so that there is time to report
// the climb. When the caller's context has ended, a question without an answer is abandoned after
// grace.
const (
	deadlineReserve = 30 * time.Millisecond
	grace           = 20 * time.Millisecond
)

// climb is one pass over a table of rungs.
type climb struct {
	ladder   *Ladder
	table    []rung
	findings []Finding // as table; each is written before its done is closed
	done     []chan struct{}
	began    time.Time
	asking   asking

	brokers, zookeepers *walks
	notes
}

// asking is how a climb asks the bootstrap addresses.
type asking struct {
	// enough is how many addresses must speak Kafka; the others are not asked any more then. With 0
	// every address is asked, and one that does not answer is judged in the end: see judgeAbsent.
	enough int
	// brief asks as much as possible over the connection that K2 uses.
	brief bool
}

// climb asks the rungs of table, each as soon as those it needs are answered.
func (l *Ladder) climb(ctx context.Context, table []rung, how asking) *climb {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the walks that nobody waits for any more
	c := &climb{ladder: l, table: table, findings: make([]Finding, len(table)), began: time.Now(), asking: how}
	c.brokers = newWalks(l.brokers, brokerStages)
	c.zookeepers = newWalks(l.zookeepers, zooKeeperStages)
	var told atomic.Int32
	c.brokers.start(ctx, l, func(ctx context.Context, addr string, tell func(answer) bool) {
		c.approachBroker(ctx, addr, tell)
		// It counts the walks that have reported, not the addresses that were noted: another walk
		// must not halt them all between the two.
		if slices.Contains(c.speakers(), addr) && int(told.Add(1)) == how.enough {
			c.brokers.halt()
		}
		if c.isKRaft() {
			c.zookeepers.halt()
		}
	})
	if c.index("Z1") >= 0 {
		c.zookeepers.start(ctx, l, c.approachZooKeeper)
	}
	c.run(ctx)
	c.conclude()
	return c
}

func (c *climb) run(ctx context.Context) {
	for range c.table {
		c.done = append(c.done, make(chan struct{}))
	}
	var all sync.WaitGroup
	for i := range c.table {
		all.Go(func() {
			defer close(c.done[i])
			c.findings[i] = c.step(ctx, c.table[i])
		})
	}
	all.Wait()
}

// step waits for the rungs that r needs, and for the answers that r uses; it asks r if the former
// hold. Took begins then.
func (c *climb) step(ctx context.Context, r rung) Finding {
	f := Finding{Rung: r.name, Question: r.question, Verdict: Unasked}
	for _, need := range r.needs {
		i := c.index(need)
		if i < 0 {
			continue // not on this ladder
		}
		<-c.done[i]
		if f.Evidence == "" && !c.holds(i) {
			f.Evidence = "not asked: " + need + " does not hold"
		}
	}
	if f.Evidence != "" {
		return f
	}
	for _, other := range r.after {
		if i := c.index(other); i >= 0 {
			<-c.done[i]
		}
	}
	if reason := c.skipped(r); reason != "" {
		f.Verdict, f.Evidence = Skip, reason
		return f
	}
	began := time.Now()
	a := c.ask(ctx, r)
	f.Verdict, f.Evidence = a.verdict, oneLine(a.evidence)
	f.take(a.hint)
	f.Err, f.cut, f.absent = a.err, a.cut, a.absent
	f.Took = time.Since(began)
	return f
}

// ask returns within r's attempts and ctx, even when r.ask heeds neither.
func (c *climb) ask(ctx context.Context, r rung) answer {
	bound, cancel, shrunk := c.ladder.within(ctx, r.attempts)
	defer cancel()
	reply := make(chan answer, 1)
	go func() { reply <- r.ask(bound, c) }()

	a := c.ladder.await(ctx, bound, reply)
	if a.verdict == Wait && (ctx.Err() != nil || shrunk && kafka.TimedOut(a.err)) {
		a.cut = true
	}
	return a
}

// await gives a question that ran into its bound a little longer to answer, because its evidence is
// better than "no answer": a quarter of an attempt, for a busy machine, but no more than grace once
// ctx has ended.
func (l *Ladder) await(ctx, bound context.Context, reply <-chan answer) answer {
	select {
	case a := <-reply:
		return a
	case <-bound.Done():
	}
	patience, cancel := context.WithTimeout(ctx, l.attempt/4)
	defer cancel()
	select {
	case a := <-reply:
		return a
	case <-patience.Done():
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case a := <-reply:
		return a
	case <-late.C:
		a := unmet("no answer", context.DeadlineExceeded)
		a.hint = advise("stuck")
		return a
	}
}

// within bounds a question to so many attempts, or to the time until ctx's deadline where that is
// less; shrunk reports the latter.
func (l *Ladder) within(ctx context.Context, attempts int) (bound context.Context, cancel context.CancelFunc, shrunk bool) {
	want := time.Duration(attempts) * l.attempt
	if deadline, set := ctx.Deadline(); set {
		if left := time.Until(deadline) - deadlineReserve; left < want {
			want, shrunk = left, true
		}
	}
	bound, cancel = context.WithTimeout(ctx, want)
	return bound, cancel, shrunk
}

func (c *climb) holds(i int) bool {
	return c.findings[i].Verdict.Holds() || c.skipped(c.table[i]) != ""
}

func (c *climb) skipped(r rung) string {
	if r.skip == nil {
		return ""
	}
	return r.skip(c)
}

func (c *climb) index(name string) int {
	return slices.IndexFunc(c.table, func(r rung) bool { return r.name == name })
}

// conclude corrects findings by notes that came after them.
func (c *climb) conclude() {
	for i, r := range c.table {
		if reason := c.skipped(r); reason != "" {
			c.findings[i] = Finding{Rung: r.name, Question: r.question, Verdict: Skip, Evidence: reason, Took: c.findings[i].Took}
		}
	}
	c.judgeAbsent()
	blameZooKeeper(c.findings)
}

// readiness returns the climb as callers see it, with a copy of the findings: a question that was
// abandoned may still read the climb's own.
func (c *climb) readiness() Readiness {
	r := Readiness{Mode: c.mode(), Climbs: 1, Elapsed: time.Since(c.began), Rungs: slices.Clone(c.findings)}
	r.NoZooKeeper = c.isKRaft() && len(c.ladder.zookeepers) > 0
	r.ClusterID, r.Brokers = c.cluster()
	r.Speaking = c.reachedBrokers()
	_, blocked := r.Blocking()
	r.Ready = !blocked
	return r
}

// reachedBrokers returns the bootstrap addresses that spoke Kafka, in the given order.
func (c *climb) reachedBrokers() []string {
	spoke := c.speakers()
	var reached []string
	for _, addr := range c.ladder.brokers {
		if slices.Contains(spoke, addr) {
			reached = append(reached, addr)
		}
	}
	return reached
}
