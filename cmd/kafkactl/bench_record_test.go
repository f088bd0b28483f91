package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// Records in and out, beside kcat and Apache's console tools: a million events of 200
// bytes in 6 partitions of one real broker, all on the same machine.

const benchRecords = 1_000_000

// recordField is where records are moved.
type recordField struct {
	*testing.B
	c     *kafkatest.Cluster
	k     builds
	to    connection
	input string // a file of benchRecords lines
}

// connection is how each program is told to reach the cluster.
type connection struct{ kafkactl, kcat []string }

// newRecordField is on a cluster without TLS and SASL.
func newRecordField(b *testing.B) *recordField {
	b.Helper()
	c := kafkatest.Shared(b, kafkatest.Kraft1)
	at := []string{"-b", c.Addrs()[0]}
	return newRecordFieldOn(b, c, connection{at, at})
}

func newRecordFieldOn(b *testing.B, c *kafkatest.Cluster, to connection) *recordField {
	b.Helper()
	f := &recordField{B: b, c: c, k: newBuilds(b), to: to, input: filepath.Join(b.TempDir(), "events.jsonl")}
	file, err := os.Create(f.input)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	for i := range benchRecords {
		line := fmt.Sprintf(`{"eventId":"3f2504e0-4f89-41d3-9a0c-%012x","eventType":"bench","timestamp":"2026-11-22T10:00:00Z","version":"1.0","data":{"userId":%d,"note":""}}`, i, i%1000)
		line = line[:len(line)-3] + strings.Repeat("x", 199-len(line)) + line[len(line)-3:]
		fmt.Fprintln(w, line)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return f
}

// topic makes a topic of 6 partitions and gives its name.
func (f *recordField) topic(name string) string {
	f.Helper()
	timed(f.B, f.ours(f.k.shipped, "create", name, "--partitions", "6", "--replication-factor", "1"))
	return name
}

func (f *recordField) drop(topic string) {
	f.Helper()
	timed(f.B, f.ours(f.k.shipped, "delete", topic, "--yes"))
}

func (f *recordField) ours(binary string, args ...string) *exec.Cmd {
	return exec.CommandContext(f.Context(), binary, append(args, f.to.kafkactl...)...)
}

// kcat is nil where it is not installed.
func (f *recordField) kcat(args ...string) *exec.Cmd {
	path, err := exec.LookPath("kcat")
	if err != nil {
		f.Log("kcat is not installed: nothing to compare with")
		return nil
	}
	return exec.CommandContext(f.Context(), path, append(slices.Clone(f.to.kcat), args...)...)
}

// move runs a command with its output thrown away by the kernel, not by this process.
func (f *recordField) move(cmd *exec.Cmd) sample {
	f.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		f.Fatal(err)
	}
	defer null.Close() //nolint:errcheck // nothing is kept there
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = null, &stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	peaks := make(chan float64)
	ended := make(chan struct{})
	go func() { peaks <- peakMB(cmd.Process.Pid, ended) }()
	err = cmd.Wait()
	took := time.Since(start)
	close(ended)
	peak := <-peaks
	if err != nil {
		f.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return sample{took, peak}
}

// peakMB is the most memory a process was seen to have had: the kernel keeps the mark,
// and forgets it with the process.
func peakMB(pid int, ended <-chan struct{}) (most float64) {
	mark := regexp.MustCompile(`VmHWM:\s+(\d+) kB`)
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if m := mark.FindSubmatch(status); m != nil {
			kB, _ := strconv.ParseFloat(string(m[1]), 64)
			most = max(most, kB*1024/1e6)
		}
		select {
		case <-ended:
			return most
		case <-ticker.C:
		}
	}
}

