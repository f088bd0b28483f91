package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/embedded"
)

// startAddrs starts an embedded Kafka that ends with the test, unless it is closed before.
func startAddrs(t *testing.T, c embedded.Config) (addrs []string, closeIt func()) {
	t.Helper()
	cluster, err := embedded.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	closeIt = sync.OnceFunc(cluster.Close)
	t.Cleanup(closeIt)
	return cluster.Addrs(), closeIt
}

func kgoClient(t *testing.T, addrs []string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(append(opts, kgo.SeedBrokers(addrs...))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func make1(t *testing.T, c *kgo.Client, name string, configs map[string]*string) {
	t.Helper()
	if _, err := kadm.NewClient(c).CreateTopic(t.Context(), 1, -1, configs, name); err != nil {
		t.Fatal(err)
	}
}

// read returns the first count records of a topic.
func read(ctx context.Context, t *testing.T, addrs []string, topic string, count int) []*kgo.Record {
	t.Helper()
	c := kgoClient(t, addrs, kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(50*time.Millisecond))
	defer c.Close() // while there are brokers that it can tell
	var records []*kgo.Record
	for len(records) < count {
		fetches := c.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		records = append(records, fetches.Records()...)
	}
	return records
}

// Records of a topic with LogAppendTime have the time of their arrival, whatever the codec, and are
// there after a restart: what is stored has a right checksum.
func TestLogAppendTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	addrs, closeIt := startAddrs(t, embedded.Config{Brokers: 1, DataDir: dir})
	make1(t, kgoClient(t, addrs), "append", map[string]*string{"message.timestamp.type": kadm.StringPtr("LogAppendTime")})
	before := time.Now().Truncate(time.Millisecond)
	codecs := []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()}
	for i, codec := range codecs {
		producer := kgoClient(t, addrs, kgo.ProducerBatchCompression(codec), kgo.DefaultProduceTopic("append"))
		var records []*kgo.Record
		for n := range 3 {
			at := time.UnixMilli(int64(n) * 1000)
			records = append(records, &kgo.Record{Key: []byte{byte(i)}, Value: fmt.Appendf(nil, "%0100d", n), Timestamp: at, Headers: []kgo.RecordHeader{{Key: "h", Value: []byte("v")}}})
		}
		if err := producer.ProduceSync(t.Context(), records...).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	after := time.Now()
	check := func(addrs []string) {
		for i, r := range read(t.Context(), t, addrs, "append", 3*len(codecs)) {
			if r.Timestamp.Before(before) || r.Timestamp.After(after) {
				t.Errorf("record %d: %v, want a time between %v and %v", i, r.Timestamp, before, after)
			}
			if want := fmt.Sprintf("%d %0100d h=v", i/3, i%3); want != fmt.Sprintf("%d %s %s=%s", r.Key[0], r.Value, r.Headers[0].Key, r.Headers[0].Value) {
				t.Errorf("record %d: %v %s", i, r.Key, r.Value)
			}
		}
	}
	check(addrs)
	closeIt()
	addrs, _ = startAddrs(t, embedded.Config{Brokers: 1, DataDir: dir})
	check(addrs)
}

// A batch that a client marks as having the broker's time is stored with a right checksum.
func TestAppendTimeOfClient(t *testing.T) {
	t.Parallel()
	addrs, _ := startAddrs(t, embedded.Config{Brokers: 1})
	c := kgoClient(t, addrs)
	make1(t, c, "t", nil)
	at := time.UnixMilli(1_700_000_000_000)
	answersOf(t, addrs, []step{{"produce", producing(part{"t", 0, batch(at, 0x08, "a")})}})
	if r := read(t.Context(), t, addrs, "t", 1)[0]; !r.Timestamp.Equal(at) {
		t.Errorf("timestamp %v, want %v", r.Timestamp, at)
	}
}

// Rules follow the settings of a topic, for producers that name topics by id as well.
func TestProduceRulesFollow(t *testing.T) {
	t.Parallel()
	addrs, _ := startAddrs(t, embedded.Config{Brokers: 1})
	c := kgoClient(t, addrs, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	admin := kadm.NewClient(c)
	keyless := func(topic string, want error) {
		t.Helper()
		err := c.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: []byte("v")}).FirstErr()
		if !errors.Is(err, want) {
			t.Fatalf("a record without a key: %v, want %v", err, want)
		}
	}
	policy := func(value string) {
		t.Helper()
		responses, err := admin.AlterTopicConfigs(t.Context(), []kadm.AlterConfig{{Name: "cleanup.policy", Value: &value}}, "t")
		if err != nil || responses[0].Err != nil {
			t.Fatal(err, responses)
		}
	}
	make1(t, c, "t", nil)
	keyless("t", nil)
	policy("compact,delete")
	keyless("t", kerr.InvalidRecord)
	policy("delete")
	keyless("t", nil)
	if _, err := admin.DeleteTopic(t.Context(), "t"); err != nil {
		t.Fatal(err)
	}
	make1(t, c, "t", map[string]*string{"cleanup.policy": kadm.StringPtr("compact")})
	fresh := kgoClient(t, addrs)
	if err := fresh.ProduceSync(t.Context(), &kgo.Record{Topic: "t", Value: []byte("v")}).FirstErr(); !errors.Is(err, kerr.InvalidRecord) {
		t.Fatal(err)
	}
}

