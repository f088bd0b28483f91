package spec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

const planLong = `Does all that apply does up to the first write: waits, compares, and has the
brokers validate every change. Nothing is written.

--out saves the plan in a file for review, bound to this cluster, to its topics as
they are now, and to what the topics file declares. apply --plan makes just that.
--accept plans the changes that have this risk, which are blocked without it: see
apply. A saved plan keeps what was accepted, so apply --plan goes without --accept.

ACLs that the principals of the file have, and that it does not declare, are listed
with ? and left alone. With access.prune: true in the file they are drift for --check.

Exit codes: 0 planned (with --check: in sync), 1 some change is blocked or would be
refused, 3 with --check when there is drift.`

const planExample = `  kafkactl plan
  kafkactl plan --check                 # in CI: exit 3 on drift
  kafkactl plan --accept trim           # what apply --accept trim would change
  kafkactl plan --out plan.json -o wide # to review; then: kafkactl apply --plan plan.json
  kafkactl plan -o markdown             # for a pull request`

type planOptions struct {
	app  *cli.App
	spec cli.SpecFlags
	readiness.WaitFlags
	check bool
	out   string
	risks cli.RiskFlags
}

// NewPlanCmd returns the command plan.
func NewPlanCmd(a *cli.App) *cobra.Command {
	o := &planOptions{app: a, spec: cli.SpecFlags{Warn: cli.WarnDoubts}}
	cmd := &cobra.Command{
		Use:        "plan",
		SuggestFor: []string{"diff"},
		Short:      "Show what apply would change",
		Long:       planLong,
		Example:    planExample,
		Args:       cli.ExactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.spec.AddFlags(cmd)
	o.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.check, "check", false, "exit 3 when the cluster is not in sync")
	cmd.Flags().StringVar(&o.out, "out", "", "also save the plan in this file, for apply --plan")
	_ = cmd.MarkFlagFilename("out", "json")
	o.risks.AddFlags(cmd)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName, cli.FormatMarkdown)
	return cmd
}

func (o *planOptions) run(ctx context.Context) error {
	start := time.Now()
	if err := o.WaitFlags.Check(); err != nil {
		return err
	}
	declared, err := o.spec.Load(o.app)
	if err != nil {
		return err
	}
	ready, err := readiness.Prepare(ctx, o.app, &o.WaitFlags, declared, o.risks)
	var refused *admin.RefusedError
	switch {
	case errors.As(err, &refused) && errors.Is(err, health.ErrCannotHeal):
		return errors.Join(o.print(refused.Blocked()), cli.WithCode(refused, cli.ExitFailed))
	case err != nil:
		return printUnprepared(o.app, err, start)
	}
	defer ready.Close()
	if err := errors.Join(o.save(declared, ready.Plan), o.print(ready.Plan.Plan)); err != nil {
		return err
	}
	changes.NoteMoving(o.app, ready.Plan.Plan)
	changes.NoteAccess(o.app, ready.Plan.Plan)
	return o.verdict(ready.Plan.Plan)
}

func (o *planOptions) print(plan topicspec.Plan) error {
	return o.app.Print(cli.Answer{Doc: changes.NewPlanDoc(plan), Names: changes.ChangedNames(plan.Changes), Text: func(w io.Writer, st term.Styles, wide bool) {
		changes.PlanText(w, st, plan, wide)
	}, Markdown: func(w io.Writer) { changes.PlanMarkdown(w, plan) }})
}

// verdict returns the error that holds the plan's exit code.
func (o *planOptions) verdict(plan topicspec.Plan) error {
	switch blocked := plan.Blocked(); {
	case len(blocked) > 0:
		return cli.WithCode(fmt.Errorf("%s blocked", term.Count(len(blocked), "change")), cli.ExitFailed)
	case o.check && plan.Drifted():
		return cli.WithCode(fmt.Errorf("drift: %s", changes.PlanSummary(plan)), cli.ExitCondition)
	default:
		return nil
	}
}
