package record

import (
	"cmp"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

// kgo's own timeout counts from the record's timestamp: a replay of last year's records
// would fail at once.
func TestOldTimestampIsNoTimeout(t *testing.T) { eachTransport(t, testOldTimestampIsNoTimeout) }

func testOldTimestampIsNoTimeout(t *testing.T, own bool) {
	s := newSending(t, own, 1, nil, func(o *SenderOptions) { o.Patience = time.Second })
	old := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	o := &Outgoing{Record: kgo.Record{Value: []byte("old"), Partition: -1, Timestamp: old}, Line: 1}
	if err := cmp.Or(s.Send(o), s.Finish(), s.failed[1]); err != nil {
		t.Fatal(err)
	}
	records, err := kafkatest.Records(t.Context(), s.addrs, "t")
	if err != nil {
		t.Fatal(err)
	}
	var times []time.Time
	for _, r := range records {
		times = append(times, r.Timestamp)
	}
	if diff := gocmp.Diff([]time.Time{old}, times); diff != "" {
		t.Errorf("timestamps (-want +got):\n%s", diff)
	}
}

// What no broker takes has failed after the patience; only what was sent and not
// answered may have arrived.
func TestSenderGivesUp(t *testing.T) { eachTransport(t, testSenderGivesUp) }

func testSenderGivesUp(t *testing.T, own bool) {
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
			s := newSending(t, own, 1, nil, func(o *SenderOptions) { o.Patience = 300 * time.Millisecond })
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
func TestSenderStopsWhenDenied(t *testing.T) { eachTransport(t, testSenderStopsWhenDenied) }

func testSenderStopsWhenDenied(t *testing.T, own bool) {
	s := newSending(t, own, 1, nil, nil)
	s.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: -1, Err: kerr.TopicAuthorizationFailed})
	if err := s.send("a"); err != nil {
		t.Fatal(err)
	}
	var denied *kafka.DeniedError
	if err := s.Finish(); !errors.As(err, &denied) {
		t.Errorf("ended with %v", err)
	}
	if err := s.failed[1]; !errors.As(err, &denied) {
		t.Errorf("line 1 failed with %v", err)
	}
	if err := s.send("b"); !errors.As(err, &denied) {
		t.Errorf("one more: %v", err)
	}
}

// ShortenPatience gives up on brokers that take nothing.
func TestShortenPatience(t *testing.T) { eachTransport(t, testShortenPatience) }

func testShortenPatience(t *testing.T, own bool) {
	s := newSending(t, own, 1, nil, func(o *SenderOptions) { o.Patience = time.Hour })
	s.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: -1, Err: kerr.NotEnoughReplicas})
	if err := s.send("a"); err != nil {
		t.Fatal(err)
	}
	s.ShortenPatience(200 * time.Millisecond)
	if err := s.Finish(); !errors.As(err, new(*StalledError)) {
		t.Errorf("ended with %v", err)
	}
}

// The patience counts from the last answer, also after it was shortened: a broker that takes
// records slowly is not given up. The clock is that of the bubble, and no broker is asked.
func TestPatienceCountsFromTheLastAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := NewSender(t.Context(), SenderOptions{Client: kafka.Config{Brokers: []string{"127.0.0.1:1"}}, Patience: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.weight.Add(1) // a record that is not answered
		const patience = 200 * time.Millisecond
		s.ShortenPatience(patience)
		s.ShortenPatience(time.Minute) // never raises it
		for range 20 {
			time.Sleep(patience - watchInterval)
			s.answers.Add(1)
		}
		synctest.Wait()
		if err := s.stoppedBy(); err != nil {
			t.Errorf("while records are answered: %v", err)
		}
		time.Sleep(patience + 2*watchInterval)
		synctest.Wait()
		s.weight.Add(-1)
		if diff := gocmp.Diff(&StalledError{patience}, s.stoppedBy()); diff != "" {
			t.Errorf("while none is answered (-want +got):\n%s", diff)
		}
	})
}
