package record

import (
	"bytes"
	"cmp"
	"errors"
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
func TestOnlyTheLargeRecordFails(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]int{"limit known": 10_000, "limit not known": 0, "limit changed": 900_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, 3, map[string]string{"max.message.bytes": "10000"}, func(o *SenderOptions) { o.MaxBatch = known })
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
	t.Parallel()
	s := newSending(t, 1, map[string]string{"max.message.bytes": "10000"}, func(o *SenderOptions) {
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
func TestUnknownLimitIsLearned(t *testing.T) {
	t.Parallel()
	s := newSending(t, 2, map[string]string{"max.message.bytes": "10000"}, nil)
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
func TestOnlyTheGuiltyOfABatchFail(t *testing.T) {
	t.Parallel()
	for _, refusal := range []*kerr.Error{kerr.InvalidRecord, kerr.InvalidTimestamp, kerr.CorruptMessage, kerr.RecordListTooLarge} {
		t.Run(refusal.Message, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, 1, nil, nil)
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
