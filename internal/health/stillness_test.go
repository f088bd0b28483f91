package health

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// tooFew answers K3 as enoughBrokers does, with the broker ids of the nth climb.
func tooFew(ids ...int32) rung {
	return rung{name: "K3", question: "enough brokers", attempts: 1, ask: func(_ context.Context, c *climb) answer {
		v := brokerView{addr: "kafka:9092"}
		for _, id := range ids {
			v.brokers = append(v.brokers, broker{id: id})
		}
		c.setViews([]brokerView{v})
		return answer{verdict: Wait, evidence: "1 broker, 3 needed", err: errRefused, hint: hint{text: "--min-brokers"}, wants: 3}
	}}
}

// Too few brokers is a wait while anything moves, and a failure once nothing has for the settle
// time: the whole of it where the cluster was seen starting, half of it where it was up before the
// first climb.
func TestTooFewBrokersFailsOnceStill(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		start int // climbs before any broker lists others
		after time.Duration
		said  string
	}{
		{"was up before", 0, 2500 * time.Millisecond, "2.5s"},
		{"was seen starting", 1, 5100 * time.Millisecond, "5s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				climbs := 0
				starting := tooFew(1)
				starting.ask = func(ctx context.Context, c *climb) answer {
					if climbs++; climbs <= test.start {
						return refused
					}
					return tooFew(1).ask(ctx, c)
				}
				began := time.Now()
				_, err := withRungs(starting).Wait(background(t, time.Minute), nil)
				if took := time.Since(began); took != test.after || !errors.Is(err, ErrCannotHeal) {
					t.Errorf("%v after %s, want one that cannot heal after %s", err, took, test.after)
				}
				if !strings.HasSuffix(err.Error(), "1 broker, 3 needed; no broker joined for "+test.said) {
					t.Errorf("error %q", err)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		began, moving := time.Now(), tooFew()
		moving.ask = func(ctx context.Context, c *climb) answer {
			return tooFew(int32(time.Since(began)/(2*time.Second))).ask(ctx, c) // another broker every two seconds
		}
		if _, err := withRungs(moving).Wait(background(t, 30*time.Second), nil); !errors.Is(err, ErrTimeout) {
			t.Errorf("Wait: %v, want a timeout: brokers were joining all the time", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		l := withRungs(tooFew(1))
		for range 2 { // it begins anew with each wait
			began := time.Now()
			if _, err := l.Wait(background(t, time.Minute), nil); time.Since(began) != 2500*time.Millisecond {
				t.Errorf("%v after %s", err, time.Since(began))
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		climbs := 0
		l := withRungs(tooFew(1), rung{name: "Z1", attempts: 1, ask: func(context.Context, *climb) answer {
			if climbs++; climbs/20%2 == 0 { // something changes every two seconds
				return pass
			}
			return refused
		}})
		if _, err := l.Wait(background(t, 30*time.Second), nil); !errors.Is(err, ErrTimeout) {
			t.Errorf("Wait: %v, want a timeout: the stack is still coming up", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		silent := tooFew(1)
		silent.ask = func(context.Context, *climb) answer { return refused } // not every address answers
		if _, err := withRungs(silent).Wait(background(t, 30*time.Second), nil); !errors.Is(err, ErrTimeout) {
			t.Errorf("Wait: %v, want a timeout: an address that is down may still come", err)
		}
	})
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
		{"nobody answers", func(int) rung { return tooFew() }, 100},
		{"the same for 5 s", func(int) rung { return tooFew(1, 2, 3) }, 51 + 9},
		{"a change every 4 s", func(n int) rung { return tooFew(1, 2, 3, int32(4+n/40)) }, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				climbs := 0
				standing := tooFew()
				standing.ask = func(ctx context.Context, c *climb) answer {
					climbs++
					a := test.ask(climbs).ask(ctx, c)
					a.wants = 0 // it is waited for, whatever its number
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

// A broker that was there and left may be restarting: its absence heals, however long it lasts.
func TestBrokersThatLeftMayComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		climbs := 0
		leaving := tooFew()
		leaving.ask = func(ctx context.Context, c *climb) answer {
			if climbs++; climbs == 1 {
				c.setViews([]brokerView{{addr: "kafka:9092", brokers: []broker{{id: 1}, {id: 2}, {id: 3}}}})
				return refused
			}
			return tooFew(1, 2).ask(ctx, c)
		}
		if _, err := withRungs(leaving).Wait(background(t, 30*time.Second), nil); !errors.Is(err, ErrTimeout) {
			t.Errorf("Wait: %v, want a timeout: broker 3 was there a moment ago", err)
		}
	})
}
