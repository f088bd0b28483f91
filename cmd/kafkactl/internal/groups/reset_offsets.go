package groups

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const resetOffsetsLong = `Moves what a consumer group has committed. Without --execute it only shows what would
be moved, and changes nothing. Exactly one flag says where to:

  --to-beginning  the log start
  --to-end        the end: what is there now is not read
  --to-time T     the first record of that time or later; the end where there is none,
                  and the log start for a time before 1970
  --to-offset N   offset N
  --shift N       N records on (+10) or back (-10) from what is committed

An offset that is not in the log becomes the nearest that is. --topic T is all
partitions of a topic, --topic T:0,2 some of them; --all-topics is every topic of which
the group has committed something. What cannot be moved everywhere is not moved at all.

While a group has members only they may commit: it is refused (exit 1). A group that
does not exist is made by its first commit, as Kafka has it; with --all-topics it is
exit 4, as is a topic or a partition that does not exist. What was committed is read
back, and what failed is told by partition (exit 1).`

const resetOffsetsExample = `  kafkactl reset-offsets order-service-group --topic order.created --to-beginning
  kafkactl reset-offsets order-service-group --topic order.created:0,2 --shift -10 --execute
  kafkactl reset-offsets order-service-group --all-topics --to-time yesterday
  kafkactl reset-offsets order-service-group --all-topics --to-end --execute -o json`

type resetOffsetsOptions struct {
	app *cli.App
	cli.Connection
	group           string
	topics          []string
	allTopics       bool
	toBeginning     bool
	toEnd           bool
	toTime          string
	toOffset, shift int64
	execute         bool
	flags           interface{ Changed(string) bool }
}

