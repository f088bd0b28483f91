package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// scriptTimeout bounds what a command of a script does to its Kafka.
const scriptTimeout = 30 * time.Second

// withClient lets do use a client of the script's Kafka.
func (s *stage) withClient(do func(context.Context, *kgo.Client, *kadm.Client) error, opts ...kgo.Opt) error {
	ctx, cancel := context.WithTimeout(context.Background(), scriptTimeout)
	defer cancel()
	opts = append(opts, kgo.SeedBrokers(s.kafka.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(10*time.Millisecond))
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return err
	}
	defer client.Close()
	return do(ctx, client, kadm.NewClient(client))
}

// fillTopic is "fill TOPIC N".
func fillTopic(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "fill TOPIC N"); err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	return s.withClient(func(ctx context.Context, client *kgo.Client, adm *kadm.Client) error {
		topics, err := adm.ListTopics(ctx, args[0])
		if err != nil {
			return err
		}
		var records []*kgo.Record
		for p := range topics[args[0]].Partitions {
			for i := range n {
				records = append(records, &kgo.Record{Topic: args[0], Partition: p, Value: fmt.Append(nil, i)})
			}
		}
		return client.ProduceSync(ctx, records...).FirstErr()
	})
}

// placesOf reads "P:OFFSET..." of a topic.
func placesOf(topic string, args []string) (kadm.Offsets, error) {
	offsets := make(kadm.Offsets)
	for _, arg := range args {
		number, at, _ := strings.Cut(arg, ":")
		p, err := strconv.ParseInt(number, 10, 32)
		if err != nil {
			return nil, err
		}
		offset, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return nil, err
		}
		offsets.AddOffset(topic, int32(p), offset, -1)
	}
	return offsets, nil
}

// commitOffsets is "commit GROUP TOPIC P:OFFSET...".
func commitOffsets(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 3, "commit GROUP TOPIC P:OFFSET..."); err != nil {
		return err
	}
	offsets, err := placesOf(args[1], args[2:])
	if err != nil {
		return err
	}
	return s.withClient(func(ctx context.Context, _ *kgo.Client, adm *kadm.Client) error {
		return adm.CommitAllOffsets(ctx, args[0], offsets)
	})
}

// commitLater is "commit-later DURATION GROUP TOPIC P:OFFSET...".
func commitLater(ts *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 4, "commit-later DURATION GROUP TOPIC P:OFFSET..."); err != nil {
		return err
	}
	wait, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	time.AfterFunc(wait, func() { done <- commitOffsets(ts, s, args[1:]) })
	ts.Defer(func() {
		if err := <-done; err != nil {
			panic(fmt.Sprintf("commit-later: %v", err))
		}
	})
	return nil
}

// trimTopic is "trim TOPIC P:OFFSET...".
func trimTopic(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 2, "trim TOPIC P:OFFSET..."); err != nil {
		return err
	}
	offsets, err := placesOf(args[0], args[1:])
	if err != nil {
		return err
	}
	return s.withClient(func(ctx context.Context, _ *kgo.Client, adm *kadm.Client) error {
		_, err := adm.DeleteRecords(ctx, offsets)
		return err
	})
}

// transact is "transaction TOPIC ID N commit|abort|open".
func transact(_ *testscript.TestScript, s *stage, args []string) error {
	if err := usage(args, 4, "transaction TOPIC ID N commit|abort|open"); err != nil {
		return err
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	return s.withClient(func(ctx context.Context, client *kgo.Client, _ *kadm.Client) error {
		if err := client.BeginTransaction(); err != nil {
			return err
		}
		for i := range n {
			if err := client.ProduceSync(ctx, &kgo.Record{Topic: args[0], Value: fmt.Append(nil, args[1], i)}).FirstErr(); err != nil {
				return err
			}
		}
		switch args[3] {
		case "commit":
			return client.EndTransaction(ctx, kgo.TryCommit)
		case "abort":
			return client.EndTransaction(ctx, kgo.TryAbort)
		case "open":
			return nil
		default:
			return fmt.Errorf("a transaction ends with commit, abort or open, not %q", args[3])
		}
	}, kgo.TransactionalID(args[1]))
}
