package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeLadder asks scripted rungs, on the clock of a synctest bubble and without a network. What K1
// answers on the nth climb is script[n], the last one for ever.
func fakeLadder(script ...answer) *Ladder {
	climbs := 0
	return withRungs(rung{name: "K1", question: "TCP accepts", attempts: 1, ask: func(context.Context, *climb) answer {
		a := script[min(climbs, len(script)-1)]
		climbs++
		return a
	}})
}

func withRungs(table ...rung) *Ladder {
	return &Ladder{
		minBrokers: 3, settle: 5 * time.Second, attempt: time.Second, interval: 100 * time.Millisecond,
		table: table, probes: newProbeCache(), clients: newClients(nil),
	}
}

var (
	errRefused = errors.New("refused")
	pass       = answer{verdict: Pass, evidence: "accepts"}
	refused    = answer{verdict: Wait, evidence: "kafka:9092: connection refused", err: errRefused}
	hopeless   = answer{verdict: Fail, evidence: "kafka:9092: SASL refused", err: errRefused}
)

// told is what onChange and the end of a Wait looked like.
type told struct {
	Verdict Verdict
	Ready   bool
	Climbs  int
	At      time.Duration
}

func waitTold(t *testing.T, l *Ladder, timeout time.Duration) ([]told, Readiness, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	began := time.Now()
	var calls []told
	r, err := l.Wait(ctx, func(r Readiness) {
		calls = append(calls, told{r.Rungs[0].Verdict, r.Ready, r.Climbs, time.Since(began)})
	})
	return calls, r, err
}

func TestHoldRuleAndOnChange(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, test := range []struct {
		name   string
		script []answer
		want   []told
		cause  error
	}{
		{"ready at once when the first climb passes", []answer{pass}, []told{{Pass, true, 1, 0}}, nil},
		{"twice in a row once seen unready", []answer{refused, pass}, []told{{Wait, false, 1, 0}, {Pass, false, 2, 100 * ms}, {Pass, true, 3, 200 * ms}}, nil},
		{"one pass between failures is not enough", []answer{refused, pass, refused, pass}, []told{
			{Wait, false, 1, 0}, {Pass, false, 2, 100 * ms}, {Wait, false, 3, 200 * ms}, {Pass, false, 4, 300 * ms}, {Pass, true, 5, 400 * ms},
		}, nil},
		{"told of changes only", []answer{refused, refused, refused, pass}, []told{{Wait, false, 1, 0}, {Pass, false, 4, 300 * ms}, {Pass, true, 5, 400 * ms}}, nil},
		{"what cannot heal ends it at once", []answer{refused, hopeless}, []told{{Wait, false, 1, 0}, {Fail, false, 2, 100 * ms}}, ErrCannotHeal},
		{"the deadline", []answer{refused}, []told{{Wait, false, 1, 0}, {Wait, false, 10, 950 * ms}}, ErrTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls, r, err := waitTold(t, fakeLadder(test.script...), 950*ms)
				if diff := cmp.Diff(test.want, calls); diff != "" {
					t.Errorf("onChange (-want +got):\n%s", diff)
				}
				if !errors.Is(err, test.cause) || (err == nil) != r.Ready {
					t.Errorf("ready %t, error %v, want %v", r.Ready, err, test.cause)
				}
				if err != nil && !errors.Is(err, errRefused) {
					t.Errorf("%v does not unwrap to the rung's error", err)
				}
			})
		})
	}
}

func TestOnChangeSeesNewEvidence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		silent := answer{verdict: Wait, evidence: "kafka:9092: accepts TCP, then says nothing", err: errRefused}
		calls, _, _ := waitTold(t, fakeLadder(refused, silent), 150*time.Millisecond)
		if len(calls) != 3 {
			t.Errorf("%d calls, want one for each evidence and one at the end: %v", len(calls), calls)
		}
	})
}

// A change of a rung above the one that blocks is a change of the ladder.
func TestOnChangeSeesEveryVerdict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := fakeLadder(refused)
		climbs := 0
		l.table = append(l.table, rung{name: "Z1", attempts: 1, ask: func(context.Context, *climb) answer {
			if climbs++; climbs == 1 {
				return refused
			}
			return pass
		}})
		if calls, _, _ := waitTold(t, l, 950*time.Millisecond); len(calls) != 3 {
			t.Errorf("%d calls, want the first, one for Z1 and the end: %v", len(calls), calls)
		}
	})
}

func TestNotReadyErrorIsOneLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, _, err := waitTold(t, fakeLadder(answer{verdict: Wait, evidence: "kafka:9092:\n\tconnection refused"}), 1500*time.Millisecond)
		if want := "not ready after 1.5s: K1 TCP accepts: kafka:9092: connection refused"; err == nil || err.Error() != want {
			t.Errorf("error %v\nwant  %s", err, want)
		}
	})
}

