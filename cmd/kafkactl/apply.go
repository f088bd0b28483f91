package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

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
	app  *app
	spec specFlags
	waiting
}

func newApplyCmd(a *app) *cobra.Command {
	o := &applyOptions{app: a}
	cmd := &cobra.Command{
		Use:        "apply",
		SuggestFor: []string{"sync", "init", "up"},
		Short:      "Wait for the cluster, then make it match the topics file",
		Long:       applyLong,
		Example:    applyExample,
		Args:       exactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.spec.addFlags(cmd)
	o.addFlags(cmd)
	a.outputFlag(cmd, formatTable, formatWide, formatJSON, formatYAML, formatName)
	return cmd
}

func (o *applyOptions) run(ctx context.Context) error {
	start := time.Now()
	if err := o.check(); err != nil {
		return err
	}
	desired, err := o.spec.load(o.app)
	if err != nil {
		return err
	}
	ready, err := o.app.prepare(ctx, &o.waiting, desired)
	if err != nil {
		return o.app.unprepared(err, start)
	}
	defer ready.Close()
	report, settled := ready.apply(desired)
	return o.app.finish(reported{Report: report, settled: settled, elapsed: time.Since(start)})
}

// unprepared prints what there is to say when apply ends before its first write:
// the refused plan, or the ladder.
func (a *app) unprepared(err error, start time.Time) error {
	var (
		refused *admin.RefusedError
		waited  *health.NotReadyError
	)
	if errors.As(err, &refused) && errors.Is(err, health.ErrCannotHeal) {
		r := reported{Report: refused.Report(), settled: nil, elapsed: time.Since(start)}
		return errors.Join(a.print(r.answer()), withCode(refused, exitFailed))
	}
	if errors.As(err, &waited) && a.format != formatJSON {
		readinessText(a.err, newStyles(a.renderer(a.err, a.errTTY)), waited.Readiness)
	}
	return err
}
