package health

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestCombine(t *testing.T) {
	t.Parallel()
	good, slow := answer{verdict: Pass, evidence: "good"}, answer{verdict: Warn, evidence: "slow", hint: hint{text: "wait"}, err: errRefused}
	late := answer{verdict: Wait, evidence: "late", hint: hint{text: "look"}, err: errRefused, cut: true}
	later, lost := answer{verdict: Wait, evidence: "later", hint: hint{text: "start it"}}, answer{verdict: Fail, evidence: "lost", hint: hint{text: "log in"}, err: errRefused}
	gone := answer{verdict: Fail, evidence: "gone", cut: true}
	for _, test := range []struct {
		name    string
		answers []answer
		need    int
		want    answer
	}{
		{"all hold", []answer{good, good}, 2, answer{verdict: Pass, evidence: "good; good"}},
		{"a warning comes first", []answer{good, slow}, 2, answer{verdict: Warn, evidence: "slow; good", hint: hint{text: "wait"}, err: errRefused}},
		{"enough hold", []answer{good, late, {}}, 1, answer{verdict: Pass, evidence: "good; not needed: late"}},
		{"the first hint", []answer{late, later, good}, 2, answer{verdict: Wait, evidence: "late; later", hint: hint{text: "look"}, cut: true, err: errRefused}},
		{"whatever the order", []answer{later, late}, 2, answer{verdict: Wait, evidence: "later; late", hint: hint{text: "start it"}, cut: true, err: errRefused}},
		{"enough may still come", []answer{lost, later}, 1, answer{verdict: Wait, evidence: "lost; later", hint: hint{text: "log in"}, err: errRefused}},
		{"who fell out below may come back", []answer{lost, {}}, 1, answer{verdict: Wait, evidence: "lost", hint: hint{text: "log in"}, err: errRefused}},
		{"too many are lost", []answer{lost, late}, 2, answer{verdict: Fail, evidence: "lost; late", hint: hint{text: "log in"}, err: errRefused}},
		{"lost is no matter of time", []answer{gone, later}, 1, answer{verdict: Wait, evidence: "gone; later", hint: hint{text: "start it"}}},
		{"three are shown", []answer{later, later, later}, 1, answer{verdict: Wait, evidence: "later; later; later", hint: hint{text: "start it"}}},
		{"nobody got there", []answer{{}, {}}, 2, answer{verdict: Wait}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := combine(test.answers, test.need)
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(answer{}, hint{}), cmpopts.IgnoreFields(answer{}, "err")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if errors.Is(got.err, errRefused) != (test.want.err != nil) {
				t.Errorf("cause %v, want %v", got.err, test.want.err)
			}
		})
	}
}

// What addresses say together: one KRaft broker makes the mode, the first id counts, and the fewest
// brokers.
func TestNotes(t *testing.T) {
	t.Parallel()
	var k notes
	if k.mode() != "" {
		t.Errorf("mode %q before anybody spoke", k.mode())
	}
	k.addSpeaker("a:1", offers{keyUpdateMetadata})
	if k.mode() != "zookeeper" {
		t.Errorf("mode %q", k.mode())
	}
	k.addSpeaker("b:1", offers{keyDescribeQuorum})
	k.addSpeaker("c:1", nil)
	k.setViews([]brokerView{{brokers: make([]broker, 2)}, {clusterID: "first", brokers: make([]broker, 1)}, {clusterID: "second", brokers: make([]broker, 3)}})
	if id, brokers := k.cluster(); id != "first" || brokers != 1 || k.mode() != "kraft" {
		t.Errorf("%s cluster %q of %d brokers, want kraft, first, 1", k.mode(), id, brokers)
	}
}

// What was found on the side stands for a while, for the same address and symptom.
func TestSightings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newProbeCache()
		s.keep("a:1", "closes", refused)
		told := func(addr, symptom string) bool {
			a, found := s.recall(addr, symptom)
			return found && a.evidence == refused.evidence
		}
		time.Sleep(cacheTime - time.Millisecond)
		if !told("a:1", "closes") || told("a:1", "no answer") || told("b:1", "closes") {
			t.Error("not what was kept")
		}
		time.Sleep(time.Millisecond)
		if told("a:1", "closes") {
			t.Error("kept for ever")
		}
	})
}
