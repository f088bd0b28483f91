package groups

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

func TestShareGroup(t *testing.T) {
	t.Parallel()
	shared := kmsg.ShareGroupDescribeResponseGroupMemberAssignment{
		TopicPartitions: []kmsg.ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition{{Topic: "a", Partitions: []int32{1, 0}}},
	}
	got := shareGroup(kmsg.ShareGroupDescribeResponseGroup{
		GroupID: "g", GroupState: "Stable", Assignor: "simple",
		Members: []kmsg.ShareGroupDescribeResponseGroupMember{
			{MemberID: "2", ClientID: "b", Assignment: shared}, {MemberID: "1", ClientID: "a", Assignment: shared},
		},
	})
	assigned := []kafka.TopicPartition{{Topic: "a", Partition: 0}, {Topic: "a", Partition: 1}}
	wantGroup(t, Group{Name: "g", State: "Stable", Protocol: "share", Assignor: "simple", Members: []Member{
		{ID: "1", ClientID: "a", Assigned: assigned}, {ID: "2", ClientID: "b", Assigned: assigned},
	}}, got)
}

// Who runs a task reads all topics of its subtopology, those that Kafka Streams made itself included, and of no other.
func TestStreamsGroup(t *testing.T) {
	t.Parallel()
	got := streamsGroup(kmsg.StreamsGroupDescribeResponseGroup{
		Group: "g", State: "Stable", AssignorName: kmsg.StringPtr("sticky"),
		Topology: &kmsg.StreamsGroupDescribeResponseGroupTopology{Subtopologies: []kmsg.StreamsGroupDescribeResponseGroupTopologySubtopology{
			{
				SubtopologyID: "0", SourceTopics: []string{"in"}, RepartitionSinkTopics: []string{"sink-repartition"},
				RepartitionSourceTopics: []kmsg.TopicInfo{{Topic: "in-repartition"}}, StateChangelogTopics: []kmsg.TopicInfo{{Topic: "store-changelog"}},
			},
			{SubtopologyID: "1", SourceTopics: []string{"other"}},
		}},
		Members: []kmsg.StreamsGroupDescribeResponseGroupMember{{
			MemberID: "1", ClientID: "a", Assignment: kmsg.StreamsAssignment{
				ActiveTasks:  []kmsg.TaskIDs{{SubtopologyID: "0", Partitions: []int32{1}}},
				StandbyTasks: []kmsg.TaskIDs{{SubtopologyID: "1", Partitions: []int32{0}}},
			},
		}},
	})
	wantGroup(t, Group{Name: "g", State: "Stable", Protocol: "streams", Assignor: "sticky", Members: []Member{{
		ID: "1", ClientID: "a", Assigned: []kafka.TopicPartition{
			{Topic: "in", Partition: 1}, {Topic: "in-repartition", Partition: 1}, {Topic: "other", Partition: 0}, {Topic: "store-changelog", Partition: 1},
		},
	}}}, got)
}

// Groups of a kind that is not known are there with an error; workers, which read no topic, are not.
func TestMatching(t *testing.T) {
	t.Parallel()
	on := coordinator{groups: []kmsg.ListGroupsResponseGroup{
		{Group: "classic", ProtocolType: "consumer", GroupType: "Classic"},
		{Group: "old", ProtocolType: "consumer"},
		{Group: "consumer", ProtocolType: "consumer", GroupType: "Consumer"},
		{Group: "workers", ProtocolType: "connect", GroupType: "Classic"},
		{Group: "share", ProtocolType: "share", GroupType: "Share"},
		{Group: "streams", ProtocolType: "streams", GroupType: "Streams"},
		{Group: "future", ProtocolType: "queue", GroupType: "Queue"},
	}}
	for _, test := range []struct {
		name       string
		named      []string
		allReaders bool
		want       []string
	}{
		{"groups of consumers", nil, false, []string{"classic", "old", "consumer"}},
		{"all that may read", nil, true, []string{"classic", "old", "consumer", "share", "streams", "future: it is a queue group, not a consumer group"}},
		{"named", []string{"share", "classic", "workers"}, false, []string{"classic", "workers: it is a connect group, not a consumer group", "share: it is a share group, not a consumer group"}},
	} {
		var got []string
		for _, g := range on.matching(test.named, test.allReaders) {
			text := g.Name
			if g.Err != nil {
				text += ": " + g.Err.Error()
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// A share group reads without a lag that a consumer's commits would tell; a group whose members wait for their
// partitions may read any topic.
func TestLagOfAllReaders(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	fill(ctx, t, c, "a", 1, 10)
	fill(ctx, t, c, "b", 1, 10)
	commitFor(ctx, t, c, "unrelated", "b", map[int32]int64{0: 3})
	commitFor(ctx, t, c, "busy", "b", map[int32]int64{0: 3})
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.ListGroupsResponse)
		resp.Groups = []kmsg.ListGroupsResponseGroup{
			{Group: "busy", ProtocolType: "consumer", GroupState: "PreparingRebalance", GroupType: "Classic"},
			{Group: "unrelated", ProtocolType: "consumer", GroupState: "Empty", GroupType: "Classic"},
			{Group: "sharing", ProtocolType: "share", GroupState: "Stable", GroupType: "Share"},
		}
		return resp, nil, true
	})
	cluster.ControlKey(int16(kmsg.DescribeGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeGroupsResponse)
		resp.Groups = []kmsg.DescribeGroupsResponseGroup{{Group: "busy", State: "PreparingRebalance", ProtocolType: "consumer"}}
		return resp, nil, true
	})
	sharing, err := c.kafka.Outliving(ctx, kgo.ConsumeTopics("a"), kgo.ShareGroup("sharing"))
	if err != nil {
		t.Fatal(err)
	}
	defer sharing.Close()
	go sharing.Kgo.PollFetches(ctx)
	var got []GroupLag
	for kafka.Pause(ctx, 10*time.Millisecond) { // until the member is assigned the topic
		got, err = c.Lag(ctx, LagQuery{Topics: []string{"a"}, AllReaders: true})
		if err != nil || slices.ContainsFunc(got, func(g GroupLag) bool { return g.Name == "sharing" }) {
			break
		}
	}
	if err != nil || len(got) != 2 {
		t.Fatalf("told %+v, %v", got, err)
	}
	if busy := got[0]; busy.Name != "busy" || !busy.Rebalancing() || len(busy.Topics) != 0 {
		t.Errorf("told %+v of a group that is rebalancing", busy)
	}
	shared := got[1]
	if len(shared.Partitions) != 1 || shared.Partitions[0].Lag != -1 || shared.Partitions[0].Member == nil || shared.Err != nil {
		t.Errorf("told %+v of a share group", shared)
	}
}
