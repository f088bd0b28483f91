package embedded_test

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// probeAbsentGroup asks for the offsets of a group that is not there, in all versions, alone and
// beside one that is there; for partitions by name, and for all.
func probeAbsentGroup(c *client) string {
	id := createTopic(c, 7).TopicID
	commit := kmsg.NewPtrOffsetCommitRequest()
	commit.Group, commit.Generation = "there", -1
	partition := kmsg.NewOffsetCommitRequestTopicPartition()
	partition.Offset = 3
	topic := kmsg.NewOffsetCommitRequestTopic()
	topic.Topic, topic.Partitions = "t7", append(topic.Partitions, partition)
	commit.Topics = append(commit.Topics, topic)
	if code := mustAsk[*kmsg.OffsetCommitResponse](c, 2, commit).Topics[0].Partitions[0].ErrorCode; code != 0 {
		c.t.Fatalf("commit: error %d", code)
	}
	for version := int16(1); version <= 10; version++ {
		for _, groups := range [][]string{{"absent"}, {"absent", "there"}} {
			for _, all := range []bool{false, true} {
				if version < 8 && len(groups) > 1 || version < 2 && all {
					continue
				}
				got := fetchOffsets(c, version, groups, id, all)
				want := "absent: error 0 [0]=-1"
				if all {
					want = "absent: error 0"
				}
				if len(groups) > 1 {
					want += ", there: error 0 [0]=3"
				}
				if got != want {
					return fmt.Sprintf("v%d, all topics %t: %s, want %s", version, all, got, want)
				}
			}
		}
	}
	return ""
}

// fetchOffsets asks for the offsets that groups have in the topic t7.
func fetchOffsets(c *client, version int16, groups []string, id [16]byte, all bool) string {
	c.t.Helper()
	req := kmsg.NewPtrOffsetFetchRequest()
	if version < 8 {
		req.Group = groups[0]
		if !all {
			topic := kmsg.NewOffsetFetchRequestTopic()
			topic.Topic, topic.Partitions = "t7", []int32{0}
			req.Topics = append(req.Topics, topic)
		}
		resp := mustAsk[*kmsg.OffsetFetchResponse](c, version, req)
		text := fmt.Sprintf("%s: error %d", groups[0], resp.ErrorCode)
		for _, topic := range resp.Topics {
			for _, p := range topic.Partitions {
				text += fmt.Sprintf(" [%d]=%d", p.Partition, p.Offset)
			}
		}
		return text
	}
	for _, name := range groups {
		group := kmsg.NewOffsetFetchRequestGroup()
		group.Group = name
		if !all {
			topic := kmsg.NewOffsetFetchRequestGroupTopic()
			topic.Topic, topic.TopicID, topic.Partitions = "t7", id, []int32{0}
			group.Topics = append(group.Topics, topic)
		}
		req.Groups = append(req.Groups, group)
	}
	text := ""
	for i, group := range mustAsk[*kmsg.OffsetFetchResponse](c, version, req).Groups {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s: error %d", group.Group, group.ErrorCode)
		for _, topic := range group.Topics {
			if version >= 10 && topic.TopicID != id {
				text += " of another topic"
			}
			for _, p := range topic.Partitions {
				text += fmt.Sprintf(" [%d]=%d", p.Partition, p.Offset)
			}
		}
	}
	return text
}

// probeTelemetry looks for the requests of telemetry in all versions.
func probeTelemetry(c *client) string {
	for version := int16(0); version <= 5; version++ {
		req := kmsg.NewPtrApiVersionsRequest()
		req.ClientSoftwareName, req.ClientSoftwareVersion = "test", "1"
		for _, k := range mustAsk[*kmsg.ApiVersionsResponse](c, version, req).ApiKeys {
			if k.ApiKey == int16(kmsg.GetTelemetrySubscriptions) || k.ApiKey == int16(kmsg.PushTelemetry) {
				return "advertised"
			}
		}
	}
	return ""
}
