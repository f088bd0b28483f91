package spec

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const deleteLong = `Deletes topics with all their records, and returns once no live broker shows them.
On a terminal it asks first; elsewhere --yes is needed. When one of the topics does
not exist nothing is deleted (exit 4). A topic that is called group or topic needs the
word before it: delete topic group. Whether somebody uses a topic is not looked at:
kafkactl apply --accept delete=N does that, for topics with state: absent in the file.

Topics are deleted by their id: one that somebody deletes and makes again before the
answer is not deleted (exit 1). A topic that is there under another id afterwards has
come back: a client uses it, and auto.create.topics.enable makes it again (exit 1, if
that is seen before the last broker says that it is gone).

Brokers in ZooKeeper mode only mark a topic for deletion while a replica of it cannot
be reached or is being moved (exit 1); they delete it later.`

const deleteExample = `  kafkactl delete order.returned
  kafkactl delete order.returned audit.log --yes`

type deleteOptions struct {
	app *cli.App
	cli.Connection
	topics []string
	yes    bool
}

// NewDeleteCmd returns the command delete.
func NewDeleteCmd(a *cli.App) *cobra.Command {
	o := &deleteOptions{app: a}
	cmd := &cobra.Command{
		Use:        "delete [topic] TOPIC...",
		SuggestFor: []string{"remove", "rm", "drop"},
		Short:      "Delete topics and their records, or consumer groups",
		Long:       deleteLong,
		Example:    deleteExample,
		Args:       cli.OneOrMoreArgs("TOPIC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && args[0] == "topic" {
				args = args[1:]
			}
			o.topics = args
			readiness.AwaitIfAsked(cmd, o.app, &o.Connection)
			return kafka.Needs{Operation: "Delete"}.Explain(o.run(cmd.Context()))
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *deleteOptions) run(ctx context.Context) error {
	start := time.Now()
	slices.Sort(o.topics)
	o.topics = slices.Compact(o.topics)
	for _, name := range o.topics {
		if err := topicspec.CheckName(name); err != nil {
			return cli.AsUsage(err)
		}
	}
	if err := o.app.CheckConfirmable(o.yes); err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	plan, err := s.PlanDelete(s.Ctx, o.topics)
	if err != nil {
		return err
	}
	if !o.yes {
		if err := o.confirm(ctx, plan); err != nil {
			return err
		}
		start = time.Now() // the time it took to answer is not the cluster's
		s.Close()
		if s, err = o.app.Connect(ctx, &o.Connection); err != nil {
			return err
		}
		defer s.Close()
	}
	line := o.app.NewWaitLine(start)
	client := s.WithProgress(line.Show)
	report := client.Apply(s.Ctx, plan)
	settled := client.SettleGone(s.Ctx, &report)
	line.Finish()
	return changes.PrintReport(o.app, changes.Report{Report: report, Settled: settled, Elapsed: time.Since(start)})
}

// confirm asks on the terminal; anything but yes ends the command.
func (o *deleteOptions) confirm(ctx context.Context, plan topicspec.Plan) error {
	st := term.NewStyles(o.app.Renderer(o.app.Err, o.app.ErrTTY))
	var lines []string
	for _, c := range plan.Changes {
		lines = append(lines, strings.Join(changes.ChangeRow(st, c, "with all its records:"), "  "))
	}
	return o.app.ConfirmDelete(ctx, lines, term.Count(len(plan.Changes), "topic"))
}
