package topicspec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines is changes as "field action: reason", in order.
func lines(changes []Change) []string {
	var all []string
	for _, c := range changes {
		line := fmt.Sprint(c.Field, " ", textOr(c.Before, unset), " → ", textOr(c.After, unset), " ", c.Action)
		if c.Action == Blocked {
			line += ": " + c.Reason
		}
		all = append(all, line)
	}
	return all
}

// A change with a risk is blocked, with what would happen and what accepts it; what has none is made in any case.
func TestWithhold(t *testing.T) {
	t.Parallel()
	desired := []Desired{want("a", 6, 3, "cleanup.policy=compact,delete", "min.insync.replicas=2", "retention.ms=1", "segment.ms=5")}
	observed := map[string]Observed{"a": {Replicas: []int{1}, Config: map[string]ObservedSetting{
		"cleanup.policy": override("compact,delete"), "retention.ms": override("2"), minInSyncReplicas: inherited("1"),
	}}}
	const (
		move  = "copies its records to other brokers: --accept move allows it"
		rekey = growReason + "; the topic is compacted, and those in the old one are never compacted away: --accept rekey allows it"
		trim  = "the brokers remove records that would have stayed: --accept trim allows it"
		one   = "the topic has 1 replica: it would protect nothing, and stop writes with acks=all as soon as replicas are added; " +
			"apply sets it once they are in sync"
		segment = "segment.ms unset → 5 set"
	)
	for _, test := range []struct {
		name    string
		consent Consent
		want    []string
	}{
		{"nothing accepted", Consent{Deletes: 3}, []string{
			"partitions 1 → 6 blocked: " + rekey, "replicationFactor 1 → 3 blocked: " + move, "min.insync.replicas unset → 2 blocked: " + one,
			"retention.ms 2 → 1 blocked: " + trim, segment,
		}},
		{"a move accepted", Consent{Move: true}, []string{
			"partitions 1 → 6 blocked: " + rekey, "replicationFactor 1 → 3 reassign", "min.insync.replicas unset → 2 set",
			"retention.ms 2 → 1 blocked: " + trim, segment,
		}},
		{"all else accepted", Consent{Rekey: true, Trim: true}, []string{
			"partitions 1 → 6 grow", "replicationFactor 1 → 3 blocked: " + move, "min.insync.replicas unset → 2 blocked: " + one,
			"retention.ms 2 → 1 set", segment,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := Diff(desired, observed).Withhold(test.consent)
			if diff := cmp.Diff(test.want, lines(got.Changes)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(got.Changes, got.Covered(test.consent).Changes); diff != "" {
				t.Errorf("covered (-want +got):\n%s", diff)
			}
		})
	}
}

// An empty topic has nothing to lose.
func TestEmptyTopicHasNoRisk(t *testing.T) {
	t.Parallel()
	desired := []Desired{want("a", 6, 3, "cleanup.policy=compact", "min.insync.replicas=2", "retention.ms=1")}
	plan := Diff(desired, map[string]Observed{"a": {Replicas: []int{1}, Records: new(int64(0)), Config: map[string]ObservedSetting{minInSyncReplicas: inherited("1")}}})
	if risky := plan.Risky(); risky != nil || len(plan.Withhold(Consent{}).Blocked()) > 0 {
		t.Errorf("risky: %v; blocked: %v", risky, lines(plan.Withhold(Consent{}).Blocked()))
	}
}

// A retention that is not in force removes nothing, whatever it is.
func TestRetentionOfACompactedTopic(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		now      string
		declared []string
		want     Risk
	}{
		{"compact", nil, NoRisk},
		{"compact", []string{"cleanup.policy=compact"}, NoRisk},
		{"compact", []string{"cleanup.policy=compact,delete"}, RiskTrim},
		{"compact,delete", []string{"cleanup.policy=compact"}, RiskTrim}, // which may fail
		{"delete", nil, RiskTrim},
		{"", nil, RiskTrim}, // not known
	} {
		d := want("a", 1, 1, append(test.declared, "retention.ms=1", "retention.bytes=1")...)
		plan := Diff([]Desired{d}, map[string]Observed{"a": {Replicas: []int{1}, Config: map[string]ObservedSetting{
			cleanupPolicy: override(test.now), "retention.ms": inherited("7"), "retention.bytes": inherited("-1"),
		}}})
		for _, field := range []string{"retention.ms", "retention.bytes"} {
			if c, found := byKey(plan.Changes, ChangeKey{Topic: "a", Field: field}); !found || c.Risk != test.want {
				t.Errorf("%q, %v: %+v, want risk %q", test.now, test.declared, c, test.want)
			}
		}
	}
}

