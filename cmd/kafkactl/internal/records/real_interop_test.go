package records

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// interopCodecs are the codecs by the names that all clients know, in the order of their numbers in
// a batch.
var interopCodecs = []string{"none", "gzip", "snappy", "lz4", "zstd"}

// What the services' clients write, consume shows byte by byte, and what produce writes they read
// so, with each codec; and what consume says of a topic, produce makes it of.
func TestRealInterop(t *testing.T) {
	for _, client := range interopClients() {
		t.Run(client.name, func(t *testing.T) {
			t.Parallel()
			kafkatest.Require(t, kafkatest.Brokers)
			program := client.install(t)
			i := interop{client: client, program: program, c: kafkatest.Shared(t, kafkatest.Kraft1)}
			i.createTopics(t)
			all := interopRecords()
			written := i.writable(interopRecords())

			i.write(t, written)
			for _, codec := range interopCodecs {
				i.wantCodec(t, i.topic("theirs", codec), codec, len(written))
				i.wantConsumed(t, i.topic("theirs", codec), written)
				i.produce(t, i.topic("ours", codec), codec, all)
				i.wantCodec(t, i.topic("ours", codec), codec, len(all))
			}
			i.copy(t, i.topic("theirs", "none"), i.topic("copy"))

			want := map[string][]interopRecord{i.topic("copy"): written}
			for _, codec := range interopCodecs {
				want[i.topic("ours", codec)] = all
			}
			i.wantRead(t, want)
		})
	}
}

// interop is the exchange with one client on one cluster.
type interop struct {
	client  interopClient
	program kafkatest.ClientProgram
	c       *kafkatest.Cluster
}

func (i interop) topic(parts ...string) string {
	return strings.Join(append([]string{"interop", i.client.name}, parts...), ".")
}

func (i interop) createTopics(t *testing.T) {
	t.Helper()
	names := []string{i.topic("copy")}
	for _, codec := range interopCodecs {
		names = append(names, i.topic("theirs", codec), i.topic("ours", codec))
	}
	var topics strings.Builder
	for _, name := range names {
		// The records are older than a topic otherwise keeps them.
		fmt.Fprintf(&topics, "  %s: {partitions: %d, config: {retention.ms: -1}}\n", name, interopPartitions)
	}
	clitest.Kafkactl(t, "apply", "-f", clitest.SpecFile(t, 1, topics.String()), "-b", i.c.Bootstrap()).Want(t, cli.ExitDone)
}

// writable returns the records without those that the client cannot write.
func (i interop) writable(records []interopRecord) []interopRecord {
	return slices.DeleteFunc(records, func(r interopRecord) bool { return i.client.cannotWrite[r.name] != "" })
}

// write has the client write the records with every codec.
func (i interop) write(t *testing.T, records []interopRecord) {
	t.Helper()
	var lines strings.Builder
	encoder := json.NewEncoder(&lines)
	for n, r := range records {
		if err := encoder.Encode(r.line("", n)); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"write", i.c.Bootstrap()}
	for _, codec := range interopCodecs {
		args = append(args, i.topic("theirs", codec)+"="+codec)
	}
	if _, err := i.program.Run(t.Context(), lines.String(), args...); err != nil {
		t.Fatal(err)
	}
}

// wantConsumed fails unless consume shows the records, and nothing else, as the lines written by
// hand.
func (i interop) wantConsumed(t *testing.T, topic string, records []interopRecord) {
	t.Helper()
	run := clitest.Kafkactl(t, "consume", topic, "--from-beginning", "-o", "json", "-b", i.c.Bootstrap())
	run.Want(t, cli.ExitDone)
	want := make([]string, 0, len(records))
	for n, r := range records {
		partition, offset := interopPlace(n)
		want = append(want, shorten(r.json(topic, partition, offset)))
	}
	var got []string
	for line := range strings.SplitSeq(strings.TrimSuffix(run.Stdout, "\n"), "\n") {
		got = append(got, shorten(line))
	}
	slices.Sort(want) // which partition comes first is not said
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("consume %s (-want +got):\n%s", topic, diff)
	}
}

