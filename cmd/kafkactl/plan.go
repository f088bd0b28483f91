package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

const planLong = `Does all that apply does up to the first write: waits, compares, and has the
brokers validate every change. Nothing is written.

Exit codes: 0 planned (with --check: in sync), 1 some change is blocked or would be
refused, 3 with --check when there is drift.`

const planExample = `  kafkactl plan
  kafkactl plan --check                 # in CI: exit 3 on drift
  kafkactl plan --out plan.json -o wide`

type planOptions struct {
	app  *app
	spec specFlags
	waiting
	check bool
	out   string
}

func newPlanCmd(a *app) *cobra.Command {
	o := &planOptions{app: a}
	cmd := &cobra.Command{
		Use:        "plan",
		SuggestFor: []string{"diff"},
		Short:      "Show what apply would change",
		Long:       planLong,
		Example:    planExample,
		Args:       exactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.spec.addFlags(cmd)
	o.addFlags(cmd)
	cmd.Flags().BoolVar(&o.check, "check", false, "exit 3 when the cluster is not in sync")
	cmd.Flags().StringVar(&o.out, "out", "", "also write the plan to this file, as JSON")
	_ = cmd.MarkFlagFilename("out", "json")
	a.outputFlag(cmd, formatTable, formatWide, formatJSON, formatYAML, formatName)
	return cmd
}

func (o *planOptions) run(ctx context.Context) error {
	start := time.Now()
	if err := o.waiting.check(); err != nil {
		return err
	}
	desired, err := o.spec.load(o.app)
	if err != nil {
		return err
	}
	ready, err := o.app.prepare(ctx, &o.waiting, desired)
	var refused *admin.RefusedError
	switch {
	case errors.As(err, &refused) && errors.Is(err, health.ErrCannotHeal):
		return errors.Join(o.show(refused.Blocked()), withCode(refused, exitFailed))
	case err != nil:
		return o.app.unprepared(err, start)
	}
	defer ready.Close()
	if err := o.show(ready.plan.Plan); err != nil {
		return err
	}
	return o.verdict(ready.plan.Plan)
}

// show prints the plan and saves it where asked.
func (o *planOptions) show(plan topicspec.Plan) error {
	doc := newPlanDoc(plan)
	if o.out != "" {
		var file bytes.Buffer
		if err := writeJSON(&file, doc, true); err != nil {
			return err
		}
		if err := os.WriteFile(o.out, file.Bytes(), 0o644); err != nil {
			return fmt.Errorf("save the plan: %w", err)
		}
	}
	return o.app.print(answer{doc: doc, names: changedTopics(plan.Changes), text: func(w io.Writer, st styles, wide bool) {
		planText(w, st, plan, wide)
	}})
}

// verdict turns a plan into the exit code.
func (o *planOptions) verdict(plan topicspec.Plan) error {
	switch blocked := plan.Blocked(); {
	case len(blocked) > 0:
		return withCode(fmt.Errorf("%s blocked", count(len(blocked), "change")), exitFailed)
	case o.check && !plan.InSync():
		return withCode(fmt.Errorf("drift: %s", planSummary(plan)), exitCondition)
	default:
		return nil
	}
}
