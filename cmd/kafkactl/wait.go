package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

const waitLong = `Climbs the readiness ladder until every rung holds: names resolve, ports accept,
they speak Kafka, enough brokers are there and all of them answer at the addresses
they advertise, a controller acts. ZooKeeper is asked when --zookeeper names it.
With --for topics it also waits until every declared topic is usable on every
broker.

What waiting cannot heal ends it at once; at the timeout the whole ladder is
printed, each rung with its evidence and what to change.`

const waitExample = `  kafkactl wait
  kafkactl wait --for zookeeper,brokers --zookeeper localhost:2181 --timeout 60s
  kafkactl wait --for topics -f topics.yaml -b kafka:9092 -o json`

// What wait can wait for.
const (
	forZooKeeper = "zookeeper"
	forBrokers   = "brokers"
	forTopics    = "topics"
)

type waitOptions struct {
	app  *app
	spec specFlags
	waiting
	forWhat []string
}

func newWaitCmd(a *app) *cobra.Command {
	o := &waitOptions{app: a}
	cmd := &cobra.Command{
		Use:     "wait",
		Short:   "Wait until ZooKeeper, the brokers or the topics are ready",
		Long:    waitLong,
		Example: waitExample,
		Args:    exactArgs(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	cmd.Flags().StringSliceVar(&o.forWhat, "for", []string{forBrokers}, "what to wait for: zookeeper, brokers, topics")
	o.spec.addFlags(cmd)
	o.addFlags(cmd)
	a.outputFlag(cmd, formatTable, formatJSON, formatYAML)
	return cmd
}

func (o *waitOptions) run(ctx context.Context) error {
	if err := o.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	options, closeClient, err := o.options(ctx)
	if err != nil {
		return err
	}
	defer closeClient()
	readiness, err := o.app.climb(ctx, options)
	var waited *health.NotReadyError
	if err != nil && !errors.As(err, &waited) {
		return err
	}
	return errors.Join(o.print(readiness), err)
}

func (o *waitOptions) check() error {
	for _, what := range o.forWhat {
		if !slices.Contains([]string{forZooKeeper, forBrokers, forTopics}, what) {
			return usagef("--for must be one or more of zookeeper, brokers, topics; got %q", what)
		}
	}
	if slices.Contains(o.forWhat, forZooKeeper) && len(o.zookeeper) == 0 {
		return withHint(usagef("--for zookeeper needs its address"), "--zookeeper localhost:2181, or set KAFKACTL_ZOOKEEPER")
	}
	return o.waiting.check()
}

// options is the ladder for what is waited for; closeClient ends the client it needs.
func (o *waitOptions) options(ctx context.Context) (options health.Options, closeClient func(), err error) {
	if !slices.Contains(o.forWhat, forTopics) {
		options = o.ladderOptions(nil)
		if !slices.Contains(o.forWhat, forBrokers) {
			options.Brokers = nil
		}
		return options, func() {}, nil
	}
	desired, err := o.spec.load(o.app)
	if err != nil {
		return options, nil, err
	}
	client, err := admin.Dial(ctx, o.clientConfig())
	if err != nil {
		return options, nil, err
	}
	options = o.ladderOptions(desired)
	options.Topics = func(ctx context.Context) (string, error) { return usable(ctx, client, desired) }
	return options, client.Close, nil
}

// usable is rung K7: one look at every broker.
func usable(ctx context.Context, client *admin.Client, desired []topicspec.Desired) (evidence string, err error) {
	err = client.Usable(ctx, desired)
	if admin.Unauthorized(err) {
		return "", health.Permanent(err)
	}
	return fmt.Sprintf("%s usable on every broker", count(len(desired), "topic")), err
}

// print answers with the ladder; for people one line is enough when it holds.
func (o *waitOptions) print(r health.Readiness) error {
	return o.app.print(answer{doc: newReadinessDoc(r), text: func(w io.Writer, st styles, _ bool) {
		if r.Ready {
			fmt.Fprintln(w, readyLine(r))
			return
		}
		readinessText(w, st, r)
	}})
}
