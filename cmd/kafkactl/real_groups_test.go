package main

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

	"kafkactl/internal/kafkatest"
)

// kafkactl runs the program against the field's cluster.
func (f *field) kafkactl(args ...string) runResult {
	f.Helper()
	return kafkactl(f.T, append(args, "-b", f.cluster.Bootstrap())...)
}

// groupCommits commits for a group without members, by partition.
func (f *field) groupCommits(group, topic string, at map[int32]int64) {
	f.Helper()
	offsets := make(kadm.Offsets)
	for p, o := range at {
		offsets.AddOffset(topic, p, o, -1)
	}
	if err := f.adm.CommitAllOffsets(f.Context(), group, offsets); err != nil {
		f.Fatal(err)
	}
}

// member is a consumer of a group that reads a topic, commits nothing, and has been
// given all its partitions. It has left when leave returns.
func (f *field) member(group, topic string, more ...kgo.Opt) (leave func()) {
	f.Helper()
	opts := append([]kgo.Opt{
		kgo.ClientID("member-of-" + group), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
	}, more...)
	client := f.dial(opts...)
	go func() {
		for f.Context().Err() == nil && !client.PollFetches(f.Context()).IsClientClosed() {
		}
	}()
	f.until("the group is stable", func() bool {
		listed, err := f.adm.ListGroups(f.Context())
		return err == nil && listed[group].State == "Stable"
	})
	return client.Close
}

// until waits for what the brokers do by themselves.
func (f *field) until(what string, holds func() bool) {
	f.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			f.Fatalf("not within a minute: %s", what)
		}
	}
}

// plan is what a reset printed as JSON.
func (f *field) plan(r runResult) offsetPlanDoc {
	f.Helper()
	var doc offsetPlanDoc
	if err := json.Unmarshal([]byte(r.stdout), &doc); err != nil {
		f.Fatalf("%v: %v", err, r)
	}
	return doc
}

// apacheTargets is where Apache's tool would move the group's offsets, by partition. It
// prints all of them on one line, and nothing when a busy broker takes longer than its
// --timeout, which is 5 s unless it is told otherwise.
func (f *field) apacheTargets(group, topic string, args ...string) map[int32]int64 {
	f.Helper()
	out := apache(f.T, f.cluster, "kafka-consumer-groups", append([]string{"--reset-offsets", "--group", group, "--topic", topic, "--timeout", "60000", "--dry-run"}, args...)...)
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

// Each way to say where to ends where Apache's own tool would: in a log that is whole,
// in one that lost its first records, and in an empty one.
func TestRealResetOffsets(t *testing.T) {
	t.Parallel() // it looks at its own topics and groups alone
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			f := newField(t, kafkatest.Shared(t, flavour))
			topic, group := f.topic("reset.topic", 3, "retention.ms=-1"), "reset-group" // its records are old
			base := time.UnixMilli(1_790_000_000_000)
			i := 0
			f.write(f.client, topic, 2, "r", 40, func(r *kgo.Record) { // 20 in partitions 0 and 1 each
				r.Timestamp = base.Add(time.Duration(i/2) * time.Second)
				i++
			})
			trim := make(kadm.Offsets)
			trim.AddOffset(topic, 1, 12, -1)
			if _, err := f.adm.DeleteRecords(t.Context(), trim); err != nil {
				t.Fatal(err)
			}
			f.groupCommits(group, topic, map[int32]int64{0: 7, 1: 5, 2: 0})
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
				r := f.kafkactl(slices.Concat([]string{"reset-offsets", group, "--topic", topic, "-o", "json"}, tt.ours)...)
				r.want(t, exitDone)
				got := make(map[int32]int64)
				for _, p := range f.plan(r).Partitions {
					got[p.Partition] = p.To
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%v: %s", tt.ours, diff)
				}
				if diff := cmp.Diff(f.apacheTargets(group, topic, tt.apaches...), got); diff != "" {
					t.Errorf("%v is not %v (-): %s", tt.ours, tt.apaches, diff)
				}
			}
			f.kafkactl("reset-offsets", group, "--topic", topic+":0,1", "--to-offset", "15", "--execute").
				want(t, exitDone, `^reset\.topic +0 +7 +15 +moved$`, `^reset\.topic +1 +5 +15 +moved$`, `^reset-group: 2 partitions moved`)
			described := apache(t, f.cluster, "kafka-consumer-groups", "--describe", "--group", group)
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

// A group in use is refused, by reset and by delete, and tells who uses it; once they
// have left it is moved, a consumer that comes back reads from there, and it is deleted.
func TestRealGroupInUse(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		f := newField(t, kafkatest.Shared(t, flavour))
		for protocol, opts := range protocols(flavour) {
			t.Run(string(flavour)+"/"+protocol, func(t *testing.T) {
				f := &field{T: t, cluster: f.cluster, client: f.client, adm: f.adm}
				topic, group := f.topic("used."+protocol, 2), "used-"+protocol
				f.write(f.client, topic, 2, "r", 20)
				f.groupCommits(group, topic, map[int32]int64{0: 10, 1: 10})
				leave := f.member(group, topic, opts...)
				reset := []string{"reset-offsets", group, "--topic", topic, "--to-offset", "4", "--execute"}
				refused := f.kafkactl(reset...)
				refused.want(t, exitFailed, `^used\.`+protocol+` +0 +10 +4 +planned$`)
				refused.wantErr(t, `group "used-`+protocol+`" .*\(Stable, 1 member\), .*: member-of-used-`+protocol+` on 127\.0\.0\.1 \(2 partitions\)$`, `^hint: `)
				f.kafkactl("delete", "group", group, "--yes").want(t, exitFailed, `^x used-`+protocol+`  refused  NON_EMPTY_GROUP: .*: member-of-used-`)
				f.kafkactl("describe", "group", group).want(t, exitDone,
					`^used-`+protocol+`: Stable, 1 member, `+protocol+` protocol \(\S+\), coordinator broker `+fmt.Sprint(f.cluster.BrokerIDs()[0])+`$`,
					`^lag 0 in 2 partitions of 1 topic$`, `^member-of-used-`+protocol+`@127\.0\.0\.1 +\S+ +used\.`+protocol+`:0-1$`)
				leave()
				f.kafkactl(reset...).want(t, exitDone, `^used\.`+protocol+` +1 +10 +4 +moved$`)
				f.kafkactl("describe", "group", group, "-o", "json").want(t, exitDone, `"state":"Empty","protocol":"`+protocol+`"`, `"totalLag":12`)
				again := f.dial(append(opts, kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit())...)
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
				f.kafkactl("delete", "group", group, "--yes").want(t, exitDone, `^- used-`+protocol+`  deleted$`)
				f.kafkactl("describe", "group", group).want(t, exitNotFound)
				if left := apache(t, f.cluster, "kafka-consumer-groups", "--list"); strings.Contains(left, group) {
					t.Errorf("kafka-consumer-groups still lists it:\n%s", left)
				}
			})
		}
	}
}

