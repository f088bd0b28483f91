package groups

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafkatest"
)

// groupCommits commits for a group without members, by partition.
func groupCommits(f *clitest.Field, group, topic string, at map[int32]int64) {
	f.Helper()
	offsets := make(kadm.Offsets)
	for p, o := range at {
		offsets.AddOffset(topic, p, o, -1)
	}
	if err := f.Adm.CommitAllOffsets(f.Context(), group, offsets); err != nil {
		f.Fatal(err)
	}
}

// member is a consumer of a group that reads a topic, commits nothing, and has been given all its
// partitions. It has left when leave returns.
func member(f *clitest.Field, group, topic string, more ...kgo.Opt) (leave func()) {
	f.Helper()
	opts := append([]kgo.Opt{
		kgo.ClientID("member-of-" + group), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
	}, more...)
	client := f.Dial(opts...)
	go func() {
		for f.Context().Err() == nil && !client.PollFetches(f.Context()).IsClientClosed() {
		}
	}()
	f.Until("the group is stable", func() bool {
		listed, err := f.Adm.ListGroups(f.Context())
		return err == nil && listed[group].State == "Stable"
	})
	return client.Close
}

// plan is what a reset printed as JSON.
func plan(f *clitest.Field, r clitest.RunResult) offsetPlanDoc {
	f.Helper()
	var doc offsetPlanDoc
	if err := json.Unmarshal([]byte(r.Stdout), &doc); err != nil {
		f.Fatalf("%v: %v", err, r)
	}
	return doc
}

// apacheTargets is where Apache's tool would move the group's offsets, by partition. It
// prints all of them on one line, and nothing when a busy broker takes longer than its
// --timeout, which is 5 s unless it is told otherwise.
func apacheTargets(f *clitest.Field, group, topic string, args ...string) map[int32]int64 {
	f.Helper()
	out := clitest.Apache(f.T, f.Cluster, "kafka-consumer-groups", append([]string{"--reset-offsets", "--group", group, "--topic", topic, "--timeout", "60000", "--dry-run"}, args...)...)
	return partitionNumbers(f.T, out, `\b`+regexp.QuoteMeta(group)+`\s+`+regexp.QuoteMeta(topic)+`\s+(\d+)\s+(\d+)`)
}

// partitionNumbers are the two numbers of each line that matches.
func partitionNumbers(t *testing.T, text, pattern string) map[int32]int64 {
	t.Helper()
	found := make(map[int32]int64)
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		p, err := strconv.ParseInt(m[1], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if found[int32(p)], err = strconv.ParseInt(m[2], 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// Each way to say where to ends where Apache's own tool would: in a log that is whole, in one that
// lost its first records, and in an empty one.
func TestRealResetOffsets(t *testing.T) {
	t.Parallel() // it looks at its own topics and groups alone
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			topic, group := f.Topic("reset.topic", 3, "retention.ms=-1"), "reset-group" // its records are old
			base := time.UnixMilli(1_790_000_000_000)
			i := 0
			f.Write(f.Client, topic, 2, "r", 40, func(r *kgo.Record) { // 20 in partitions 0 and 1 each
				r.Timestamp = base.Add(time.Duration(i/2) * time.Second)
				i++
			})
			trim := make(kadm.Offsets)
			trim.AddOffset(topic, 1, 12, -1)
			if _, err := f.Adm.DeleteRecords(t.Context(), trim); err != nil {
				t.Fatal(err)
			}
			groupCommits(f, group, topic, map[int32]int64{0: 7, 1: 5, 2: 0})
			for _, tt := range []struct {
				ours, apaches []string
				want          map[int32]int64
			}{
				{[]string{"--to-beginning"}, []string{"--to-earliest"}, map[int32]int64{0: 0, 1: 12, 2: 0}},
				{[]string{"--to-end"}, []string{"--to-latest"}, map[int32]int64{0: 20, 1: 20, 2: 0}},
				{[]string{"--to-offset", "15"}, []string{"--to-offset", "15"}, map[int32]int64{0: 15, 1: 15, 2: 0}},
				{[]string{"--to-offset", "999"}, []string{"--to-offset", "999"}, map[int32]int64{0: 20, 1: 20, 2: 0}},
				{[]string{"--shift", "3"}, []string{"--shift-by", "3"}, map[int32]int64{0: 10, 1: 12, 2: 0}},
				{[]string{"--shift", "-8"}, []string{"--shift-by", "-8"}, map[int32]int64{0: 0, 1: 12, 2: 0}},
				{
					[]string{"--to-time", base.Add(15 * time.Second).UTC().Format(time.RFC3339)},
					[]string{"--to-datetime", base.Add(15 * time.Second).UTC().Format("2006-01-02T15:04:05.000")},
					map[int32]int64{0: 15, 1: 15, 2: 0},
				},
				{[]string{"--to-time", "now"}, []string{"--by-duration", "PT0S"}, map[int32]int64{0: 20, 1: 20, 2: 0}},
			} {
				r := f.Kafkactl(slices.Concat([]string{"reset-offsets", group, "--topic", topic, "-o", "json"}, tt.ours)...)
				r.Want(t, cli.ExitDone)
				got := make(map[int32]int64)
				for _, p := range plan(f, r).Partitions {
					got[p.Partition] = p.To
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%v: %s", tt.ours, diff)
				}
				if diff := cmp.Diff(apacheTargets(f, group, topic, tt.apaches...), got); diff != "" {
					t.Errorf("%v is not %v (-): %s", tt.ours, tt.apaches, diff)
				}
			}
			f.Kafkactl("reset-offsets", group, "--topic", topic+":0,1", "--to-offset", "15", "--execute").
				Want(t, cli.ExitDone, `^reset\.topic +0 +7 +15 +moved$`, `^reset\.topic +1 +5 +15 +moved$`, `^reset-group: 2 partitions moved`)
			described := clitest.Apache(t, f.Cluster, "kafka-consumer-groups", "--describe", "--group", group)
			committed := partitionNumbers(t, described, `(?m)^reset-group\s+reset\.topic\s+(\d+)\s+(\d+)`)
			if diff := cmp.Diff(map[int32]int64{0: 15, 1: 15, 2: 0}, committed); diff != "" {
				t.Errorf("%s\n%s", diff, described)
			}
		})
	}
}

