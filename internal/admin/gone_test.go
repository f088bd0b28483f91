package admin

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest/docpage"
	"kafkactl/internal/topicspec"
)

// pauses are those of a client whose time passes at once; during each, then is called.
func pauses(c *Client, then func()) *[]time.Duration {
	taken := new([]time.Duration)
	c.pause = func(_ context.Context, d time.Duration) bool {
		*taken = append(*taken, d)
		then()
		return true
	}
	return taken
}

// A topic that is there again after its deletion has come back, whether at once or a moment later, and the others
// have not.
func TestStayGone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		before, later []string // made again before the first look, and after it
		ids           bool
		want          []string // of a, b
		pauses        int
	}{
		{"gone", nil, nil, true, []string{"a topic done", "b topic done"}, 1},
		{"one at once", []string{"a"}, nil, true, []string{"a topic failed: came back", "b topic done"}, 1},
		{"one later", nil, []string{"b"}, true, []string{"a topic done", "b topic failed: came back"}, 1},
		{"both at once", []string{"a", "b"}, nil, true, []string{"a topic failed: came back", "b topic failed: came back"}, 0},
		{"later, and no ids", nil, []string{"b"}, false, []string{"a topic done", "b topic failed: came back"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			if !test.ids {
				offer(cluster, map[kmsg.Key]int16{kmsg.Metadata: 9, kmsg.DeleteTopics: 5})
			}
			plan := plannedDeletion(ctx, t, c, "a", "b")
			report := c.Apply(ctx, plan)
			for _, name := range test.before {
				createAside(ctx, t, c, name, 1)
			}
			taken := pauses(c, func() {
				for _, name := range test.later {
					createAside(ctx, t, c, name, 1)
				}
			})
			if err := c.StayGone(ctx, &report); err != nil {
				t.Fatal(err)
			}
			got := results(report)
			for i, o := range report.Outcomes {
				var back *CameBackError
				if errors.As(o.Err, &back) {
					got[i] += ": came back"
					if test.ids {
						docpage.Want(t, "topic-came-back", back.Error()+"\nhint: "+back.Hint(), docpage.NoExit)
					}
				}
				if id := cluster.TopicInfo(o.Topic); back != nil && (id == nil || test.ids != (back.ID == topicID(id.TopicID))) {
					t.Errorf("%s came back as %q", o.Topic, back.ID)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if len(*taken) != test.pauses {
				t.Errorf("paused %v, want %d times", *taken, test.pauses)
			}
		})
	}
}

// A plan that deletes nothing is not waited for, and neither is one whose deletions are blocked.
func TestNoDeletionNoPause(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	createAside(ctx, t, c, "legacy", 1)
	taken := pauses(c, func() {})
	desired := append(topics("a"), topicspec.Desired{Name: "legacy", Absent: true}, topicspec.Desired{Name: "gone", Absent: true})
	deletions := counted(cluster, kmsg.DeleteTopics, nil)
	for _, want := range [][]string{
		{"a topic done", "legacy topic blocked: none of the declared topics is on this cluster"},
		{"legacy topic blocked: whether it is in use is not known"},
	} {
		report, err := c.Converge(ctx, desired)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, saying(report)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	}
	if len(*taken) != 0 || deletions.Hits() != 0 || cluster.TopicInfo("legacy") == nil {
		t.Errorf("paused %v, %d deletions", *taken, deletions.Hits())
	}
}

// unused finds nothing that speaks against a deletion.
type unused struct{}

func (unused) Examine(_ context.Context, changes []topicspec.Change) ([]*topicspec.Evidence, error) {
	found := make([]*topicspec.Evidence, len(changes))
	for i := range changes {
		found[i] = &topicspec.Evidence{EndOffsets: []int64{0}}
	}
	return found, nil
}

// A deletion of a file that may be made is made last, and its topic is looked at again; topics that shall not exist
// are no part of what must be usable.
func TestConvergeDeletes(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	createAside(ctx, t, c, "legacy", 1)
	createAside(ctx, t, c, "a", 3)
	desired := append([]topicspec.Desired{{Name: "legacy", Absent: true}}, topics("a", "b")...)
	c = c.WithExaminer(unused{}).WithConsent(topicspec.Consent{Deletes: 1})
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, key := range []kmsg.Key{kmsg.CreateTopics, kmsg.DeleteTopics} {
		cluster.ControlKey(key.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			order = append(order, key.Name())
			return nil, nil, false
		})
	}
	taken := pauses(c, func() {})
	report, err := c.ConvergeFrom(ctx, desired, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"legacy topic done", "b topic done"}, saying(report)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CreateTopics", "DeleteTopics"}, order); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]time.Duration{comeBackTime}, *taken); diff != "" {
		t.Errorf("pauses (-want +got):\n%s", diff)
	}
	again, err := c.Plan(ctx, desired)
	if err != nil || !again.InSync() || !again.Settled {
		t.Errorf("after: %v, %v, settled %v", again.Changes, err, again.Settled)
	}
}

// What shall not exist and does is no ailment of what shall, and keeps nobody waiting.
func TestAbsentIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	createAside(ctx, t, c, "legacy", 1)
	createAside(ctx, t, c, "a", 3)
	desired := append(topics("a"), topicspec.Desired{Name: "legacy", Absent: true}, topicspec.Desired{Name: "gone", Absent: true})
	found, err := c.Condition(ctx, desired)
	if diff := cmp.Diff(Condition{}, found); diff != "" || err != nil {
		t.Errorf("condition: %v\n%s", err, diff)
	}
	for what, wait := range map[string]func(context.Context, []topicspec.Desired) error{"settle": c.Settle, "usable": c.Usable} {
		if err := wait(ctx, desired); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := wait(ctx, desired[1:]); err != nil {
			t.Errorf("%s of nothing that shall exist: %v", what, err)
		}
	}
	if plan, err := c.Plan(ctx, desired); err != nil || !plan.Settled {
		t.Errorf("plan: %v, settled %v", err, plan.Settled)
	}
}
