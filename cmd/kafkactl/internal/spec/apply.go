package spec

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
)

const applyLong = `Waits until the cluster is ready, compares it with the topics file, has the
brokers validate the whole plan, makes the missing topics, partitions and
settings, and returns once every live broker shows every declared topic with all
partitions led and in sync. A cluster that is in sync is told in one line and is
sent no write.

What cannot be made safely (fewer partitions, another replication factor, a topic
that is declared absent) is reported as blocked, everything else is still done, and the exit code is 1. When
the brokers refuse any part of the plan beforehand, nothing is changed at all.

--plan makes a plan that plan --out saved, and nothing else; no topics file is
read. What the plan has made already is not made again. When the cluster, or a
topic, is not as it was, nothing is changed: exit code 2 for another cluster or a
file that was edited, 3 for topics that have changed since, which are listed. -f
beside it makes sure that a topics file declares what was reviewed, else 3 as well.`

const applyExample = `  kafkactl apply
  kafkactl apply -f topics.yaml -b kafka:9092 --zookeeper zookeeper:2181
  kafkactl apply --profile production -b kafka1:9092,kafka2:9092,kafka3:9092
  generate-topics | kafkactl apply -f - -o json
  kafkactl apply --plan plan.json       # just what was reviewed`

type applyOptions struct {
	app  *cli.App
	spec cli.SpecFlags
	readiness.WaitFlags
	plan string
}

// NewApplyCmd returns the command apply.
func NewApplyCmd(a *cli.App) *cobra.Command {
	o := &applyOptions{app: a, spec: cli.SpecFlags{Warn: cli.WarnDoubts}}
	cmd := &cobra.Command{
		Use:        "apply",
		SuggestFor: []string{"sync", "init", "up"},
		Short:      "Wait for the cluster, then make it match the topics file",
		Long:       applyLong,
		Example:    applyExample,
		Args:       cli.ExactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.spec.AddFlags(cmd)
	o.AddFlags(cmd)
	cmd.Flags().StringVar(&o.plan, "plan", "", "make the plan of this file, which plan --out saved")
	_ = cmd.MarkFlagFilename("plan", "json")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *applyOptions) run(ctx context.Context) error {
	start := time.Now()
	if err := o.Check(); err != nil {
		return err
	}
	if o.spec.Flags.Changed("plan") { // also one without a name, as of a variable that is not set
		return o.runReviewed(ctx, start)
	}
	desired, err := o.spec.Load(o.app)
	if err != nil {
		return err
	}
	ready, err := readiness.Prepare(ctx, o.app, &o.WaitFlags, desired)
	if err != nil {
		return printUnprepared(o.app, err, start)
	}
	defer ready.Close()
	report, settled := ready.Apply()
	return changes.PrintReport(o.app, changes.Report{Report: report, Settled: settled, Elapsed: time.Since(start)})
}

// printUnprepared prints why apply or plan ends before the plan stands: the refused plan, a stale one or the
// ladder. It returns the error of the command.
func printUnprepared(a *cli.App, err error, start time.Time) error {
	var (
		refused *admin.RefusedError
		stale   *admin.StaleError
		other   *admin.OtherClusterError
		waited  *health.NotReadyError
	)
	printed := func(report admin.Report) error {
		return a.Print(changes.Report{Report: report, Settled: nil, Elapsed: time.Since(start)}.Answer())
	}
	switch {
	case errors.As(err, &refused) && errors.Is(err, health.ErrCannotHeal):
		return errors.Join(printed(refused.Report()), cli.WithCode(refused, cli.ExitFailed))
	case errors.As(err, &stale):
		return errors.Join(printed(stale.Report()), cli.WithCode(cli.WithHint(stale, planAnew), cli.ExitCondition))
	case errors.As(err, &other):
		return cli.AsUsage(cli.WithHint(other, "-b names the cluster; kafkactl plan --out makes a plan for it"))
	case errors.As(err, &waited) && a.Format != cli.FormatJSON:
		readiness.LadderText(a.Err, term.NewStyles(a.Renderer(a.Err, a.ErrTTY)), waited.Readiness)
	}
	return err
}
