package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafka"
)

const remadeNote = "topic t was deleted and made again; going on at its start"

// remake deletes topic "t", makes it again, and writes records, value "name@o", with a client that
// has never seen the old one.
func (f *reading) remake(partitions int32, name string, counts ...int) {
	f.Helper()
	if err := f.cluster.DeleteTopic("t"); err != nil {
		f.Fatal(err)
	}
	f.create("t", partitions)
	f.writeAnew(name, counts...)
}

// writeAnew writes so many records to each partition.
func (f *reading) writeAnew(name string, counts ...int) {
	f.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(f.cfg.Brokers...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		f.Fatal(err)
	}
	defer client.Close()
	for partition, n := range counts {
		for o := range n {
			r := &kgo.Record{Topic: "t", Partition: int32(partition), Value: fmt.Appendf(nil, "%s%d@%d", name, partition, o)}
			if err := client.ProduceSync(f.Context(), r).FirstErr(); err != nil {
				f.Fatal(err)
			}
		}
	}
}

// rewound is where partitions are read again.
type rewound struct {
	Partition int32
	Next      int64
}

// steps follows spans, and does the next of steps each time a record has the value that is its key.
// It ends at the last value.
func (f *reading) steps(spans []Span, last string, steps map[string]func()) (values []string) {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), 30*time.Second)
	defer cancel()
	err := f.Read(ctx, spans, func(b Batch) error {
		for _, r := range b.Records {
			values = append(values, string(r.Value))
			if step := steps[string(r.Value)]; step != nil {
				step()
			}
			if string(r.Value) == last {
				return Enough()
			}
		}
		return nil
	})
	if err != nil {
		f.Fatalf("%v; after %q, notes %q", err, values, f.notes)
	}
	return values
}

// A topic that was deleted and made again went on at the old offset: its first records were lost, and
// all of them until it had as many as the old one.
func TestFollowRemade(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		fake []kfake.Opt
	}{
		{"by id", nil},
		{"on three brokers", []kfake.Opt{kfake.NumBrokers(3)}},
		{"fetched by name, as before 3.1", []kfake.Opt{kfake.MaxVersions(kversion.V3_0_0())}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var back []rewound
			f := newReading(t, 2, ReaderOptions{Rewind: func(_ string, partition int32, next int64) { back = append(back, rewound{partition, next}) }}, tt.fake...)
			f.write(0, 0, 1, 2, 3, 4)
			f.write(1, 0)
			spans := f.spans(Selection{Follow: true, Positions: positions(t, "end,0:4")})
			got := f.steps(spans, "c0@1", map[string]func(){
				"0@4":  func() { f.remake(2, "b", 2, 2) },
				"b0@1": func() { f.remake(2, "c", 2) },
			})
			got = slices.DeleteFunc(got, func(value string) bool { return value[:2] == "b1" }) // may come before the next deletion
			if diff := cmp.Diff([]string{"0@4", "b0@0", "b0@1", "c0@0", "c0@1"}, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{remadeNote, remadeNote}, f.notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			slices.SortStableFunc(back, func(a, b rewound) int { return int(a.Partition - b.Partition) })
			if diff := cmp.Diff([]rewound{{0, 0}, {0, 0}, {1, 0}, {1, 0}}, back); diff != "" {
				t.Errorf("rewound (-want +got):\n%s", diff)
			}
		})
	}
}

