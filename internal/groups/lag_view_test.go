package groups

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kafkactl/internal/kafka"
)

// someLag returns a group of each sort: one that keeps up, one that is behind and partly not known,
// and one that could not be looked at.
func someLag() []GroupLag {
	at := func(topic string, partition int32) kafka.TopicPartition {
		return kafka.TopicPartition{Topic: topic, Partition: partition}
	}
	silence := errors.New("silence")
	members := []Member{{ID: "idle"}, {ID: "busy", Assigned: []kafka.TopicPartition{at("a", 0)}}}
	return []GroupLag{
		NewGroupLag(Group{Name: "even"}, []PartitionLag{{TopicPartition: at("a", 0), Committed: 10, End: 10}}),
		NewGroupLag(Group{Name: "behind", Members: members}, []PartitionLag{
			{TopicPartition: at("a", 0), Committed: 4, LogStart: 6, End: 10, Lag: 4, Lost: 2, Member: &members[1]},
			{TopicPartition: at("a", 1), Committed: 5, LogStart: -1, End: -1, Lag: -1, Err: silence},
			{TopicPartition: at("b", 0), Committed: -1, LogStart: 1, End: 3, Lag: 2},
		}),
		NewGroupLag(Group{Name: "refused", Err: silence}, nil),
	}
}

func TestLagView(t *testing.T) {
	t.Parallel()
	view := NewLagView(time.Unix(100, 0), someLag())
	var order []string
	for _, g := range view.Groups {
		order = append(order, g.Name+" "+g.Sum.String())
	}
	if diff := cmp.Diff([]string{"refused unknown", "behind ≥6", "even 0"}, order); diff != "" {
		t.Error(diff)
	}
	total := LagSum{Known: 6, Unknown: 1, Failed: true, Read: 6 + 1 + 10, Lost: 2, Uncommitted: 1}
	if diff := cmp.Diff(total, view.Total); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Place{{"a", 0, 6}, {"b", 0, 1}}, view.Unread()); diff != "" {
		t.Error(diff)
	}
}

func TestLagByTopic(t *testing.T) {
	t.Parallel()
	want := []TopicLag{
		{Topic: "a", Groups: []string{"behind", "even"}, Partitions: 2, Sum: LagSum{Known: 4, Unknown: 1, Read: 16, Lost: 2}},
		{Topic: "b", Groups: []string{"behind"}, Partitions: 1, Sum: LagSum{Known: 2, Read: 1, Uncommitted: 1}},
	}
	if diff := cmp.Diff(want, NewLagView(time.Time{}, someLag()).ByTopic()); diff != "" {
		t.Error(diff)
	}
}

func TestLagByMember(t *testing.T) {
	t.Parallel()
	busy := &Member{ID: "busy", Assigned: []kafka.TopicPartition{{Topic: "a", Partition: 0}}}
	want := []MemberLag{
		{Group: "refused", Sum: LagSum{Failed: true}},
		{Group: "behind", Member: busy, Partitions: 1, Sum: LagSum{Known: 4, Read: 6, Lost: 2}},
		{Group: "behind", Partitions: 2, Sum: LagSum{Known: 2, Unknown: 1, Read: 1, Uncommitted: 1}},
		{Group: "behind", Member: &Member{ID: "idle"}},
		{Group: "even", Partitions: 1, Sum: LagSum{Read: 10}},
	}
	if diff := cmp.Diff(want, NewLagView(time.Time{}, someLag()).ByMember(), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// A time lag is that of the record which is next to be read, where that is known.
func TestTimeLag(t *testing.T) {
	t.Parallel()
	place := Place{Topic: "a", Partition: 0, Offset: 6}
	unread := PartitionLag{TopicPartition: kafka.TopicPartition{Topic: "a"}, Committed: 4, LogStart: 6, End: 10, Lag: 4}
	type told struct {
		Millis int64
		Known  bool
	}
	for _, test := range []struct {
		name    string
		written map[Place]time.Time
		lag     int64
		want    told
	}{
		{"written before", map[Place]time.Time{place: time.Unix(70, 0)}, 4, told{30_000, true}},
		{"written in the future", map[Place]time.Time{place: time.Unix(170, 0)}, 4, told{0, true}},
		{"written before what a Duration can tell", map[Place]time.Time{place: time.UnixMilli(-62135596800000).Add(1)}, 4, told{62135596900000, true}},
		{"the first timestamp there is", map[Place]time.Time{place: time.UnixMilli(math.MinInt64)}, 4, told{math.MaxInt64, true}},
		{"the last timestamp there is", map[Place]time.Time{place: time.UnixMilli(math.MaxInt64)}, 4, told{0, true}},
		{"two milliseconds before 1970", map[Place]time.Time{place: time.UnixMilli(-2)}, 4, told{100_002, true}},
		{"no timestamp", map[Place]time.Time{place: time.UnixMilli(-1)}, 4, told{}},
		{"no timestamp in the format", map[Place]time.Time{place: {}}, 4, told{}},
		{"all is read", nil, 0, told{0, true}},
		{"not asked for", nil, 4, told{}},
		{"the lag is not known", map[Place]time.Time{place: time.Unix(70, 0)}, -1, told{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, view := unread, LagView{At: time.Unix(100, 0), Times: test.written}
			p.Lag = test.lag
			behind, known := view.TimeLag(&p)
			if diff := cmp.Diff(test.want, told{behind, known}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