// Where nothing differs but the replication factor, a move that is withheld leaves nothing else in the plan: the
// setting for its time is neither written nor told.
func TestWithholdTakesTheInterimOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		setting ObservedSetting
		declare string
		all     []string
		without []string
	}{
		{
			"set as declared",
			override("2"),
			"min.insync.replicas=2",
			[]string{"min.insync.replicas 2 → 1 set", "replicationFactor 1 → 3 reassign", "min.insync.replicas 1 → 2 set"},
			nil,
		},
		{
			"the broker's default, and declared without a value",
			inherited("2"),
			"min.insync.replicas",
			[]string{"min.insync.replicas unset → 1 set", "replicationFactor 1 → 3 reassign", "min.insync.replicas 1 → unset unset"},
			nil,
		},
		{
			"the broker's default, and declared",
			inherited("2"),
			"min.insync.replicas=2",
			[]string{"min.insync.replicas unset → 1 set", "replicationFactor 1 → 3 reassign", "min.insync.replicas 1 → 2 set"},
			[]string{"min.insync.replicas unset → 2 blocked: " + tooFewReplicas(1)},
		},
		{
			"lowered, but not enough",
			override("3"),
			"min.insync.replicas=2",
			[]string{"min.insync.replicas 3 → 1 set", "replicationFactor 1 → 3 reassign", "min.insync.replicas 1 → 2 set"},
			[]string{"min.insync.replicas 3 → 2 set"},
		},
		{
			"lowered to what is there",
			override("3"),
			"min.insync.replicas=1",
			[]string{"replicationFactor 1 → 3 reassign", "min.insync.replicas 3 → 1 set"},
			[]string{"min.insync.replicas 3 → 1 set"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan := Diff([]Desired{want("a", 0, 3, test.declare)}, map[string]Observed{"a": {Replicas: []int{1}, Config: map[string]ObservedSetting{minInSyncReplicas: test.setting}}})
			if diff := cmp.Diff(test.all, lines(plan.Withhold(Consent{Move: true}).Changes)); diff != "" {
				t.Errorf("accepted (-want +got):\n%s", diff)
			}
			blocked := append([]string{"replicationFactor 1 → 3 blocked: copies its records to other brokers: --accept move allows it"}, test.without...)
			if diff := cmp.Diff(blocked, lines(plan.Withhold(Consent{}).Changes)); diff != "" {
				t.Errorf("withheld (-want +got):\n%s", diff)
			}
		})
	}
}

// Deletions are accepted by their number, and never of a topic that may be in use.
func TestWithholdDeletions(t *testing.T) {
	t.Parallel()
	deletion := func(name string, evidence *Evidence) Change {
		return Change{Topic: name, Field: FieldTopic, Action: Delete, Before: Shape{1, 1, nil}, Stage: StageDelete, Risk: RiskDelete, Evidence: evidence}
	}
	idle := &Evidence{Records: new(int64(7)), Bytes: new(int64(1500))}
	read := &Evidence{Records: new(int64(0)), InUse: []string{"group g has a member", "a record is 1m old"}}
	plan := Plan{Changes: []Change{deletion("a", idle), deletion("b", idle), deletion("read", read), deletion("unknown", nil)}}
	inUse := []string{
		"read: group g has a member; a record is 1m old: only kafkactl delete read deletes it",
		"unknown: whether it is in use is not known: only kafkactl delete unknown deletes it",
	}
	for accepted, reason := range map[int]string{
		0: "it holds 7 records (about 1.5 KiB): --accept delete=2 allows it",
		1: "2 deletions are planned: --accept delete=2",
		4: "2 deletions are planned: --accept delete=2",
		2: "",
	} {
		got := plan.Withhold(Consent{Deletes: accepted})
		var blocked []string
		for _, c := range got.Blocked() {
			blocked = append(blocked, c.Topic+": "+c.Reason)
		}
		want := inUse
		if reason != "" {
			want = append([]string{"a: " + reason, "b: " + reason}, inUse...)
		}
		if diff := cmp.Diff(want, blocked); diff != "" {
			t.Errorf("%d accepted (-want +got):\n%s", accepted, diff)
		}
		total := RiskTotal{Risk: RiskDelete, Changes: 4, Topics: 4, Accepted: accepted == 2}
		if diff := cmp.Diff([]RiskTotal{total}, got.Risks); diff != "" {
			t.Errorf("%d accepted: risks (-want +got):\n%s", accepted, diff)
		}
	}
	byName := DiffDelete([]string{"a"}, map[string]Observed{"a": {Replicas: []int{1}}})
	if blocked := byName.Withhold(Consent{}).Blocked(); len(blocked) > 0 {
		t.Errorf("a deletion by name is blocked: %v", lines(blocked))
	}
}

