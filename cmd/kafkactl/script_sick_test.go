package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// sayPartition is "sick TOPIC LEADER REPLICAS ISR [OFFLINE]": the Kafka says from now on
// that it has this partition too, and none but those said so. The leader does lead it; -1
// is none. The lists are ids with commas between.
func sayPartition(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 4, "sick TOPIC LEADER REPLICAS ISR [OFFLINE]"); err != nil {
		return err
	}
	p := kmsg.NewMetadataResponseTopicPartition()
	p.LeaderEpoch = -1
	for i, list := range args[1:] {
		ids, err := idsOf(list)
		if err != nil {
			return err
		}
		switch i {
		case 0:
			p.Leader = ids[0]
		case 1:
			p.Replicas = ids
		case 2:
			p.ISR = ids
		case 3:
			p.OfflineReplicas = ids
		}
	}
	if s.saidOf != s.kafka {
		kafka, said := s.kafka, new(atomic.Pointer[kmsg.MetadataResponseTopic])
		said.Store(&kmsg.MetadataResponseTopic{Topic: kmsg.StringPtr(args[0])})
		s.saidOf, s.said = kafka, said
		kafka.ControlKey(kmsg.Metadata.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
			kafka.KeepControl()
			return clitest.SaidMetadata(req, kafka.ListenAddrs(), *said.Load()), nil, true
		})
	}
	topic := *s.said.Load() // a copy: the Kafka may be reading the other
	p.Partition = int32(len(topic.Partitions))
	topic.Partitions = append(slices.Clone(topic.Partitions), p)
	s.said.Store(&topic)
	if p.Leader >= 0 {
		return s.kafka.MoveTopicPartition(args[0], p.Partition, p.Leader)
	}
	return nil
}

func idsOf(list string) ([]int32, error) {
	var ids []int32
	for field := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(field, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("broker id %q: %w", field, err)
		}
		ids = append(ids, int32(id))
	}
	return ids, nil
}

// sayAdding is "adding TOPIC PARTITION REPLICAS": the Kafka says from now on that a
// reassignment is adding these replicas, ids with commas between, and no other one.
func sayAdding(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 3, "adding TOPIC PARTITION REPLICAS"); err != nil {
		return err
	}
	partition, err := strconv.ParseInt(args[1], 10, 32)
	if err != nil {
		return fmt.Errorf("partition %q: %w", args[1], err)
	}
	added, err := idsOf(args[2])
	if err != nil {
		return err
	}
	kafka := s.kafka
	kafka.ControlKey(kmsg.ListPartitionReassignments.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		kafka.KeepControl()
		resp := req.ResponseKind().(*kmsg.ListPartitionReassignmentsResponse)
		p := kmsg.NewListPartitionReassignmentsResponseTopicPartition()
		p.Partition, p.AddingReplicas, p.Replicas = int32(partition), added, added
		for _, said := range s.said.Load().Partitions {
			if said.Partition == p.Partition {
				p.Replicas = said.Replicas
			}
		}
		resp.Topics = append(resp.Topics, kmsg.ListPartitionReassignmentsResponseTopic{
			Topic: args[0], Partitions: []kmsg.ListPartitionReassignmentsResponseTopicPartition{p},
		})
		return resp, nil, true
	})
	return nil
}
