package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
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

type waitOptions struct {
	readiness.LadderFlags
	forWhat []string
	command []string
}

// NewWaitCmd returns the command wait.
func NewWaitCmd(a *cli.App) *cobra.Command {
	o := &waitOptions{LadderFlags: readiness.LadderFlags{App: a}}
	cmd := &cobra.Command{
		Use:     "wait [flags] [-- COMMAND [ARG...]]",
		Short:   "Wait until ZooKeeper, the brokers, the topics or consumer groups are ready",
		Long:    waitLong,
		Example: waitExample,
		Args:    cli.OnlyAfterDash,
		// cobra would put [flags] behind the command.
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.command = args
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringSliceVar(&o.forWhat, "for", []string{cli.ForBrokers}, "what to wait for: zookeeper, brokers, topics, topic:NAME, group:NAME; several with commas")
	o.AddFlags(cmd)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
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
	return o.App.Exec(ctx, program, o.command, cli.ClusterEnv(strings.Join(o.Brokers, ",")))
}

// check returns a usage error for flags that do not go together.
func (o *waitOptions) check() error {
	for _, what := range o.forWhat {
		if err := checkCondition(what); err != nil {
			return err
		}
	}
	if slices.Contains(o.forWhat, cli.ForZooKeeper) && len(o.Zookeeper) == 0 {
		return cli.WithHint(cli.Usagef("--for zookeeper needs its address"), "--zookeeper localhost:2181, or set KAFKACTL_ZOOKEEPER")
	}
	return o.WaitFlags.Check()
}

// checkCondition returns a usage error for a value of --for that names nothing to wait for.
func checkCondition(what string) error {
	if name, isTopic := strings.CutPrefix(what, cli.ForTopic); isTopic {
		if err := topicspec.CheckName(name); err != nil {
			return cli.AsUsage(err)
		}
		return nil
	}
	group, isGroup := strings.CutPrefix(what, cli.ForGroup)
	if isGroup && group != "" || !isGroup && slices.Contains([]string{cli.ForZooKeeper, cli.ForBrokers, cli.ForTopics}, what) {
		return nil
	}
	return cli.Usagef("--for must be one or more of zookeeper, brokers, topics, topic:NAME, group:NAME; got %q", what)
}

// namesAfter returns the names in --for that follow a prefix such as "topic:", each once.
func (o *waitOptions) namesAfter(prefix string) []string {
	var names []string
	for _, what := range o.forWhat {
		if name, found := strings.CutPrefix(what, prefix); found && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// program returns the path of the command to run, "" without one. It is looked up before anything
// is waited for, so that a misspelt one fails at once.
func (o *waitOptions) program() (string, error) {
	if len(o.command) == 0 {
		return "", nil
	}
	path, err := exec.LookPath(o.command[0])
	if err != nil {
		return "", cli.StartError(o.command[0], errors.Unwrap(err))
	}
	return path, nil
}

// wait climbs until all holds or the time is over, and prints the ladder.
func (o *waitOptions) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	ladder, done, err := o.ladder(ctx)
	if err != nil {
		return err
	}
	defer done()
	readiness, err := readiness.Climb(ctx, o.App, ladder)
	return errors.Join(o.print(readiness), err)
}

// ladder returns the ladder for what is waited for; done closes it.
func (o *waitOptions) ladder(ctx context.Context) (ladder *health.Ladder, done func(), err error) {
	if !slices.ContainsFunc(o.forWhat, func(what string) bool { return what != cli.ForZooKeeper }) {
		ladder, err = cli.NewLadder(health.Options{ZooKeeper: o.Zookeeper, Place: o.App.Place()})
		if err != nil {
			return nil, nil, err
		}
		return ladder, ladder.Close, nil
	}
	what, err := o.targets()
	if err != nil {
		return nil, nil, err
	}
	l, err := o.NewBrokerLadder(ctx, what)
	if err != nil {
		return nil, nil, err
	}
	var topics []func(context.Context) (string, error)
	if slices.Contains(o.forWhat, cli.ForTopics) {
		topics = append(topics, func(ctx context.Context) (string, error) { return readiness.ProbeUsable(ctx, l.Client, what.Desired) })
	}
	if names := o.namesAfter(cli.ForTopic); len(names) > 0 {
		topics = append(topics, func(ctx context.Context) (string, error) { return readiness.ProbePresent(ctx, l.Client, names) })
	}
	if len(topics) > 0 {
		l.Topics = readiness.ProbeInTurn(topics)
	}
	return l.Open()
}

// targets reads --for and the topics file.
func (o *waitOptions) targets() (what readiness.Targets, err error) {
	what.Groups = o.namesAfter(cli.ForGroup)
	var declared cli.Declared
	if slices.Contains(o.forWhat, cli.ForTopics) {
		declared, err = o.Spec.Load(o.App)
		what.Found = true
	} else {
		declared, what.Found, err = o.Spec.LoadIfThere(o.App)
	}
	what.Desired = topicspec.Present(declared.Topics)
	return what, err
}

// print prints the ladder; for people one line is enough when it holds. Where there is a command to
// run, stdout is its own.
func (o *waitOptions) print(r health.Readiness) error {
	w, tty := o.App.Out, o.App.OutTTY
	if len(o.command) > 0 {
		w, tty = o.App.Err, o.App.ErrTTY
	}
	return o.App.PrintTo(w, tty, cli.Answer{Doc: readiness.NewDoc(r), Text: func(w io.Writer, st term.Styles, _ bool) {
		if r.Ready {
			fmt.Fprintln(w, readiness.ReadyLine(r))
			return
		}
		readiness.LadderText(w, st, r)
	}})
}
