package topicspec

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	looks     = "looks auto-created: the broker's default shape (1 partition, replication factor 1), no setting of its own"
	switchOff = "; auto.create.topics.enable=true makes topics that way: set KAFKA_AUTO_CREATE_TOPICS_ENABLE=false on every broker"
)

// autoCreated is a topic as a broker with auto-creation makes it: one replica, all
// settings inherited.
func autoCreated(partitions int, records *int64) *Observed {
	o := &Observed{
		Config:   map[string]ObservedSetting{"retention.ms": inherited("604800000")},
		Defaults: &BrokerDefaults{Partitions: partitions, ReplicationFactor: 1, AutoCreate: true},
		Records:  records,
	}
	for range partitions {
		o.Replicas = append(o.Replicas, 1)
	}
	return o
}

// but is o after something happened to it.
func (o *Observed) but(happened func(*Observed)) *Observed {
	happened(o)
	return o
}

// grown is the growth of an auto-created topic.
func grown(reason string) []Change {
	return []Change{{Topic: "a", Field: "partitions", Action: Grow, Before: Count(1), After: Count(3), Reason: reason}}
}

// A topic that a client made before apply could is distinguished from one that somebody changed,
// with the setting that makes such topics.
func TestDiffAutoCreated(t *testing.T) {
	t.Parallel()
	for _, tt := range []diffTest{
		{
			name:     "without records no key can change its partition",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, new(int64(0))),
			changes:  grown(looks + ", 0 records" + switchOff),
		},
		{
			name:     "with records it can",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, new(int64(1))),
			changes:  grown(looks + ", 1 record" + switchOff + "; " + growReason),
		},
		{
			name:     "with an unknown number of records it may",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, nil),
			changes:  grown(looks + switchOff + "; " + growReason),
		},
		{
			name:     "made when auto-creation was still on",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, new(int64(0))).but(func(o *Observed) { o.Defaults.AutoCreate = false }),
			changes:  grown(looks + ", 0 records; auto.create.topics.enable makes topics that way, and is false now"),
		},
		{
			name:     "num.partitions above what is declared",
			desired:  want("a", 3, 1),
			observed: autoCreated(10, new(int64(12))),
			changes: []Change{{
				Topic: "a", Field: "partitions", Action: Blocked, Before: Count(10), After: Count(3),
				Reason: "looks auto-created: the broker's default shape (10 partitions, replication factor 1), no setting of its own, 12 records" + switchOff +
					"; Kafka cannot remove partitions: declare 10, or delete the topic by name and apply again",
			}},
		},
		{
			name:     "the wrong replication factor, and nothing to lose",
			desired:  want("a", 1, 3),
			observed: autoCreated(1, new(int64(0))),
			changes: []Change{{
				Topic: "a", Field: "replicationFactor", Action: Reassign, Before: Count(1), After: Count(3),
				Reason: looks + ", 0 records" + switchOff, RiskIfUsed: RiskMove,
			}},
		},
		{
			name:     "both counts, and a setting: told once, of the first",
			desired:  want("a", 3, 3, "retention.ms=1"),
			observed: autoCreated(1, new(int64(5))),
			changes: []Change{
				{Topic: "a", Field: "partitions", Action: Grow, Before: Count(1), After: Count(3), Reason: looks + ", 5 records" + switchOff + "; " + growReason},
				{Topic: "a", Field: "replicationFactor", Action: Reassign, Before: Count(1), After: Count(3), Risk: RiskMove},
				{Topic: "a", Field: "retention.ms", Action: Set, After: Text("1"), Reason: "not set on the topic; the broker's default is 7d", Risk: RiskTrim},
			},
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// Nothing is said of a topic that is as declared, that somebody shaped, or of which too
// little is known.
func TestDiffNotAutoCreated(t *testing.T) {
	t.Parallel()
	for _, tt := range []diffTest{
		{
			name:     "as declared: nobody's business where it came from",
			desired:  want("a", 1, 1),
			observed: autoCreated(1, new(int64(0))),
		},
		{
			name:     "the defaults are unknown",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, nil).but(func(o *Observed) { o.Defaults = nil }),
			changes:  grown(growReason),
		},
		{
			name:     "a setting of its own",
			desired:  want("a", 3, 1, "retention.ms=1"),
			observed: autoCreated(1, nil).but(func(o *Observed) { o.Config["retention.ms"] = override("1") }),
			changes:  grown(growReason),
		},
		{
			name:     "another number of partitions than the default",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, nil).but(func(o *Observed) { o.Defaults.Partitions = 2 }),
			changes:  grown(growReason),
		},
		{
			name:     "another replication factor than the default",
			desired:  want("a", 3, 1),
			observed: autoCreated(1, nil).but(func(o *Observed) { o.Defaults.ReplicationFactor = 2 }),
			changes:  grown(growReason),
		},
	} {
		t.Run(tt.name, tt.run)
	}
}

// Only topics whose counts differ and that set nothing themselves are looked at closer,
// once each: a plan in sync, or of missing topics, costs no further request.
func TestSuspects(t *testing.T) {
	t.Parallel()
	own := map[string]ObservedSetting{"flush.ms": override("1")}
	observed := map[string]Observed{
		"in.sync": {Replicas: []int{1}},
		"narrow":  {Replicas: []int{1}, Config: map[string]ObservedSetting{"flush.ms": inherited("1")}},
		"thin":    {Replicas: []int{1, 1, 1}},
		"both":    {Replicas: []int{1}},
		"setting": {Replicas: []int{1}},
		"own":     {Replicas: []int{1}, Config: own},
		"other":   {Replicas: []int{1}},
	}
	plan := Diff([]Desired{
		want("missing", 3, 1), want("in.sync", 1, 1), want("narrow", 3, 1), want("thin", 3, 3), want("both", 3, 3),
		want("setting", 1, 1, "retention.ms=1"), want("own", 3, 3),
	}, observed)
	if diff := cmp.Diff([]string{"narrow", "thin", "both"}, plan.Suspects(observed)); diff != "" {
		t.Errorf("suspects (-want +got):\n%s", diff)
	}
}

// A closer look changes reasons, and takes a risk away where there is no record; nothing else of a plan.
func TestCloserLookOnlyExplains(t *testing.T) {
	t.Parallel()
	const seeds = 1000
	explained := 0
	for seed := range uint64(seeds) {
		world := world{rand.New(rand.NewPCG(seed, 1))}
		desired, observed := world.desired(), world.observed()
		for i := range 2 { // or hardly a topic would be without a setting of its own
			clear(observed[fmt.Sprintf("t%d", i)].Config)
		}
		before := Diff(desired, observed)
		for _, name := range before.Suspects(observed) {
			o := observed[name]
			o.Defaults = &BrokerDefaults{Partitions: 1 + world.IntN(2), ReplicationFactor: 1, AutoCreate: world.IntN(2) == 0}
			if o.LooksAutoCreated() {
				o.Records = new(int64(world.IntN(2)))
			}
			observed[name] = o
		}
		after := Diff(desired, observed)
		if !cmp.Equal(before, after) {
			explained++
		}
		ignored := cmp.FilterPath(func(p cmp.Path) bool {
			return slices.Contains([]string{".Reason", ".Risk", ".RiskIfUsed"}, p.Last().String())
		}, cmp.Ignore())
		if diff := cmp.Diff(before, after, ignored); diff != "" {
			t.Fatalf("seed %d (-before +after):\n%s\ndesired %+v\nobserved %+v", seed, diff, desired, observed)
		}
	}
	if explained < seeds/100 {
		t.Errorf("only %d of %d plans were explained", explained, seeds)
	}
}
