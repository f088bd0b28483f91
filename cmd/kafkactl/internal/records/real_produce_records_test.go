package records

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// stored is what a topic holds, by partition and offset.
func stored(t *testing.T, c *kafkatest.Cluster, topic string) []*kgo.Record {
	t.Helper()
	records, err := kafkatest.Records(t.Context(), c.Addrs(), topic)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// valuesOf is the records' values, sorted.
func valuesOf(records []*kgo.Record) []string {
	values := make([]string, len(records))
	for i, r := range records {
		values[i] = string(r.Value)
	}
	slices.Sort(values)
	return values
}

// createTopic makes a topic with kafkactl.
func createTopic(t *testing.T, c *kafkatest.Cluster, topic string, partitions int, config ...string) {
	t.Helper()
	args := []string{"create", topic, "--partitions", strconv.Itoa(partitions), "--replication-factor", "1", "-b", c.Bootstrap()}
	for _, setting := range config {
		args = append(args, "--config", setting)
	}
	clitest.Kafkactl(t, args...).Want(t, cli.ExitDone)
}

// randomText is bytes that no codec makes smaller, without a newline.
func randomText(size int) string {
	source := rand.NewChaCha8([32]byte{1})
	text := make([]byte, size)
	_, _ = source.Read(text) // never fails
	for i, b := range text {
		if b == '\n' {
			text[i] = ' '
		}
	}
	return string(text)
}

// 99 short lines and one that is too large as the 51st: seen with kcat, kcl and rpk
// delivering 0 of 99, kaf and others 50, Apache's console producer 50 with exit 0.
func TestRealOnlyTheLargeLineFails(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	lines := make([]string, 100)
	for i := range lines {
		lines[i] = fmt.Sprintf("short line %d", i+1)
	}
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		t.Run(codec, func(t *testing.T) {
			topic := "large-line-" + codec
			createTopic(t, c, topic, 3, "max.message.bytes=10000")
			lines[50] = randomText(20_000)
			r := produced(t, strings.Join(lines, "\n"), topic, "-b", c.Bootstrap(), "--compression", codec)
			r.Want(t, cli.ExitFailed, `\A\z`)
			r.WantErr(t, `^99 sent, 1 failed$`, `^line 51: MESSAGE_TOO_LARGE: .* 20000 .* 10000 `)
			want := slices.Sorted(slices.Values(slices.Delete(slices.Clone(lines), 50, 51)))
			if diff := cmp.Diff(want, valuesOf(stored(t, c, topic))); diff != "" {
				t.Errorf("stored:\n%.500s", diff)
			}

			lines[50] = strings.Repeat("compressible", 20_000/12)
			r = produced(t, lines[50], topic, "-b", c.Bootstrap(), "--compression", codec)
			if codec == "none" {
				r.Want(t, cli.ExitFailed)
				return
			}
			r.Want(t, cli.ExitDone)
			r.WantErr(t, `\A1 sent\n\z`)
		})
	}
}

// A line of 900 KB arrives whole with every codec, and so does what stands around it.
func TestRealLongLines(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	for i, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		t.Run(codec, func(t *testing.T) {
			topic := "long-lines-" + codec
			createTopic(t, c, topic, 2)
			want := []string{"before", randomText(900_000), strings.Repeat("900 KB ", 900_000/7), "after"}
			r := produced(t, strings.Join(want, "\n"), topic, "-b", c.Bootstrap(), "--compression", codec, "-p", "1")
			r.Want(t, cli.ExitDone, `\A\z`)
			r.WantErr(t, `\A4 sent\n\z`)
			var got []string
			for _, r := range stored(t, c, topic) {
				got = append(got, string(r.Value))
			}
			if !slices.Equal(want, got) {
				t.Errorf("%d of 4 arrived, or not as they were", len(got))
			}
			if last := stored(t, c, topic)[2]; int(last.Attrs.CompressionType()) != i {
				t.Errorf("codec %d in the log, want %d", last.Attrs.CompressionType(), i)
			}
		})
	}
}

