package groups

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/groups"
)

const lagLong = `Tells how far consumer groups are behind: without names every group, the worst first;
with names, partition by partition. Groups of the classic protocol and of KIP-848's are
told alike, and asking makes nothing on the cluster.

What was never committed counts from the log start, and is said. What was deleted before
it was read is no lag, and is said too, as is an offset that was committed past the end.
Markers of transactions up to the end are no lag either, nor are records of aborted ones
(of at most 1000 offsets, and where the topic may be read); an open one is named.
What no broker tells is unknown, never 0, and the command fails.

TIME-LAG is the age of the record at the committed offset. It is asked for where
partitions are shown, and with --max-time-lag.

--max-lag and --max-time-lag exit 3 when a group has more lag, or a partition is further
behind; where offsets are committed past the end, all that is there counts as unread.
--wait waits until none is any more (without a threshold: until nothing is left to read),
for --timeout, 90s by default. --watch tells again and again: over itself on a terminal,
as blocks with their time or, with -o json, one object a line elsewhere.

--by service takes the groups of services from the topics file.

Groups that the client may not describe, and what groups read of topics that it may not,
are absent: Kafka does not tell that they exist. Where something may be missing, JSON and
YAML say partial: true. A threshold, or --wait, that finds nothing it may see is refused
(exit 6); otherwise it is about what it may see, which a note says.`

const lagExample = `  kafkactl lag
  kafkactl lag order-service-group
  kafkactl lag --by topic --only-lagging
  kafkactl lag --max-lag 1000 --max-time-lag 30s          # exit 3 when one is further behind
  kafkactl lag order-service-group --wait --timeout 60s   # until everything is read
  kafkactl lag --watch=5s`

// What lag can be listed by; lagByDefault is by group, or by partition for named groups.
const (
	lagByDefault   = ""
	lagByGroup     = "group"
	lagByTopic     = "topic"
	lagByPartition = "partition"
	lagByMember    = "member"
	lagByService   = "service"
)

type lagOptions struct {
	app *cli.App
	cli.Connection
	spec        cli.SpecFlags
	groups      []string
	topics      []string
	by          string
	onlyLagging bool
	maxLag      int64
	hasMaxLag   bool // --max-lag was given
	maxTimeLag  time.Duration
	wait        bool
	watch       time.Duration // 0: once
	services    []lagService  // of --by service
}

// NewLagCmd returns the command lag.
func NewLagCmd(a *cli.App) *cobra.Command {
	o := &lagOptions{app: a}
	cmd := &cobra.Command{
		Use:        "lag [GROUP...]",
		SuggestFor: []string{"behind", "consumer-groups"},
		Short:      "Tell who is behind, and how far",
		Long:       lagLong,
		Example:    lagExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.groups = slices.Compact(slices.Sorted(slices.Values(append(o.groups, args...))))
			if err := o.check(cmd); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	o.spec.AddFlags(cmd)
	flags := cmd.Flags()
	flags.StringSliceVarP(&o.groups, "group", "g", nil, "the same as GROUP")
	flags.StringSliceVarP(&o.topics, "topic", "t", nil, "only what is read of these topics")
	cli.ChoiceVar(flags, &o.by, "by", lagByDefault, "one line a group, topic, partition, member or service (default group; partition for named groups)",
		lagByGroup, lagByTopic, lagByPartition, lagByMember, lagByService)
	flags.BoolVar(&o.onlyLagging, "only-lagging", false, "leave out what has no lag")
	flags.Int64Var(&o.maxLag, "max-lag", 0, "exit 3 when a group has more lag")
	flags.DurationVar(&o.maxTimeLag, "max-time-lag", 0, "exit 3 when a partition is further behind, as 30s")
	flags.BoolVar(&o.wait, "wait", false, "wait until no more lag is left than that, or none; exit 5 when it stays")
	flags.DurationVar(&o.watch, "watch", 0, "tell again and again, every 2s or as often as said")
	flags.Lookup("watch").NoOptDefVal = "2s"
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

// check refuses flags that contradict each other, before anything is dialled.
func (o *lagOptions) check(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	o.hasMaxLag = changed("max-lag")
	if o.wait && !changed("timeout") {
		o.Timeout = cli.WaitTimeout
	}
	switch {
	case o.maxLag < 0:
		return cli.Usagef("--max-lag must be at least 0, got %d", o.maxLag)
	case changed("max-time-lag") && o.maxTimeLag <= 0:
		return cli.Usagef("--max-time-lag must be more than 0, got %s", o.maxTimeLag)
	case changed("watch") && o.watch <= 0:
		return cli.Usagef("--watch must be more than 0, got %s", o.watch)
	case o.watch > 0 && (o.wait || o.hasMaxLag || o.maxTimeLag > 0):
		return cli.Usagef("--watch goes with neither --wait nor a threshold")
	case o.watch > 0 && (o.app.Format == cli.FormatYAML || o.app.Format == cli.FormatName):
		if err := cli.OutputFlag(cmd).Refuse(cli.Usagef("--watch goes with -o table, wide or json")); err != nil {
			return err
		}
	}
	if o.by == lagByDefault {
		o.by = lagByGroup
		if len(o.groups) > 0 {
			o.by = lagByPartition
		}
	}
	if err := o.Connection.Check(); err != nil {
		return err
	}
	return o.loadServices()
}

func (o *lagOptions) run(ctx context.Context) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, topic := range o.topics {
		if _, err := s.Topic(s.Ctx, topic); err != nil {
			return err
		}
	}
	switch {
	case o.watch > 0:
		return o.watchLag(ctx, s)
	case o.wait:
		return o.waitDrained(s)
	}
	snapshot, err := o.takeSnapshot(s.Ctx, s.Groups, s.Config)
	if err != nil {
		return err
	}
	if err := o.show(snapshot); err != nil {
		return err
	}
	return o.exitError(snapshot)
}

// show prints a snapshot, if there is anything to print.
func (o *lagOptions) show(snapshot lagSnapshot) error {
	switch {
	case snapshot.isEmpty():
		return nil
	case o.unseenError(snapshot) != nil: // which says it
	case len(snapshot.Groups) == 0 && len(o.services) == 0:
		if noteNoGroups(o.app, snapshot.hidden) {
			return nil
		}
	case snapshot.hidden.partial() && o.hasLimit():
		o.app.Warn("only what " + snapshot.hidden.viewer + " may see was looked at")
	}
	return o.app.Print(o.answer(snapshot, o.tables(snapshot), nil))
}

// exitError returns the error with which the command ends after a snapshot: something is missing,
// too far behind, or not known.
func (o *lagOptions) exitError(snapshot lagSnapshot) error {
	if snapshot.missing != nil {
		return snapshot.missing
	}
	if err := o.unseenError(snapshot); err != nil {
		return err
	}
	if over := o.exceeded(snapshot); over != "" {
		return cli.WithCode(errors.New(over), cli.ExitCondition)
	}
	return o.unknownError(snapshot)
}

// query returns what is asked of the brokers.
func (o *lagOptions) query() groups.LagQuery {
	q := groups.LagQuery{}
	if len(o.groups) > 0 {
		q.Groups = o.groups
	}
	if len(o.topics) > 0 {
		q.Topics = o.topics
	}
	return q
}
