package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

func TestColumnsFit(t *testing.T) {
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
		want     string
	}{
		{"as wide as the widest line", 85, []string{"HOST"}, `
TOPIC                      LAG      HOST                       STATE
order.created              1234567  10.0.0.1                   stable
payment.completed.by.card  -        kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
		{"one less: the optional column goes", 84, []string{"HOST"}, `
TOPIC                      LAG      STATE
order.created              1234567  stable
payment.completed.by.card  -        preparing to rebalance
no offset yet
`},
		{"the first optional one first", 63, []string{"STATE", "HOST"}, `
TOPIC                      LAG      HOST
order.created              1234567  10.0.0.1
payment.completed.by.card  -        kafka-consumer-1.internal
no offset yet
`},
		{"a name that is no column", 60, []string{"RACK", "HOST"}, `
TOPIC                      LAG      STATE
order.created              1234567  stable
payment.completed.by.card  -        preparing to rebalance
no offset yet
`},
		{"the widest cells are cut, numbers stay", 50, []string{"HOST"}, `
TOPIC                LAG      STATE
order.created        1234567  stable
payment.completed.…  -        preparing to rebala…
no offset yet
`},
		{"lines are cut when cells cannot be shorter", 30, nil, `
TOPIC         LAG      HOST
order.creat…  1234567  10.0.0…
payment.com…  -        kafka-…
no offset yet
`},
		{"no terminal", 0, []string{"HOST", "STATE"}, `
TOPIC                      LAG      HOST                       STATE
order.created              1234567  10.0.0.1                   stable
payment.completed.by.card  -        kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			styles{width: tt.width}.columns(&got, rows, tt.optional...)
			if diff := cmp.Diff(tt.want[1:], got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The tables of the commands that have one that can be too wide. -update writes the
// golden files again.
func TestTableGoldens(t *testing.T) {
	t.Parallel()
	tables := []struct {
		name string
		answer
	}{
		{"list", newTopicList(sickTopics())},
		{"describe", answer{text: topicView{TopicDetail: sickTopic(), count: 2}.text}},
		{"lag", answer{text: func(w io.Writer, st styles, _ bool) { groupTable(sickGroups()).write(w, st, nil) }}},
		{"list-groups", newGroupList(sickGroups())},
		{"describe-group", answer{text: func(w io.Writer, st styles, _ bool) { groupDetailText(w, st, &sickGroups()[0]) }}},
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
				checkWidth(t, out.String(), shape.width)
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
