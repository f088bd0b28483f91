package records

import (
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// With -o json whoever reads the objects may stop, dribble and close: nothing is lost, and Ctrl-C
// ends it within a second all the same.
func TestProduceOfAPausedReader(t *testing.T) {
	t.Parallel()
	_, addrs := kafkatest.Fake(t, kfake.SeedTopics(1, "paused", "closed", "interrupted"))
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	produce := func(t *testing.T, topic string) *pausedReader {
		t.Helper()
		p := newPausedReader(t, "produce", topic, "-b", addrs[0], "-o", "json", "--template", "x", "--repeat", fmt.Sprint(bigRecords))
		p.lines(t, 1000)
		return p
	}
	sent := func(t *testing.T, topic string) int64 {
		t.Helper()
		ends, err := kadm.NewClient(client).ListEndOffsets(t.Context(), topic)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := ends.Lookup(topic, 0)
		return at.Offset
	}
	t.Run("reads on", func(t *testing.T) {
		t.Parallel()
		p := produce(t, "paused")
		p.lines(t, bigRecords-1000)
		p.end(t).Want(t, cli.ExitDone)
		if rest, err := io.ReadAll(p.out); err != nil || len(rest) > 0 {
			t.Errorf("%d bytes follow, %v", len(rest), err)
		}
	})
	t.Run("closes", func(t *testing.T) {
		t.Parallel()
		p := produce(t, "closed")
		p.close()
		p.end(t).Want(t, cli.ExitDone)
		if n := sent(t, "closed"); n != bigRecords {
			t.Errorf("%d were sent", n)
		}
	})
	t.Run("is stopped at Ctrl-C", func(t *testing.T) {
		t.Parallel()
		p := produce(t, "interrupted")
		interrupted := time.Now()
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		p.end(t).Want(t, cli.ExitInterrupted)
		if took := time.Since(interrupted); took > time.Second+clitest.Busy {
			t.Errorf("took %s to end", took)
		}
		rest, err := io.ReadAll(p.out)
		if told := int64(1000 + strings.Count(string(rest), "\n")); err != nil || told > sent(t, "interrupted") {
			t.Errorf("%d were told, %d sent, %v", told, sent(t, "interrupted"), err)
		}
	})
}