// A cluster that is whole for the first time when the deadline comes is not ready, and there is no
// rung to blame.
func TestHeldOnceIsNotReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, r, err := waitTold(t, fakeLadder(refused, pass), 150*time.Millisecond)
		if want := "not ready after 150ms: every rung held once, but not twice in a row"; r.Ready || err == nil || err.Error() != want {
			t.Errorf("ready %t, error %v\nwant %s", r.Ready, err, want)
		}
	})
}

func TestCancelEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(250*time.Millisecond, cancel)
		_, err := fakeLadder(refused).Wait(ctx, nil)
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrTimeout) {
			t.Errorf("Wait: %v, want canceled", err)
		}
	})
}

// deaf is a probe that heeds neither its context nor anything else, from its nth question on.
func deaf(release <-chan struct{}, from int, before answer) rung {
	asked := 0
	return rung{name: "K1", question: "TCP accepts", attempts: 1, ask: func(context.Context, *climb) answer {
		if asked++; asked > from {
			<-release
		}
		return before
	}}
}

// The climb that the deadline cuts short must not replace what the one before it saw.
func TestDeadlineKeepsTheLastEvidence(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"timeout": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 500*time.Millisecond)
		},
		"cancel": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(500*time.Millisecond, cancel)
			return ctx, cancel
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				defer close(release)
				above := rung{name: "K2", question: "speaks Kafka", needs: []string{"K1"}, attempts: 1, ask: func(context.Context, *climb) answer { return refused }}
				ctx, cancel := stop(t.Context())
				defer cancel()
				began := time.Now()
				r, err := withRungs(deaf(release, 1, pass), above).Wait(ctx, nil)
				if late := time.Since(began) - 500*time.Millisecond; late > 50*time.Millisecond {
					t.Errorf("returned %s after the end", late)
				}
				if f, _ := r.Blocking(); f.Rung != "K2" || f.Evidence != refused.evidence {
					t.Errorf("blocked by %s %q (%v), want K2 %q", f.Rung, f.Evidence, err, refused.evidence)
				}
			})
		})
	}
}

// Without an earlier climb the cut question itself is the evidence, and not the text of a context
// error.
func TestDeadlineInTheFirstClimb(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		calls, _, err := waitTold(t, withRungs(deaf(release, 0, pass)), 300*time.Millisecond)
		if want := "not ready after 320ms: K1 TCP accepts: no answer"; err == nil || err.Error() != want {
			t.Errorf("error %v\nwant  %s", err, want)
		}
		if end := calls[len(calls)-1].At; end > 350*time.Millisecond {
			t.Errorf("ended after %s", end)
		}
	})
}

// A question ends before the caller's deadline, so that its own words are told in time; and what it
// did not learn in less than its attempt does not count against what was seen before.
func TestQuestionsEndBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		frozen := rung{name: "K1", question: "TCP accepts", attempts: 1, ask: func(ctx context.Context, _ *climb) answer {
			if asked++; asked == 1 {
				return refused
			}
			<-ctx.Done()
			return unmet("says nothing", ctx.Err())
		}}
		calls, r, _ := waitTold(t, withRungs(frozen), 500*time.Millisecond)
		const ms = time.Millisecond
		want := []told{{Wait, false, 1, 0}, {Wait, false, 2, 500 * ms}}
		if diff := cmp.Diff(want, calls); diff != "" {
			t.Errorf("onChange (-want +got):\n%s", diff)
		}
		if f, _ := r.Blocking(); f.Evidence != refused.evidence {
			t.Errorf("blocked by %q, want %q", f.Evidence, refused.evidence)
		}
		ctx := background(t, 300*ms)
		if r := withRungs(frozen).Climb(ctx); r.Elapsed != 270*ms || r.Rungs[0].Evidence != "says nothing" {
			t.Errorf("%q after %s, want the probe's own words after 270ms", r.Rungs[0].Evidence, r.Elapsed)
		}
	})
}

// A pass that the deadline cut short does not make two in a row.
func TestCutClimbIsNotWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		first := true
		flaky := rung{name: "K0", question: "name resolves", attempts: 1, ask: func(context.Context, *climb) answer {
			if first {
				first = false
				return refused
			}
			return pass
		}}
		if _, r, err := waitTold(t, withRungs(deaf(release, 2, pass), flaky), 500*time.Millisecond); r.Ready || !errors.Is(err, ErrTimeout) {
			t.Errorf("ready %t, %v: the third climb was never answered", r.Ready, err)
		}
	})
}

