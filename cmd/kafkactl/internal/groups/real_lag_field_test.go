package groups

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
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
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
	byName := kversion.Stable() // OffsetFetch by topic id hides at once what the brokers forget only later
	byName.SetMaxKeyVersion(int16(kmsg.OffsetFetch), 9)
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10*time.Millisecond), kgo.MaxVersions(byName))
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

// commit commits offsets for a group without members. The first group of a cluster has to wait for
// its coordinator.
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
	r := clitest.Kafkactl(f.T, "lag", "-b", f.c.Bootstrap(), "--timeout", "60s", "--wait", f.drainable(group))
	r.Want(f.T, cli.ExitDone)
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

// lag is what ours says of groups.
func (f *lagField) lag(args ...string) LagDoc {
	f.Helper()
	r := clitest.Kafkactl(f.T, append([]string{"lag", "-b", f.c.Bootstrap(), "-o", "json"}, args...)...)
	r.Want(f.T, cli.ExitDone)
	var doc LagDoc
	if err := json.Unmarshal([]byte(r.Stdout), &doc); err != nil {
		f.Fatalf("%v: %v", err, r)
	}
	return doc
}

// apacheLag is one line of Apache's kafka-consumer-groups --describe, or what ours says of the
// same: "-" for what is not known or not there.
type apacheLag struct{ committed, end, lag, member, host, client string }

// apacheGroups is what Apache's tool says, by "group topic partition".
func (f *lagField) apacheGroups() map[string]apacheLag {
	f.Helper()
	found := make(map[string]apacheLag)
	line := regexp.MustCompile(`(?m)^(` + regexp.QuoteMeta(f.prefix) + `\S+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$`)
	for _, m := range line.FindAllStringSubmatch(clitest.Apache(f.T, f.c, "kafka-consumer-groups", "--describe", "--all-groups", "--timeout", "60000"), -1) {
		found[strings.Join(m[1:4], " ")] = apacheLag{m[4], m[5], m[6], m[7], m[8], m[9]}
	}
	return found
}

// ourGroups is the same of ours, in Apache's form.
func (f *lagField) ourGroups(doc LagDoc) map[string]apacheLag {
	found := make(map[string]apacheLag)
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
			s := apacheLag{dash(p.Committed), dash(p.End), "-", "-", "-", "-"}
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

// agree compares ours with Apache's field by field, but for the lines in differ, which are what
// ours says instead; "" in place of Apache's is that it has no such line.
func (f *lagField) agree(doc LagDoc, differ map[string]apacheLag, absent ...string) {
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
	if diff := cmp.Diff(want, f.ourGroups(doc), cmp.AllowUnexported(apacheLag{})); diff != "" {
		f.Errorf("ours (+) and what kafka-consumer-groups says (-):\n%s", diff)
	}
}

// forget deletes a topic, and returns when the groups' commits for it are gone: brokers drop them a
// moment later.
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
