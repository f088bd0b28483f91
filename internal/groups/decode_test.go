package groups

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// assignment is what a member of the classic protocol is given, as it is on the wire.
func assignment(topics ...kmsg.ConsumerMemberAssignmentTopic) []byte {
	assigned := kmsg.NewConsumerMemberAssignment()
	assigned.Topics = topics
	return assigned.AppendTo(nil)
}

// wantGroup compares what was decoded with the whole of what is wanted.
func wantGroup(t *testing.T, want, got Group) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateErrors(), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestClassicGroup(t *testing.T) {
	t.Parallel()
	got := classicGroup(kmsg.DescribeGroupsResponseGroup{
		Group: "g", State: "Stable", ProtocolType: "consumer", Protocol: "range",
		Members: []kmsg.DescribeGroupsResponseGroupMember{
			{MemberID: "id-2", ClientID: "b", ClientHost: "/10.0.0.2", MemberAssignment: assignment(
				kmsg.ConsumerMemberAssignmentTopic{Topic: "z", Partitions: []int32{0}},
				kmsg.ConsumerMemberAssignmentTopic{Topic: "a", Partitions: []int32{2, 1}},
			)},
			{MemberID: "id-1", InstanceID: kmsg.StringPtr("static"), ClientID: "a", ClientHost: "10.0.0.1"},
		},
	})
	wantGroup(t, Group{
		Name: "g", State: "Stable", Protocol: "classic", Assignor: "range",
		Members: []Member{
			{ID: "id-1", InstanceID: "static", ClientID: "a", Host: "10.0.0.1"},
			{ID: "id-2", ClientID: "b", Host: "10.0.0.2", Assigned: []kafka.TopicPartition{
				{Topic: "a", Partition: 1}, {Topic: "a", Partition: 2}, {Topic: "z", Partition: 0},
			}},
		},
	}, got)
}

// A member whose assignment cannot be read is a member all the same; what members of other kinds of
// groups are given is not read as partitions.
func TestClassicGroupAssignments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, protocolType string
		unread             bool
	}{
		{"of consumers", "consumer", true},
		{"of Connect's workers", "connect", false},
	} {
		got := classicGroup(kmsg.DescribeGroupsResponseGroup{
			Group: "g", State: "Stable", ProtocolType: test.protocolType, Protocol: "range",
			Members: []kmsg.DescribeGroupsResponseGroupMember{{MemberID: "id", MemberAssignment: []byte{0}}},
		})
		if errors.As(got.Err, new(*assignmentError)) != test.unread {
			t.Errorf("%s: %v", test.name, got.Err)
		}
		got.Err = nil
		wantGroup(t, Group{Name: "g", State: "Stable", Protocol: "classic", Assignor: "range", Members: []Member{{ID: "id"}}}, got)
	}
}

func TestConsumerGroup(t *testing.T) {
	t.Parallel()
	known, gone := [16]byte{1}, [16]byte{2}
	got := consumerGroup(kmsg.ConsumerGroupDescribeResponseGroup{
		Group: "g", State: "Reconciling", AssignorName: "uniform",
		Members: []kmsg.ConsumerGroupDescribeResponseGroupMember{
			{MemberID: "id-2", ClientID: "me", ClientHost: "/h"},
			{MemberID: "id-1", InstanceID: kmsg.StringPtr("static"), ClientID: "me", ClientHost: "/h", Assignment: kmsg.Assignment{
				TopicPartitions: []kmsg.AssignmentTopicPartition{
					{Topic: "z", Partitions: []int32{0}},
					{TopicID: known, Partitions: []int32{1, 0}}, // Kafka's own brokers tell the name as well
					{TopicID: gone, Partitions: []int32{5}},
				},
			}},
		},
	}, map[[16]byte]string{known: "a", gone: ""})
	wantGroup(t, Group{
		Name: "g", State: "Reconciling", Protocol: "consumer", Assignor: "uniform",
		Members: []Member{
			{ID: "id-1", InstanceID: "static", ClientID: "me", Host: "h", Assigned: []kafka.TopicPartition{
				{Topic: "a", Partition: 0}, {Topic: "a", Partition: 1}, {Topic: "z", Partition: 0},
			}},
			{ID: "id-2", ClientID: "me", Host: "h"},
		},
	}, got)
}

// A group that goes between the list and the description is dead: before 4.0 brokers say that by
// its state, later ones by an error. Any other error is the group's.
func TestGroupRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		state string
		code  int16
		want  Group
	}{
		{"3.9", "Dead", 0, Group{Name: "g", State: "Dead"}},
		{"4.0", "", kerr.GroupIDNotFound.Code, Group{Name: "g", State: "Dead"}},
		{"refused", "", kerr.GroupAuthorizationFailed.Code, Group{Name: "g", Err: kerr.GroupAuthorizationFailed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := test.want
			want.Protocol = ProtocolClassic
			wantGroup(t, want, classicGroup(kmsg.DescribeGroupsResponseGroup{Group: "g", State: test.state, ErrorCode: test.code}))
			want.Protocol = ProtocolConsumer
			wantGroup(t, want, consumerGroup(kmsg.ConsumerGroupDescribeResponseGroup{Group: "g", State: test.state, ErrorCode: test.code}, nil))
		})
	}
}
