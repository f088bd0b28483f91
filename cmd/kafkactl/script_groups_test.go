package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// startMember is "member GROUP TOPIC [consumer]": it starts a consumer of the group, which is
// called member-of-GROUP, and returns once all partitions of the topic are its. With consumer it
// speaks KIP-848's protocol. It leaves with the script's end, and commits nothing.
func startMember(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "member GROUP TOPIC [consumer]"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), scriptTimeout)
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
		return errors.New("the member was given no partition in time")
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
			return fmt.Errorf("group %q is %q, not stable", group, listed[group].State)
		}
	}
}