func TestRealAcks(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	for _, acks := range []string{"all", "1", "0"} {
		t.Run(acks, func(t *testing.T) {
			topic := "acks-" + acks
			createTopic(t, c, topic, 3)
			lines := make([]string, 1000)
			for i := range lines {
				lines[i] = fmt.Sprintf("%04d", i)
			}
			produced(t, strings.Join(lines, "\n"), topic, "-b", c.Bootstrap(), "--acks", acks).Want(t, cli.ExitDone)
			deadline := time.Now().Add(time.Minute) // with acks 0 nobody waits for the broker
			for len(stored(t, c, topic)) < len(lines) && time.Now().Before(deadline) {
				continue
			}
			if diff := cmp.Diff(lines, valuesOf(stored(t, c, topic))); diff != "" {
				t.Errorf("stored:\n%.500s", diff)
			}
		})
	}
}

// Keys land where Apache's own producer puts them, an empty one too; records without a
// key are spread over all partitions, and have none.
func TestRealPartitions(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	const ours, theirs, none = "keys-ours", "keys-apache", "keys-none"
	for _, topic := range []string{ours, theirs, none} {
		createTopic(t, c, topic, 6)
	}
	var input strings.Builder
	for i := range 60 {
		fmt.Fprintf(&input, "%s%d:value\n", strings.Repeat("schlüssel-", i%4), i)
	}
	input.WriteString(":an empty key\n")
	produced(t, input.String(), ours, "-b", c.Bootstrap(), "--key-separator", ":").Want(t, cli.ExitDone)
	cmd := c.CLICommand("kafka-console-producer", "--bootstrap-server", "{b}", "--topic", theirs,
		"--property", "parse.key=true", "--property", "key.separator=:")
	cmd.Stdin = strings.NewReader(input.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	places := func(topic string) map[string]int32 {
		found := make(map[string]int32)
		for _, r := range stored(t, c, topic) {
			found[fmt.Sprintf("%q", r.Key)] = r.Partition
		}
		return found
	}
	if diff := cmp.Diff(places(theirs), places(ours)); diff != "" || len(places(ours)) != 61 {
		t.Errorf("partitions of %d keys, Apache's and ours:\n%s", len(places(ours)), diff)
	}

	produced(t, strings.Repeat("no key\n", 20), none, "-b", c.Bootstrap()).Want(t, cli.ExitDone)
	counts := make(map[int32]int)
	for _, r := range stored(t, c, none) {
		counts[r.Partition]++
		if r.Key != nil {
			t.Errorf("a line without a key has key %q", r.Key)
		}
	}
	if len(counts) != 6 || slices.Max(slices.Collect(maps.Values(counts))) > 4 {
		t.Errorf("20 records without a key are spread as %v", counts)
	}
}

// Brokers that make topics at a wish are not asked to: seen with Apache's console
// producer, which makes the misspelled topic, or waits for 60 s and exits with 0.
func TestRealMissingTopicIsNotCreated(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: map[string]string{"auto.create.topics.enable": "true"}})
	createTopic(t, c, "order.created", 1)
	r := produced(t, "lost\n", "order.craeted", "-b", c.Bootstrap())
	r.Want(t, cli.ExitNotFound, `\A\z`)
	r.WantErr(t, `^kafkactl: topic "order.craeted" `, `^hint: .* order.created\?$`)
	if r.Took > 5*time.Second {
		t.Errorf("it took %s", r.Took)
	}
	if names := clitest.Apache(t, c, "kafka-topics", "--list"); names != "order.created\n" {
		t.Errorf("topics after it: %q", names)
	}
}

