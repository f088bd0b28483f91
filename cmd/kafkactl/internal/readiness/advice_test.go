package readiness

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Many topics of which the same is true are one line; what is not known is one line, whatever it is.
func TestAdviceLines(t *testing.T) {
	t.Parallel()
	advice := Advice{
		List: []topicspec.Advice{
			{Rule: topicspec.RuleFewReplicas, Topics: []string{"a", "b", "c", "d"}, Text: "few"},
			{Rule: topicspec.RuleUnclean, Topics: []string{"a", "b", "c", "d", "e"}, Text: "unclean"},
			{Rule: topicspec.RuleIdleMembers, Topics: []string{"a"}, Group: "g", Text: `group "g" has too many`},
		},
		NotKnown: []string{"one", "another"},
	}
	want := []string{
		"warning: a, b, c, d: few",
		"warning: a, b, c and 2 more: unclean",
		`warning: group "g" has too many`,
		"note: what a broker that stops would cost is not known of one; another",
	}
	if diff := cmp.Diff(want, advice.Lines()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// What failed, and what is hidden, is not known: it is never "nothing".
func TestAdviceNotKnown(t *testing.T) {
	t.Parallel()
	hides := func(viewer string, err error) func(bool) (string, error) {
		return func(empty bool) (string, error) {
			if empty {
				viewer += " of an empty list"
			}
			return viewer, err
		}
	}
	for _, tt := range []struct {
		name   string
		err    error
		hidden func(bool) (string, error)
		empty  bool
		want   []string
	}{
		{name: "all is known", hidden: hides("", nil)},
		{name: "some are hidden", hidden: hides("User:a", nil), want: []string{"topics that User:a may not see, where there are any"}},
		{name: "an empty list is looked at twice", hidden: hides("User:a", nil), empty: true, want: []string{"topics that User:a of an empty list may not see, where there are any"}},
		{
			name: "two errors, the list is not empty but unknown", empty: true,
			err:    errors.Join(errors.New("first"), fmt.Errorf("second: %w", context.DeadlineExceeded)),
			hidden: hides("", errors.New("third")),
			want:   []string{"topics: first", "topics: the brokers did not answer in time", "topics: third"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var advice Advice
			advice.missing("topics", tt.err, tt.hidden, tt.empty)
			if diff := cmp.Diff(tt.want, advice.NotKnown); diff != "" {
				t.Errorf("not known (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMembersOf(t *testing.T) {
	t.Parallel()
	at := func(topic string, partition int32) kafka.TopicPartition {
		return kafka.TopicPartition{Topic: topic, Partition: partition}
	}
	got := membersOf(groups.Group{Name: "g", Members: []groups.Member{
		{ID: "1", Assigned: []kafka.TopicPartition{at("b", 0), at("b", 1)}}, {ID: "2"}, {ID: "3", Assigned: []kafka.TopicPartition{at("a", 0), at("b", 2)}},
	}})
	want := topicspec.GroupMembers{Group: "g", Members: 3, Idle: 1, Topics: []string{"a", "b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("group (-want +got):\n%s", diff)
	}
}
