package health

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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

// Planning and validating thousands of topics takes longer than an exchange or two: their rungs have
// more time the more topics there are, and the others not.
func TestRungsOfManyTopics(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context) (string, error) { return "", nil }
	attempts := func(topics int) map[string]int {
		found := make(map[string]int)
		for _, r := range rungs(Options{Brokers: []string{"localhost:1"}, WritePath: nothing, Topics: nothing, TopicCount: topics}) {
			found[r.name] = r.attempts
		}
		return found
	}
	few, many := attempts(11), attempts(10_000)
	for name := range few {
		if more := many[name] - few[name]; more != map[string]int{"K6": 100, "K7": 100}[name] {
			t.Errorf("%s: %d attempts more for 10,000 topics", name, more)
		}
	}
}