// produce writes the records from the lines written by hand.
func (i interop) produce(t *testing.T, topic, codec string, records []interopRecord) {
	t.Helper()
	var lines strings.Builder
	for n, r := range records {
		partition, _ := interopPlace(n)
		// As if from another topic, and from another place in it.
		fmt.Fprintln(&lines, r.json("elsewhere", partition, 1_000+n))
	}
	cmd, result := clitest.Program(t, "produce", topic, "--input", "json", "--compression", codec, "-b", i.c.Bootstrap())
	cmd.Stdin = strings.NewReader(lines.String())
	run := result(cmd.Run())
	run.Want(t, cli.ExitDone)
	run.WantErr(t, fmt.Sprintf(`^%d sent$`, len(records)))
}

// copy pipes one topic into another.
func (i interop) copy(t *testing.T, from, to string) {
	t.Helper()
	consume, consumed := clitest.Program(t, "consume", from, "--from-beginning", "-o", "json", "-b", i.c.Bootstrap())
	produce, produced := clitest.Program(t, "produce", to, "--input", "json", "-b", i.c.Bootstrap())
	consume.Stdout = nil
	pipe, err := consume.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	produce.Stdin = pipe
	if err := consume.Start(); err != nil {
		t.Fatal(err)
	}
	started := produce.Start()
	_ = pipe.Close() // produce's alone: consume must see it end
	consumeErr := consume.Wait()
	if started != nil {
		t.Fatal(started)
	}
	produced(produce.Wait()).Want(t, cli.ExitDone)
	consumed(consumeErr).Want(t, cli.ExitDone)
}

// wantRead fails unless the client reads the topics' records, written by kafkactl, as the bytes
// that they are.
func (i interop) wantRead(t *testing.T, topics map[string][]interopRecord) {
	t.Helper()
	args := []string{"read", i.c.Bootstrap()}
	for topic, records := range topics {
		args = append(args, fmt.Sprintf("%s=%d", topic, len(records)))
	}
	out, err := i.program.Run(t.Context(), "", args...)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string][]interopLine)
	for text := range strings.Lines(string(out)) {
		var line interopLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%s wrote %q: %v", i.client.name, text, err)
		}
		got[line.Topic] = append(got[line.Topic], line)
	}
	for topic, records := range topics {
		want := make([]string, 0, len(records))
		for n, r := range records {
			line := r.line(topic, n)
			if i.client.reads != nil {
				line.Headers = i.client.reads(line.Headers)
			}
			want = append(want, line.String())
		}
		if diff := cmp.Diff(want, dealt(got[topic])); diff != "" {
			t.Errorf("%s read from %s (-want +got):\n%s", i.client.name, topic, diff)
		}
	}
}

// wantCodec fails unless the topic has so many records, and those that are large and compress are
// in batches of that codec.
func (i interop) wantCodec(t *testing.T, topic, codec string, records int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(i.c.Addrs()...), kgo.ConsumeTopics(topic))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	large, end := 0, make(map[int32]int64)
	for read := 0; read < records; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("read %s: %v after %d of %d records", topic, err, read, records)
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) { end[p.Partition] = p.HighWatermark })
		fetches.EachRecord(func(r *kgo.Record) {
			read++
			if len(r.Value) < 100_000 || r.Value[0] == 0xff {
				return
			}
			large++
			if got := interopCodecs[r.Attrs.CompressionType()]; got != codec {
				t.Errorf("%s partition %d offset %d: want codec %s, got %s", topic, r.Partition, r.Offset, codec, got)
			}
		})
	}
	if large != interopPartitions || end[0]+end[1]+end[2] != int64(records) {
		t.Errorf("%s has %d large records and, by partition, %v in all; want %d and %d", topic, large, end, interopPartitions, records)
	}
}
