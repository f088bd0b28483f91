package health

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// lists answers K3 with a view of those broker ids, and does not hold where there are fewer than 3.
func lists(ids ...int32) rung {
	return rung{name: "K3", question: "enough brokers", attempts: 1, ask: func(_ context.Context, c *climb) answer {
		v := brokerView{addr: "kafka:9092"}
		for _, id := range ids {
			v.brokers = append(v.brokers, broker{id: id})
		}
		c.setViews([]brokerView{v})
		if len(ids) < 3 {
			return answer{verdict: Wait, evidence: "1 broker, 3 needed", err: errRefused}
		}
		return pass
	}}
}

// Too few brokers is a wait for as long as there is time: nothing proves that no other comes.
func TestTooFewBrokersAreWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := withRungs(lists(1)).Wait(background(t, time.Minute), nil)
		if !errors.Is(err, ErrTimeout) || time.Since(began) < time.Minute || !strings.HasSuffix(err.Error(), "1 broker, 3 needed") {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

// An address that does not answer is a warning where the cluster is whole without it: at once where
// it is whole at first sight, after the patience where it was seen starting or still changes, and
// never where brokers are missing, or do not answer where they say that they do.
func TestAbsentAddresses(t *testing.T) {
	t.Parallel()
	answers := []answer{pass, {verdict: Wait, evidence: "kafka2:9092: connection refused", err: errRefused, hint: advise("refused")}}
	for _, test := range []struct {
		name    string
		rungs   func(at time.Duration) (k3 rung, k4 answer)
		timeout time.Duration
		ready   time.Duration // 0: never
		hint    string
	}{
		{name: "whole at first sight", rungs: func(time.Duration) (rung, answer) { return lists(1, 2, 3), pass }, timeout: time.Minute, hint: "address-left-out"},
		{
			name: "seen starting", timeout: time.Minute, ready: 7 * time.Second, hint: "address-left-out",
			rungs: func(at time.Duration) (rung, answer) {
				if at < 2*time.Second {
					return lists(1), pass
				}
				return lists(1, 2, 3), pass
			},
		},
		{
			name: "a broker joins meanwhile", timeout: time.Minute, ready: 11 * time.Second, hint: "address-left-out",
			rungs: func(at time.Duration) (rung, answer) {
				switch {
				case at < 2*time.Second:
					return lists(1), pass
				case at < 6*time.Second:
					return lists(1, 2, 3), pass
				}
				return lists(1, 2, 3, 4), pass
			},
		},
		{
			name: "a quarter of a short time", timeout: 8 * time.Second, ready: 3 * time.Second, hint: "address-left-out",
			rungs: func(at time.Duration) (rung, answer) {
				if at < time.Second {
					return lists(1), pass
				}
				return lists(1, 2, 3), pass
			},
		},
		{name: "too few brokers", rungs: func(time.Duration) (rung, answer) { return lists(1), pass }, timeout: time.Minute, ready: -1, hint: "refused"},
		{name: "an advertised address is silent", rungs: func(time.Duration) (rung, answer) { return lists(1, 2, 3), refused }, timeout: time.Minute, ready: -1, hint: "refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				table := []rung{
					{name: "K1", question: "TCP accepts", attempts: 1, ask: func(context.Context, *climb) answer {
						return answer{verdict: Warn, evidence: "kafka2:9092: connection refused; kafka:9092: accepts", absent: answers[1:], hint: answers[1].hint}
					}},
					{name: "K3", attempts: 1, ask: func(ctx context.Context, c *climb) answer {
						k3, _ := test.rungs(time.Since(began))
						return k3.ask(ctx, c)
					}},
					{name: "K4", needs: []string{"K3"}, attempts: 1, ask: func(context.Context, *climb) answer {
						_, k4 := test.rungs(time.Since(began))
						return k4
					}},
				}
				r, err := withRungs(table...).Wait(background(t, test.timeout), nil)
				took := time.Since(began)
				if test.ready < 0 {
					if !errors.Is(err, ErrTimeout) || r.Rungs[0].Verdict != Wait || r.Rungs[0].Evidence != "kafka2:9092: connection refused" {
						t.Errorf("%v, %+v", err, r.Rungs[0])
					}
				} else if err != nil || r.Rungs[0].Verdict != Warn || took < test.ready || took > test.ready+200*time.Millisecond {
					t.Errorf("after %s, want %s: %v, %+v", took, test.ready, err, r.Rungs[0])
				}
				if r.Rungs[0].HintID != test.hint || test.ready < 0 && !strings.Contains(r.Rungs[0].Hint, "--min-brokers") {
					t.Errorf("hint %s: %s", r.Rungs[0].HintID, r.Rungs[0].Hint)
				}
			})
		})
	}
}

// Brokers that answer the same for long are asked less often; an address where nothing is yet is
// looked at as often as before, and so is what has just changed.
func TestStandingClusterIsAskedGently(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		ask  func(climb int) rung
		want int // climbs in 10 s
	}{
		{"nobody answers", func(int) rung { return lists() }, 100},
		{"the same for 5 s", func(int) rung { return lists(1, 2, 3) }, 51 + 9},
		{"a change every 4 s", func(n int) rung { return lists(1, 2, 3, int32(4+n/40)) }, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				climbs := 0
				standing := lists()
				standing.ask = func(ctx context.Context, c *climb) answer {
					climbs++
					a := test.ask(climbs).ask(ctx, c)
					a.verdict = Wait // whatever their number
					if views := c.brokerViews(); len(views) > 0 {
						a.evidence = views[0].ids()
					}
					return a
				}
				if _, err := withRungs(standing).Wait(background(t, 9950*time.Millisecond), nil); !errors.Is(err, ErrTimeout) {
					t.Fatal(err)
				}
				if climbs != test.want {
					t.Errorf("%d climbs in 10s, want %d", climbs, test.want)
				}
			})
		})
	}
}
