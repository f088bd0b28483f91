package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// lagField is where groups stand to logs in all the ways there are.
type lagField struct {
	*testing.T
	c      *kafkatest.Cluster
	client *kgo.Client
	adm    *kadm.Client
	prefix string // of topics and groups: the cluster may be shared
}

func newLagField(t *testing.T, c *kafkatest.Cluster, prefix string) *lagField {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &lagField{t, c, client, kadm.NewClient(client), prefix}
}

// topic makes a topic with n records in each partition.
func (f *lagField) topic(name string, partitions int32, replicas int16, n int) string {
	f.Helper()
	name = f.prefix + name
	if _, err := f.adm.CreateTopic(f.Context(), partitions, replicas, nil, name); err != nil {
		f.Fatal(err)
	}
	f.write(name, partitions, n)
	return name
}

func (f *lagField) write(topic string, partitions int32, n int) {
	f.Helper()
	var records []*kgo.Record
	for p := range partitions {
		for i := range n {
			records = append(records, &kgo.Record{Topic: topic, Partition: p, Value: fmt.Append(nil, i)})
		}
	}
	if err := f.client.ProduceSync(f.Context(), records...).FirstErr(); err != nil {
		f.Fatal(err)
	}
}

// commit commits offsets for a group without members. The first group of a cluster has to
// wait for its coordinator.
func (f *lagField) commit(group, topic string, at map[int32]int64) string {
	f.Helper()
	group = f.prefix + group
	offsets := make(kadm.Offsets)
	for p, o := range at {
		offsets.AddOffset(topic, p, o, -1)
	}
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	f.eventually(ctx, "commit for "+group, func() error { return f.adm.CommitAllOffsets(ctx, group, offsets) })
	return group
}

func (f *lagField) eventually(ctx context.Context, what string, try func() error) {
	f.Helper()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			f.Fatalf("%s: %v", what, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// member joins a group and reads and commits everything, until the test ends.
func (f *lagField) member(group, topic string, opts ...kgo.Opt) string {
	f.Helper()
	group = f.prefix + group
	member, err := kgo.NewClient(append(opts, kgo.SeedBrokers(f.c.Addrs()...), kgo.ClientID("reader"), kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic), kgo.AutoCommitInterval(100*time.Millisecond), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(f.Context())
	ended := make(chan struct{})
	f.Cleanup(func() {
		cancel()
		<-ended
		member.Close()
	})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			member.PollFetches(ctx)
		}
	}()
	r := kafkactl(f.T, "lag", "-b", f.c.Bootstrap(), "--timeout", "60s", "--wait", f.drainable(group))
	r.want(f.T, exitDone)
	return group
}

// drainable waits until the group exists, so that --wait may be told of it.
func (f *lagField) drainable(group string) string {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	f.eventually(ctx, "wait for "+group, func() error {
		groups, err := f.adm.ListGroups(ctx)
		if err == nil && groups[group].State != "Stable" {
			err = fmt.Errorf("it is %q", groups[group].State)
		}
		return err
	})
	return group
}

// lag is what ours says of groups: the JSON of a run that ends with code.
func (f *lagField) lag(code exitCode, args ...string) lagDoc {
	f.Helper()
	r := kafkactl(f.T, append([]string{"lag", "-b", f.c.Bootstrap(), "-o", "json"}, args...)...)
	r.want(f.T, code)
	var doc lagDoc
	if err := json.Unmarshal([]byte(r.stdout), &doc); err != nil {
		f.Fatalf("%v: %v", err, r)
	}
	return doc
}

// standing is one line of Apache's kafka-consumer-groups --describe, or what ours says of
// the same: "-" for what is not known or not there.
type apacheStanding struct{ committed, end, lag, member, host, client string }

// apacheGroups is what Apache's tool says, by "group topic partition".
func (f *lagField) apacheGroups() map[string]apacheStanding {
	f.Helper()
	found := make(map[string]apacheStanding)
	line := regexp.MustCompile(`(?m)^(` + regexp.QuoteMeta(f.prefix) + `\S+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$`)
	for _, m := range line.FindAllStringSubmatch(apache(f.T, f.c, "kafka-consumer-groups", "--describe", "--all-groups"), -1) {
		found[strings.Join(m[1:4], " ")] = apacheStanding{m[4], m[5], m[6], m[7], m[8], m[9]}
	}
	return found
}

// ourGroups is the same of ours, in Apache's form.
func (f *lagField) ourGroups(doc lagDoc) map[string]apacheStanding {
	found := make(map[string]apacheStanding)
	dash := func(n int64) string {
		if n < 0 {
			return "-"
		}
		return strconv.FormatInt(n, 10)
	}
	for _, g := range doc.Groups {
		if !strings.HasPrefix(g.Group, f.prefix) {
			continue
		}
		for _, p := range g.Partitions {
			s := apacheStanding{dash(p.Committed), dash(p.End), "-", "-", "-", "-"}
			if p.Lag != nil {
				s.lag = dash(*p.Lag)
			}
			if p.Member != nil {
				s.member, s.host, s.client = p.Member.ID, "/"+p.Member.Host, p.Member.ClientID
			}
			found[fmt.Sprintf("%s %s %d", g.Group, p.Topic, p.Partition)] = s
		}
	}
	return found
}

// agree compares ours with Apache's field by field, but for the lines in differ, which
// are what ours says instead; "" in place of Apache's is that it has no such line.
func (f *lagField) agree(doc lagDoc, differ map[string]apacheStanding, absent ...string) {
	f.Helper()
	want := f.apacheGroups()
	if len(want) == 0 {
		f.Fatal("kafka-consumer-groups tells nothing")
	}
	for _, key := range absent {
		if s, there := want[key]; there {
			f.Errorf("Apache tells %s now: %+v", key, s)
		}
	}
	for key, s := range differ {
		if want[key] == s {
			f.Errorf("%s: Apache's numbers do not differ any more: %+v", key, s)
		}
		want[key] = s
	}
	if diff := cmp.Diff(want, f.ourGroups(doc), cmp.AllowUnexported(apacheStanding{})); diff != "" {
		f.Errorf("ours (+) and what kafka-consumer-groups says (-):\n%s", diff)
	}
}

// Every row of the measured comparison, on brokers of both kinds: ours beside Apache's
// tool. Where its number misleads, ours differs, and says so here.
func TestRealLag(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) { testRealLag(t, flavour) })
	}
}