// protocols are the ways to be a member that a flavour knows.
func protocols(flavour kafkatest.Flavour) map[string][]kgo.Opt {
	known := map[string][]kgo.Opt{"classic": {kgo.Balancers(kgo.CooperativeStickyBalancer())}}
	if flavour == kafkatest.Kraft1 {
		known["consumer"] = []kgo.Opt{kgo.ServerSideBalancer()}
	}
	return known
}

// A group in use is refused, by reset and by delete, and tells who uses it; once they have left it
// is moved, a consumer that comes back reads from there, and it is deleted.
func TestRealGroupInUse(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		f := clitest.NewField(t, kafkatest.Shared(t, flavour))
		for protocol, opts := range protocols(flavour) {
			t.Run(string(flavour)+"/"+protocol, func(t *testing.T) {
				f := &clitest.Field{T: t, Cluster: f.Cluster, Client: f.Client, Adm: f.Adm}
				topic, group := f.Topic("used."+protocol, 2), "used-"+protocol
				f.Write(f.Client, topic, 2, "r", 20)
				groupCommits(f, group, topic, map[int32]int64{0: 10, 1: 10})
				leave := member(f, group, topic, opts...)
				reset := []string{"reset-offsets", group, "--topic", topic, "--to-offset", "4", "--execute"}
				refused := f.Kafkactl(reset...)
				refused.Want(t, cli.ExitFailed, `^used\.`+protocol+` +0 +10 +4 +planned$`)
				refused.WantErr(t, `group "used-`+protocol+`" .*\(Stable, 1 member\), .*: member-of-used-`+protocol+` on 127\.0\.0\.1 \(2 partitions\)$`, `^hint: `)
				f.Kafkactl("delete", "group", group, "--yes").Want(t, cli.ExitFailed, `^x used-`+protocol+`  refused  NON_EMPTY_GROUP: .*: member-of-used-`)
				f.Kafkactl("describe", "group", group).Want(t, cli.ExitDone,
					`^used-`+protocol+`: Stable, 1 member, `+protocol+` protocol \(\S+\), coordinator broker `+fmt.Sprint(f.Cluster.BrokerIDs()[0])+`$`,
					`^lag 0 in 2 partitions of 1 topic$`, `^member-of-used-`+protocol+`@127\.0\.0\.1 +\S+ +used\.`+protocol+`:0-1$`)
				leave()
				f.Kafkactl(reset...).Want(t, cli.ExitDone, `^used\.`+protocol+` +1 +10 +4 +moved$`)
				f.Kafkactl("describe", "group", group, "-o", "json").Want(t, cli.ExitDone, `"state":"Empty","protocol":"`+protocol+`"`, `"totalLag":12`)
				again := f.Dial(append(opts, kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit())...)
				read := 0
				for read < 12 {
					for _, r := range again.PollFetches(t.Context()).Records() {
						if r.Offset < 4 {
							t.Errorf("read offset %d of partition %d", r.Offset, r.Partition)
						}
						read++
					}
				}
				again.Close()
				f.Kafkactl("delete", "group", group, "--yes").Want(t, cli.ExitDone, `^- used-`+protocol+`  deleted$`)
				f.Kafkactl("describe", "group", group).Want(t, cli.ExitNotFound)
				if left := clitest.Apache(t, f.Cluster, "kafka-consumer-groups", "--list"); strings.Contains(left, group) {
					t.Errorf("kafka-consumer-groups still lists it:\n%s", left)
				}
			})
		}
	}
}

