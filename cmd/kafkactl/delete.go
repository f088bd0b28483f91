package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/topicspec"
)

const deleteLong = `Deletes topics with all their records, and returns once no live broker shows them.
On a terminal it asks first; elsewhere --yes is needed. When one of the topics does
not exist nothing is deleted (exit 4). A topic that is called group or topic needs the
word before it: delete topic group.`

const deleteExample = `  kafkactl delete order.returned
  kafkactl delete order.returned audit.log --yes`

type deleteOptions struct {
	app *app
	connection
	topics []string
	yes    bool
}

func newDeleteCmd(a *app) *cobra.Command {
	o := &deleteOptions{app: a}
	cmd := &cobra.Command{
		Use:        "delete [topic] TOPIC...",
		SuggestFor: []string{"remove", "rm", "drop"},
		Short:      "Delete topics and their records, or consumer groups",
		Long:       deleteLong,
		Example:    deleteExample,
		Args:       someArgs("TOPIC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && args[0] == "topic" {
				args = args[1:]
			}
			o.topics = args
			return o.run(cmd.Context())
		},
	}
	o.addFlags(cmd, askTimeout)
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	a.outputFlag(cmd, formatTable, formatJSON, formatYAML, formatName)
	return cmd
}

func (o *deleteOptions) run(ctx context.Context) error {
	start := time.Now()
	slices.Sort(o.topics)
	o.topics = slices.Compact(o.topics)
	for _, name := range o.topics {
		if err := topicspec.CheckName(name); err != nil {
			return asUsage(err)
		}
	}
	if err := o.app.mayAsk(o.yes); err != nil {
		return err
	}
	s, err := o.app.connect(ctx, &o.connection)
	if err != nil {
		return err
	}
	defer s.Close()
	plan, err := s.PlanDelete(s.ctx, o.topics)
	if err != nil {
		return err
	}
	if !o.yes {
		if err := o.confirm(ctx, plan); err != nil {
			return err
		}
		start = time.Now() // the time it took to answer is not the cluster's
		s.Close()
		if s, err = o.app.connect(ctx, &o.connection); err != nil {
			return err
		}
		defer s.Close()
	}
	line := o.app.newWaitLine(start)
	client := s.Telling(line.say)
	report := client.Apply(s.ctx, plan)
	settled := client.SettleGone(s.ctx, report.Deleted()) // a topic that was not deleted would be waited for in vain
	line.end()
	return o.app.finish(reported{Report: report, settled: settled, elapsed: time.Since(start)})
}

// confirm asks on the terminal; anything but yes ends the command.
func (o *deleteOptions) confirm(ctx context.Context, plan topicspec.Plan) error {
	st := newStyles(o.app.renderer(o.app.err, o.app.errTTY))
	var lines []string
	for _, c := range plan.Changes {
		lines = append(lines, strings.Join(changeRow(st, c, "with all its records:"), "  "))
	}
	return o.app.confirmDelete(ctx, lines, count(len(plan.Changes), "topic"))
}

// mayAsk refuses a deletion that nobody has agreed to and nobody can be asked about.
func (a *app) mayAsk(yes bool) error {
	if !yes && (!a.inTTY || a.format != formatTable) {
		return withHint(usagef("delete asks first, and there is no terminal to ask on"), "--yes deletes without asking")
	}
	return nil
}

// confirmDelete shows on the terminal what is to be deleted and asks; anything but yes
// is an error.
func (a *app) confirmDelete(ctx context.Context, lines []string, what string) error {
	for _, line := range lines {
		a.notef("%s", line)
	}
	fmt.Fprintf(a.err, "Delete %s? Type yes: ", what)
	answers := make(chan string, 1)
	go func() { // a read from a terminal cannot be cancelled; the process ends with it
		line, _ := bufio.NewReader(a.in).ReadString('\n')
		answers <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case line := <-answers:
		if line != "yes" {
			return withCode(errors.New("nothing was deleted"), exitFailed)
		}
		return nil
	}
}