// Evidence has the numbers of the reason, and of the totals; without a record there is no risk, but for a deletion.
func TestWithEvidence(t *testing.T) {
	t.Parallel()
	trim := setting("a", "retention.ms", "2", "1")
	trim.Risk = RiskTrim
	empty := setting("b", "retention.ms", "2", "1")
	empty.Risk = RiskTrim
	plan := Plan{Changes: []Change{trim, empty}}.WithEvidence(map[ChangeKey]Evidence{
		trim.Key():  {Records: new(int64(3)), Bytes: new(int64(2 << 30))},
		empty.Key(): {Records: new(int64(0))},
	}).Withhold(Consent{})
	want := []string{
		"retention.ms 2 → 1 blocked: up to 3 records will be removed (about 2.0 GiB): --accept trim allows it",
		"retention.ms 2 → 1 set",
	}
	if diff := cmp.Diff(want, lines(plan.Changes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	total := []RiskTotal{{Risk: RiskTrim, Changes: 1, Topics: 1, Records: new(int64(3)), Bytes: new(int64(2 << 30))}}
	if diff := cmp.Diff(total, plan.Risks); diff != "" {
		t.Errorf("risks (-want +got):\n%s", diff)
	}
}

// A placement fills a move or blocks it, and one that is missing blocks it too.
func TestPlaced(t *testing.T) {
	t.Parallel()
	plan := Diff(
		[]Desired{want("a", 0, 2, "min.insync.replicas=2"), want("b", 0, 2, "min.insync.replicas=2"), want("c", 0, 2)},
		map[string]Observed{"a": {Replicas: []int{1}}, "b": {Replicas: []int{1}}, "c": {Replicas: []int{1}}},
	)
	lists := []Reassignment{{Partition: 0, From: []int{1}, To: []int{1, 2}, Bytes: 1 << 20}}
	placed := plan.Placed([]Placement{{Topic: "a", Reassignments: lists}, {Topic: "b", Blocked: "no room"}})
	want := []string{
		"replicationFactor 1 → 2 blocked: copies about 1.0 MiB to other brokers: --accept move allows it",
		"min.insync.replicas unset → 2 blocked: " + tooFewReplicas(1),
		"replicationFactor 1 → 2 blocked: no room",
		"min.insync.replicas unset → 2 blocked: " + tooFewReplicas(1),
		"replicationFactor 1 → 2 blocked: where its replicas are is not known yet: apply again",
	}
	if diff := cmp.Diff(want, lines(placed.Withhold(Consent{}).Changes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(lists, placed.Changes[0].Reassignments); diff != "" || len(placed.Makeable()) != 2 {
		t.Errorf("lists (-want +got):\n%s\nmakeable %v", diff, lines(placed.Makeable()))
	}
}

// The law of consent: whatever is planned, nothing with a risk is made that is not accepted, and min.insync.replicas
// is never above the replicas there are while a move adds some.
func TestStagesKeepMinInSync(t *testing.T) {
	t.Parallel()
	moves, lowered := 0, 0
	for seed := range uint64(3000) {
		world := newWorld(seed)
		desired, observed := world.desired(), world.observed()
		plan := Diff(desired, observed)
		if risky := slices.DeleteFunc(plan.Withhold(Consent{}).Makeable(), func(c Change) bool { return c.Risk == NoRisk }); len(risky) > 0 {
			t.Fatalf("seed %d: nobody accepted %v", seed, lines(risky))
		}
		plan = plan.Withhold(Consent{Move: true})
		for _, step := range plan.Stages() {
			changes := make([]Change, 0, len(step.Changes))
			for _, i := range step.Changes {
				c := plan.Changes[i]
				changes = append(changes, c)
				if o := observed[c.Topic]; step.Stage == StageMove && c.raises() {
					moves++
					if there := o.inPlace(); o.minInSync() > there {
						t.Fatalf("seed %d: topic %s has %d replicas and min.insync.replicas %d: %s", seed, c.Topic, there, o.minInSync(), strings.Join(lines(plan.Changes), "; "))
					}
				}
				if c.Interim {
					lowered++
				}
			}
			if step.Stage != StageElect {
				observed = applied(t, observed, Plan{Changes: changes})
			}
		}
	}
	if moves < 100 || lowered < 100 {
		t.Errorf("%d moves, %d with a lower minimum: too few", moves, lowered)
	}
}
