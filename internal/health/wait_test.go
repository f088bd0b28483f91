package health

import (
	"context"
	"errors"
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
		minBrokers: 3, patience: 5 * time.Second, attempt: time.Second, interval: 100 * time.Millisecond,
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

func (hinted) Error() string { return "TOPIC_AUTHORIZATION_FAILED" }
func (hinted) Hint() string  { return "grant Create on Topic order.created" }
