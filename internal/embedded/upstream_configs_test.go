package embedded_test

import (
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// probeCreatedDefaults compares what a topic is made with to what is then described.
func probeCreatedDefaults(c *client) string {
	const version = 7
	text := func(name string, value *string, source int8) string {
		return fmt.Sprintf("%s=%s, source %d", name, *value, source)
	}
	var created []string
	for _, config := range createTopic(c, version, "retention.ms").Configs {
		created = append(created, text(config.Name, config.Value, config.Source))
	}

	describe := kmsg.NewPtrDescribeConfigsRequest()
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, fmt.Sprintf("t%d", version)
	describe.Resources = append(describe.Resources, resource)
	var described []string
	for _, config := range mustAsk[*kmsg.DescribeConfigsResponse](c, 4, describe).Resources[0].Configs {
		described = append(described, text(config.Name, config.Value, int8(config.Source)))
	}
	slices.Sort(described) // by name: no name begins another here
	return cmp.Diff(described, created)
}

// probeGroupProtocol lists a group of the consumer protocol (KIP-848).
func probeGroupProtocol(c *client) string {
	createTopic(c, 7)
	heartbeat := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	heartbeat.Group, heartbeat.MemberID, heartbeat.RebalanceTimeoutMillis = "g", "AAAAAAAAAAAAAAAAAAAAAA", 60_000
	heartbeat.SubscribedTopicNames, heartbeat.Topics = []string{"t7"}, []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	if code := mustAsk[*kmsg.ConsumerGroupHeartbeatResponse](c, 1, heartbeat).ErrorCode; code != 0 {
		c.t.Fatalf("join the group: error %d", code)
	}
	for version := int16(4); version <= 5; version++ {
		groups := mustAsk[*kmsg.ListGroupsResponse](c, version, kmsg.NewPtrListGroupsRequest()).Groups
		if len(groups) != 1 || groups[0].ProtocolType != "consumer" {
			return fmt.Sprintf("v%d: %+v", version, groups)
		}
	}
	return ""
}
