package record

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/admin"
	"kafkactl/internal/kafkatest"
)

// sending is a sender at an embedded Kafka, and what it reported of each record.
type sending struct {
	*Sender
	cluster   *kfake.Cluster
	addrs     []string
	delivered map[int]int   // times, by line
	failed    map[int]error // by line
	offsets   map[int]int64
	line      int
}

// newSending makes a topic "t" and a sender for it; change may alter its options.
func newSending(t *testing.T, partitions int, config map[string]string, change func(*SenderOptions)) *sending {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t)
	if err := cluster.CreateTopic("t", int32(partitions), config); err != nil {
		t.Fatal(err)
	}
	s := &sending{
		cluster: cluster, addrs: addrs,
		delivered: make(map[int]int), failed: make(map[int]error), offsets: make(map[int]int64),
	}
	opts := SenderOptions{
		Client: admin.Config{Brokers: addrs}, Topic: "t", Acks: AcksAll, Compression: kgo.NoCompression(), Patience: 20 * time.Second,
		Delivered: func(o *Outgoing, err error) {
			s.delivered[o.Line]++
			s.offsets[o.Line] = o.Offset
			if err != nil {
				s.failed[o.Line] = err
			}
		},
	}
	if change != nil {
		change(&opts)
	}
	var err error
	if s.Sender, err = NewSender(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// send sends records with these values, without keys.
func (s *sending) send(values ...string) error {
	for _, value := range values {
		s.line++
		if err := s.Send(&Outgoing{Record: kgo.Record{Value: []byte(value), Partition: -1}, Line: s.line}); err != nil {
			return err
		}
	}
	return nil
}

// stored is the values in the topic.
func (s *sending) stored(t *testing.T) []string {
	t.Helper()
	records, err := kafkatest.Records(t.Context(), s.addrs, "t")
	if err != nil {
		t.Fatal(err)
	}
	values := make([]string, len(records))
	for i, r := range records {
		values[i] = string(r.Value)
	}
	return values
}

// wantOnce fails unless each record was reported once, and these lines failed.
func (s *sending) wantOnce(t *testing.T, failed ...int) {
	t.Helper()
	for line := range s.line {
		if n := s.delivered[line+1]; n != 1 {
			t.Errorf("line %d was told of %d times", line+1, n)
		}
	}
	if diff := gocmp.Diff(failed, slices.Sorted(maps.Keys(s.failed))); diff != "" {
		t.Errorf("failed lines:\n%s\n%v", diff, s.failed)
	}
}

// numbered is n different values, of at least size bytes.
func numbered(n, size int) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf("%06d%s", i, strings.Repeat("x", max(size-6, 0)))
	}
	return values
}