// Ctrl-C sends off what was taken in, and says how much that was.
func TestRealCtrlCFlushes(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	createTopic(t, c, "ctrl-c", 3)
	f := newFeed(t, "ctrl-c", "-b", c.Bootstrap())
	f.until(t, func() bool { return f.lines.Load() > 50_000 })
	if err := f.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	interrupted := time.Now()
	r := f.end(t)
	if took := time.Since(interrupted); took > 10*time.Second {
		t.Errorf("it took %s to end", took)
	}
	r.Want(t, cli.ExitInterrupted)
	r.WantErr(t, `^kafkactl: interrupted$`, `^kafkactl: stopped after line \d+$`)
	sent, failed := f.said(t, r)
	if n := len(stored(t, c, "ctrl-c")); int64(n) != sent || failed != 0 || sent == 0 {
		t.Errorf("%d records arrived, said were %d sent, %d failed", n, sent, failed)
	}
}

// What is said to be sent is there, what is said to have failed is not, and what may have
// arrived is named: of a broker that freezes in the middle, and never wakes in time.
func TestRealFrozenBrokerEndsProduce(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	createTopic(t, c, "frozen", 1)
	f := newFeed(t, "frozen", "-b", c.Bootstrap(), "--timeout", "2s", "-o", "json")
	f.until(t, func() bool { return f.lines.Load() > 50_000 })
	if err := c.Pause(1); err != nil {
		t.Fatal(err)
	}
	frozen := time.Now()
	r := f.end(t)
	if took := time.Since(frozen); took > 12*time.Second {
		t.Errorf("it took %s to give up", took)
	}
	r.Want(t, cli.ExitFailed)
	r.WantErr(t, `"message":"no broker took a record for 2s: no broker can be reached: .*says nothing"`)
	early := produced(t, "one\n", "frozen", "-b", c.Bootstrap(), "--timeout", "1s")
	early.Want(t, cli.ExitFailed, `\A\z`)
	if early.Took > 5*time.Second {
		t.Errorf("a broker that is frozen from the start held it for %s", early.Took)
	}
	if err := c.Resume(1); err != nil {
		t.Fatal(err)
	}
	there := make(map[string]bool)
	for _, r := range stored(t, c, "frozen") {
		there[string(r.Value[:lineDigits])] = true
	}
	counts := make(map[string]int)
	for line := range strings.Lines(r.Stdout) {
		var doc struct {
			Line  int
			Error string
		}
		if err := json.Unmarshal([]byte(line), &doc); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		is := there[fmt.Sprintf("%0*d", lineDigits, doc.Line)]
		switch {
		case doc.Error == "" && !is:
			t.Errorf("line %d was said to be sent, and is not there", doc.Line)
		case doc.Error != "" && is && !strings.Contains(doc.Error, "may have arrived"):
			t.Errorf("line %d was said to have failed, and is there: %s", doc.Line, doc.Error)
		}
		counts[doc.Error]++
	}
	t.Logf("lines by their error: %v", counts)
	if counts[""] == 0 || len(counts) != 3 { // sent, perhaps, and surely not
		t.Errorf("lines by their error: %v", counts)
	}
}

// A topic that is deleted while lines are sent is named, and not waited for longer than
// any broker.
func TestRealTopicDeletedDuringProduce(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	createTopic(t, c, "deleted", 3)
	f := newFeed(t, "deleted", "-b", c.Bootstrap(), "--timeout", "3s")
	f.until(t, func() bool { return f.lines.Load() > 10_000 })
	clitest.Kafkactl(t, "delete", "deleted", "--yes", "-b", c.Bootstrap()).Want(t, cli.ExitDone)
	deleted := time.Now()
	r := f.end(t)
	if took := time.Since(deleted); took > 12*time.Second {
		t.Errorf("it took %s to end", took)
	}
	r.Want(t, cli.ExitNotFound)
	r.WantErr(t, `^kafkactl: .*topic "deleted" does not exist$`)
	if sent, _ := f.said(t, r); sent == 0 {
		t.Error("nothing was sent before")
	}
}

