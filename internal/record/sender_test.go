package record

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
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

// eachTransport runs a test of a sender with kgo's transport, and with the one that encodes its own
// batches.
func eachTransport(t *testing.T, test func(t *testing.T, own bool)) {
	t.Parallel()
	for name, own := range map[string]bool{"kgo": false, "own batches": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, own)
		})
	}
}

// newSending makes a topic "t" and a sender for it, with its own batches or with kgo's; change may
// alter its options.
func newSending(t *testing.T, own bool, partitions int, config map[string]string, change func(*SenderOptions), fake ...kfake.Opt) *sending {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, fake...)
	if err := cluster.CreateTopic("t", int32(partitions), config); err != nil {
		t.Fatal(err)
	}
	s := &sending{
		cluster: cluster, addrs: addrs,
		delivered: make(map[int]int), failed: make(map[int]error), offsets: make(map[int]int64),
	}
	opts := SenderOptions{
		Client: kafka.Config{Brokers: addrs}, Topic: "t", BrokerTimes: own, Acks: AcksAll, Compression: kgo.NoCompression(), Patience: 20 * time.Second,
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
			t.Errorf("line %d was reported %d times", line+1, n)
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

func TestSenderSendsAllInOrder(t *testing.T) { eachTransport(t, testSenderSendsAllInOrder) }

func testSenderSendsAllInOrder(t *testing.T, own bool) {
	for _, acks := range []Acks{AcksAll, AcksOne, AcksNone} {
		t.Run(fmt.Sprint(acks), func(t *testing.T) {
			t.Parallel()
			s := newSending(t, own, 1, nil, func(o *SenderOptions) { o.Acks = acks })
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
			offsets := make(map[int]int64)
			for i := range values {
				offsets[i+1] = int64(i)
				if acks == AcksNone {
					offsets[i+1] = -1 // nobody answers where the record is
				}
			}
			if diff := gocmp.Diff(offsets, s.offsets); diff != "" {
				t.Errorf("offsets, by line (-want +got):\n%.500s", diff)
			}
		})
	}
}

// Who feeds a broker that does not answer waits, and does not fill the memory.
func TestSenderHoldsBack(t *testing.T) { eachTransport(t, testSenderHoldsBack) }

func testSenderHoldsBack(t *testing.T, own bool) {
	s := newSending(t, own, 1, nil, nil)
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
