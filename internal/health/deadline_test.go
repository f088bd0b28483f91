package health

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A climb that the deadline cut short has not seen that no broker answers: what was seen before
// stands, with its hints.
func TestDeadlineKeepsWhatZ5RestsOn(t *testing.T) {
	t.Parallel()
	l := &Ladder{table: rungs(Options{Brokers: []string{"a:1"}})}
	findings := func(change map[string]Finding) Readiness {
		var r Readiness
		for _, rung := range l.table {
			f := Finding{Rung: rung.name, Verdict: Pass}
			if given, changed := change[rung.name]; changed {
				f = given
				f.Rung = rung.name
			}
			r.Rungs = append(r.Rungs, f)
		}
		return r
	}
	stale := Finding{Verdict: Wait, Evidence: "/brokers/ids lists 1, but no broker answers", Err: errNotUp}
	refused := Finding{Verdict: Wait, Evidence: "connection refused", Hint: "started?"}
	unasked := Finding{Verdict: Unasked}
	above := map[string]Finding{"K2": unasked, "K3": unasked, "K4": unasked, "K5": unasked}
	with := func(more map[string]Finding) map[string]Finding {
		all := maps.Clone(above)
		maps.Copy(all, more)
		return all
	}
	for _, test := range []struct {
		name        string
		before, now map[string]Finding
		want        map[string]string // evidence and hint
	}{
		{
			"the brokers were cut",
			map[string]Finding{"Z5": {Verdict: Pass, Evidence: "lists brokers 1"}},
			with(map[string]Finding{"K1": {Verdict: Wait, Evidence: "no answer", cut: true}, "Z5": stale}),
			map[string]string{"K1": "", "Z5": "lists brokers 1"},
		},
		{
			"ZooKeeper was cut", with(map[string]Finding{"K1": refused, "Z5": stale}),
			with(map[string]Finding{"K1": refused, "Z5": {Verdict: Wait, Evidence: "no answer", cut: true}}),
			map[string]string{"K1": "connection refused started?; ZooKeeper knows more: see Z5", "Z5": stale.Evidence},
		},
		{
			"a rung that was reached for the first time", above,
			map[string]Finding{"K2": {Verdict: Wait, Evidence: "no answer", cut: true}},
			map[string]string{"K2": "no answer"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			kept := l.keepEvidence(findings(test.before), findings(test.now))
			got := make(map[string]string)
			for rung := range test.want {
				f := finding(t, kept, rung)
				got[rung] = strings.TrimSpace(f.Evidence + " " + f.Hint)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, test := range []struct {
		name string
		now  map[string]Finding
		want Readiness // mode and cluster
	}{
		{"K1 was cut", with(map[string]Finding{"K1": {Verdict: Wait, cut: true}}), Readiness{Mode: "kraft", ClusterID: "a", Brokers: 3}},
		{"K3 was cut", map[string]Finding{"K3": {Verdict: Wait, cut: true}}, Readiness{Mode: "", ClusterID: "a", Brokers: 3}},
		{"nothing was", with(map[string]Finding{"K1": refused}), Readiness{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before := findings(nil)
			before.Mode, before.ClusterID, before.Brokers = "kraft", "a", 3
			kept := l.keepEvidence(before, findings(test.now))
			kept.Rungs = nil
			if diff := cmp.Diff(test.want, kept); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Only an answer that is missing proves nothing: one that came stands, however near the deadline
// was.
func TestOnlyMissingAnswersAreCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, addr, rung string
		cut              bool
	}{
		{"refused", refusing(t), "K1", false},
		{"silent", serve(t, silent), "K2", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := ladder(t, Options{Brokers: []string{test.addr}})
			f := finding(t, l.Climb(background(t, attempt)), test.rung)
			if f.Verdict != Wait || f.cut != test.cut {
				t.Errorf("%s %q, cut %t", f.Verdict, f.Evidence, f.cut)
			}
		})
	}
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

// A question ends before the caller's deadline, so that its own words are there in time; and what
// it did not learn in less than its attempt does not count against what was seen before.
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
