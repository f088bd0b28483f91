package topicspec

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The law of the package (see doc.go): once every change that is not blocked has been
// made, Diff finds the blocked ones again and nothing else.
func TestDiffAfterApplyIsOnlyBlocked(t *testing.T) {
	t.Parallel()
	const seeds = 3000
	blocked, clean := 0, 0
	for seed := range uint64(seeds) {
		world := newWorld(seed)
		desired, observed := world.desired(), world.observed()
		plan := Diff(desired, observed)
		after := Diff(desired, afterAll(t, desired, observed, plan))
		if diff := cmp.Diff(stillBlocked(desired, plan, after), after.Changes, cmp.Transformer("orNil", orNil)); diff != "" {
			t.Fatalf("seed %d: left after apply (-blocked +got):\n%s\ndesired %+v\nobserved %+v", seed, diff, desired, observed)
		}
		if diff := cmp.Diff(plan.Unmanaged, after.Unmanaged); diff != "" {
			t.Fatalf("seed %d: apply touched what is not managed (-before +after):\n%s", seed, diff)
		}
		if after.InSync() {
			clean++
		} else {
			blocked++
		}
	}
	if blocked < seeds/10 || clean < seeds/10 {
		t.Errorf("of %d worlds %d had something blocked and %d nothing: too few of one", seeds, blocked, clean)
	}
}

// afterAll is observed after a plan and after the next one, which has something only for a topic that no longer sets
// min.insync.replicas: only then is it known what the broker's default is, and what it allows.
func afterAll(t *testing.T, desired []Desired, observed map[string]Observed, plan Plan) map[string]Observed {
	t.Helper()
	observed = applied(t, observed, plan)
	next := Diff(desired, observed)
	for _, c := range next.Makeable() {
		if !desiredOf(desired, c.Topic).Config[minInSyncReplicas].Unset {
			t.Fatalf("left after apply: %+v", c)
		}
	}
	return applied(t, observed, next)
}

// stillBlocked is what is blocked in a plan, apart from what the default of min.insync.replicas allows.
func stillBlocked(desired []Desired, plan, after Plan) []Change {
	return slices.DeleteFunc(plan.Blocked(), func(c Change) bool {
		_, found := byKey(after.Changes, c.Key())
		return !found && desiredOf(desired, c.Topic).Config[minInSyncReplicas].Unset
	})
}

func desiredOf(desired []Desired, topic string) Desired {
	return desired[slices.IndexFunc(desired, func(d Desired) bool { return d.Name == topic })]
}

func orNil(changes []Change) []Change { return append([]Change(nil), changes...) }

// world makes up desired and observed states from few names and values, so that they often meet.
type world struct{ *rand.Rand }

func newWorld(seed uint64) world { return world{rand.New(rand.NewPCG(seed, 0))} }

var lawSettings = map[string][]string{
	"retention.ms":              {"-1", "3600000", "604800000"},
	"cleanup.policy":            {"delete", "compact", "compact,delete", "delete,compact", ""},
	"min.cleanable.dirty.ratio": {"0.5", "1.0"},
	"preallocate":               {"true", "false"},
	"compression.type":          {"producer", "zstd"},
	minInSyncReplicas:           {"1", "2", "3"},
}

func (w world) desired() []Desired {
	var all []Desired
	for _, i := range w.Perm(4)[:w.IntN(4)+1] {
		d := Desired{Name: fmt.Sprintf("t%d", i), Partitions: w.IntN(4), ReplicationFactor: w.IntN(4), Config: Config{}}
		for _, key := range slices.Sorted(maps.Keys(lawSettings)) {
			switch w.IntN(3) {
			case 0:
				d.Config[key] = Setting{Value: w.value(key)}
				if key == minInSyncReplicas && d.ReplicationFactor > 0 { // more is refused in a file
					d.Config[key] = Setting{Value: strconv.Itoa(1 + w.IntN(d.ReplicationFactor))}
				}
			case 1:
				d.Config[key] = Setting{Unset: true}
			}
		}
		all = append(all, d)
	}
	return all
}

func (w world) observed() map[string]Observed {
	all := make(map[string]Observed)
	for i := range 4 {
		if w.IntN(3) == 0 {
			continue
		}
		o := Observed{Config: make(map[string]ObservedSetting)}
		factor := 1 + w.IntN(2)
		for range 1 + w.IntN(4) {
			if w.IntN(8) == 0 {
				factor = 1 + w.IntN(3)
			}
			o.Replicas = append(o.Replicas, factor)
		}
		for _, key := range slices.Sorted(maps.Keys(lawSettings)) {
			o.Config[key] = ObservedSetting{Value: w.value(key), Override: w.IntN(2) == 0}
		}
		all[fmt.Sprintf("t%d", i)] = o
	}
	return all
}

func (w world) value(key string) string { return lawSettings[key][w.IntN(len(lawSettings[key]))] }

// applied is observed after a broker that obeys.
func applied(t *testing.T, observed map[string]Observed, plan Plan) map[string]Observed {
	t.Helper()
	after := make(map[string]Observed)
	for name, o := range observed {
		after[name] = Observed{Replicas: slices.Clone(o.Replicas), Config: maps.Clone(o.Config)}
	}
	for _, c := range plan.Makeable() {
		o := after[c.Topic]
		switch c.Action {
		case Create:
			shape := c.After.(Shape)
			o = Observed{Config: make(map[string]ObservedSetting)}
			for range brokerDefault(shape.Partitions) {
				o.Replicas = append(o.Replicas, brokerDefault(shape.ReplicationFactor))
			}
			for key, value := range shape.Config {
				o.Config[key] = ObservedSetting{Value: value, Override: true}
			}
		case Grow: // new partitions get as many replicas as the first has
			for len(o.Replicas) < int(c.After.(Count)) {
				o.Replicas = append(o.Replicas, o.Replicas[0])
			}
		case Reassign:
			for p := range o.Replicas {
				o.Replicas[p] = int(c.After.(Count))
			}
		case Set:
			o.Config[c.Field] = ObservedSetting{Value: c.After.String(), Override: true}
		case Unset:
			o.Config[c.Field] = ObservedSetting{Value: lawSettings[c.Field][0]}
		default:
			t.Fatalf("Diff planned %+v", c)
		}
		after[c.Topic] = o
	}
	return after
}

func brokerDefault(count int) int {
	if count == -1 {
		return 1
	}
	return count
}