func TestSenderSendsAllInOrder(t *testing.T) {
	t.Parallel()
	for _, acks := range []Acks{AcksAll, AcksOne, AcksNone} {
		t.Run(fmt.Sprint(acks), func(t *testing.T) {
			t.Parallel()
			s := newSending(t, 1, nil, func(o *SenderOptions) { o.Acks = acks })
			values := numbered(5000, 100)
			if err := cmp.Or(s.send(values...), s.Finish()); err != nil {
				t.Fatal(err)
			}
			s.wantOnce(t)
			deadline := time.Now().Add(time.Minute)
			for len(s.stored(t)) < len(values) && time.Now().Before(deadline) {
				continue // without acks nobody waited for the broker
			}
			if diff := gocmp.Diff(values, s.stored(t)); diff != "" {
				t.Errorf("stored:\n%.500s", diff)
			}
			for line, offset := range s.offsets {
				if want := int64(line - 1); acks != AcksNone && offset != want || acks == AcksNone && offset != -1 {
					t.Fatalf("line %d is said to be at offset %d", line, offset)
				}
			}
		})
	}
}

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
			var large *TooLargeError
			if !errors.As(s.failed[51], &large) || large.Bytes != 20_000 || large.Limit != known || !errors.Is(large, kerr.MessageTooLarge) {
				t.Errorf("failed with %v", s.failed[51])
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

// kgo's own timeout counts from the record's timestamp: a replay of last year's records
// would fail at once.
func TestOldTimestampIsNoTimeout(t *testing.T) {
	t.Parallel()
	s := newSending(t, 1, nil, func(o *SenderOptions) { o.Patience = time.Second })
	old := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	o := &Outgoing{Record: kgo.Record{Value: []byte("old"), Partition: -1, Timestamp: old}, Line: 1}
	if err := cmp.Or(s.Send(o), s.Finish()); err != nil || s.failed[1] != nil {
		t.Fatalf("%v, %v", err, s.failed)
	}
	records, err := kafkatest.Records(t.Context(), s.addrs, "t")
	if err != nil || len(records) != 1 || !records[0].Timestamp.Equal(old) {
		t.Errorf("%v, %v", records, err)
	}
}

// What no broker takes has failed after the patience; only what was sent and not
// answered may have arrived.
func TestSenderGivesUp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		answer *kerr.Error
		maybe  bool
	}{
		{kerr.NotEnoughReplicas, false},
		{kerr.NotLeaderForPartition, false},
		{kerr.RequestTimedOut, true},
		{kerr.NotEnoughReplicasAfterAppend, true},
	} {
		t.Run(test.answer.Message, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, 1, nil, func(o *SenderOptions) { o.Patience = 300 * time.Millisecond })
			s.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: -1, Err: test.answer})
			if err := s.send("a", "b"); err != nil {
				t.Fatal(err)
			}
			var stalled *StalledError
			if err := s.Finish(); !errors.As(err, &stalled) {
				t.Errorf("ended with %v", err)
			}
			s.wantOnce(t, 1, 2)
			for line, err := range s.failed {
				if errors.Is(err, ErrMaybeArrived) != test.maybe {
					t.Errorf("line %d: %v", line, err)
				}
			}
			if err := s.send("c"); !errors.As(err, &stalled) {
				t.Errorf("one more: %v", err)
			}
		})
	}
}

// A refusal that is no record's fault is reported once, for all.
func TestSenderStopsWhenDenied(t *testing.T) {
	t.Parallel()
	s := newSending(t, 1, nil, nil)
	s.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: -1, Err: kerr.TopicAuthorizationFailed})
	if err := s.send("a"); err != nil {
		t.Fatal(err)
	}
	var denied *admin.DeniedError
	if err := s.Finish(); !errors.As(err, &denied) || !errors.As(s.failed[1], &denied) {
		t.Errorf("ended with %v, %v", err, s.failed[1])
	}
	if err := s.send("b"); !errors.As(err, &denied) {
		t.Errorf("one more: %v", err)
	}
}

// Hurry gives up on brokers that take nothing, and on nobody else.
func TestHurry(t *testing.T) {
	t.Parallel()
	s := newSending(t, 1, nil, func(o *SenderOptions) { o.Patience = time.Hour })
	s.Hurry(200 * time.Millisecond)
	if err := cmp.Or(s.send(numbered(1000, 10)...), s.Finish()); err != nil {
		t.Fatal(err)
	}
	s.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: -1, Err: kerr.NotEnoughReplicas})
	if err := s.send("a"); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(); !errors.As(err, new(*StalledError)) {
		t.Errorf("ended with %v", err)
	}
}

// Who feeds a broker that does not answer waits, and does not fill the memory.
func TestSenderHoldsBack(t *testing.T) {
	t.Parallel()
	s := newSending(t, 1, nil, nil)
	ctx, answer := context.WithCancel(t.Context())
	defer answer()
	s.cluster.ControlKey(kmsg.Produce.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		s.cluster.KeepControl()
		s.cluster.SleepControl(func() { <-ctx.Done() })
		return nil, nil, false
	})
	const size = 500_000
	value := strings.Repeat("x", size)
	ended := make(chan error, 1)
	var handed atomic.Int64
	go func() {
		for range maxWeight/size + 10 {
			if err := s.send(value); err != nil {
				ended <- err
				return
			}
			handed.Add(1)
		}
		ended <- s.Finish()
	}()
	for s.weight.Load() < maxWeight {
		select {
		case err := <-ended:
			t.Fatalf("did not wait: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	if n := handed.Load() * size; n > maxWeight+size {
		t.Errorf("took %d bytes, more than %d", n, maxWeight)
	}
	answer()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s.wantOnce(t)
}