// NewResetOffsetsCmd returns the command reset-offsets.
func NewResetOffsetsCmd(a *cli.App) *cobra.Command {
	o := &resetOffsetsOptions{app: a}
	cmd := &cobra.Command{
		Use:        "reset-offsets GROUP",
		SuggestFor: []string{"reset", "seek", "rewind"},
		Short:      "Move what a consumer group has committed",
		Long:       resetOffsetsLong,
		Example:    resetOffsetsExample,
		Args:       cli.ExactArgs("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.group = args[0]
			reset, err := o.reset(a.Now())
			if err != nil {
				return err
			}
			needs := kafka.Needs{Operation: "Read", Group: o.group}
			for _, t := range reset.Topics {
				needs.Topics = append(needs.Topics, t.Topic)
			}
			return needs.Explain(o.run(cmd.Context(), reset))
		},
	}
	o.flags = cmd.Flags()
	o.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().StringArrayVarP(&o.topics, "topic", "t", nil, "a topic, or TOPIC:0,2 for some of its partitions; repeatable")
	cmd.Flags().BoolVar(&o.allTopics, "all-topics", false, "every topic of which the group has committed something")
	cmd.Flags().BoolVar(&o.toBeginning, "to-beginning", false, "to the log start")
	cmd.Flags().BoolVar(&o.toEnd, "to-end", false, "to the end")
	cmd.Flags().StringVar(&o.toTime, "to-time", "", "to the first record from this time on: 1h, yesterday, 2026-11-22T10:00:00Z")
	cmd.Flags().Int64Var(&o.toOffset, "to-offset", 0, "to this offset")
	cmd.Flags().Int64Var(&o.shift, "shift", 0, "so many records on, or back with a minus")
	cmd.Flags().BoolVar(&o.execute, "execute", false, "do it; without it nothing is changed")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

// reset is what the flags ask for, checked before anything is dialled.
// zone is the error of [cli.App.Now].
func (o *resetOffsetsOptions) reset(now time.Time, zone error) (groups.Reset, error) {
	r := groups.Reset{Group: o.group}
	if err := o.readTarget(&r, now, zone); err != nil {
		return r, err
	}
	switch {
	case o.allTopics && len(o.topics) > 0:
		return r, cli.Usagef("--topic and --all-topics exclude each other")
	case !o.allTopics && len(o.topics) == 0:
		return r, cli.Usagef("say of what: --topic TOPIC, or --all-topics for those the group committed")
	}
	var err error
	r.Topics, err = resetTopics(o.topics)
	return r, err
}

// readTarget reads the one flag that says where to.
func (o *resetOffsetsOptions) readTarget(r *groups.Reset, now time.Time, zone error) error {
	ways := []struct {
		flag string
		to   groups.ResetTo
	}{
		{"to-beginning", groups.ToBeginning},
		{"to-end", groups.ToEnd},
		{"to-time", groups.ToTime},
		{"to-offset", groups.ToOffset},
		{"shift", groups.ToShift},
	}
	chosen := ""
	for _, way := range ways {
		if !o.flags.Changed(way.flag) {
			continue
		}
		if chosen != "" {
			return cli.Usagef("--%s and --%s exclude each other: each says where to", chosen, way.flag)
		}
		chosen, r.To = way.flag, way.to
	}
	var err error
	switch {
	case chosen == "", chosen == "to-beginning" && !o.toBeginning, chosen == "to-end" && !o.toEnd:
		return cli.Usagef("say where to: one of --to-beginning, --to-end, --to-time, --to-offset, --shift")
	case chosen == "to-time" && o.toTime == "":
		return cli.Usagef("--to-time is empty")
	case chosen == "to-time":
		r.Time, err = cli.ParseTimeFlag(chosen, o.toTime, now, zone)
	case chosen == "to-offset":
		r.Offset = o.toOffset
		if o.toOffset < 0 {
			err = cli.WithHint(cli.Usagef("--to-offset must not be negative, got %d", o.toOffset), fmt.Sprintf("--shift %d goes back from what is committed", o.toOffset))
		}
	case chosen == "shift":
		r.Offset = o.shift
		if o.shift == 0 {
			err = cli.Usagef("--shift 0 moves nothing")
		}
	}
	return err
}

// resetTopics reads TOPIC and TOPIC:0,2; nil for none. A topic may be named again.
func resetTopics(texts []string) ([]groups.ResetTopic, error) {
	var topics []groups.ResetTopic
	at := make(map[string]int)
	for _, text := range texts {
		name, list, hasList := strings.Cut(text, ":")
		if err := topicspec.CheckName(name); err != nil {
			return nil, cli.AsUsage(fmt.Errorf("--topic: %w", err))
		}
		t := groups.ResetTopic{Topic: name}
		if hasList {
			for number := range strings.SplitSeq(list, ",") {
				partition, err := strconv.ParseInt(number, 10, 32)
				if err != nil || partition < 0 {
					return nil, cli.Usagef("--topic %q: %q is not a partition", text, number)
				}
				t.Partitions = append(t.Partitions, int32(partition))
			}
		}
		i, again := at[name]
		switch {
		case !again:
			at[name] = len(topics)
			topics = append(topics, t)
		case !hasList || len(topics[i].Partitions) == 0:
			topics[i].Partitions = nil
		default:
			topics[i].Partitions = append(topics[i].Partitions, t.Partitions...)
		}
	}
	return topics, nil
}

// run plans the reset, and carries it out with --execute.
func (o *resetOffsetsOptions) run(ctx context.Context, reset groups.Reset) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	start := time.Now()
	plan, err := s.Groups.PlanReset(s.Ctx, reset)
	if err != nil {
		return err
	}
	if plan.New() && plan.Group == "" { // a variable of a script was not set: to make that group helps nobody
		return &kafka.NotFoundError{Resource: kafka.ResourceGroup}
	}
	refused := resetRefusal(plan)
	done := resetReport{plan: plan, execute: o.execute, refused: refused}
	if o.execute && refused == nil {
		if plan.New() {
			o.app.Notef("note: group %q did not exist: it is made by this", plan.Group)
		}
		if done.plan, err = s.Groups.ResetOffsets(s.Ctx, plan); err != nil {
			return err
		}
		done.executed, done.elapsed = true, time.Since(start)
	}
	return finishReset(o.app, done)
}
