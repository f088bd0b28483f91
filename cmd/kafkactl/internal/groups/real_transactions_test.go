package groups

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// transact writes n records to partition 0 of a topic in a transaction, and ends it, or leaves it
// open.
func (f *lagField) transact(topic, id string, n int, end kgo.TransactionEndTry, open bool) {
	f.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(f.c.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.TransactionalID(f.prefix+id))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(client.Close)
	if err := client.BeginTransaction(); err != nil {
		f.Fatal(err)
	}
	for range n {
		if err := client.ProduceSync(f.Context(), &kgo.Record{Topic: topic, Value: []byte("x")}).FirstErr(); err != nil {
			f.Fatal(err)
		}
	}
	if open {
		return
	}
	if err := client.EndTransaction(f.Context(), end); err != nil {
		f.Fatal(err)
	}
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) { // the coordinator answers before it writes the marker
		stable, err := f.adm.ListCommittedOffsets(f.Context(), topic)
		if err != nil {
			f.Fatal(err)
		}
		ends, err := f.adm.ListEndOffsets(f.Context(), topic)
		if err != nil {
			f.Fatal(err)
		}
		at, _ := stable.Lookup(topic, 0)
		if of, _ := ends.Lookup(topic, 0); at.Offset == of.Offset && of.Offset > int64(n) {
			return
		}
		if time.Since(start) > time.Minute {
			f.Fatalf("the transaction in %s does not end", topic)
		}
	}
}

// What Kafka itself writes behind the last record is no lag; an open transaction is named.
func TestRealLagOfTransactions(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := newLagField(t, kafkatest.Shared(t, flavour), "transactions-")
			topic := f.topic("paid", 1, 1, 0)
			f.transact(topic, "pay", 3, kgo.TryCommit, false)
			group := f.commit("kafkajs", topic, map[int32]int64{0: 3}) // the last record, plus one
			lag := func(code cli.ExitCode, stderr string, args ...string) {
				t.Helper()
				r := clitest.Kafkactl(t, append([]string{"lag", group, "-b", f.c.Bootstrap()}, args...)...)
				r.Want(t, code)
				if stderr != "" {
					r.WantErr(t, stderr)
				}
			}
			told := func(pattern string) {
				t.Helper()
				clitest.Kafkactl(t, "lag", group, "-b", f.c.Bootstrap()).Want(t, cli.ExitDone, `^`+topic+` +0 +`+pattern+`$`)
			}
			told(`3 +0 +4 +0 +0s +- +1 transaction marker not counted`)
			lag(cli.ExitDone, "", "--wait", "--timeout", "30s")
			lag(cli.ExitDone, "", "--max-lag", "0")
			f.transact(topic, "pay", 40, kgo.TryAbort, false)
			told(`3 +0 +45 +0 +0s +- +40 aborted records and 2 transaction markers not counted`)
			f.transact(topic, "ship", 2, kgo.TryAbort, true)
			held := `2 offsets hidden by transaction "transactions-ship", open since 20\d\d-\S+Z`
			told(`3 +0 +47 +44 +\S+ +- +` + held)
			lag(cli.ExitCondition, `^kafkactl: group "transactions-kafkajs" has lag 44, more than 0; `+topic+`/0: `+held+`$`, "--max-lag", "0")
			clitest.Kafkactl(t, "describe", topic, "-b", f.c.Bootstrap()).Want(t, cli.ExitDone,
				`^! partition 0: a transaction that is still open hides 2 offsets from offset 45 on: transaction "transactions-ship", open since 20\d\d-\S+Z$`)
		})
	}
}
