package evidence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/groups"
	"kafkactl/internal/topicspec"
)

// What nobody uses is told with what is lost.
func TestDeletion(t *testing.T) {
	t.Parallel()
	old := now().Add(-48 * time.Hour)
	s := &subject{name: "a", partitions: logs(5, 0)}
	s.partitions[1].newest = now() // of records that were removed since
	s.lags = []groups.GroupLag{group("left", "Empty", s, 102, 100)}
	wantEvidence(t, "not in use", &topicspec.Evidence{
		Records: new(int64(5)), Bytes: new(int64(50)), Oldest: &old, Newest: &old, EndOffsets: []int64{105, 100},
		Readers: []topicspec.Reader{{Group: "left", Unread: new(int64(3))}},
	}, s.deletion(now()))
}

// Each of these alone keeps a topic, what is not known included.
func TestInUse(t *testing.T) {
	t.Parallel()
	failed := func(s *subject) groups.GroupLag {
		g := group("g", "Stable", s)
		g.Err = errAsked
		return g
	}
	for _, test := range []struct {
		name  string
		given func(*subject)
		want  string
	}{
		{"a member", func(s *subject) { s.lags = append(s.lags, reading(group("g", "Stable", s, 100))) }, "group g has a member that reads it"},
		{"two members", func(s *subject) { s.lags = append(s.lags, reading(reading(group("g", "Stable", s)))) }, "group g has 2 members that read it"},
		{"a share group", func(s *subject) {
			g := reading(group("g", "Stable", s))
			g.Protocol = groups.ProtocolShare
			s.lags = append(s.lags, g)
		}, "share group g has a member that reads it"},
		{"commits", func(s *subject) { s.lags = append(s.lags, group("g", "Stable", s, 100)) }, "group g has members, and committed offsets of it"},
		{
			"rebalancing", func(s *subject) { s.lags = append(s.lags, group("g", "PreparingRebalance", s)) },
			"whether group g reads it is not known: its members are being given their partitions (PreparingRebalance)",
		},
		{"a group that is not described", func(s *subject) { s.lags = append(s.lags, failed(s)) }, "whether group g reads it is not known: no answer"},
		{"groups not listed", func(s *subject) { s.readersErr = errHidden }, "whether anybody reads it is not known: groups may be hidden: seeing all of them needs Describe on all groups, or on the cluster"},
		{"a minute old", func(s *subject) { s.partitions[0].newest = now().Add(-time.Minute) }, "its newest record is 1m old"},
		{"a day old, nearly", func(s *subject) { s.partitions[0].newest = now().Add(-24*time.Hour + time.Second) }, "its newest record is 23h old"},
		{"of tomorrow", func(s *subject) { s.partitions[0].newest = now().Add(24 * time.Hour) }, "its newest record has a time to come (2026-12-01T12:00:00Z)"},
		{"newest not known", func(s *subject) { s.partitions[0].newestErr = errAsked }, "how old its newest record is is not known: no answer"},
		{"its end moves", func(s *subject) { s.written = true }, "somebody writes to it: its end moved while it was looked at"},
		{"a producer", func(s *subject) { s.partitions[0].lastWrite = now().Add(-3 * time.Second) }, "a producer wrote to it 3s ago"},
		{"producers not known", func(s *subject) { s.partitions[0].writeErr = errAsked }, "whether a producer writes to it is not known: no answer"},
		{"moving", func(s *subject) { s.moving = true }, "its replicas are being reassigned"},
		{"moving not known", func(s *subject) { s.movingErr = errAsked }, "whether its replicas are being reassigned is not known: no answer"},
		{"no leader", func(s *subject) { s.partitions[0].err = errAsked }, "whether it is used is not known: no answer"},
		{"internal by the broker's word", func(s *subject) { s.internal = true }, "it is an internal topic"},
	} {
		s := &subject{name: "a", partitions: logs(5)}
		test.given(s)
		if diff := cmp.Diff([]string{test.want}, s.deletion(now()).InUse); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestInternalName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"_schemas": "a name that begins with _ is that of an internal topic", "__consumer_offsets": "a name that begins with _ is that of an internal topic",
		"app-store-changelog": "its name is that of an internal topic of Kafka Streams", "app-by-key-repartition": "its name is that of an internal topic of Kafka Streams",
		"connect-offsets": "its name is that of a topic of Kafka Connect", "order.created": "", "changelog": "", "order.connect-test": "",
	} {
		if got := internalName(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
