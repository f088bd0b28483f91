package spec

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

const createLong = `Makes one topic and returns once every live broker shows it usable. Counts that are
not given are the broker's defaults. A topic that exists already is an error
(exit 1); with --if-not-exists it is left as it is, and what differs from the
flags is said on stderr. Brokers that restart are waited for: those that are known
to be missing, and, given --timeout, also where none can be reached yet (exit 5 when
the time is over).

Topics a team depends on belong in topics.yaml: see kafkactl apply.`

const createExample = `  kafkactl create order.returned --partitions 3 --replication-factor 1
  kafkactl create audit.log --partitions 1 --config cleanup.policy=compact --config retention.ms=30d
  kafkactl create order.returned --partitions 3 --if-not-exists`

type createOptions struct {
	app *cli.App
	cli.Connection
	topicFlags
	topic             string
	replicationFactor int
	ifNotExists       bool
}

// NewCreateCmd returns the command create.
func NewCreateCmd(a *cli.App) *cobra.Command {
	o := &createOptions{app: a}
	cmd := &cobra.Command{
		Use:        "create TOPIC",
		SuggestFor: []string{"add", "new", "make"},
		Short:      "Make one topic",
		Long:       createLong,
		Example:    createExample,
		Args:       cli.ExactArgs("TOPIC"),
		// Not what TOPIC is elsewhere: the topic is not there yet.
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.topic = args[0]
			readiness.AwaitIfAsked(cmd, o.app, &o.Connection)
			if err := countFlag(cmd, "partitions", o.partitions); err != nil {
				return err
			}
			if err := countFlag(cmd, "replication-factor", o.replicationFactor); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.Connection.AddFlags(cmd, cli.AskTimeout)
	o.topicFlags.addFlags(cmd, "number of partitions (default: the broker's num.partitions)")
	cmd.Flags().IntVar(&o.replicationFactor, "replication-factor", 0, "copies of every partition (default: the broker's)")
	cmd.Flags().BoolVar(&o.ifNotExists, "if-not-exists", false, "leave a topic that exists as it is")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *createOptions) run(ctx context.Context) error {
	start := time.Now()
	desired, err := o.desired(o.topic, o.replicationFactor, nil)
	if err != nil {
		return err
	}
	sayDoubts(o.app, desired)
	t, err := newTopicChange(ctx, o.app, &o.Connection, desired, topicspec.Consent{})
	if err != nil {
		return err
	}
	defer t.Close()
	switch {
	case !t.exists:
		if err := desired.CheckState(true); err != nil {
			return cli.AsUsage(err)
		}
		return converge(o.app, t, start)
	case o.ifNotExists:
		return o.leave(t.plan)
	default:
		return cli.WithHint(
			cli.WithText(kerr.TopicAlreadyExists, fmt.Sprintf("topic %q exists already: %s", o.topic, t.existing.Shape())),
			"--if-not-exists leaves it as it is; kafkactl alter changes it",
		)
	}
}

// leave reports that the topic was there, and how it differs from what was asked.
func (o *createOptions) leave(plan topicspec.Plan) error {
	st := term.NewStyles(o.app.Renderer(o.app.Err, o.app.ErrTTY))
	for _, c := range plan.Changes {
		o.app.Notef("%s topic %q exists with %s %s, not %s",
			st.Warn.Render("note:"), o.topic, c.Field, changes.ValueText(c.Field, c.Before), changes.ValueText(c.Field, c.After))
	}
	doc := changes.NewPlanDoc(plan)
	return o.app.Print(cli.Answer{Doc: doc, Names: []string{}, Text: func(w io.Writer, _ term.Styles, _ bool) {
		fmt.Fprintf(w, "topic %q exists already, nothing was changed\n", o.topic)
	}})
}