func testRealLag(t *testing.T, flavour kafkatest.Flavour) {
	f := newLagField(t, kafkatest.Shared(t, flavour), "lagged-")
	orders := f.topic("orders", 6, 1, 10)
	trimmed := f.topic("trimmed", 1, 1, 20)
	gone := f.topic("gone", 1, 1, 10)
	all := func(o int64) map[int32]int64 { return map[int32]int64{0: o, 1: o, 2: o, 3: o, 4: o, 5: o} }

	stable := f.member("stable", orders)
	one := f.commit("one", orders, all(1))
	half := f.commit("half", orders, map[int32]int64{0: 2, 1: 2})
	past := f.commit("past", orders, map[int32]int64{0: 999, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0})
	behind := f.commit("trimmed-below", trimmed, map[int32]int64{0: 2})
	emptied := f.commit("of-gone", gone, map[int32]int64{0: 3})
	kept := f.commit("partly-of-gone", gone, map[int32]int64{0: 3})
	f.commit("partly-of-gone", orders, all(7))
	groups := []string{stable, one, half, past, behind, kept}
	if flavour == kafkatest.Kraft1 {
		groups = append(groups, f.member("next", orders, kgo.ServerSideBalancer()))
	}
	start := make(kadm.Offsets)
	start.AddOffset(trimmed, 0, 10, -1)
	if _, err := f.adm.DeleteRecords(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	f.forget(gone, emptied, kept)

	never := apacheStanding{"-", "10", "10", "-", "-", "-"}
	differ := map[string]apacheStanding{
		past + " " + orders + " 0":    {"999", "10", "0", "-", "-", "-"}, // Apache: -989
		behind + " " + trimmed + " 0": {"2", "20", "10", "-", "-", "-"},  // Apache: 18, of which 8 are gone
	}
	var absent []string
	for p := 2; p < 6; p++ { // Apache leaves out what was not committed: a total of 16 for 56
		key := fmt.Sprintf("%s %s %d", half, orders, p)
		differ[key], absent = never, append(absent, key)
	}
	doc := f.lag(exitDone)
	f.agree(doc, differ, absent...)

	f.rows(doc, map[string]int64{stable: 0, one: 54, half: 56, past: 50, behind: 10, kept: 18})
	if flavour == kafkatest.Kraft1 { // before 4.0 a group ends with its last topic
		f.rows(doc, map[string]int64{emptied: 0})
	} else {
		kafkactl(t, "lag", emptied, "-b", f.c.Bootstrap()).want(t, exitNotFound)
	}
	kafkactl(t, "lag", past, "-b", f.c.Bootstrap()).want(t, exitDone, `^`+orders+` +0 +999 +0 +10 +0 +0s +- +committed 989 past the end$`)
	kafkactl(t, "lag", behind, "-b", f.c.Bootstrap()).want(t, exitDone, `^`+trimmed+` +0 +2 +10 +20 +10 +\S+ +- +8 deleted unread$`)
	kafkactl(t, "lag", half, "-b", f.c.Bootstrap()).want(t, exitDone, `^`+orders+` +5 +- +0 +10 +10 +\S+ +- +nothing committed$`)
	r := kafkactl(t, "lag", f.prefix+"nope", "-b", f.c.Bootstrap())
	r.want(t, exitNotFound)
	r.wantErr(t, `^kafkactl: group "lagged-nope" does not exist$`)
	if flavour == kafkatest.Kraft1 {
		kafkactl(t, "lag", f.prefix+"next", "-b", f.c.Bootstrap()).want(t, exitDone,
			`^lagged-next: Stable, 1 member, lag 0$`, `^`+orders+` +0 +10 +0 +10 +0 +0s +reader@127\.0\.0\.1$`)
	}
	kafkactl(t, "lag", one, "--max-lag", "53", "-b", f.c.Bootstrap()).want(t, exitCondition)
	kafkactl(t, "lag", one, "--max-lag", "54", "-b", f.c.Bootstrap()).want(t, exitDone)
	f.timeLag(one, orders)
	for _, group := range groups {
		if n := f.lag(exitDone, group); len(n.Groups) != 1 {
			t.Errorf("%s alone: %+v", group, n)
		}
	}
}

// forget deletes a topic, and returns when the groups' commits for it are gone: brokers
// drop them a moment later.
func (f *lagField) forget(topic string, groups ...string) {
	f.Helper()
	if _, err := f.adm.DeleteTopic(f.Context(), topic); err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	for _, group := range groups {
		f.eventually(ctx, "forget what "+group+" committed", func() error {
			fetched, err := f.adm.FetchOffsets(ctx, group)
			if _, there := fetched.Lookup(topic, 0); there {
				return errors.New("it is still there")
			}
			if errors.Is(err, kerr.GroupIDNotFound) {
				err = nil
			}
			return err
		})
	}
}

// rows checks the totals of groups.
func (f *lagField) rows(doc lagDoc, want map[string]int64) {
	f.Helper()
	for _, g := range doc.Groups {
		if total, asked := want[g.Group]; asked {
			delete(want, g.Group)
			if g.TotalLag == nil || *g.TotalLag != total {
				f.Errorf("%s: lag %v of %d known, want %d", g.Group, g.TotalLag, g.KnownLag, total)
			}
		}
	}
	if len(want) > 0 {
		f.Errorf("not told of: %v", want)
	}
}

// timeLag checks it against the record itself.
func (f *lagField) timeLag(group, topic string) {
	f.Helper()
	records, err := kafkatest.Records(f.Context(), f.c.Addrs(), topic)
	if err != nil {
		f.Fatal(err)
	}
	doc := f.lag(exitDone, group)
	for _, p := range doc.Groups[0].Partitions {
		for _, r := range records {
			if r.Partition == p.Partition && r.Offset == p.Committed {
				want := doc.Time.Sub(r.Timestamp).Milliseconds()
				if p.TimeLagMs == nil || *p.TimeLagMs < want-2 || *p.TimeLagMs > want+2 {
					f.Errorf("%s/%d: time lag %v, want %d ms", p.Topic, p.Partition, p.TimeLagMs, want)
				}
			}
		}
	}
}