// It may have more partitions then, or fewer.
func TestFollowRemadePartitions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		sel         Selection
		before, now int32
		want        []string
		notes       []string
		back        []rewound
	}{
		{"more", Selection{}, 1, 3, []string{"0@0", "b0@0", "b1@0", "b2@0"}, []string{remadeNote, "t/1 is new: it is read too", "t/2 is new: it is read too"}, []rewound{{0, 0}}},
		{"fewer", Selection{}, 3, 1, []string{"0@0", "b0@0"}, []string{remadeNote}, []rewound{{0, 0}, {1, -1}, {2, -1}}},
		{
			"without one that was asked for",
			Selection{Partitions: []int32{0, 2}},
			3, 1,
			[]string{"0@0", "b0@0"},
			[]string{remadeNote, "topic t has no t/2 any more: waiting for it"},
			[]rewound{{0, 0}, {2, -1}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var back []rewound
			f := newReading(t, tt.before, ReaderOptions{Rewind: func(_ string, partition int32, next int64) { back = append(back, rewound{partition, next}) }})
			f.write(0, 0)
			tt.sel.Follow = true
			left := len(tt.want)
			var got []string
			err := f.Read(t.Context(), f.spans(tt.sel), func(b Batch) error {
				for _, r := range b.Records {
					if got = append(got, string(r.Value)); string(r.Value) == "0@0" {
						f.remake(tt.now, "b", []int{1, 1, 1}[:tt.now]...)
					}
					if left--; left == 0 {
						return Enough()
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.notes, f.notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			slices.SortFunc(back, func(a, b rewound) int { return int(a.Partition - b.Partition) })
			if diff := cmp.Diff(tt.back, back); diff != "" {
				t.Errorf("rewound (-want +got):\n%s", diff)
			}
		})
	}
}

// Between the deletion and the making there may be seconds: a follow waits for a while, and says so.
func TestFollowRemadeLate(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{RemadeWithin: 20 * time.Second})
	f.write(0, 0)
	got := f.steps(f.spans(Selection{Follow: true}), "b0@0", map[string]func(){"0@0": func() {
		if err := f.cluster.DeleteTopic("t"); err != nil {
			t.Error(err)
		}
		time.AfterFunc(goneAfter+500*time.Millisecond, func() {
			f.create("t", 1)
			f.writeAnew("b", 1)
		})
	}})
	if diff := cmp.Diff([]string{"0@0", "b0@0"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"topic t was deleted; waiting 20s for it to be made again", remadeNote}, f.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// A read with an end is of one topic: another one is not taken for it.
func TestReadRemade(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{Patience: 20 * time.Second})
	f.write(0, 0, 1, 2)
	spans := f.spans(Selection{})
	f.remake(1, "b", 5)
	got, err := f.all(spans)
	var gone *GoneError
	if !errors.As(err, &gone) {
		t.Fatalf("got %v, %q", err, got)
	}
	if diff := cmp.Diff(&GoneError{Topic: "t", Remade: true}, gone); diff != "" || len(got) > 0 {
		t.Errorf("read %q, error (-want +got):\n%s", got, diff)
	}
	if diff := cmp.Diff(`topic "t" was deleted and made again while it was read`, err.Error()); diff != "" {
		t.Error(diff)
	}
}

// A broker that has not heard of the new topic yet says for a while that there is the old one. That
// is no topic made once more.
func TestLearnID(t *testing.T) {
	t.Parallel()
	old, now, next := kafka.TopicID{1}, kafka.TopicID{2}, kafka.TopicID{3}
	f := newReading(t, 1, ReaderOptions{})
	l := newLoop(f.Reader, []Span{{Topic: "t", End: NoEnd, TopicID: old}})
	for _, step := range []struct {
		name        string
		doubted     bool
		says, reads kafka.TopicID
		remade      int
	}{
		{"the same", true, old, old, 0},
		{"another one, and the leader knows this one", false, now, old, 0},
		{"another one", true, now, now, 1},
		{"the old one", false, old, now, 1},
		{"the old one, and the leader has not heard of the new one", true, old, now, 1},
		{"none, as before 2.8", true, kafka.TopicID{}, now, 1},
		{"a third one", true, next, next, 2},
	} {
		l.cursors[0].doubted = step.doubted
		if err := l.learnID("t", step.says, map[int32]int32{0: 0}); err != nil {
			t.Fatal(err)
		}
		if got := l.cursors[0].TopicID; got != step.reads || len(f.notes) != step.remade {
			t.Errorf("%s: reads %v, notes %q", step.name, got, f.notes)
		}
	}
}

// A leader whose log lost its end, and has other records there now, says so: KIP-595.
func TestFollowDiverging(t *testing.T) {
	t.Parallel()
	var back []rewound
	f := newReading(t, 1, ReaderOptions{Rewind: func(_ string, partition int32, next int64) { back = append(back, rewound{partition, next}) }})
	f.write(0, 0, 1, 2, 3, 4)
	var epochs []int32
	var lost atomic.Bool
	f.cluster.ControlKey(int16(kmsg.Fetch), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		f.cluster.KeepControl()
		req := kreq.(*kmsg.FetchRequest)
		p := req.Topics[0].Partitions[0]
		if p.FetchOffset != 5 || lost.Swap(true) {
			return nil, nil, false
		}
		epochs = append(epochs, p.LastFetchedEpoch)
		resp := req.ResponseKind().(*kmsg.FetchResponse)
		topic, partition := kmsg.NewFetchResponseTopic(), kmsg.NewFetchResponseTopicPartition()
		topic.Topic, topic.TopicID = req.Topics[0].Topic, req.Topics[0].TopicID
		partition.HighWatermark, partition.LastStableOffset, partition.RecordBatches = 5, 5, []byte{}
		partition.DivergingEpoch.Epoch, partition.DivergingEpoch.EndOffset = 0, 3
		topic.Partitions = append(topic.Partitions, partition)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	seen := 0
	err := f.Read(t.Context(), f.spans(Selection{Follow: true}), func(b Batch) error {
		if seen += len(b.Records); seen == 7 { // 0 to 4, and 3 and 4 as they are now
			return Enough()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"t/0: the log lost its offsets 3 to 4; going on at 3 with what stands there now"}, f.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]rewound{{0, 3}}, back); diff != "" {
		t.Errorf("rewound (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int32{0}, epochs); diff != "" { // of the fake's first leader
		t.Errorf("last fetched epochs (-want +got):\n%s", diff)
	}
}
