package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

func TestTableFits(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"TOPIC", "LAG", "HOST", "STATE"},
		{"order.created", "1234567", "10.0.0.1", "stable"},
		{"payment.completed.by.card", "-", "kafka-consumer-1.internal", "preparing to rebalance"},
		{"no offset yet"},
	}
	for _, tt := range []struct {
		name     string
		width    int
		optional []string
		marks    []mark
		want     string
	}{
		{"as wide as the widest line", 87, []string{"HOST"}, nil, `
TOPIC                            LAG  HOST                       STATE
order.created              1,234,567  10.0.0.1                   stable
payment.completed.by.card          -  kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
		{"one less: the optional column goes", 86, []string{"HOST"}, nil, `
TOPIC                            LAG  STATE
order.created              1,234,567  stable
payment.completed.by.card          -  preparing to rebalance
no offset yet
`},
		{"the first optional one first", 65, []string{"STATE", "HOST"}, nil, `
TOPIC                            LAG  HOST
order.created              1,234,567  10.0.0.1
payment.completed.by.card          -  kafka-consumer-1.internal
no offset yet
`},
		{"a name that is no column", 62, []string{"RACK", "HOST"}, nil, `
TOPIC                            LAG  STATE
order.created              1,234,567  stable
payment.completed.by.card          -  preparing to rebalance
no offset yet
`},
		{"the widest cells are cut, numbers stay", 52, []string{"HOST"}, nil, `
TOPIC                      LAG  STATE
order.created        1,234,567  stable
payment.completed.…          -  preparing to rebala…
no offset yet
`},
		{"marks take their place", 54, []string{"HOST"}, []mark{amiss, worst}, `
  TOPIC                      LAG  STATE
! order.created        1,234,567  stable
> payment.completed.…          -  preparing to rebala…
  no offset yet
`},
		{"lines are cut when cells cannot be shorter", 32, nil, nil, `
TOPIC               LAG  HOST
order.creat…  1,234,567  10.0.0…
payment.com…          -  kafka-…
no offset yet
`},
		{"a terminal that tells no width", 0, []string{"HOST", "STATE"}, []mark{worst}, `
  TOPIC                            LAG  HOST                       STATE
> order.created              1,234,567  10.0.0.1                   stable
  payment.completed.by.card          -  kafka-consumer-1.internal  preparing to rebalance
  no offset yet
`},
		{"no terminal: what scripts read", -1, []string{"HOST", "STATE"}, []mark{amiss, worst}, `
TOPIC                      LAG      HOST                       STATE
order.created              1234567  10.0.0.1                   stable
payment.completed.by.card  -        kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			st := styles{width: max(tt.width, 0), terminal: tt.width >= 0}
			st.table(&got, rows, layout{numbers: []string{"LAG"}, optional: tt.optional, marks: tt.marks})
			if diff := cmp.Diff(tt.want[1:], got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a column holds is what it was declared to hold, whatever its cells look like.
func TestTableKinds(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"BROKER", "GROUP", "LAG"}, {"1001", "20261129", "\x1b[33m20261129\x1b[0m"}, {"2", "7", "≥1000"}}
	var got bytes.Buffer
	styles{terminal: true}.table(&got, rows, layout{ids: []string{"BROKER"}, numbers: []string{"LAG"}})
	want := `
BROKER  GROUP            LAG
  1001  20261129  ` + "\x1b[33m20,261,129\x1b[0m" + `
     2  7             ≥1,000
`
	if diff := cmp.Diff(want[1:], got.String()); diff != "" {
		t.Error(diff)
	}
}

// The tables of the commands that have one that can be too wide. -update writes the
// golden files again.
func TestTableGoldens(t *testing.T) {
	t.Parallel()
	tables := []struct {
		name  string
		wraps bool // its last column is a sentence, which is never cut
		answer
	}{
		{"list", false, newTopicList(sickTopics())},
		{"describe", false, answer{text: topicView{TopicDetail: sickTopic(), count: 2}.text}},
		{"describe-cluster", false, answer{text: func(w io.Writer, st styles, wide bool) { clusterText(w, st, sickCluster(), wide) }}},
		{"lag", false, answer{text: func(w io.Writer, st styles, _ bool) { groupTable(sickGroups()).write(w, st, nil) }}},
		{"list-groups", false, newGroupList(sickGroups())},
		{"describe-group", false, answer{text: func(w io.Writer, st styles, _ bool) { groupDetailText(w, st, &sickGroups()[0]) }}},
		{"plan", true, answer{text: func(w io.Writer, st styles, wide bool) { planText(w, st, blockedPlan(), wide) }}},
		{"report", true, answer{text: failedReport().text}},
		{"health", true, answer{text: func(w io.Writer, st styles, _ bool) { ladderText(w, st, notReady(), true) }}},
	}
	shapes := []struct {
		name    string
		width   int
		noColor string
		format  format
	}{
		{"80", 80, "", formatTable},
		{"120", 120, "", formatTable},
		{"80-nocolor", 80, "1", formatTable},
		{"120-nocolor", 120, "1", formatTable},
		{"pipe", 0, "", formatTable},
		{"pipe-wide", 0, "", formatWide},
	}
	for _, table := range tables {
		for _, shape := range shapes {
			t.Run(table.name+"-"+shape.name, func(t *testing.T) {
				t.Parallel()
				var out bytes.Buffer
				env := map[string]string{"NO_COLOR": shape.noColor}
				a := &app{color: "auto", format: shape.format, streams: streams{
					out: &out, outTTY: shape.width > 0,
					outWidth:  func() int { return shape.width },
					lookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
				}}
				if err := a.print(table.answer); err != nil {
					t.Fatal(err)
				}
				goldenTable(t, filepath.Join("testdata", "tables", table.name+"-"+shape.name+".txt"), out.String())
				if !table.wraps {
					checkWidth(t, out.String(), shape.width)
				}
				if colored := strings.Contains(out.String(), "\x1b["); colored != (shape.width > 0 && shape.noColor == "") {
					t.Errorf("colored is %t", colored)
				}
			})
		}
	}
}

// goldenTable compares text with a golden file, or writes it with -update.
func goldenTable(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./cmd/kafkactl -run TestTableGoldens -update writes it", err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// checkWidth holds the lines of tables to a width. A sentence, which has no columns, may
// wrap.
func checkWidth(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "  ") {
			continue
		}
		if w := lipgloss.Width(strings.TrimSuffix(line, "\n")); width > 0 && w > width {
			t.Errorf("a line of %d on a terminal of %d columns: %q", w, width, line)
		}
	}
}

