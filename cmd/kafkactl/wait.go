package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

const waitLong = `Climbs the readiness ladder until every rung holds: names resolve, ports accept,
they speak Kafka, enough brokers are there and all of them answer at the addresses
they advertise, a controller acts, a creation would be accepted, every broker hands
out producer ids and consumer groups can work. When --zookeeper names it, ZooKeeper
must serve, and what is registered in it must be what the brokers say.

The topics file, if there is one, says how many brokers are needed (its largest
replicationFactor or min.insync.replicas) and what must be possible to create.
With --for topics every declared topic must be usable on every broker, with
--for topic:NAME that one, whoever declares it; with --for group:NAME that consumer
group must be stable with at least one member.

What waiting cannot heal ends it at once; at the timeout the whole ladder is
printed, each rung with its evidence and what to change. With -- COMMAND that
program takes this one's place once all holds, so its exit code is the answer.`

const waitExample = `  kafkactl wait
  kafkactl wait --for zookeeper,brokers --zookeeper localhost:2181 --timeout 60s
  kafkactl wait --for topics -f topics.yaml -b kafka:9092 -o json
  kafkactl wait --for topics,group:order-service-group -- npm run test:e2e
  kafkactl wait --for topic:order.created,topic:order.updated -b kafka:9092
  kafkactl wait --data-path                  # also writes and reads a record on every broker`

// What wait can wait for.
const (
	forZooKeeper = "zookeeper"
	forBrokers   = "brokers"
	forTopics    = "topics"
	forTopic     = "topic:" // and its name
	forGroup     = "group:" // likewise
)

type waitOptions struct {
	climbing
	forWhat []string
	command []string
}

func newWaitCmd(a *app) *cobra.Command {
	o := &waitOptions{climbing: climbing{app: a}}
	cmd := &cobra.Command{
		Use:     "wait [flags] [-- COMMAND [ARG...]]",
		Short:   "Wait until ZooKeeper, the brokers, the topics or consumer groups are ready",
		Long:    waitLong,
		Example: waitExample,
		Args:    onlyAfterDash,
		// cobra would put [flags] behind the command.
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.command = args
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringSliceVar(&o.forWhat, "for", []string{forBrokers}, "what to wait for: zookeeper, brokers, topics, topic:NAME, group:NAME; several with commas")
	o.addFlags(cmd)
	a.outputFlag(cmd, formatTable, formatJSON, formatYAML)
	return cmd
}

func (o *waitOptions) run(ctx context.Context) error {
	if err := o.check(); err != nil {
		return err
	}
	program, err := o.program()
	if err != nil {
		return err
	}
	if err := o.wait(ctx); err != nil || program == "" {
		return err
	}
	return o.app.become(ctx, program, o.command, clusterEnv(strings.Join(o.brokers, ",")))
}

func (o *waitOptions) check() error {
	for _, what := range o.forWhat {
		if err := checkCondition(what); err != nil {
			return err
		}
	}
	if slices.Contains(o.forWhat, forZooKeeper) && len(o.zookeeper) == 0 {
		return withHint(usagef("--for zookeeper needs its address"), "--zookeeper localhost:2181, or set KAFKACTL_ZOOKEEPER")
	}
	return o.waiting.check()
}

// checkCondition refuses what nothing can be waited for by.
func checkCondition(what string) error {
	if name, isTopic := strings.CutPrefix(what, forTopic); isTopic {
		if err := topicspec.CheckName(name); err != nil {
			return asUsage(err)
		}
		return nil
	}
	group, isGroup := strings.CutPrefix(what, forGroup)
	if isGroup && group != "" || !isGroup && slices.Contains([]string{forZooKeeper, forBrokers, forTopics}, what) {
		return nil
	}
	return usagef("--for must be one or more of zookeeper, brokers, topics, topic:NAME, group:NAME; got %q", what)
}

// named is what is waited for by name, after a prefix, each once.
func (o *waitOptions) named(prefix string) []string {
	var names []string
	for _, what := range o.forWhat {
		if name, found := strings.CutPrefix(what, prefix); found && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// program is the path of the command to run, "" without one: a misspelt one is told
// before anything is waited for.
func (o *waitOptions) program() (string, error) {
	if len(o.command) == 0 {
		return "", nil
	}
	path, err := exec.LookPath(o.command[0])
	if err != nil {
		return "", noProgram(o.command[0], errors.Unwrap(err))
	}
	return path, nil
}

// wait climbs until all holds or the time is over, and tells.
func (o *waitOptions) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	ladder, done, err := o.ladder(ctx)
	if err != nil {
		return err
	}
	defer done()
	readiness, err := o.app.climb(ctx, ladder)
	return errors.Join(o.print(readiness), err)
}

// ladder is the ladder for what is waited for; done ends it.
func (o *waitOptions) ladder(ctx context.Context) (ladder *health.Ladder, done func(), err error) {
	if !slices.ContainsFunc(o.forWhat, func(what string) bool { return what != forZooKeeper }) {
		ladder, err = newLadder(health.Options{ZooKeeper: o.zookeeper, Place: o.app.place()})
		if err != nil {
			return nil, nil, err
		}
		return ladder, ladder.Close, nil
	}
	what, err := o.asked()
	if err != nil {
		return nil, nil, err
	}
	l, err := o.brokerLadder(ctx, what)
	if err != nil {
		return nil, nil, err
	}
	var topics []func(context.Context) (string, error)
	if slices.Contains(o.forWhat, forTopics) {
		topics = append(topics, func(ctx context.Context) (string, error) { return usable(ctx, l.client, what.desired) })
	}
	if names := o.named(forTopic); len(names) > 0 {
		topics = append(topics, func(ctx context.Context) (string, error) { return present(ctx, l.client, names) })
	}
	if len(topics) > 0 {
		l.Topics = inTurn(topics)
	}
	return l.open()
}

// asked reads --for and the topics file.
func (o *waitOptions) asked() (what asked, err error) {
	what.groups = o.named(forGroup)
	if slices.Contains(o.forWhat, forTopics) {
		what.desired, err = o.spec.load(o.app)
		what.found = true
		return what, err
	}
	what.desired, what.found, err = o.spec.loadIfThere(o.app)
	return what, err
}

// print answers with the ladder; for people one line is enough when it holds. stdout
// is the command's where there is one.
func (o *waitOptions) print(r health.Readiness) error {
	w, tty := o.app.out, o.app.outTTY
	if len(o.command) > 0 {
		w, tty = o.app.err, o.app.errTTY
	}
	return o.app.printTo(w, tty, answer{doc: newReadinessDoc(r), text: func(w io.Writer, st styles, _ bool) {
		if r.Ready {
			fmt.Fprintln(w, readyLine(r))
			return
		}
		readinessText(w, st, r)
	}})
}
