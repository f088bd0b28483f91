package topicspec_test

import (
	"testing"
	"time"

	"kafkactl/internal/topicspec"
)

func at(day int) *time.Time {
	t := time.Date(2026, 11, day, 10, 0, 0, 0, time.UTC)
	return &t
}

func TestGrowReason(t *testing.T) {
	t.Parallel()
	behind := []topicspec.Reader{{Group: "order-service-group", Unread: new(int64(40))}}
	for _, test := range []struct {
		name     string
		evidence topicspec.Evidence
		want     string
	}{
		{"empty", topicspec.Evidence{Records: new(int64(0))}, ""},
		{"compacted", topicspec.Evidence{Records: new(int64(12)), Compacted: new(true)}, "its 12 records are compacted by key: where a key goes to another partition from now on, the old one keeps its last record for ever"},
		{"compacted, one", topicspec.Evidence{Records: new(int64(1)), Compacted: new(true)}, "its 1 record is compacted by key: where a key goes to another partition from now on, the old one keeps its last record for ever"},
		{
			"compacted, not counted",
			topicspec.Evidence{Compacted: new(true), Unknown: []string{"its end"}},
			"its records are compacted by key: where a key goes to another partition from now on, the old one keeps its last record for ever (not known: its end)",
		},
		{"no keys", topicspec.Evidence{Records: new(int64(12)), Compacted: new(false), Keyed: new(false), Readers: behind}, "its records have no keys"},
		{"all read", topicspec.Evidence{Records: new(int64(12)), Compacted: new(false), Keyed: new(true)}, "records of one key written from now on may go to another partition than before; no group has unread records"},
		{"unread", topicspec.Evidence{Records: new(int64(50)), Compacted: new(false), Keyed: new(true), Readers: behind}, "records of one key may be read out of order: order-service-group has 40 unread"},
		{
			"four groups",
			topicspec.Evidence{Keyed: new(true), Readers: append(behind, topicspec.Reader{Group: "a"}, topicspec.Reader{Group: "b"}, topicspec.Reader{Group: "c"})},
			"records of one key may be read out of order: order-service-group has 40 unread, a may have some unread, b may have some unread and 1 more",
		},
		{"a name that a terminal would obey", topicspec.Evidence{Keyed: new(true), Readers: []topicspec.Reader{{Group: "a\x1b[2J"}}}, `records of one key may be read out of order: "a\x1b[2J" may have some unread`},
		{"groups not known", topicspec.Evidence{Keyed: new(true), Unknown: []string{"who reads it"}}, "records of one key may be read out of order (not known: who reads it)"},
	} {
		if got := test.evidence.GrowReason(); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

func TestTrimReason(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		evidence topicspec.Evidence
		want     string
	}{
		{"none", topicspec.Evidence{Records: new(int64(0))}, ""},
		{"one", topicspec.Evidence{Records: new(int64(1))}, "up to 1 record will be removed"},
		{"by bytes", topicspec.Evidence{Records: new(int64(30)), RecordsEstimated: true}, "up to about 30 records will be removed"},
		{
			"all that can be known",
			topicspec.Evidence{Records: new(int64(1200)), Bytes: new(int64(3565158)), Oldest: at(1), Readers: []topicspec.Reader{{Group: "audit", Unread: new(int64(7))}}},
			"up to 1200 records will be removed (about 3.4 MiB, the oldest written 2026-11-01T10:00:00Z); audit has 7 unread",
		},
		{
			"tiered",
			topicspec.Evidence{Unknown: []string{"its old records are in remote storage"}},
			"records may be removed, how many is not known (not known: its old records are in remote storage)",
		},
	} {
		if got := test.evidence.TrimReason(); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

func TestDeleteReason(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		evidence topicspec.Evidence
		want     string
	}{
		{"in use", topicspec.Evidence{InUse: []string{"a", "b"}, Records: new(int64(1))}, "it is in use: a; b"},
		{"empty", topicspec.Evidence{Records: new(int64(0))}, "it holds no record"},
		{
			"records",
			topicspec.Evidence{Records: new(int64(2)), Bytes: new(int64(900)), Oldest: at(1), Newest: at(2), Readers: []topicspec.Reader{{Group: "a"}}},
			"it holds 2 records (about 900 B, from 2026-11-01T10:00:00Z to 2026-11-02T10:00:00Z); a loses what it committed",
		},
		{
			"two groups",
			topicspec.Evidence{Records: new(int64(1)), Newest: at(2), Readers: []topicspec.Reader{{Group: "a"}, {Group: "b"}}},
			"it holds 1 record (the newest written 2026-11-02T10:00:00Z); a, b lose what they committed",
		},
	} {
		if got := test.evidence.DeleteReason(); got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

func TestMoved(t *testing.T) {
	t.Parallel()
	ends := func(offsets ...int64) topicspec.Evidence { return topicspec.Evidence{EndOffsets: offsets} }
	for _, test := range []struct {
		name        string
		before, now topicspec.Evidence
		want        bool
	}{
		{"still", ends(1, 2), ends(1, 2), false},
		{"written", ends(1, 2), ends(1, 3), true},
		{"made again", ends(1, 2), ends(0), true},
		{"not known before", ends(), ends(), true},
		{"not known now", ends(1), ends(), true},
	} {
		if got := topicspec.Moved(test.before, test.now); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}