func sickTopics() []admin.Topic {
	long := "analytics.events.of.the.recommendation.service.enriched.by.the.pipeline.v2"
	return []admin.Topic{
		{Name: long, ID: "aaaaaaaaaaaaaaaaaaaaaa", Partitions: 12, ReplicationFactor: 3, UnderReplicated: 2},
		{Name: "order.created", ID: "bbbbbbbbbbbbbbbbbbbbbb", Partitions: 3, ReplicationFactor: 1},
		{Name: "payment.failed", Partitions: 1, ReplicationFactor: 1, Leaderless: 1},
		{Name: "user.updated", Err: fmt.Errorf("TOPIC_AUTHORIZATION_FAILED")},
	}
}

func sickCluster() admin.Cluster {
	return admin.Cluster{
		ID: "4L6g3nShT-eMCtK--X86sw", Topics: 1234, Internal: 2, Partitions: 12345, Replicas: 37035, Leaderless: 1, UnderReplicated: 1207,
		Controller: admin.Controller{Mode: admin.KRaft, ID: 1, Epoch: 7, Voters: []int{1, 2, 3}},
		Features:   []admin.Feature{{Name: "metadata.version", Level: 25}},
		Brokers: []admin.Broker{
			{ID: 1, Host: "kafka1", Port: 9092, Rack: "eu-west-1a", Controller: true, Release: "4.1", Dirs: []admin.DataDir{
				{Path: "/var/lib/kafka/data", Replicas: 12345, Size: 1234567890123, Total: 2 << 40, Usable: 1 << 39},
			}},
			{ID: 1002, Host: "kafka2.internal.example", Port: 9092, Release: "4.1", Dirs: []admin.DataDir{{Path: "/data", Err: kerr.KafkaStorageError}}},
			{ID: 3, Host: "kafka3", Port: 9092, Err: errors.New("connection refused")},
		},
	}
}

func blockedPlan() topicspec.Plan {
	return topicspec.Plan{Topics: 11, Changes: []topicspec.Change{
		{Topic: "order.created", Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{Partitions: 6, ReplicationFactor: 1}},
		{Topic: "order.updated", Field: "retention.ms", Action: topicspec.Set, Before: topicspec.Text("3600000"), After: topicspec.Text("604800000")},
		{Topic: "payment.failed", Field: topicspec.FieldPartitions, Action: topicspec.Blocked, Before: topicspec.Count(6), After: topicspec.Count(3), Reason: "Kafka cannot remove partitions"},
	}}
}

