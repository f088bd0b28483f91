package groups

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

const deleteGroupLong = `Deletes consumer groups with all that they committed: consumers that come back begin
as their auto.offset.reset says. On a terminal it asks first; elsewhere --yes is
needed. When one of the groups does not exist nothing is deleted (exit 4). One that has
members is left alone and makes the command fail (exit 1), the others are deleted.`

const deleteGroupExample = `  kafkactl delete group old-service-group
  kafkactl delete group old-service-group older-service-group --yes`

type deleteGroupOptions struct {
	app *cli.App
	cli.Connection
	groups []string
	yes    bool
}

// NewDeleteGroupCmd returns the command delete group.
func NewDeleteGroupCmd(a *cli.App) *cobra.Command {
	o := &deleteGroupOptions{app: a}
	cmd := &cobra.Command{
		Use:     "group GROUP...",
		Short:   "Delete consumer groups and what they committed",
		Long:    deleteGroupLong,
		Example: deleteGroupExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cli.WithHint(cli.Usagef("delete group needs GROUP"), cmd.CommandPath()+" --help shows examples; kafkactl delete topic group deletes a topic of that name")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.groups = slices.Compact(slices.Sorted(slices.Values(args)))
			return kafka.Needs{Operation: "Delete"}.Explain(o.run(cmd.Context()))
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *deleteGroupOptions) run(ctx context.Context) error {
	if err := o.app.CheckConfirmable(o.yes); err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	found, err := s.Groups.Lag(s.Ctx, groups.LagQuery{Groups: o.groups})
	if err != nil {
		return err
	}
	if !o.yes {
		var lines []string
		for _, g := range found {
			lines = append(lines, fmt.Sprintf("- %s  %s", kafka.Printable(g.Name), groupContents(g)))
		}
		if err := o.app.ConfirmDelete(ctx, lines, term.Count(len(found), "group")); err != nil {
			return err
		}
		s.Close() // the time it took to answer is not the cluster's, nor is what was seen before it still so
		if s, err = o.app.Connect(ctx, &o.Connection); err != nil {
			return err
		}
		defer s.Close()
		if found, err = s.Groups.Lag(s.Ctx, groups.LagQuery{Groups: o.groups}); err != nil {
			return err
		}
	}
	start := time.Now()
	deletions, err := s.Groups.Delete(s.Ctx, found)
	if err != nil {
		return err
	}
	return finishGroups(o.app, groupReport{deletions, time.Since(start)})
}

// groupContents returns what is lost with a group.
func groupContents(g groups.GroupLag) string {
	partitions, topics := 0, make(map[string]bool)
	for _, p := range g.Partitions {
		if p.Committed >= 0 {
			partitions++
			topics[p.Topic] = true
		}
	}
	text := fmt.Sprintf("%s, %s, ", g.State, term.Count(len(g.Members), "member"))
	if partitions == 0 {
		return text + "nothing committed"
	}
	return text + fmt.Sprintf("committed for %s of %s", term.Count(partitions, "partition"), term.Count(len(topics), "topic"))
}

// groupReport is what became of groups that were to be deleted.
type groupReport struct {
	deletions []groups.Deletion
	elapsed   time.Duration
}

// groupReportDoc is the report in JSON and YAML.
type groupReportDoc struct {
	cli.Header
	Outcomes  []groupOutcomeDoc `json:"outcomes"`
	ElapsedMS int64             `json:"elapsedMs"`
}

type groupOutcomeDoc struct {
	Group   string `json:"group"`
	Outcome string `json:"outcome"` // deleted, refused (it has members) or failed
	Error   string `json:"error"`
}

func deletionOutcome(d groups.Deletion) string {
	switch {
	case d.Err == nil:
		return "deleted"
	case d.InUse():
		return "refused"
	default:
		return "failed"
	}
}

func (r groupReport) answer() cli.Answer {
	doc := groupReportDoc{cli.NewHeader("GroupReport"), []groupOutcomeDoc{}, r.elapsed.Milliseconds()}
	var names []string
	for _, d := range r.deletions {
		line := groupOutcomeDoc{d.Group, deletionOutcome(d), ""}
		if d.Err != nil {
			line.Error = d.Err.Error()
		} else {
			names = append(names, kafka.Printable(d.Group))
		}
		doc.Outcomes = append(doc.Outcomes, line)
	}
	return cli.Answer{Doc: doc, Names: names, Text: r.text}
}

func (r groupReport) text(w io.Writer, st term.Styles, _ bool) {
	var rows [][]string
	t := term.NewTally("deleted", "refused", "failed")
	for _, d := range r.deletions {
		word := deletionOutcome(d)
		t.Add(d.Group, word)
		row := []string{"- " + kafka.Printable(d.Group), word}
		if d.Err != nil {
			row = []string{st.Bad.Render("x") + " " + st.Bold.Render(kafka.Printable(d.Group)), word, d.Err.Error()}
		}
		rows = append(rows, row)
	}
	st.Sentences(w, rows)
	fmt.Fprintf(w, "%s: %s (%.2fs)\n", term.Count(len(r.deletions), "group"), t.Summary(len(r.deletions)), r.elapsed.Seconds())
}

// finishGroups prints the report and is the command's error: nil when all are gone.
func finishGroups(a *cli.App, r groupReport) error {
	if err := a.Print(r.answer()); err != nil {
		return err
	}
	var left []string
	var cause error
	inUse := false
	for _, d := range r.deletions {
		if d.Err != nil {
			left, inUse = append(left, fmt.Sprintf("%q", d.Group)), inUse || d.InUse()
			if cause == nil {
				cause = d.Err
			}
		}
	}
	switch {
	case len(left) == 0:
		return nil
	case inUse:
		return cli.WithHint(cli.WithText(cause, "not deleted: group "+strings.Join(left, ", ")), "stop its consumers, then run this again")
	default:
		return cli.WithText(cause, "not deleted: group "+strings.Join(left, ", "))
	}
}