// A dry run makes nothing on a cluster where nothing ever consumed; --execute makes
// the group, and waits until the brokers have made what groups are kept in.
func TestRealResetMakesAGroup(t *testing.T) {
	t.Parallel() // it has its own brokers
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	f := newField(t, c)
	topic := f.topic("made.topic", 3)
	f.write(f.client, topic, 3, "r", 9)
	none := f.kafkactl("list", "groups")
	none.want(t, exitDone)
	none.wantErr(t, `^no consumer groups$`)
	f.kafkactl("describe", "group", "made").want(t, exitNotFound)
	f.kafkactl("delete", "group", "made", "--yes").want(t, exitNotFound)
	f.kafkactl("reset-offsets", "made", "--all-topics", "--to-end").want(t, exitNotFound)
	dry := f.kafkactl("reset-offsets", "made", "--topic", topic, "--to-end")
	dry.want(t, exitDone, `^made\.topic +2 +- +3 +planned$`)
	dry.wantErr(t, `^note: group "made" `)
	if internal := apache(t, c, "kafka-topics", "--list"); strings.Contains(internal, "__consumer_offsets") {
		t.Error("looking made __consumer_offsets")
	}
	f.kafkactl("reset-offsets", "made", "--topic", topic, "--to-end", "--execute").want(t, exitDone, `^made\.topic +2 +- +3 +moved$`)
	f.kafkactl("list", "groups").want(t, exitDone, `^made +Empty +classic +0 +1 +\d+$`)
}

// The list, and what it says of each group, is Apache's.
func TestRealListGroups(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := newField(t, kafkatest.Shared(t, flavour))
			topic := f.topic("listed.topic", 2)
			f.write(f.client, topic, 2, "r", 20)
			f.groupCommits("listed-empty", topic, map[int32]int64{0: 3})
			for protocol, opts := range protocols(flavour) {
				defer f.member("listed-"+protocol, topic, opts...)()
			}
			r := f.kafkactl("list", "groups", "-o", "json")
			r.want(t, exitDone)
			var doc groupListDoc
			if err := json.Unmarshal([]byte(r.stdout), &doc); err != nil {
				t.Fatal(err)
			}
			got := make(map[string]string)
			for _, g := range doc.Groups {
				if strings.HasPrefix(g.Group, "listed-") {
					got[g.Group] = fmt.Sprintf("%d %s %s %d", g.Coordinator, orDash(g.Assignor), g.State, g.Members)
				}
			}
			state := apache(t, f.cluster, "kafka-consumer-groups", "--describe", "--all-groups", "--state")
			want := make(map[string]string)
			line := regexp.MustCompile(`(?m)^(listed-\S+)\s+\S+\s+\((\d+)\)\s+(?:(\S+)\s+)?(\S+)\s+(\d+)\s*$`)
			for _, m := range line.FindAllStringSubmatch(state, -1) {
				want[m[1]] = fmt.Sprintf("%s %s %s %s", m[2], orDash(m[3]), m[4], m[5])
			}
			if diff := cmp.Diff(want, got); diff != "" || len(want) != 1+len(protocols(flavour)) {
				t.Errorf("%s\nApache says:\n%s", diff, state)
			}
			names := lines(apache(t, f.cluster, "kafka-consumer-groups", "--list"))
			slices.Sort(names)
			if diff := cmp.Diff(slices.DeleteFunc(names, func(s string) bool { return s == "" }), lines(f.kafkactl("list", "groups", "-o", "name").stdout)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
