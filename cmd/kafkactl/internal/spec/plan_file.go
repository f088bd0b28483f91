package spec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/planfile"
	"kafkactl/internal/topicspec"
)

const planAnew = "make the plan anew, and have it reviewed: kafkactl plan --out FILE"

// save saves the plan where asked. One that the brokers refused is not saved: nobody could apply it.
func (o *planOptions) save(declared cli.Declared, plan admin.Planned) error {
	if o.out == "" {
		return nil
	}
	text, err := planfile.Encode(planfile.File{
		Reviewed: topicspec.Reviewed{Plan: plan.Plan, Desired: declared.Topics, Seen: plan.Seen, Access: declared.Access},
		Profile:  o.spec.Profile, Source: o.spec.File,
	})
	if errors.Is(err, planfile.ErrNoCluster) {
		return cli.Usagef("--out %s: %w", o.out, err)
	}
	if err == nil {
		err = cli.ReplaceFile(o.out, text)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	if withoutID := func(s topicspec.Seen) bool { return s.Exists && s.ID == "" }; slices.ContainsFunc(plan.Seen, withoutID) {
		o.app.Warn("these brokers have no topic ids: apply --plan will know a topic by its name alone, also one that was deleted and made again")
	}
	return nil
}

// readPlan reads a plan file. The error is a usage error.
func readPlan(name string) (planfile.File, error) {
	if name == "" {
		return planfile.File{}, cli.Usagef("--plan names no file")
	}
	in, err := cli.OpenFile(name)
	if err != nil {
		return planfile.File{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(in)
	if err != nil {
		return planfile.File{}, cli.AsUsage(err)
	}
	file, err := planfile.Decode(text)
	if err != nil {
		return planfile.File{}, cli.AsUsage(cli.WithHint(fmt.Errorf("%s cannot be applied: %w", name, err), planAnew))
	}
	return file, nil
}

// runReviewed makes the plan of a file.
func (o *applyOptions) runReviewed(ctx context.Context, start time.Time) error {
	if cli.OnCommandLine(o.spec.Flags, "profile") {
		return cli.Usagef("--plan goes without --profile: the plan was made with the profile that it names")
	}
	if o.spec.Flags.Changed("accept") {
		return cli.Usagef("--plan goes without --accept: the plan has what was accepted when it was made")
	}
	file, err := readPlan(o.plan)
	if err != nil {
		return err
	}
	if err := o.sameSpec(file); err != nil {
		return err
	}
	ready, err := readiness.PrepareReviewed(ctx, o.app, &o.WaitFlags, file.Reviewed, o.risks.Moves)
	if err != nil {
		return printUnprepared(o.app, err, start)
	}
	defer ready.Close()
	report, settled := ready.Apply()
	return changes.PrintReport(o.app, changes.Report{Report: report, Settled: settled, Elapsed: time.Since(start)})
}

// sameSpec refuses a topics file named on the command line that declares something else than the plan was made from.
func (o *applyOptions) sameSpec(file planfile.File) error {
	if !cli.OnCommandLine(o.spec.Flags, "file") {
		return nil
	}
	o.spec.Profile, o.spec.Warn = file.Profile, cli.WarnNothing
	declared, err := o.spec.Load(o.app)
	if err != nil || planfile.SpecHash(declared.Topics, declared.Access) == planfile.SpecHash(file.Desired, file.Access) {
		return err
	}
	err = fmt.Errorf("%s does not declare what %s was made from: %s; nothing was written",
		o.spec.File, o.plan, strings.Join(differing(declared.Topics, file.Desired), ", "))
	return cli.WithCode(cli.WithHint(err, planAnew), cli.ExitCondition)
}

// differing names the first topics that two specs declare differently, and "access" when only that differs.
func differing(a, b []topicspec.Desired) []string {
	const shown = 3
	hashes := make(map[string]string)
	var names []string
	for _, d := range a {
		hashes[d.Name] = planfile.SpecHash([]topicspec.Desired{d}, topicspec.DesiredAccess{})
	}
	for _, d := range b {
		if hashes[d.Name] != planfile.SpecHash([]topicspec.Desired{d}, topicspec.DesiredAccess{}) {
			names = append(names, d.Name)
		}
		delete(hashes, d.Name)
	}
	for _, d := range a {
		if _, only := hashes[d.Name]; only {
			names = append(names, d.Name)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return []string{"access"}
	}
	if more := len(names) - shown; more > 0 {
		names = append(names[:shown], "and "+term.Count(more, "more topic"))
	}
	return names
}
