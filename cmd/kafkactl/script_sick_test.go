package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kmsg"
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
			return saidMetadata(req, kafka.ListenAddrs(), *said.Load()), nil, true
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

// saidMetadata is the answer of a Kafka whose one topic is as said.
func saidMetadata(req kmsg.Request, addrs []string, said kmsg.MetadataResponseTopic) kmsg.Response {
	resp := kmsg.NewPtrMetadataResponse()
	resp.Version, resp.ClusterID, resp.ControllerID = req.GetVersion(), kmsg.StringPtr("kfake"), int32(len(addrs)-1) // the last one is
	for id, addr := range addrs {
		host, port, _ := net.SplitHostPort(addr)
		number, _ := strconv.Atoi(port)
		b := kmsg.NewMetadataResponseBroker()
		b.NodeID, b.Host, b.Port = int32(id), host, int32(number)
		resp.Brokers = append(resp.Brokers, b)
	}
	if asked, ok := req.(*kmsg.MetadataRequest); ok && (asked.Topics == nil || len(asked.Topics) > 0) {
		resp.Topics = append(resp.Topics, said)
	}
	return resp
}