// Without broker addresses the ladder is ZooKeeper's part alone.
func TestZooKeeperAlone(t *testing.T) {
	t.Parallel()
	l, err := New(Options{ZooKeeper: []string{"localhost:1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var asked []string
	for _, f := range l.Climb(t.Context()).Rungs {
		asked = append(asked, f.Rung+" "+string(f.Verdict)+" "+f.Evidence)
	}
	if diff := cmp.Diff([]string{"Z1 wait localhost:1: connection refused", "Z2 unasked not asked: Z1 does not hold"}, asked); diff != "" {
		t.Error(diff)
	}
}

// hinted is an error of a caller, with its own advice.
type hinted struct{}

func (hinted) Error() string { return "TOPIC_AUTHORIZATION_FAILED" }
func (hinted) Hint() string  { return "grant Create on Topic order.created" }

func TestCallbacks(t *testing.T) {
	t.Parallel()
	here, there := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("10.0.0.2:54321")), net.TCPAddrFromAddrPort(netip.MustParseAddrPort("10.0.0.3:9092"))
	unreached := func(err error) error { return fmt.Errorf("broker 2 (kafka2:9092): list offsets: %w", err) }
	if Permanent(nil) != nil {
		t.Error("Permanent(nil) is an error")
	}
	for _, test := range []struct {
		name string
		err  error
		want Finding
	}{
		{"good", nil, Finding{Rung: "K6", Verdict: Pass, Evidence: "validated"}},
		{"not yet", errRefused, Finding{Rung: "K6", Verdict: Wait, Evidence: "validated: refused"}},
		{"permanent", Permanent(hinted{}), Finding{Rung: "K6", Verdict: Fail, Evidence: "validated: TOPIC_AUTHORIZATION_FAILED", Hint: "grant Create on Topic order.created", HintID: "given"}},
		{"not marked", hinted{}, Finding{Rung: "K6", Verdict: Wait, Evidence: "validated: TOPIC_AUTHORIZATION_FAILED", Hint: "grant Create on Topic order.created", HintID: "given"}},
		{"a network's error keeps who was asked", unreached(&net.OpError{
			Op: "read", Net: "tcp", Source: here, Addr: there, Err: os.NewSyscallError("read", syscall.ECONNRESET),
		}), Finding{Rung: "K6", Verdict: Wait, Evidence: "validated: broker 2 (kafka2:9092): list offsets: closes the connection"}},
		{"a deadline keeps what is left to do", fmt.Errorf("write to broker 2: %w; topic x may be left (%w): delete it", context.DeadlineExceeded, errRefused), Finding{
			Rung: "K6", Verdict: Wait, Evidence: "validated: write to broker 2: no answer; topic x may be left (refused): delete it",
		}},
		{"a name", unreached(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "kafka2", IsNotFound: true}}), Finding{
			Rung: "K6", Verdict: Wait, Evidence: "validated: broker 2 (kafka2:9092): list offsets: no such host",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := ladder(t, Options{Brokers: fakeKafka(t).ListenAddrs(), WritePath: func(context.Context) (string, error) { return "validated", test.err }})
			got := finding(t, l.Climb(t.Context()), "K6")
			test.want.Question = "write path"
			got.Took = 0
			if !errors.Is(got.Err, test.err) {
				t.Errorf("err %v, want %v", got.Err, test.err)
			}
			got.Err = nil
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(Finding{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A question that was abandoned may still look at the climb's findings, so what is done with those
// it gave is not seen.
func TestFindingsAreTheCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := fakeLadder(refused)
		c := l.climb(t.Context(), l.table, asking{})
		r := c.readiness()
		r.Rungs[0].Err = nil
		if c.findings[0].Err == nil {
			t.Error("the caller wrote into the climb's own finding")
		}
	})
}

// The table can be climbed: each rung needs, and comes after, only rungs that stand before it.
func TestRungsNeedEarlierRungs(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context) (string, error) { return "", nil }
	stands := map[string]bool{}
	for i, r := range rungs(Options{WritePath: nothing, Topics: nothing}) {
		for _, other := range slices.Concat(r.needs, r.after) {
			if !stands[other] {
				t.Errorf("%s comes after %s, which does not stand before it", r.name, other)
			}
		}
		if stands[r.name] = true; i == reachRungs-1 && r.name != "K2" {
			t.Errorf("Reach ends at %s, want K2", r.name)
		}
	}
}

// A short timeout on a silent port has named the fault by its deadline.
func TestShortTimeoutNamesTheFault(t *testing.T) {
	t.Parallel()
	for _, timeout := range []time.Duration{attempt / 2, attempt * 3 / 2} {
		addr := serve(t, silent)
		began := time.Now()
		_, err := ladder(t, Options{Brokers: []string{addr}, Attempt: attempt}).Wait(background(t, timeout), nil)
		if took := time.Since(began); took > timeout+busy {
			t.Errorf("took %s of %s", took, timeout)
		}
		if err == nil || !strings.HasSuffix(err.Error(), "K2 speaks Kafka: "+addr+": accepts TCP, then says nothing") {
			t.Errorf("with %s: %v", timeout, err)
		}
	}
}