func failedReport() reported {
	plan := blockedPlan()
	outcomes := []admin.Outcome{
		{Change: plan.Changes[0], Result: admin.Done},
		{Change: plan.Changes[1], Result: admin.Failed, Err: errors.New("CLUSTER_AUTHORIZATION_FAILED: not permitted to alter the topic")},
		{Change: plan.Changes[2], Result: admin.Blocked},
	}
	return reported{Report: admin.Report{Plan: plan, Outcomes: outcomes}, elapsed: 1230 * time.Millisecond}
}

func notReady() health.Readiness {
	skipped := func(rung string) health.Finding {
		return health.Finding{Rung: rung, Question: "asks ZooKeeper", Verdict: health.Skip, Evidence: "no ZooKeeper address given"}
	}
	return health.Readiness{Rungs: []health.Finding{
		{Rung: "K0", Question: "name resolves", Verdict: health.Pass, Evidence: "kafka: is 172.20.0.3", Took: 2 * time.Millisecond},
		{Rung: "K1", Question: "TCP accepts", Verdict: health.Wait, Evidence: "kafka:9092: connection refused", Hint: "is the broker started?", Took: time.Millisecond},
		{Rung: "K2", Question: "speaks Kafka", Verdict: health.Unasked, Evidence: "K1 does not hold"},
		skipped("Z1"), skipped("Z2"), skipped("Z5"),
		{Rung: "K3", Question: "enough brokers", Verdict: health.Unasked, Evidence: "K2 does not hold"},
		{Rung: "K9", Question: "data path", Verdict: health.Skip, Evidence: "not asked for"},
	}}
}

func sickGroups() []groups.GroupLag {
	at := func(topic string, partition int32) kafka.TopicPartition {
		return kafka.TopicPartition{Topic: topic, Partition: partition}
	}
	member := groups.Member{
		ID: "order-service-1-6f1f3c0a-7a5e-4b52-9a80-2f8f4f1f6f10", ClientID: "order-service-1", Host: "172.20.0.7",
		Assigned: []kafka.TopicPartition{at("order.created", 0), at("order.created", 1)},
	}
	return []groups.GroupLag{
		groups.NewGroupLag(groups.Group{
			Name: "order-service-group", State: "Stable", Protocol: "classic", Assignor: "cooperative-sticky", Coordinator: 1, Members: []groups.Member{member},
		}, []groups.PartitionLag{
			{TopicPartition: at("order.created", 0), Committed: 1200000000000, LogStart: 1100000000000, End: 1234567890123, Lag: 34567890123, Member: &member},
			{TopicPartition: at("order.created", 1), Committed: -1, LogStart: 0, End: 10, Lag: 10, Member: &member},
			{TopicPartition: at("order.created", 2), Committed: 2, LogStart: 10, End: 20, Lag: 10, Lost: 8},
		}),
		groups.NewGroupLag(groups.Group{
			Name: "analytics-of-the-recommendation-service-enriched-by-the-pipeline", State: "Empty", Protocol: "consumer", Coordinator: 2,
		}, []groups.PartitionLag{
			{TopicPartition: at("user.updated", 0), Committed: 5, LogStart: 0, End: -1, Lag: -1, Err: fmt.Errorf("NOT_LEADER_FOR_PARTITION")},
		}),
		groups.NewGroupLag(groups.Group{
			Name: "hidden", State: "Stable", Protocol: "classic", Coordinator: 3, Err: fmt.Errorf("GROUP_AUTHORIZATION_FAILED"),
		}, nil),
	}
}

func sickTopic() admin.TopicDetail {
	long := "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"
	return admin.TopicDetail{
		Topic: admin.Topic{Name: "order.created", Partitions: 2, ReplicationFactor: 3, UnderReplicated: 1, Leaderless: 1},
		PartitionList: []admin.Partition{
			{ID: 0, Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1, 3}, LogStart: 1200000000000, End: 1234567890123},
			{ID: 1, Leader: -1, Replicas: []int{2, 3, 1}, ISR: nil, LogStart: -1, End: -1},
		},
		Config: []admin.Setting{
			{Name: "follower.replication.throttled.replicas", Value: long, Source: "DYNAMIC_TOPIC_CONFIG", Override: true},
			{Name: "retention.ms", Value: "604800000", Source: "DYNAMIC_TOPIC_CONFIG", Override: true},
			{Name: "segment.bytes", Value: "1073741824", Source: "DEFAULT_CONFIG"},
		},
	}
}
