package record

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// storedRecords returns what is in the topic, by offset.
func (s *sending) storedRecords(t *testing.T) []*kgo.Record {
	t.Helper()
	reader, err := NewReader(t.Context(), kafka.Config{Brokers: s.addrs}, ReaderOptions{Patience: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	spans, err := reader.Spans(t.Context(), Selection{Topics: []string{"t"}})
	if err != nil {
		t.Fatal(err)
	}
	var records []*kgo.Record
	if err := reader.Read(t.Context(), spans, func(b Batch) error {
		records = append(records, b.Records...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return records
}

// Every timestamp of 64 bits arrives, and is read back, as it was sent: beside the others of its
// batch, whatever the codec, and with keys and headers as they were.
func TestEveryTimestampArrives(t *testing.T) {
	t.Parallel()
	for name, codec := range map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, false, 1, nil, func(o *SenderOptions) { o.Compression = codec })
			var want []plain
			for _, at := range append(stamps, stamps...) {
				r := kgo.Record{Partition: -1, Timestamp: FromMillis(at.ms), Value: bytes.Repeat([]byte(at.text), 9)}
				if s.line%2 == 0 {
					r.Key, r.Headers = []byte{}, []kgo.RecordHeader{{Key: "h", Value: nil}, {Key: "", Value: []byte("v")}}
				}
				s.line++
				want = append(want, plain{"t", 0, int64(s.line - 1), at.ms, r.Key, r.Value, r.Headers})
				if err := s.Send(&Outgoing{Record: r, Line: s.line}); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Finish(); err != nil {
				t.Fatal(err)
			}
			s.wantOnce(t)
			var got []plain
			for _, r := range s.storedRecords(t) {
				if r.Timestamp.IsZero() {
					t.Errorf("@%d has no timestamp", r.Offset)
				}
				got = append(got, plainOf(r))
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// Records with timestamps that kgo cannot carry are sent together, as all others are.
func TestWildTimestampsAreSentTogether(t *testing.T) {
	t.Parallel()
	s := newSending(t, false, 3, nil, nil)
	var requests atomic.Int64
	s.cluster.ControlKey(kmsg.Produce.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		s.cluster.KeepControl()
		requests.Add(1)
		return nil, nil, false
	})
	const count = 30_000
	for i := range count {
		at := FromMillis(1_790_000_000_123_456 + int64(i))
		if i%2 == 0 {
			at = time.UnixMilli(1_790_000_000_123)
		}
		s.line++
		if err := s.Send(&Outgoing{Record: kgo.Record{Value: strconv.AppendInt(nil, int64(i), 10), Partition: -1, Timestamp: at}, Line: s.line}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Finish(); err != nil {
		t.Fatal(err)
	}
	s.wantOnce(t)
	if n := len(s.storedRecords(t)); n != count {
		t.Errorf("%d records stored", n)
	}
	if n := requests.Load(); n > 300 {
		t.Errorf("%d requests for %d records", n, count)
	}
}

// The broker's time is reported where the broker gives it. The embedded Kafka knows no
// LogAppendTime, so the answer is made up.
func TestBrokerTimes(t *testing.T) {
	t.Parallel()
	s := newSending(t, true, 1, nil, nil)
	const brokersTime = 1_790_000_000_123
	s.cluster.ControlKey(kmsg.Produce.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		resp := req.ResponseKind().(*kmsg.ProduceResponse)
		topic, partition := kmsg.NewProduceResponseTopic(), kmsg.NewProduceResponseTopicPartition()
		topic.Topic, partition.BaseOffset, partition.LogAppendTime = "t", 41, brokersTime
		topic.Partitions = append(topic.Partitions, partition)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	out := &Outgoing{Record: kgo.Record{Value: []byte("a"), Partition: -1, Timestamp: time.Unix(1, 0)}, Line: 1}
	if err := cmp.Or(s.Send(out), s.Finish()); err != nil {
		t.Fatal(err)
	}
	if out.Offset != 41 || out.Timestamp.UnixMilli() != brokersTime {
		t.Errorf("reported is offset %d, %s", out.Offset, out.Timestamp)
	}
}

// A leader that moves, a connection that breaks and a batch that was taken though no answer came
// leave every record there once, in its place.
func TestOwnBatchesOutlastTrouble(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(s *sending, request int){
		"the leader moves": func(s *sending, request int) {
			_ = s.cluster.MoveTopicPartition("t", 0, int32(request%3)) // the brokers are 0 to 2
		},
		"connections break": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSending(t, true, 1, nil, nil, kfake.NumBrokers(3))
			requests := 0
			s.cluster.ControlKey(kmsg.Produce.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
				s.cluster.KeepControl()
				requests++
				switch {
				case trouble == nil && requests%2 == 1:
					return nil, errors.New("closed"), true
				case trouble != nil && requests%3 == 1:
					go trouble(s, requests)
				}
				return nil, nil, false
			})
			values := numbered(300, 20)
			for part := range slices.Chunk(values, 30) {
				if err := cmp.Or(s.send(part...), s.Finish()); err != nil {
					t.Fatal(err)
				}
			}
			s.wantOnce(t)
			var got []string
			for i, r := range s.storedRecords(t) {
				if r.Offset != int64(i) || s.offsets[i+1] != r.Offset {
					t.Errorf("record %d is at %d, and was reported at %d", i, r.Offset, s.offsets[i+1])
				}
				got = append(got, string(r.Value))
			}
			if diff := gocmp.Diff(values, got); diff != "" {
				t.Errorf("stored (-want +got):\n%.500s", diff)
			}
		})
	}
}

// A partition that the topic does not have ends the sending with its name.
func TestOwnBatchesMissPartition(t *testing.T) {
	t.Parallel()
	s := newSending(t, true, 2, nil, nil)
	s.line++
	err := cmp.Or(s.Send(&Outgoing{Record: kgo.Record{Partition: 7}, Line: 1}), s.Finish())
	var missing *kafka.MissingPartitionError
	if !errors.As(err, &missing) || fmt.Sprint(missing.Partition, missing.Count) != "7 2" {
		t.Errorf("ended with %v", err)
	}
}
