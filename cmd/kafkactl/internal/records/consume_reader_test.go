package records

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// bigRecords is more than a pipe and all buffers hold, by far.
const bigRecords = 40_000

// newBigTopic returns a Kafka with the topic big.
func newBigTopic(t *testing.T) (addr string, adm *kadm.Client) {
	t.Helper()
	_, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "big"))
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	fillBig(t, client, "big")
	return addrs[0], kadm.NewClient(client)
}

// fillBig writes bigRecords of 200 bytes to a topic with one partition.
func fillBig(t *testing.T, client *kgo.Client, topic string) {
	t.Helper()
	padding := strings.Repeat("x", 190)
	for n := range bigRecords {
		client.Produce(t.Context(), &kgo.Record{Topic: topic, Value: fmt.Appendf(nil, "%09d%s", n, padding)}, func(_ *kgo.Record, err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// pausedReader is a program whose output the test reads when it wants to.
type pausedReader struct {
	cmd    *exec.Cmd
	out    *bufio.Reader
	close  func() // as head does when it has its lines
	result func(error) clitest.RunResult
}

// newPausedReader starts kafkactl with args, and reads nothing yet.
func newPausedReader(t *testing.T, args ...string) *pausedReader {
	t.Helper()
	cmd, result := clitest.Program(t, args...)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	cmd.Stdout = in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &pausedReader{cmd, bufio.NewReader(out), func() { _ = out.Close() }, result}
}

// finish waits for the program. One that hangs is killed, with -1 as its exit code.
func (p *pausedReader) end(t *testing.T) clitest.RunResult {
	t.Helper()
	timer := time.AfterFunc(time.Minute, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	return p.result(p.cmd.Wait())
}

// lines reads so many lines.
func (p *pausedReader) lines(t *testing.T, n int) {
	t.Helper()
	for range n {
		if _, err := p.out.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}

// With --expect a reader that takes nothing is not waited for: --timeout is the whole time. It once
// hung for ever.
func TestConsumeExpectOfAStoppedReader(t *testing.T) {
	t.Parallel()
	addr, _ := newBigTopic(t)
	for _, test := range []struct {
		name   string
		expect int
		code   cli.ExitCode
		stderr string
	}{
		{"more than there is", 1_000_000, cli.ExitCondition, `^kafkactl: expected 1000000 records within 1s: \d+ matched`},
		{"as many as there are", bigRecords, cli.ExitCondition, `^kafkactl: expected 40000 records within 1s: \d+ matched`},
		{"no more than the buffers hold", 1000, cli.ExitTimeout, `^kafkactl: print 1000 records within 1s: the output was not read to its end: `},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPausedReader(t, "consume", "big", "-b", addr, "--from-beginning", "--expect", fmt.Sprint(test.expect), "--timeout", "1s", "-o", "value")
			r := p.end(t)
			r.Want(t, test.code)
			r.WantErr(t, test.stderr, `^hint: what reads the output was too slow`)
		})
	}
}

// A reader that stops for longer than --timeout, as less does, is no fault. What it took is
// committed meanwhile, everything at the end.
func TestConsumeGroupOfAPausedReader(t *testing.T) {
	t.Parallel()
	addr, adm := newBigTopic(t)
	readWithAPause(t, adm, "big", addr)
}

// readWithAPause reads half of a big topic for a group, reads nothing for longer than --timeout and
// until something is committed, and reads on.
func readWithAPause(t *testing.T, adm *kadm.Client, topic, addr string) {
	t.Helper()
	const timeout = 3 * time.Second // which busy brokers keep
	p := newPausedReader(t, "consume", topic, "-b", addr, "--group", "g", "--timeout", timeout.String(), "-o", "value")
	committed := func() int64 {
		offsets, err := adm.FetchOffsets(t.Context(), "g")
		if errors.Is(err, kerr.GroupIDNotFound) { // nothing was committed yet
			return 0
		}
		if err != nil {
			t.Fatal(err)
		}
		at, _ := offsets.Lookup(topic, 0)
		return at.At
	}
	p.lines(t, bigRecords/2)
	stopped := time.Now()
	for committed() == 0 || time.Since(stopped) < timeout+time.Second {
		if time.Since(stopped) > time.Minute {
			t.Fatal("nothing was committed while the reader was stopped")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if at := committed(); at > bigRecords*3/4 {
		t.Errorf("committed %d while %d records were read", at, bigRecords/2)
	}
	p.lines(t, bigRecords/2)
	p.end(t).Want(t, cli.ExitDone)
	if at := committed(); at != bigRecords {
		t.Errorf("committed %d at the end", at)
	}
}

// Ctrl-C ends it within a second also while nobody reads; what was written is committed.
func TestConsumeInterruptedWithAStoppedReader(t *testing.T) {
	t.Parallel()
	addr, adm := newBigTopic(t)
	for _, test := range []struct {
		name string
		args []string
		code cli.ExitCode
	}{
		{"to the end", nil, cli.ExitInterrupted},
		{"follow", []string{"-f", "--from-beginning"}, cli.ExitDone},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPausedReader(t, append([]string{"consume", "big", "-b", addr, "--group", test.name, "-o", "value"}, test.args...)...)
			p.lines(t, bigRecords/2)
			interrupted := time.Now()
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.end(t).Want(t, test.code)
			if took := time.Since(interrupted); took > time.Second+clitest.Busy {
				t.Errorf("took %s to end", took)
			}
			rest, err := io.ReadAll(p.out)
			if err != nil {
				t.Fatal(err)
			}
			offsets, err := adm.FetchOffsets(t.Context(), test.name)
			if err != nil {
				t.Fatal(err)
			}
			at, _ := offsets.Lookup("big", 0)
			if printed := int64(bigRecords/2 + strings.Count(string(rest), "\n")); at.At == 0 || at.At > printed {
				t.Errorf("committed %d of %d that were printed", at.At, printed)
			}
		})
	}
}