// A broker that does not come back: the reason is told.
func TestRealBrokerGoneEndsProduce(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	createTopic(t, c, "gone", 3)
	f := newFeed(t, "gone", "-b", c.Bootstrap(), "--timeout", "2s")
	f.until(t, func() bool { return f.lines.Load() > 10_000 })
	if err := c.Kill(1); err != nil {
		t.Fatal(err)
	}
	r := f.end(t)
	r.Want(t, cli.ExitFailed)
	r.WantErr(t, `^kafkactl: .* 2s: .*connection refused`)
	sent, failed := f.said(t, r)
	if err := c.StartBroker(1); err != nil {
		t.Fatal(err)
	}
	if err := c.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := int64(len(stored(t, c, "gone"))); n < sent || n > sent+failed {
		t.Errorf("%d records are there, %d were said to be sent, %d to have failed", n, sent, failed)
	}
}

// A broker that restarts while lines are sent: every line is there, once, and the count
// is told.
func TestRealBrokerRestartLosesNothing(t *testing.T) {
	t.Parallel() // it has its own brokers, and mostly waits
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	for name, end := range map[string]func(int) error{"stopped": c.Stop, "killed": c.Kill} {
		t.Run(name, func(t *testing.T) {
			topic := "restart-" + name
			createTopic(t, c, topic, 3)
			f := newFeed(t, topic, "-b", c.Bootstrap(), "--timeout", "90s")
			f.until(t, func() bool { return f.lines.Load() > 100_000 })
			if err := end(1); err != nil {
				t.Fatal(err)
			}
			if err := c.StartBroker(1); err != nil {
				t.Fatal(err)
			}
			if err := c.WaitReady(t.Context()); err != nil {
				t.Fatal(err)
			}
			more := f.lines.Load() + 100_000
			f.until(t, func() bool { return f.lines.Load() > more })
			f.stop()
			r := f.end(t)
			r.Want(t, cli.ExitDone, `\A\z`)
			sent, _ := f.said(t, r)
			if sent != f.lines.Load() {
				t.Errorf("%d lines were written, %d said to be sent", f.lines.Load(), sent)
			}
			times := make(map[string]int)
			err := kafkatest.EachRecord(t.Context(), c.Addrs(), topic, func(r *kgo.Record) { times[string(r.Value[:lineDigits])]++ })
			if err != nil {
				t.Fatal(err)
			}
			lost, twice := 0, 0
			for line := range sent {
				switch n := times[fmt.Sprintf("%0*d", lineDigits, line+1)]; {
				case n == 0:
					lost++
				case n > 1:
					twice++
				}
			}
			t.Logf("%d lines", sent)
			if lost > 0 || twice > 0 || int64(len(times)) != sent {
				t.Errorf("of %d lines %d are lost, %d there more than once; %d in all", sent, lost, twice, len(times))
			}
		})
	}
}

// A whole file is read from disk, and its last line needs no newline.
func TestRealFile(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	createTopic(t, c, "file", 6)
	file := filepath.Join(t.TempDir(), "lines.txt")
	var text bytes.Buffer
	for i := range 50_000 {
		fmt.Fprintf(&text, "%0*d %s\n", lineDigits, i+1, strings.Repeat("x", i%500))
	}
	text.WriteString("the last")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r := clitest.Kafkactl(t, "produce", "file", "--file", file, "-b", c.Bootstrap())
	r.Want(t, cli.ExitDone, `\A\z`)
	r.WantErr(t, `\A50,001 sent\n\z`)
	want := slices.Sorted(strings.Lines(text.String()))
	got := valuesOf(stored(t, c, "file"))
	for i, line := range want {
		if strings.TrimSuffix(line, "\n") != got[i] {
			t.Fatalf("line %d is %q, want %q", i+1, got[i], line)
		}
	}
}

// said reads the report of a run.
func (f *feed) said(t *testing.T, r clitest.RunResult) (sent, failed int64) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^([\d,]+) sent(?:, ([\d,]+) failed)?(?:, of which ([\d,]+) may have arrived)?$`).FindStringSubmatch(r.Stderr)
	if m == nil {
		t.Fatalf("no report: %v", r)
	}
	number := func(text string) int64 {
		n, _ := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64) // 0 for none
		return n
	}
	return number(m[1]), number(m[2])
}