// Without an answer to wait for, good records are stored and the connection of others ends.
func TestProduceWithoutAnswer(t *testing.T) {
	t.Parallel()
	addrs, _ := startAddrs(t, embedded.Config{Brokers: 1})
	c := kgoClient(t, addrs, kgo.MaxProduceRequestsInflightPerBroker(1))
	make1(t, c, "good", nil)
	make1(t, c, "compacted", map[string]*string{"cleanup.policy": kadm.StringPtr("compact")})
	producer := kgoClient(t, addrs, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	if err := producer.ProduceSync(t.Context(), &kgo.Record{Topic: "compacted", Value: []byte("v")}, &kgo.Record{Topic: "good", Value: []byte("v")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := producer.ProduceSync(t.Context(), &kgo.Record{Topic: "good", Value: []byte("w")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	read(t.Context(), t, addrs, "good", 2)
}

// Many requests of which a part is refused are answered at once, and ending meanwhile ends them.
func TestPartlyRefusedAtOnce(t *testing.T) {
	t.Parallel()
	addrs, closeIt := startAddrs(t, embedded.Config{Brokers: 3})
	const clients, rounds = 8, 25
	var all sync.WaitGroup
	for n := range clients {
		c := kgoClient(t, addrs)
		all.Go(func() {
			for i := range rounds {
				name := fmt.Sprintf("t-%d-%d", n, i)
				resp, err := creating(topic(name), topic(name+" "), topic(name+"-x", config("nope", "1"))).RequestWith(t.Context(), c)
				if err != nil {
					t.Error(err)
					return
				}
				for _, r := range resp.Topics {
					if want := map[string]int16{name + " ": kerr.InvalidTopicException.Code, name + "-x": kerr.InvalidConfig.Code}[r.Topic]; r.ErrorCode != want {
						t.Errorf("%q: error %d, want %d", r.Topic, r.ErrorCode, want)
					}
				}
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ending sync.WaitGroup
	for n := range clients {
		c := kgoClient(t, addrs)
		ending.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				_, _ = creating(topic(fmt.Sprintf("u-%d-%d", n, i)), topic("bad name")).RequestWith(ctx, c)
			}
		})
	}
	closeIt()
	cancel()
	ending.Wait()
}

// Names that a data directory holds collide with new ones, and no longer once they are deleted.
func TestCollisionWithStored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	addrs, closeIt := startAddrs(t, embedded.Config{Brokers: 1, DataDir: dir})
	make1(t, kgoClient(t, addrs), "a.b", nil)
	closeIt()
	addrs, _ = startAddrs(t, embedded.Config{Brokers: 1, DataDir: dir})
	c := kgoClient(t, addrs)
	ask := func(want string) {
		t.Helper()
		resp, err := validating(topic("a_b")).RequestWith(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome("a_b", resp.Topics[0].ErrorCode, resp.Topics[0].ErrorMessage); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	ask("a_b: INVALID_TOPIC_EXCEPTION: Topic 'a_b' collides with existing topic: a.b")
	if _, err := kadm.NewClient(c).DeleteTopic(t.Context(), "a.b"); err != nil {
		t.Fatal(err)
	}
	ask("a_b: ok")
}

// The default of a count is 1 on every way to a topic, and no way makes one unasked.
func TestDefaultCounts(t *testing.T) {
	t.Parallel()
	addrs, _ := startAddrs(t, embedded.Config{Brokers: 3})
	c := kgoClient(t, addrs)
	for version := int16(2); version <= 7; version++ {
		req := creating(topic(fmt.Sprintf("v%d", version), counts(-1, -1)))
		if _, err := req.RequestWith(t.Context(), kgoClient(t, addrs, kgo.MaxVersions(maxVersion(kmsg.CreateTopics, version)))); err != nil {
			t.Fatal(err)
		}
	}
	meta := kmsg.NewPtrMetadataRequest()
	meta.AllowAutoTopicCreation = true
	name := "unasked"
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &name
	meta.Topics = append(meta.Topics, asked)
	if _, err := meta.RequestWith(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	topics, err := kadm.NewClient(c).ListTopics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(topics) != 6 {
		t.Errorf("topics: %v", topics.Names())
	}
	for _, topic := range topics {
		if len(topic.Partitions) != 1 || topic.Partitions.NumReplicas() != 1 {
			t.Errorf("%s: %d partitions, %d replicas", topic.Topic, len(topic.Partitions), topic.Partitions.NumReplicas())
		}
	}
}

// maxVersion has a client send requests of a key in one version.
func maxVersion(key kmsg.Key, version int16) *kversion.Versions {
	v := kversion.V3_9_0()
	v.SetMaxKeyVersion(int16(key), version)
	return v
}

// A move of replicas is refused, since none is made; where they are already is no move.
func TestNoReplicaMoves(t *testing.T) {
	t.Parallel()
	addrs, _ := startAddrs(t, embedded.Config{Brokers: 3})
	c := kgoClient(t, addrs)
	if _, err := creating(topic("t", counts(1, 3))).RequestWith(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		replicas []int32
		want     int16
	}{{[]int32{2, 1, 0}, 0}, {[]int32{0}, kerr.InvalidReplicaAssignment.Code}, {[]int32{0, 1, math.MaxInt32}, kerr.InvalidReplicaAssignment.Code}} {
		resp, err := reassigning("t", 0, test.replicas...).RequestWith(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Topics[0].Partitions[0].ErrorCode; got != test.want {
			t.Errorf("%v: error %d, want %d", test.replicas, got, test.want)
		}
	}
}
