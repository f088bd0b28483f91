package records

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

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

// What is said to be sent is there, what is said to have failed is not, and what may have arrived
// is named: of a broker that freezes in the middle, and never wakes in time.
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
	// Its controller has fenced it meanwhile: for a while nobody leads.
	clitest.Kafkactl(t, "wait", "--for", "topic:frozen", "--timeout", "1m", "-b", c.Bootstrap()).Want(t, cli.ExitDone)
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

// A topic that is deleted while lines are sent is named, and not waited for longer than any broker.
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

// A broker that restarts while lines are sent: every line is there, once, and the count is told.
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
