package records

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafkatest"
)

// What was seen to surprise with other clients, one test each.

// produced runs produce with this input.
func produced(t *testing.T, input string, args ...string) clitest.RunResult {
	t.Helper()
	cmd, result := clitest.Program(t, append([]string{"produce"}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	return result(cmd.Run())
}

// producedTo sends lines to a new topic of an embedded Kafka, and returns what is there.
func producedTo(t *testing.T, partitions int, input string, args ...string) (clitest.RunResult, []*kgo.Record) {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t)
	if err := cluster.CreateTopic("t", int32(partitions), nil); err != nil {
		t.Fatal(err)
	}
	r := produced(t, input, append([]string{"t", "-b", addrs[0]}, args...)...)
	records, err := kafkatest.Records(t.Context(), addrs, "t")
	if err != nil {
		t.Fatal(err)
	}
	return r, records
}

// kaf and deviceinsight's kafkactl send an empty key when none was given, and so all records to one
// partition.
func TestNullKeyIsNotEmpty(t *testing.T) {
	t.Parallel()
	_, records := producedTo(t, 4, strings.Repeat("x\n", 20))
	counts := make(map[int32]int)
	for _, r := range records {
		counts[r.Partition]++
		if r.Key != nil {
			t.Errorf("key %q", r.Key)
		}
	}
	if diff := cmp.Diff([]int{5, 5, 5, 5}, slices.Collect(maps.Values(counts))); diff != "" {
		t.Errorf("records in each partition:\n%s", diff)
	}
	_, records = producedTo(t, 1, "x\n", "-k", "")
	if len(records) != 1 || records[0].Key == nil {
		t.Error("an empty key that was asked for is none")
	}
}

// deviceinsight's kafkactl makes a tombstone of a value that reads null.
func TestTheWordNullIsNoTombstone(t *testing.T) {
	t.Parallel()
	_, records := producedTo(t, 1, "k:null\n", "--key-separator", ":", "--null")
	if len(records) != 1 || string(records[0].Value) != "null" {
		t.Errorf("stored %v", records)
	}
}

// kaf ends at a line of 64 KiB, deviceinsight's kafkactl at one of 1 MB: with all that came before
// it lost.
func TestLongLinesArrive(t *testing.T) {
	t.Parallel()
	want := []string{"a", strings.Repeat("b", 70_000), "c", strings.Repeat("d", 900_000), "e"}
	r, records := producedTo(t, 1, strings.Join(want, "\n"))
	r.Want(t, cli.ExitDone)
	var got []string
	for _, r := range records {
		got = append(got, string(r.Value))
	}
	if !slices.Equal(want, got) {
		t.Errorf("%d of %d lines arrived, or not in their order", len(got), len(want))
	}
}

// deviceinsight's kafkactl counts on stdout, and wants a separator only once.
func TestValueMayHoldTheSeparator(t *testing.T) {
	t.Parallel()
	r, records := producedTo(t, 1, "key:a:b:c\n", "--key-separator", ":")
	r.Want(t, cli.ExitDone, `\A\z`)
	if len(records) != 1 || string(records[0].Key) != "key" || string(records[0].Value) != "a:b:c" {
		t.Errorf("stored %v", records)
	}
}

// kcl fails with every acks but all.
func TestEveryAcksWorks(t *testing.T) {
	t.Parallel()
	for _, acks := range []string{"all", "1"} {
		r, records := producedTo(t, 1, "x\n", "--acks", acks)
		r.Want(t, cli.ExitDone)
		if len(records) != 1 {
			t.Errorf("acks %s: %d records", acks, len(records))
		}
	}
}

// kaf and deviceinsight's kafkactl wait for an answer after every record: 2 s for 20,000.
func TestRecordsAreSentTogether(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t)
	if err := cluster.CreateTopic("t", 3, nil); err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	cluster.ControlKey(kmsg.Produce.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		requests.Add(1)
		return nil, nil, false
	})
	produced(t, strings.Repeat("a short line\n", 20_000), "t", "-b", addrs[0]).Want(t, cli.ExitDone)
	if n := requests.Load(); n > 200 {
		t.Errorf("%d requests for 20,000 records", n)
	}
}

// A rate is kept over time, and what the input did not use of it is not caught up on.
func TestPacer(t *testing.T) {
	t.Parallel()
	for rate, want := range map[float64]time.Duration{0: 0, 0.5: 18 * time.Second, 10: 900 * time.Millisecond, 5000: 0} {
		synctest.Test(t, func(t *testing.T) {
			pace, start := newPacer(rate), time.Now()
			for range 10 {
				if !waitTurn(t.Context(), pace) {
					t.Fatal("ended")
				}
			}
			if took := time.Since(start); took < want || took > want+2*time.Millisecond {
				t.Errorf("10 records at %v a second took %s, want %s", rate, took, want)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		pace := newPacer(10)
		waitTurn(t.Context(), pace)
		time.Sleep(time.Minute)
		start := time.Now()
		for range 10 {
			waitTurn(t.Context(), pace)
		}
		if took := time.Since(start); took < 800*time.Millisecond {
			t.Errorf("10 records after a pause took %s", took)
		}
	})
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567"} {
		if got := term.GroupDigits(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}
