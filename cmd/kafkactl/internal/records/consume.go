package records

import (
	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
	"kafkactl/internal/topicspec"
)

const consumeLong = `Prints the last 10 records of the topics, oldest first, and exits. The same records
come on a terminal and in a pipe; only their dress differs.

Where to begin: --from-beginning, --since, --offset or --tail N. Where to end: what was
there when the command began, or never with --follow, which ends with exit code 0 when
it is interrupted. --until leaves out what was written later, and looks for it up to the
end: a replay writes old records behind new ones. --lateness ends sooner, and says how
much it left. -n counts what is printed, after the filters.

A topic that is deleted under --follow may be made again within 10s: reading goes on at
its start. That is noted, as is a log that lost records, and an offset that is not there.

It reads without a consumer group and commits nothing. --group NAME begins at what
the group committed (where it committed nothing, at the start) and commits what was
printed. It does not join the group: a group that has members is refused.

Filters: several of --key, of --type and of --event-id are alternatives, everything
else must hold together. --where compares a field of a JSON value: = != > >= < <=.
--jq runs jq on the record as -o json prints it: true, or the record unchanged as from
select(…), keeps it; false, null or nothing drops it; anything else is printed instead.

--expect N reads from the beginning unless told otherwise, waits until N records have
matched, at most --timeout, and exits 3 when fewer came. --expect 0 is for what must not
come: it exits 3 with the first record, and 0 when --timeout is over. --validate reads
from the beginning too, prints no records but what is wrong with their envelopes
(eventId a UUID v4, eventType the topic, timestamp, version, data an object), and exits
3 when anything is.

-o json prints one object a line, which produce --input json reads back without loss.`

const consumeExample = `  kafkactl consume order.created                            # the last 10
  kafkactl consume order.created --from-beginning -o value
  kafkactl consume order.created -f --where data.userId=42
  kafkactl consume order.created payment.failed --since 1h --tail 100
  kafkactl consume order.created --offset 2:41 -n 1 -o json
  kafkactl consume order.created --jq 'select(.value.data.total > 100) | .key'
  kafkactl consume order.created --since 5m --where data.orderId=7 --expect 1 --timeout 30s
  kafkactl consume order.dlq --from-beginning -o json | kafkactl produce order.created --input json`

// tailDefault is how many records consume prints when nothing says where to begin.
const tailDefault = 10

type consumeOptions struct {
	app *cli.App
	cli.Connection
	reads   rangeFlags
	filter  filterFlags
	view    recordViewFlags
	count   int64
	group   string
	expect  int64
	audit   bool
	isolate string
	// hasCount and hasExpect say that the flag was given: 0 is a number like any other.
	hasCount, hasExpect bool
}

// NewConsumeCmd returns the command consume.
func NewConsumeCmd(a *cli.App) *cobra.Command {
	o := &consumeOptions{app: a}
	cmd := &cobra.Command{
		Use:        "consume TOPIC...",
		SuggestFor: []string{"read", "tail", "cat", "console-consumer"},
		Short:      "Print records: the last 10, or more, or as they come",
		Long:       consumeLong,
		Example:    consumeExample,
		Args:       cli.OneOrMoreArgs("TOPIC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			job, err := o.job(args)
			if err != nil {
				return err
			}
			return kafka.Needs{Operation: "Read", Topics: job.reads.Topics, Group: o.group}.Explain(job.run(cmd.Context()))
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().Lookup("timeout").Usage = "give up when the brokers give nothing for so long; with --expect, the whole time to wait (env KAFKACTL_TIMEOUT)"
	o.reads.addFlags(cmd)
	o.filter.addFlags(cmd)
	o.view.addFlags(a, cmd)
	cmd.Flags().Int64VarP(&o.count, "count", "n", 0, "stop after so many printed records; 0 prints none")
	cmd.Flags().StringVarP(&o.group, "group", "g", "", "begin where this consumer group is, and commit what was printed")
	cmd.Flags().Int64Var(&o.expect, "expect", 0, "wait until so many records have matched; exit 3 when they do not come, or, with 0, when one comes")
	cmd.Flags().BoolVar(&o.audit, "validate", false, "check the event envelope of every record instead of printing it; exit 3 when one is wrong")
	isolation := cli.ChoiceVar(cmd.Flags(), &o.isolate, "isolation", "read_committed", "read_committed, or read_uncommitted for aborted and open transactions too",
		"read_committed", "read_uncommitted")
	isolation.Kind, isolation.Sentence = "string", true
	cmd.Flags().BoolP("exit", "e", false, "as it does anyway: exit at the end")
	_ = cmd.Flags().MarkHidden("exit")
	return cmd
}

// job checks the flags, before anything is dialled.
func (o *consumeOptions) job(topics []string) (*consumeRun, error) {
	if err := o.Connection.Check(); err != nil {
		return nil, err
	}
	for _, topic := range topics {
		if err := topicspec.CheckName(topic); err != nil {
			return nil, cli.AsUsage(err)
		}
	}
	if err := o.readGiven(); err != nil {
		return nil, err
	}
	now, zone := o.app.Now()
	c := &consumeRun{app: o.app, options: o}
	var err error
	if c.reads, err = o.reads.readRange(o, topics, now, zone); err != nil {
		return nil, err
	}
	if c.filter, err = o.filter.filter(); err != nil {
		return nil, err
	}
	if c.view, err = o.view.view(o.app, now); err != nil {
		return nil, err
	}
	if o.view.hasLocalTimes() && !o.audit {
		o.app.NoteZone(zone)
	}
	return c, nil
}

// readGiven finds out which flags were given. One whose value is empty says nothing, as when a
// variable of a script was not set; to read something else in its place would be a guess.
func (o *consumeOptions) readGiven() error {
	flags := o.reads.flags
	o.hasCount, o.hasExpect = flags.Changed("count"), flags.Changed("expect")
	for _, text := range []struct{ flag, value string }{{"since", o.reads.since}, {"until", o.reads.until}, {"offset", o.reads.offset}, {"jq", o.filter.jq}, {"group", o.group}} {
		if flags.Changed(text.flag) && text.value == "" {
			return cli.Usagef("--%s is empty", text.flag)
		}
	}
	for _, partition := range o.reads.partitions {
		if partition < 0 {
			return cli.Usagef("--partition must be 0 or more, got %d", partition)
		}
	}
	return nil
}

// expectsNone reports whether --expect 0 was given: no record may match.
func (o *consumeOptions) expectsNone() bool { return o.hasExpect && o.expect == 0 }

// limit returns after how many printed records the run ends, 0 for never.
func (o *consumeOptions) limit() int64 {
	if o.expectsNone() {
		return 1
	}
	return max(o.count, o.expect)
}

// consumeRun is one run of consume, once its flags are understood.
type consumeRun struct {
	app     *cli.App
	options *consumeOptions
	reads   readRange
	filter  *record.Filter
	view    recordViews
	reader  *record.Reader
	config  kafka.Config
	group   *record.Group // nil without --group
	// selection is what the spans were looked up for.
	selection record.Selection
	// rewind notes that a partition is read again from an offset on.
	rewind func(topic string, partition int32, next int64)
}
