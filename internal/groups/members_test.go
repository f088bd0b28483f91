package groups

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Only stable groups are described, in one request a broker and protocol; a group that may not be described,
// and a broker that does not list its groups, are an error beside the others.
func TestMembers(t *testing.T) {
	t.Parallel()
	ctx, cluster, client := dialFake(t, kfake.NumBrokers(2))
	cluster.ControlKey(int16(kmsg.ListGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp, _ := req.ResponseKind().(*kmsg.ListGroupsResponse)
		if cluster.CurrentNode() == 1 {
			resp.ErrorCode = kerr.CoordinatorNotAvailable.Code
			return resp, nil, true
		}
		for _, name := range []string{"stock", "secret", "billing"} {
			resp.Groups = append(resp.Groups, kmsg.ListGroupsResponseGroup{Group: name, ProtocolType: "consumer", GroupState: "Stable"})
		}
		resp.Groups = append(resp.Groups,
			kmsg.ListGroupsResponseGroup{Group: "idle", ProtocolType: "consumer", GroupState: "Empty"},
			kmsg.ListGroupsResponseGroup{Group: "moving", ProtocolType: "consumer", GroupState: "PreparingRebalance"},
			kmsg.ListGroupsResponseGroup{Group: "sink", ProtocolType: "connect", GroupState: "Stable"},
		)
		return resp, nil, true
	})
	var asked [][]string
	cluster.ControlKey(int16(kmsg.DescribeGroups), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		asked = append(asked, req.(*kmsg.DescribeGroupsRequest).Groups)
		resp, _ := req.ResponseKind().(*kmsg.DescribeGroupsResponse)
		for _, name := range req.(*kmsg.DescribeGroupsRequest).Groups {
			g := kmsg.DescribeGroupsResponseGroup{Group: name, State: "Stable", ProtocolType: "consumer", Members: []kmsg.DescribeGroupsResponseGroupMember{
				{MemberID: "m", MemberAssignment: assignment(kmsg.ConsumerMemberAssignmentTopic{Topic: "a", Partitions: []int32{0}})},
			}}
			if name == "secret" {
				g = kmsg.DescribeGroupsResponseGroup{Group: name, ErrorCode: kerr.GroupAuthorizationFailed.Code}
			}
			resp.Groups = append(resp.Groups, g)
		}
		return resp, nil, true
	})
	got, err := client.Members(ctx)
	members := []Member{{ID: "m", Assigned: []kafka.TopicPartition{{Topic: "a"}}}}
	want := []Group{
		{Name: "billing", State: "Stable", Protocol: "classic", Members: members},
		{Name: "stock", State: "Stable", Protocol: "classic", Members: members},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if !errors.As(err, new(*UnlistedError)) || !errors.Is(err, kerr.GroupAuthorizationFailed) {
		t.Errorf("error %v, want that of broker 1 and that of the group", err)
	}
	if diff := cmp.Diff([][]string{{"stock", "secret", "billing"}}, asked); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
}
