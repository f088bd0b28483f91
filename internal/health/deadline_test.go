package health

import (
	"maps"
	"strings"
	"testing"

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
