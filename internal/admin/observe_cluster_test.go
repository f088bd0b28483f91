package admin

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// All topics are seen with a handful of requests, also where the login may not read all settings.
func TestObserveCluster(t *testing.T) {
	t.Parallel()
	const count = topicsPerLook + 10
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("t%04d", i)
	}
	ctx, cluster, client := dialFake(t, kfake.NumBrokers(3), kfake.SeedTopics(1, names...))
	asked := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Metadata, kmsg.DescribeConfigs, kmsg.ListPartitionReassignments}, Count: -1, Observe: true})
	got, err := client.ObserveCluster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if n := asked.Hits(); n > 5 { // one Metadata is the client's own, to find the controller
		t.Errorf("%d requests for %d topics", n, count)
	}
	first := got.Topics[names[0]]
	for _, key := range topicspec.DurabilitySettings() {
		if _, found := first.Config[key]; !found && key != "unclean.leader.election.enable" { // which the fake broker does not know
			t.Errorf("%s has no %s: %v", names[0], key, first.Config)
		}
	}
	if len(got.Topics) != count || got.Brokers != 3 || len(first.Config) > len(topicspec.DurabilitySettings()) {
		t.Errorf("%d topics on %d brokers, the first with %d settings", len(got.Topics), got.Brokers, len(first.Config))
	}

	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Resource: names[0], Count: -1, Err: kerr.TopicAuthorizationFailed})
	got, err = client.ObserveCluster(ctx)
	if !errors.Is(err, kerr.TopicAuthorizationFailed) || !strings.Contains(err.Error(), names[0]) {
		t.Errorf("error %v, want that of %s", err, names[0])
	}
	if len(got.Topics) != count || got.Topics[names[0]].Config != nil || got.Topics[names[count-1]].Config == nil {
		t.Errorf("%d topics, settings of the first %v, and of the last %v", len(got.Topics), got.Topics[names[0]].Config, got.Topics[names[count-1]].Config)
	}
	if diff := cmp.Diff([]int{3}, got.Topics[names[0]].Replicas); diff != "" {
		t.Errorf("replicas (-want +got):\n%s", diff)
	}
}
