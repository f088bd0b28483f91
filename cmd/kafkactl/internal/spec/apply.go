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

What cannot be made safely (fewer partitions, another replication factor) is
reported as blocked, everything else is still done, and the exit code is 1. When
the brokers refuse any part of the plan beforehand, nothing is changed at all.`

const applyExample = `  kafkactl apply
  kafkactl apply -f topics.yaml -b kafka:9092 --zookeeper zookeeper:2181
  kafkactl apply --profile production -b kafka1:9092,kafka2:9092,kafka3:9092
  generate-topics | kafkactl apply -f - -o json`

type applyOptions struct {
	app  *cli.App
	spec cli.SpecFlags
	readiness.WaitFlags
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
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *applyOptions) run(ctx context.Context) error {
	start := time.Now()
	if err := o.Check(); err != nil {
		return err
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
	report, settled := ready.Apply(desired)
	return changes.PrintReport(o.app, changes.Report{Report: report, Settled: settled, Elapsed: time.Since(start)})
}

// printUnprepared prints why apply or plan ends before the plan stands: the refused plan or the
// ladder. It returns the error of the command.
func printUnprepared(a *cli.App, err error, start time.Time) error {
	var (
		refused *admin.RefusedError
		waited  *health.NotReadyError
	)
	if errors.As(err, &refused) && errors.Is(err, health.ErrCannotHeal) {
		r := changes.Report{Report: refused.Report(), Settled: nil, Elapsed: time.Since(start)}
		return errors.Join(a.Print(r.Answer()), cli.WithCode(refused, cli.ExitFailed))
	}
	if errors.As(err, &waited) && a.Format != cli.FormatJSON {
		readiness.LadderText(a.Err, term.NewStyles(a.Renderer(a.Err, a.ErrTTY)), waited.Readiness)
	}
	return err
}
