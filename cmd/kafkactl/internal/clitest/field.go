package clitest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// Field is a real cluster with a client of the tests' own on it.
type Field struct {
	*testing.T
	Cluster *kafkatest.Cluster
	Client  *kgo.Client
	Adm     *kadm.Client
}

// NewField returns the field of one test.
func NewField(t *testing.T, c *kafkatest.Cluster) *Field {
	t.Helper()
	f := &Field{T: t, Cluster: c}
	f.Client = f.Dial()
	f.Adm = kadm.NewClient(f.Client)
	return f
}

// Dial is another client; records go to the partition they name.
func (f *Field) Dial(opts ...kgo.Opt) *kgo.Client {
	f.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(f.Cluster.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10 * time.Millisecond),
	}, opts...)...)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(client.Close)
	return client
}

// Topic makes a topic; settings are key=value.
func (f *Field) Topic(name string, partitions int32, settings ...string) string {
	f.Helper()
	configs := make(map[string]*string)
	for _, s := range settings {
		key, value, _ := strings.Cut(s, "=")
		configs[key] = &value
	}
	if _, err := f.Adm.CreateTopic(f.Context(), partitions, int16(len(f.Cluster.Addrs())), configs, name); err != nil {
		f.Fatal(err)
	}
	return name
}

// Write puts n records, value prefix0 and so on, into the partitions in turn.
func (f *Field) Write(client *kgo.Client, topic string, partitions int32, prefix string, n int, more ...func(*kgo.Record)) {
	f.Helper()
	var records []*kgo.Record
	for i := range n {
		r := &kgo.Record{Topic: topic, Partition: int32(i) % partitions, Value: fmt.Appendf(nil, "%s%d", prefix, i)}
		for _, change := range more {
			change(r)
		}
		records = append(records, r)
	}
	if err := client.ProduceSync(f.Context(), records...).FirstErr(); err != nil {
		f.Fatal(err)
	}
}

// Reassigning lists what the controller is reassigning, all topics. kadm's own answers nothing when none is named.
func (f *Field) Reassigning() []kmsg.ListPartitionReassignmentsResponseTopic {
	f.Helper()
	resp, err := kmsg.NewPtrListPartitionReassignmentsRequest().RequestWith(f.Context(), f.Client)
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
	}
	if err != nil {
		f.Fatal(err)
	}
	slices.SortFunc(resp.Topics, func(a, b kmsg.ListPartitionReassignmentsResponseTopic) int { return strings.Compare(a.Topic, b.Topic) })
	return resp.Topics
}

// Lines splits text into its lines.
func Lines(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")[:strings.Count(text, "\n")]
}

// Kafkactl runs the program against the field's cluster.
func (f *Field) Kafkactl(args ...string) RunResult {
	f.Helper()
	return Kafkactl(f.T, append(args, "-b", f.Cluster.Bootstrap())...)
}

// Until waits for what the brokers do by themselves.
func (f *Field) Until(what string, holds func() bool) {
	f.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			f.Fatalf("not within a minute: %s", what)
		}
	}
}
