package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kfake"

	"kafkactl/internal/kafkatest"
)

// startAutoCreating is "autocreate N".
func startAutoCreating(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 1, "autocreate N"); err != nil {
		return err
	}
	partitions, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	addrs, err := s.start(kfake.NumBrokers(1), kfake.AllowAutoTopicCreation(), kfake.DefaultNumPartitions(partitions),
		kfake.BrokerConfigs(map[string]string{
			"num.partitions": args[0], "default.replication.factor": "1", "auto.create.topics.enable": "true",
		}))
	ts.Setenv("KAFKACTL_BROKERS", strings.Join(addrs, ","))
	return err
}

// touchTopic is "touch TOPIC N".
func touchTopic(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "touch TOPIC N"); err != nil {
		return err
	}
	records, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), scriptTimeout)
	defer cancel()
	return kafkatest.Touch(ctx, s.kafka.ListenAddrs(), args[0], records)
}
