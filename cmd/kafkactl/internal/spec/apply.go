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
partitions led and in sync. When the cluster is in sync already, it says so in one
line and sends no write.

Services with a principal also get their users, ACLs and quotas, after the topics.
What their principals have beside that is listed by plan, and left alone.

A change is blocked when Kafka cannot make it (fewer partitions), and when it puts
records or rights at risk and is not accepted. Everything else is still done, and the exit
code is 1. When the brokers refuse any part of the plan beforehand, nothing is
changed at all.

--accept makes changes that have a risk, one kind each time it is given. A change of
a topic without records has no risk, apart from its deletion. No variable of the
environment accepts anything: apply at every start of a stack never copies, deletes,
trims, re-keys or revokes.
  move      copy the records of a topic to other brokers, or have fewer replicas
  rekey     grow a compacted topic: old records of a key stay in another partition
  trim      set what has the brokers remove records
  delete=N  delete the topics that the file declares absent: exactly N, or none.
            One that is in use, or may be, is never deleted
  revoke=N  remove what principals of the file have and the file does not declare, and
            all that a service with state: absent has: exactly N ACLs, credentials
            and quotas, or none

While replicas are copied, --timeout stands still. When apply is stopped the brokers
go on copying; the same command waits for them again, and sends nothing twice.

--plan makes the plan that plan --out saved, and nothing else. It reads no topics
file, and accepts what was accepted for the plan. What is made already is not made
again. A topic to delete that is in use by now, or was written to, is blocked.
Nothing is changed when the plan is for another cluster or its file was edited (exit
code 2), or when a topic, or who may do what, has changed since (3; they are listed). With -f as well, 3
also says that the topics file does not declare what was reviewed.`

const applyExample = `  kafkactl apply
  kafkactl apply -f topics.yaml -b kafka:9092 --zookeeper zookeeper:2181
  kafkactl apply --profile production -b kafka1:9092,kafka2:9092,kafka3:9092
  generate-topics | kafkactl apply -f - -o json
  kafkactl apply --accept trim --accept rekey
  kafkactl apply --profile production --accept move --throttle 50MiB
  kafkactl apply --accept delete=2      # both topics with state: absent
  kafkactl apply --accept revoke=3      # the three removals that plan counts
  kafkactl apply --plan plan.json       # just what was reviewed`

type applyOptions struct {
	app  *cli.App
	spec cli.SpecFlags
	readiness.WaitFlags
	plan  string
	risks cli.RiskFlags
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
	o.risks.AddFlags(cmd)
	o.risks.AddMoveTimeout(cmd)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *applyOptions) run(ctx context.Context) error {
	start := time.Now()
	if err := errors.Join(o.Check(), o.risks.Check()); err != nil {
		return err
	}
	if o.spec.Flags.Changed("plan") { // also one without a name, as of a variable that is not set
		return o.runReviewed(ctx, start)
	}
	declared, err := o.spec.Load(o.app)
	if err != nil {
		return err
	}
	ready, err := readiness.Prepare(ctx, o.app, &o.WaitFlags, declared, o.risks)
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
