package evidence

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
	"kafkactl/internal/topicspec"
)

var errAsked = errors.New("no answer") // what a question ended with

// now is the clock of the tables.
func now() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }

// logs returns partitions with so many records each, 10 bytes a record, written two days ago.
func logs(records ...int64) []partition {
	old := now().Add(-48 * time.Hour)
	var all []partition
	for _, n := range records {
		all = append(all, partition{start: 100, end: 100 + n, cut: 100, size: 10 * n, oldest: old, newest: old})
	}
	return all
}

// group returns a group that committed offsets of topic "a", by partition; below 0 it did not.
func group(name, state string, s *subject, committed ...int64) groups.GroupLag {
	g := groups.Group{Name: name, State: state, Protocol: groups.ProtocolClassic}
	var partitions []groups.PartitionLag
	for i, offset := range committed {
		p := s.partitions[i]
		partitions = append(partitions, groups.PartitionLag{
			TopicPartition: kafka.TopicPartition{Topic: "a", Partition: int32(i)}, Committed: offset, LogStart: p.start, End: p.end, Lag: p.end - max(offset, p.start),
		})
	}
	return groups.NewGroupLag(g, partitions)
}

// reading gives a group a member that is assigned the topic.
func reading(g groups.GroupLag) groups.GroupLag {
	g.Members = append(g.Members, groups.Member{Assigned: []kafka.TopicPartition{{Topic: "a"}, {Topic: "a", Partition: 1}}})
	return g
}

func wantEvidence(t *testing.T, name string, want, got *topicspec.Evidence) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	compacted := settings{policy: "compact"}
	for _, test := range []struct {
		name    string
		subject *subject
		groups  func(*subject) []groups.GroupLag
		want    topicspec.Evidence
	}{
		{"empty", &subject{partitions: logs(0, 0)}, nil, topicspec.Evidence{Records: new(int64(0)), EndOffsets: []int64{100, 100}}},
		{
			"compacted", &subject{partitions: logs(5), before: compacted}, nil,
			topicspec.Evidence{Records: new(int64(5)), EndOffsets: []int64{105}, Compacted: new(true)},
		},
		{
			"compacted by the same plan", &subject{partitions: logs(5), after: compacted}, nil,
			topicspec.Evidence{Records: new(int64(5)), EndOffsets: []int64{105}, Compacted: new(true)},
		},
		{
			"no keys", &subject{partitions: logs(5), keyed: new(false)}, func(s *subject) []groups.GroupLag { return []groups.GroupLag{group("g", "Stable", s, 100)} },
			topicspec.Evidence{Records: new(int64(5)), EndOffsets: []int64{105}, Compacted: new(false), Keyed: new(false)},
		},
		{
			"keys", &subject{partitions: logs(5, 5), keyed: new(true)}, func(s *subject) []groups.GroupLag {
				return []groups.GroupLag{group("behind", "Stable", s, 102, -1), group("done", "Stable", s, 105, 105)}
			},
			topicspec.Evidence{
				Records: new(int64(10)), EndOffsets: []int64{105, 105}, Compacted: new(false), Keyed: new(true),
				Readers: []topicspec.Reader{{Group: "behind", Unread: new(int64(8))}},
			},
		},
		{
			"not known", &subject{partitions: logs(5), settingsErr: errAsked, keysErr: errAsked, readersErr: errAsked}, nil,
			topicspec.Evidence{
				Records: new(int64(5)), EndOffsets: []int64{105},
				Unknown: []string{"its settings: no answer", "whether its records have keys: no answer", "who reads it: no answer"},
			},
		},
		{"no partition known", &subject{err: errAsked, keyed: new(false)}, nil, topicspec.Evidence{
			Compacted: new(false), Keyed: new(false), Unknown: []string{"where its logs end: no answer"},
		}},
	} {
		s := test.subject
		if s.name = "a"; test.groups != nil {
			s.lags = test.groups(s)
		}
		wantEvidence(t, test.name, &test.want, s.growth())
	}
}

// The questions of Examine are asked at the same time: some look for leaders, and for where the logs end, while another
// one fills in what it found. The race detector judges.
func TestAskedBesideAnswers(t *testing.T) {
	t.Parallel()
	asked := subjects{"a": {name: "a", partitions: logs(1, 2)}}
	var (
		led   map[int32][]kafka.TopicPartition
		spans []record.Span
	)
	together(
		func() { led = asked.led() },
		func() { spans = newestSpans(asked) },
		func() {
			asked.each(func(_ kafka.TopicPartition, p *partition) { p.oldest, p.newest, p.size, p.cut = now(), now(), 1, 1 })
		},
	)
	if len(led[0]) != 2 {
		t.Errorf("broker 0 leads %v, not both partitions", led[0])
	}
	if len(spans) != 2 || spans[1].End != 102 {
		t.Errorf("the newest records are in %+v", spans)
	}
}
