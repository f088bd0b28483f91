package readiness

import (
	"testing"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
)

// What is amiss is counted by kind, shown worst first, and the worst says what to do.
func TestSickError(t *testing.T) {
	t.Parallel()
	leaderless := admin.Issue{Kind: admin.Leaderless, Topic: "a", Partition: 0, What: "no live leader"}
	under := admin.Issue{Kind: admin.UnderMinISR, Topic: "b", Partition: 1, What: "1 of 2 replicas in sync"}
	silent := admin.Issue{Kind: admin.Silent, Broker: "broker 1", Partition: -1, What: "no answer"}
	differs := admin.Issue{Kind: admin.Differs, Topic: "c", Partition: -1, What: "does not exist"}
	apart := admin.Issue{Kind: admin.Differs, Broker: "broker 2", Partition: -1, What: "knows brokers 2, and 3 are there"}
	lacking := admin.Issue{Kind: admin.UnderReplicated, Topic: "d", Partition: 2, What: "2 of 3 replicas in sync"}
	for _, test := range []struct {
		name       string
		sick       []admin.Issue
		want, hint string
	}{
		{
			"one",
			[]admin.Issue{leaderless},
			"1 leaderless: a/0: no live leader",
			"start the brokers that hold its replicas, or look for a full or broken disk in their logs",
		},
		{
			"three are shown",
			[]admin.Issue{silent, leaderless, under},
			"1 silent, 1 leaderless, 1 under-min-isr: broker 1: no answer; a/0: no live leader; b/1: 1 of 2 replicas in sync",
			"the broker is frozen or overloaded: look at its log",
		},
		{
			"more are counted",
			[]admin.Issue{differs, leaderless, leaderless, under},
			"1 differs, 2 leaderless, 1 under-min-isr: c: does not exist; a/0: no live leader; a/0: no live leader; and 1 more",
			"kafkactl plan shows every difference, and what apply makes of it",
		},
		{
			"who is there",
			[]admin.Issue{apart},
			"1 differs: broker 2: knows brokers 2, and 3 are there",
			"brokers that are joining or leaving agree soon; if this one does not, look at its log",
		},
		{
			"writes are refused",
			[]admin.Issue{under},
			"1 under-min-isr: b/1: 1 of 2 replicas in sync",
			"start the brokers that are away, and their replicas catch up by themselves; where none is, replicas are being added, which min.insync.replicas counts from the start: wait for their copies, or lower it meanwhile",
		},
		{"spares are lacking", []admin.Issue{lacking}, "1 under-replicated: d/2: 2 of 3 replicas in sync", "start the brokers that are away; their replicas catch up by themselves"},
	} {
		e := &sickError{test.sick}
		if e.Error() != test.want || e.Hint() != test.hint {
			t.Errorf("%s: %q, hint %q\nwant %q, hint %q", test.name, e.Error(), e.Hint(), test.want, test.hint)
		}
	}
}

// Nothing is said of what is not known: ZooKeeper alone has no brokers.
func TestSummary(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]health.Readiness{
		"ready":                               {},
		"ready: 1 broker, kraft, cluster abc": {Brokers: 1, Mode: "kraft", ClusterID: "abc"},
	} {
		if got := summary("ready", r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
