package record

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// kcat, kcl and rpk deliver 0 of 99, kaf and others the 50 before it; none names it.
func TestOnlyTheLargeRecordFails(t *testing.T) { eachTransport(t, testOnlyTheLargeRecordFails) }

func testOnlyTheLargeRecordFails(t *testing.T, own bool) {
	for name, known := range map[string]int{"limit known": 10_000, "limit not known": 0, "limit changed": 900_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, own, 3, map[string]string{"max.message.bytes": "10000"}, func(o *SenderOptions) { o.MaxBatch = known })
			values := numbered(100, 30)
			values[50] = strings.Repeat("large", 4000)
			if err := cmp.Or(s.send(values...), s.Finish()); err != nil {
				t.Fatal(err)
			}
			s.wantOnce(t, 51)
			if diff := gocmp.Diff(error(&TooLargeError{Bytes: 20_000, Limit: known}), s.failed[51]); diff != "" {
				t.Errorf("failed with (-want +got):\n%s", diff)
			}
			if !errors.Is(s.failed[51], kerr.MessageTooLarge) {
				t.Errorf("Kafka's error is lost: %v", s.failed[51])
			}
			want := slices.Delete(slices.Clone(values), 50, 51)
			if got := slices.Sorted(slices.Values(s.stored(t))); !slices.Equal(want, got) {
				t.Errorf("stored:\n%.500s", gocmp.Diff(want, got))
			}
		})
	}
}

// The limit is that of the compressed batch: length alone decides nothing.
func TestLargeCompressibleRecordArrives(t *testing.T) {
	eachTransport(t, testLargeCompressibleRecordArrives)
}

func testLargeCompressibleRecordArrives(t *testing.T, own bool) {
	s := newSending(t, own, 1, map[string]string{"max.message.bytes": "10000"}, func(o *SenderOptions) {
		o.MaxBatch, o.Compression = 10_000, kgo.GzipCompression()
	})
	values := numbered(100, 30)
	values[50] = strings.Repeat("large", 4000)
	if err := cmp.Or(s.send(values...), s.Finish()); err != nil {
		t.Fatal(err)
	}
	s.wantOnce(t)
	if diff := gocmp.Diff(values, s.stored(t)); diff != "" {
		t.Errorf("stored, in order:\n%.500s", diff)
	}
}

// A limit that is not known is found out once, not with every batch.
func TestUnknownLimitIsLearned(t *testing.T) { eachTransport(t, testUnknownLimitIsLearned) }

func testUnknownLimitIsLearned(t *testing.T, own bool) {
	s := newSending(t, own, 2, map[string]string{"max.message.bytes": "10000"}, nil)
	var tooLarge atomic.Int64
	s.cluster.ControlKey(kmsg.Produce.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		s.cluster.KeepControl()
		for _, topic := range req.(*kmsg.ProduceRequest).Topics {
			for _, p := range topic.Partitions {
				if len(p.Records) > 10_000 {
					tooLarge.Add(1)
				}
			}
		}
		return nil, nil, false
	})
	for range 3 {
		if err := cmp.Or(s.send(numbered(4000, 100)...), s.Finish()); err != nil {
			t.Fatal(err)
		}
	}
	s.wantOnce(t)
	if n := len(s.stored(t)); n != 12_000 {
		t.Errorf("%d records stored", n)
	}
	// Each of the two partitions' first refusal is halved down: some 20 times.
	if n := tooLarge.Load(); n > 600 {
		t.Errorf("%d batches were too large", n)
	}
}

// poison has the broker refuse every batch that holds the word.
func (s *sending) poison(err *kerr.Error) {
	s.cluster.ControlKey(kmsg.Produce.Int16(), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		s.cluster.KeepControl()
		req := kreq.(*kmsg.ProduceRequest)
		if !bytes.Contains(req.Topics[0].Partitions[0].Records, []byte("poison")) {
			return nil, nil, false
		}
		resp := req.ResponseKind().(*kmsg.ProduceResponse)
		topic := kmsg.NewProduceResponseTopic()
		topic.Topic, topic.TopicID = req.Topics[0].Topic, req.Topics[0].TopicID
		partition := kmsg.NewProduceResponseTopicPartition()
		partition.ErrorCode = err.Code
		topic.Partitions = append(topic.Partitions, partition)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
}

// Whatever brokers hold against single records they say of the whole batch, and kgo of
// all that waits behind it.
func TestOnlyTheGuiltyOfABatchFail(t *testing.T) { eachTransport(t, testOnlyTheGuiltyOfABatchFail) }

func testOnlyTheGuiltyOfABatchFail(t *testing.T, own bool) {
	for _, refusal := range []*kerr.Error{kerr.InvalidRecord, kerr.InvalidTimestamp, kerr.CorruptMessage, kerr.RecordListTooLarge} {
		t.Run(refusal.Message, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, own, 1, nil, nil)
			s.poison(refusal)
			values := numbered(1000, 30)
			values[0], values[500], values[501], values[999] = "poison", "poison", "poison", "poison"
			if err := cmp.Or(s.send(values...), s.Finish()); err != nil {
				t.Fatal(err)
			}
			s.wantOnce(t, 1, 501, 502, 1000)
			got := slices.Sorted(slices.Values(s.stored(t)))
			want := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "poison" })
			if !slices.Equal(want, got) {
				t.Errorf("stored:\n%.500s", gocmp.Diff(want, got))
			}
		})
	}
}

// A timestamp that the topic does not take is named, with the setting that bounds it: Kafka says
// only that it is out of an acceptable range.
func TestRefusedTimestampNamesItsLimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		times TimeLimits
		ms    int64
		want  string
	}{
		"older":           {TimeLimits{Before: "message.timestamp.before.max.ms=86400000"}, 1, "the timestamp 1970-01-01T00:00:00.001Z is older than the topic takes (message.timestamp.before.max.ms=86400000)"},
		"newer":           {TimeLimits{After: "message.timestamp.after.max.ms=3600000"}, 1_790_000_000_123_456, "the timestamp +058692-11-03T14:15:23.456Z is newer than the topic takes (message.timestamp.after.max.ms=3600000)"},
		"limit not known": {TimeLimits{}, 1_790_000_000_123_456_789, "the timestamp 1790000000123456789 is newer than the topic takes (message.timestamp.after.max.ms)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, false, 1, nil, func(o *SenderOptions) { o.Times = test.times })
			s.poison(kerr.InvalidTimestamp)
			s.line++
			out := &Outgoing{Record: kgo.Record{Value: []byte("poison"), Partition: -1, Timestamp: FromMillis(test.ms)}, Line: 1}
			if err := cmp.Or(s.Send(out), s.Finish()); err != nil {
				t.Fatal(err)
			}
			s.wantOnce(t, 1)
			if diff := gocmp.Diff("INVALID_TIMESTAMP: "+test.want, fmt.Sprint(s.failed[1])); diff != "" {
				t.Error(diff)
			}
			if !errors.Is(s.failed[1], kerr.InvalidTimestamp) {
				t.Errorf("Kafka's error is lost: %v", s.failed[1])
			}
		})
	}
}
