package evidence

import (
	"testing"
	"time"

	"kafkactl/internal/groups"
	"kafkactl/internal/topicspec"
)

func TestTrim(t *testing.T) {
	t.Parallel()
	old := now().Add(-48 * time.Hour)
	// cuts returns partitions of which all records before an offset are too old.
	cuts := func(all []partition, offsets ...int64) []partition {
		for i, offset := range offsets {
			all[i].cut = offset
		}
		return all
	}
	deletes := settings{policy: "delete", ms: 5000, bytes: -1}
	byTime, byBytes := set(retentionMs, "5000", "1000"), set(retentionBytes, "", "20")
	for _, test := range []struct {
		name    string
		subject *subject
		change  topicspec.Change
		groups  func(*subject) []groups.GroupLag
		want    *topicspec.Evidence
	}{
		{
			"some of them", &subject{partitions: cuts(logs(10, 10, 0), 104, 100, 100)}, byTime, func(s *subject) []groups.GroupLag {
				return []groups.GroupLag{group("behind", "Empty", s, 101, 100), group("ahead", "Empty", s, 104, 100), group("none", "Empty", s, -1, 110)}
			},
			&topicspec.Evidence{Records: new(int64(4)), Bytes: new(int64(40)), Oldest: &old, EndOffsets: []int64{110, 110, 100}, Readers: []topicspec.Reader{
				{Group: "behind", Unread: new(int64(3))}, {Group: "none", Unread: new(int64(4))},
			}},
		},
		{
			"all of them", &subject{partitions: cuts(logs(10), -1)}, byTime, nil,
			&topicspec.Evidence{Records: new(int64(10)), Bytes: new(int64(100)), Oldest: &old, EndOffsets: []int64{110}},
		},
		{"none is as old", &subject{partitions: logs(10)}, byTime, nil, &topicspec.Evidence{Records: new(int64(0)), Bytes: new(int64(0)), EndOffsets: []int64{110}}},
		{"empty", &subject{partitions: cuts(logs(0), -1)}, byTime, nil, &topicspec.Evidence{Records: new(int64(0)), EndOffsets: []int64{100}}},
		{
			"by bytes", &subject{partitions: logs(10, 2)}, byBytes, func(s *subject) []groups.GroupLag { return []groups.GroupLag{group("g", "Stable", s, 105, 100)} },
			&topicspec.Evidence{
				Records: new(int64(8)), Bytes: new(int64(80)), RecordsEstimated: true, Oldest: &old, EndOffsets: []int64{110, 102},
				Readers: []topicspec.Reader{{Group: "g", Unread: new(int64(3))}},
			},
		},
		{
			"size not known", &subject{partitions: []partition{{end: 10, size: -1, sizeErr: errAsked}}}, byBytes, nil,
			&topicspec.Evidence{EndOffsets: []int64{10}, Unknown: []string{"which records go: no answer"}},
		},
		{
			"cut not known", &subject{partitions: []partition{{end: 10, cut: -1, cutErr: errAsked}}}, byTime, nil,
			&topicspec.Evidence{EndOffsets: []int64{10}, Unknown: []string{"which records go: no answer"}},
		},
		{
			"settings not known", &subject{partitions: logs(10), settingsErr: errAsked}, byTime, nil,
			&topicspec.Evidence{EndOffsets: []int64{110}, Unknown: []string{"its settings: no answer"}},
		},
		{
			"remote storage", &subject{partitions: logs(0), before: settings{policy: "delete", ms: 5000, bytes: -1, tiered: true}}, byTime, nil,
			&topicspec.Evidence{EndOffsets: []int64{100}, Unknown: []string{"what of it is in remote storage (remote.storage.enable)"}},
		},
		{"no trim", &subject{partitions: logs(10), before: settings{policy: "compact", ms: 5000}, after: settings{policy: "compact"}}, byTime, nil, nil},
	} {
		s := test.subject
		s.name = "a"
		if s.before.policy == "" {
			s.before = deletes
		}
		if s.after.policy == "" {
			s.after = settings{policy: "delete", ms: 1000, bytes: 20}
		}
		if test.groups != nil {
			s.lags = test.groups(s)
		}
		wantEvidence(t, test.name, test.want, s.trim(test.change))
	}
}
