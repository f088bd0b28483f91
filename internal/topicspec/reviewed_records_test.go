package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A reviewed deletion is of the records that the topic had: it is not made once somebody wrote more or uses it.
func TestReviewedDeletionIsOfItsRecords(t *testing.T) {
	t.Parallel()
	there := []Seen{{Name: "a", Exists: true, Replicas: [][]int{{1}}, Config: map[string]ObservedSetting{}}}
	deletion := func(evidence *Evidence) Plan {
		return Plan{Changes: []Change{{Topic: "a", Field: FieldTopic, Action: Delete, Risk: RiskDelete, Evidence: evidence}}}
	}
	holds := func(end int64, use ...string) *Evidence {
		return &Evidence{Records: new(end), EndOffsets: []int64{end}, InUse: use}
	}
	for _, test := range []struct {
		name string
		now  *Evidence
		want string
	}{
		{"as it was", holds(1), "it holds 1 record"},
		{"written to", holds(2), "somebody wrote to it after this was planned: plan its deletion anew"},
		{"in use by now", holds(1, "group g reads it"), "group g reads it: only kafkactl delete a deletes it"},
		{"not known", nil, "whether it is in use is not known: only kafkactl delete a deletes it"},
		{"its end is not known", &Evidence{}, "somebody wrote to it after this was planned: plan its deletion anew"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			reviewed := Reviewed{Plan: deletion(holds(1)).Withhold(Consent{Deletes: 1}), Desired: []Desired{{Name: "a", Absent: true}}, Seen: there}
			review := reviewed.Against(deletion(test.now), there)
			got := review.Withhold(review.Needs()).Changes
			want := []Change{{Topic: "a", Field: FieldTopic, Action: Blocked, Risk: RiskDelete, Reason: test.want, Evidence: test.now}}
			if test.name == "as it was" {
				want[0].Action = Delete
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
