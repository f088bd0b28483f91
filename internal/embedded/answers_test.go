package embedded_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// step is a request whose answer is held against that of a real broker.
type step struct {
	name string
	req  kmsg.Request
}

// answersOf sends the requests one after another, and returns their answers as text.
func answersOf(t *testing.T, addrs []string, steps []step) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	// From 4.0 on, produce requests name topics by id.
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.MaxVersions(kversion.V3_9_0()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	meta, err := kmsg.NewPtrMetadataRequest().RequestWith(ctx, client)
	if err != nil {
		t.Fatal(err)
	}
	// One broker: its id differs between the embedded Kafka and a real one.
	broker := client.Broker(int(meta.Brokers[0].NodeID))
	var out strings.Builder
	for i, s := range steps {
		if _, reads := s.req.(*kmsg.DescribeConfigsRequest); reads {
			awaitWrites(ctx, t, client, fmt.Sprintf("written.before.%d", i))
		}
		resp, err := broker.Request(ctx, s.req)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		awaitLeaders(ctx, t, client, s.req, resp)
		fmt.Fprintf(&out, "%s\n", s.name)
		lines := answerLines(t, resp)
		slices.Sort(lines)
		for _, line := range lines {
			fmt.Fprintf(&out, "\t%s\n", line)
		}
	}
	return out.String()
}

// awaitWrites returns once the broker shows what was written so far: it learns of changes in their order,
// some milliseconds after the controller has answered, and that of a new topic is the last.
func awaitWrites(ctx context.Context, t *testing.T, client *kgo.Client, topicName string) {
	t.Helper()
	req := creating(topic(topicName, counts(1, 1)))
	answer, err := req.RequestWith(ctx, client)
	if err != nil {
		t.Fatal(err)
	}
	awaitLeaders(ctx, t, client, req, answer)
}

// awaitLeaders returns once the topics that a request has made can be written to.
func awaitLeaders(ctx context.Context, t *testing.T, client *kgo.Client, req kmsg.Request, answer kmsg.Response) {
	t.Helper()
	create, ok := req.(*kmsg.CreateTopicsRequest)
	if !ok || create.ValidateOnly {
		return
	}
	var names []string
	for _, made := range answer.(*kmsg.CreateTopicsResponse).Topics {
		if made.ErrorCode == 0 {
			names = append(names, made.Topic)
		}
	}
	for {
		offsets, err := kadm.NewClient(client).ListEndOffsets(ctx, names...)
		if err == nil && offsets.Error() == nil && len(offsets) == len(names) {
			return
		}
		if ctx.Err() != nil {
			t.Fatal(ctx.Err(), err, offsets.Error())
		}
	}
}

// answerLines are the outcomes of a response, each of its topic, resource or partition.
func answerLines(t *testing.T, resp kmsg.Response) []string {
	t.Helper()
	var lines []string
	add := func(name string, code int16, message *string) { lines = append(lines, outcome(name, code, message)) }
	switch resp := resp.(type) {
	case *kmsg.CreateTopicsResponse:
		for _, r := range resp.Topics {
			add(r.Topic, r.ErrorCode, r.ErrorMessage)
			if r.ErrorCode == 0 {
				lines[len(lines)-1] += fmt.Sprintf(" %d×%d", r.NumPartitions, r.ReplicationFactor)
			}
		}
	case *kmsg.IncrementalAlterConfigsResponse:
		for _, r := range resp.Resources {
			add(r.ResourceName, r.ErrorCode, r.ErrorMessage)
		}
	case *kmsg.AlterConfigsResponse:
		for _, r := range resp.Resources {
			add(r.ResourceName, r.ErrorCode, r.ErrorMessage)
		}
	case *kmsg.CreatePartitionsResponse:
		for _, r := range resp.Topics {
			add(r.Topic, r.ErrorCode, r.ErrorMessage)
		}
	case *kmsg.AlterPartitionAssignmentsResponse:
		add("all", resp.ErrorCode, resp.ErrorMessage)
		for _, topic := range resp.Topics {
			for _, r := range topic.Partitions {
				add(fmt.Sprintf("%s-%d", topic.Topic, r.Partition), r.ErrorCode, r.ErrorMessage)
			}
		}
	case *kmsg.DescribeConfigsResponse:
		for _, r := range resp.Resources {
			add(r.ResourceName, r.ErrorCode, r.ErrorMessage)
			for _, c := range r.Configs {
				if c.Source == kmsg.ConfigSourceDynamicTopicConfig {
					lines = append(lines, fmt.Sprintf("%s: %s=%s", r.ResourceName, c.Name, *c.Value))
				}
			}
		}
	case *kmsg.ProduceResponse:
		for _, topic := range resp.Topics {
			for _, r := range topic.Partitions {
				add(fmt.Sprintf("%s-%d", topic.Topic, r.Partition), r.ErrorCode, r.ErrorMessage)
				lines[len(lines)-1] += fmt.Sprintf(" at %d, append time %t", r.BaseOffset, r.LogAppendTime >= 0)
				for _, e := range r.ErrorRecords {
					message := "null"
					if e.ErrorMessage != nil {
						message = *e.ErrorMessage
					}
					lines = append(lines, fmt.Sprintf("%s-%d: record %d: %s", topic.Topic, r.Partition, e.RelativeOffset, message))
				}
			}
		}
	case *kmsg.DescribeACLsResponse:
		add("ACLs", resp.ErrorCode, resp.ErrorMessage)
	case *kmsg.CreateACLsResponse:
		for _, r := range resp.Results {
			add("ACL", r.ErrorCode, r.ErrorMessage)
		}
	case *kmsg.DeleteACLsResponse:
		for _, r := range resp.Results {
			add("filter", r.ErrorCode, r.ErrorMessage)
		}
	default:
		t.Fatalf("%T", resp)
	}
	for i := range lines {
		lines[i] = nowPattern.ReplaceAllString(brokerPattern.ReplaceAllString(lines[i], "the broker B "), "TIME")
	}
	return lines
}

// What differs from run to run, and between the brokers: the time, and the broker's id.
var (
	nowPattern    = regexp.MustCompile(`-?\b[0-9]{13,19}\b`)
	brokerPattern = regexp.MustCompile(`the broker [01] `)
)

func outcome(name string, code int16, message *string) string {
	text := "ok"
	if err := kerr.TypedErrorForCode(code); err != nil {
		text = err.Message
	}
	if message != nil && *message != "" {
		text += ": " + *message
	}
	return fmt.Sprintf("%s: %s", name, text)
}

// batch is a batch of records with keys ("" is none), as a client sends it.
func batch(at time.Time, attributes int16, keys ...string) []byte {
	var records []byte
	for i, key := range keys {
		r := kmsg.Record{OffsetDelta: int32(i), Value: []byte("v")}
		if key != "" {
			r.Key = []byte(key)
		}
		body := r.AppendTo(nil)[1:] // the length is 0, one byte
		r.Length = int32(len(body))
		records = r.AppendTo(records)
	}
	b := kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, Attributes: attributes, LastOffsetDelta: int32(len(keys) - 1),
		FirstTimestamp: at.UnixMilli(), MaxTimestamp: at.UnixMilli(), ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1,
		NumRecords: int32(len(keys)), Records: records,
	}
	raw := b.AppendTo(nil)
	b.Length = int32(len(raw) - 12)
	b.CRC = int32(crc32.Checksum(raw[21:], crc32.MakeTable(crc32.Castagnoli)))
	return b.AppendTo(nil)
}
