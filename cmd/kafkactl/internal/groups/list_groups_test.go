package groups

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
)

func TestAssignedText(t *testing.T) {
	t.Parallel()
	at := func(topic string, partition int32) kafka.TopicPartition {
		return kafka.TopicPartition{Topic: topic, Partition: partition}
	}
	for _, test := range []struct {
		name     string
		assigned []kafka.TopicPartition
		want     string
	}{
		{"none", nil, "-"},
		{"one", []kafka.TopicPartition{at("a", 3)}, "a:3"},
		{"a run and one more", []kafka.TopicPartition{at("a", 0), at("a", 1), at("a", 2), at("a", 5)}, "a:0-2,5"},
		{"two topics", []kafka.TopicPartition{at("a", 1), at("b", 2), at("b", 3)}, "a:1 b:2-3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, assignedText(test.assigned)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPositionNote(t *testing.T) {
	t.Parallel()
	st := term.NewStyles((&cli.App{Color: "never"}).Renderer(nil, false))
	for _, test := range []struct {
		name string
		p    groups.PartitionLag
		want string
	}{
		{"plain", groups.PartitionLag{Committed: 5, End: 5}, ""},
		{"uncommitted", groups.PartitionLag{Committed: -1, End: 5, Lag: 5}, "nothing committed"},
		{"lost", groups.PartitionLag{Committed: 2, LogStart: 10, Lost: 8}, "8 deleted unread"},
		{"past the end", groups.PartitionLag{Committed: 999, End: 10, Past: 989}, "committed 989 past the end"},
		{"unknown", groups.PartitionLag{Committed: 3, End: -1, Lag: -1, Err: errors.New("silence")}, "lag unknown: silence"},
		{"gone", groups.PartitionLag{Committed: 3, End: -1, Lag: -1, TopicGone: true}, "the topic was deleted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := positionNote(st, &test.p); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A broker that is frozen may coordinate groups that nobody else knows of: the others' are listed,
// and the list is no success. One that is named and found is described all the same; one that is
// not found may be the frozen broker's, and not "does not exist".
func TestGroupsWithAFrozenBroker(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.NumBrokers(3), kfake.SeedTopics(1, "a"))
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	adm := kadm.NewClient(client)
	kept := make(map[int32][]string) // by coordinator
	for i := range 12 {
		name := fmt.Sprintf("g%02d", i)
		offsets := make(kadm.Offsets)
		offsets.AddOffset("a", 0, 0, -1)
		if err := adm.CommitAllOffsets(t.Context(), name, offsets); err != nil {
			t.Fatal(err)
		}
		at := cluster.CoordinatorFor(name)
		kept[at] = append(kept[at], name)
	}
	leading := cluster.LeaderFor("a", 0)
	frozen := (leading + 1) % 3
	if len(kept) != 3 {
		t.Fatalf("not every broker coordinates some groups: %v", kept)
	}
	ctx, end := context.WithCancel(t.Context())
	t.Cleanup(end)
	cluster.ControlKey(int16(kmsg.ListGroups), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if cluster.CurrentNode() == frozen {
			cluster.SleepControl(func() { <-ctx.Done() })
		}
		return nil, nil, false
	})
	brokers := strings.Join(addrs, ",")
	r := clitest.Kafkactl(t, "list", "groups", "-o", "name", "-b", brokers)
	r.Want(t, cli.ExitFailed)
	r.WantErr(t, `^kafkactl: some groups may be missing: broker `+fmt.Sprint(frozen)+` \(127\.0\.0\.1:\d+\) does not answer$`)
	got := make(map[string]bool)
	for _, name := range clitest.Lines(r.Stdout) {
		got[name] = true
	}
	for at, names := range kept {
		for _, name := range names {
			if got[name] == (at == frozen) {
				t.Errorf("%s of broker %d: listed %v", name, at, got[name])
			}
		}
	}
	if r.Took > 8*time.Second {
		t.Errorf("took %s", r.Took)
	}
	clitest.Kafkactl(t, "describe", "group", kept[leading][0], "-b", brokers).
		Want(t, cli.ExitDone, `^`+kept[leading][0]+`: Empty, no members, classic protocol, coordinator broker `+fmt.Sprint(leading)+`$`)
	for _, args := range [][]string{
		{"describe", "group", kept[frozen][0]}, {"delete", "group", kept[frozen][0], "--yes"}, {"reset-offsets", kept[frozen][0], "--topic", "a", "--to-end", "--execute"},
	} {
		unknown := clitest.Kafkactl(t, append(args, "-b", brokers)...)
		unknown.Want(t, cli.ExitFailed)
		unknown.WantErr(t, `^kafkactl: cannot tell whether group "`+kept[frozen][0]+`" exists: broker `+fmt.Sprint(frozen)+` `)
	}
}