// race is one way of ours to move all records beside kcat's; Apache's runs once, for it
// takes long.
func (f *recordField) race(ours func(binary string) *exec.Cmd, kcat, apache func() *exec.Cmd) {
	f.Helper()
	var mine pair
	var theirs []sample
	for f.Loop() {
		mine.inTurn(f.k, func(binary string) sample { return f.move(ours(binary)) })
		if cmd := kcat(); cmd != nil {
			theirs = append(theirs, f.move(cmd))
		}
	}
	mine.report(f.B, "kafkactl")
	f.ReportMetric(benchRecords/medianMS(mine.ours)*1000, "records/s")
	f.ReportMetric(mostMB(mine.ours), "peak-MB")
	if mine.base != nil {
		f.ReportMetric(mostMB(mine.base), "base-peak-MB")
	}
	if theirs != nil {
		f.ReportMetric(medianMS(theirs), "kcat-ms")
		f.ReportMetric(mostMB(theirs), "kcat-peak-MB")
		f.ReportMetric(medianMS(theirs)/medianMS(mine.ours), "x-faster")
	}
	if apache != nil {
		f.ReportMetric(medianMS([]sample{f.move(apache())}), "apache-ms")
	}
}

// mostMB is the highest of the peaks.
func mostMB(samples []sample) float64 {
	most := 0.0
	for _, s := range samples {
		most = max(most, s.peakMB)
	}
	return most
}

// on is the same field for a benchmark within b's.
func (f *recordField) on(b *testing.B) *recordField {
	inner := *f
	inner.B = b
	return &inner
}

// reading is a way of kafkactl to read the whole topic.
func (f *recordField) reading(topic string, args ...string) func(binary string) *exec.Cmd {
	return func(binary string) *exec.Cmd {
		return f.ours(binary, append([]string{"consume", topic, "--from-beginning"}, args...)...)
	}
}

// kcatReading is kcat's.
func (f *recordField) kcatReading(topic string, args ...string) func() *exec.Cmd {
	return func() *exec.Cmd {
		return f.kcat(append([]string{"-C", "-q", "-e", "-o", "beginning", "-t", topic}, args...)...)
	}
}

func BenchmarkRecords(b *testing.B) {
	f := newRecordField(b)
	topic := f.topic("bench") // as the events say
	defer f.drop(topic)
	f.move(f.ours(f.k.shipped, "produce", topic, "--file", f.input))
	apache := func() *exec.Cmd {
		return f.c.CLICommand("kafka-console-consumer", "--bootstrap-server", "{b}", "--topic", topic, "--from-beginning", "--max-messages", strconv.Itoa(benchRecords))
	}
	run := func(name string, ours func(string) *exec.Cmd, theirs, apaches func() *exec.Cmd) {
		b.Run(name, func(b *testing.B) { f.on(b).race(ours, theirs, apaches) })
	}
	run("consume-value", f.reading(topic, "-o", "value"), f.kcatReading(topic), apache)
	run("consume-json", f.reading(topic, "-o", "json"), f.kcatReading(topic, "-J"), nil)
	run("consume-line", f.reading(topic), f.kcatReading(topic, "-f", `%T %t/%p@%o %k %s\n`), nil)
	run("consume-where", f.reading(topic, "-o", "value", "--where", "data.userId=42"), f.kcatReading(topic), nil)
	run("consume-validate", f.reading(topic, "--validate"), f.kcatReading(topic), nil)
}

func BenchmarkProduce(b *testing.B) {
	f := newRecordField(b)
	topic := f.topic("bench.produce")
	defer f.drop(topic)
	f.race(f.writing(topic), f.kcatWriting(topic), func() *exec.Cmd {
		cmd := f.c.CLICommand("kafka-console-producer", "--bootstrap-server", "{b}", "--topic", topic)
		cmd.Stdin, _ = os.Open(f.input)
		return cmd
	})
}

// writing is a way of kafkactl to write all records.
func (f *recordField) writing(topic string) func(binary string) *exec.Cmd {
	return func(binary string) *exec.Cmd { return f.ours(binary, "produce", topic, "--file", f.input) }
}

// kcatWriting is kcat's.
func (f *recordField) kcatWriting(topic string) func() *exec.Cmd {
	return func() *exec.Cmd { return f.kcat("-P", "-t", topic, "-l", f.input) }
}