// A dry run makes nothing on a cluster where nothing ever consumed; --execute makes the group, and
// waits until the brokers have made what groups are kept in.
func TestRealResetMakesAGroup(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	f := clitest.NewField(t, c)
	topic := f.Topic("made.topic", 3)
	f.Write(f.Client, topic, 3, "r", 9)
	none := f.Kafkactl("list", "groups")
	none.Want(t, cli.ExitDone)
	none.WantErr(t, `^no consumer groups$`)
	f.Kafkactl("describe", "group", "made").Want(t, cli.ExitNotFound)
	f.Kafkactl("delete", "group", "made", "--yes").Want(t, cli.ExitNotFound)
	f.Kafkactl("reset-offsets", "made", "--all-topics", "--to-end").Want(t, cli.ExitNotFound)
	dry := f.Kafkactl("reset-offsets", "made", "--topic", topic, "--to-end")
	dry.Want(t, cli.ExitDone, `^made\.topic +2 +- +3 +planned$`)
	dry.WantErr(t, `^note: group "made" `)
	if internal := clitest.Apache(t, c, "kafka-topics", "--list"); strings.Contains(internal, "__consumer_offsets") {
		t.Error("looking made __consumer_offsets")
	}
	f.Kafkactl("reset-offsets", "made", "--topic", topic, "--to-end", "--execute").Want(t, cli.ExitDone, `^made\.topic +2 +- +3 +moved$`)
	f.Kafkactl("list", "groups").Want(t, cli.ExitDone, `^made +Empty +classic +0 +1 +\d+$`)
}

// The list, and what it says of each group, is Apache's.
func TestRealListGroups(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := clitest.NewField(t, kafkatest.Shared(t, flavour))
			topic := f.Topic("listed.topic", 2)
			f.Write(f.Client, topic, 2, "r", 20)
			groupCommits(f, "listed-empty", topic, map[int32]int64{0: 3})
			for protocol, opts := range protocols(flavour) {
				defer member(f, "listed-"+protocol, topic, opts...)()
			}
			r := f.Kafkactl("list", "groups", "-o", "json")
			r.Want(t, cli.ExitDone)
			var doc groupListDoc
			if err := json.Unmarshal([]byte(r.Stdout), &doc); err != nil {
				t.Fatal(err)
			}
			got := make(map[string]string)
			for _, g := range doc.Groups {
				if strings.HasPrefix(g.Group, "listed-") {
					got[g.Group] = fmt.Sprintf("%d %s %s %d", g.Coordinator, term.OrDash(g.Assignor), g.State, g.Members)
				}
			}
			state := clitest.Apache(t, f.Cluster, "kafka-consumer-groups", "--describe", "--all-groups", "--state")
			want := make(map[string]string)
			line := regexp.MustCompile(`(?m)^(listed-\S+)\s+\S+\s+\((\d+)\)\s+(?:(\S+)\s+)?(\S+)\s+(\d+)\s*$`)
			for _, m := range line.FindAllStringSubmatch(state, -1) {
				want[m[1]] = fmt.Sprintf("%s %s %s %s", m[2], term.OrDash(m[3]), m[4], m[5])
			}
			if diff := cmp.Diff(want, got); diff != "" || len(want) != 1+len(protocols(flavour)) {
				t.Errorf("%s\nApache says:\n%s", diff, state)
			}
			names := clitest.Lines(clitest.Apache(t, f.Cluster, "kafka-consumer-groups", "--list"))
			slices.Sort(names)
			if diff := cmp.Diff(slices.DeleteFunc(names, func(s string) bool { return s == "" }), clitest.Lines(f.Kafkactl("list", "groups", "-o", "name").Stdout)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
