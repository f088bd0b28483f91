package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// writeRecords is "write TOPIC N": it writes N records, to the partitions in turn.
func writeRecords(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "write TOPIC N"); err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(s.kafka.ListenAddrs()...), kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))
	if err != nil {
		return err
	}
	defer client.Close()
	for i := range n { // one at a time: the partitioner keeps to the order then
		if err := client.ProduceSync(ctx, &kgo.Record{Topic: args[0], Value: fmt.Appendf(nil, "r%d", i)}).FirstErr(); err != nil {
			return err
		}
	}
	return nil
}

// joinGroup is "member GROUP TOPIC [server]": it starts a consumer of the group, which
// is called member-of-GROUP, and returns once all partitions of the topic are its. With
// server it speaks KIP-848's protocol. It leaves with the script's end, and commits
// nothing.
func joinGroup(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "member GROUP TOPIC [server]"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	assigned := make(chan struct{}, 1)
	opts := []kgo.Opt{
		kgo.SeedBrokers(s.kafka.ListenAddrs()...), kgo.ClientID("member-of-" + args[0]),
		kgo.ConsumerGroup(args[0]), kgo.ConsumeTopics(args[1]), kgo.DisableAutoCommit(),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, got map[string][]int32) {
			if len(got[args[1]]) > 0 {
				select {
				case assigned <- struct{}{}:
				default:
				}
			}
		}),
	}
	if len(args) > 2 {
		opts = append(opts, kgo.ServerSideBalancer())
	}
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return err
	}
	polling, stop := context.WithCancel(context.Background())
	ts.Defer(func() {
		stop()
		client.Close()
	})
	go func() {
		for polling.Err() == nil && !client.PollFetches(polling).IsClientClosed() {
		}
	}()
	select {
	case <-assigned:
		return stable(ctx, client, args[0])
	case <-ctx.Done():
		return errors.New("the member was given no partition within 30 s")
	}
}

// stable waits until the brokers say so of a group.
func stable(ctx context.Context, client *kgo.Client, group string) error {
	adm := kadm.NewClient(client)
	for {
		listed, err := adm.ListGroups(ctx)
		if err == nil && listed[group].State == "Stable" {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("group %q is %q, not stable, after 30 s", group, listed[group].State)
		}
	}
}
