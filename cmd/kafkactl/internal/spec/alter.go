package spec

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/internal/topicspec"
)

const alterLong = `Changes one topic. --partitions is the absolute count: asking again changes nothing,
asking for fewer is refused, as Kafka cannot remove partitions. Settings that are
not named stay as they are.

A change that puts records at risk is blocked unless it is accepted: --accept rekey is
for more partitions of a compacted topic, --accept trim for a setting that has the
brokers remove records. A topic without records has no risk.

--cancel-move ends a move of the topic's replicas, whoever began it: they are where
they were before, and the topic's lists of throttled replicas are removed. Kafka does
not keep the order of the replicas. A partition is left alone when no broker from
before has a replica in sync: only the new ones have all of its records (exit 1). When
nothing is being moved, there is nothing to do (exit 0).`

const alterExample = `  kafkactl alter order.created --partitions 6
  kafkactl alter order.created --config retention.ms=7d --delete-config cleanup.policy
  kafkactl alter order.created --config retention.ms=1h --accept trim
  kafkactl alter order.created --cancel-move`

type alterOptions struct {
	app *cli.App
	cli.Connection
	topicFlags
	topic        string
	deleteConfig []string
	accept       topicspec.Consent
	cancelMove   bool
}

// NewAlterCmd returns the command alter.
func NewAlterCmd(a *cli.App) *cobra.Command {
	o := &alterOptions{app: a}
	cmd := &cobra.Command{
		Use:     "alter TOPIC",
		Short:   "Change one topic",
		Long:    alterLong,
		Example: alterExample,
		Args:    cli.ExactArgs("TOPIC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.topic = args[0]
			readiness.AwaitIfAsked(cmd, o.app, &o.Connection)
			if err := countFlag(cmd, "partitions", o.partitions); err != nil {
				return err
			}
			if o.cancelMove {
				return o.runCancel(cmd.Context())
			}
			return o.run(cmd.Context())
		},
	}
	o.Connection.AddFlags(cmd, cli.AskTimeout)
	o.topicFlags.addFlags(cmd, "number of partitions to grow to")
	cmd.Flags().StringSliceVar(&o.deleteConfig, "delete-config", nil, "settings to take back, so that the broker's default holds")
	cli.ConsentVar(cmd.Flags(), &o.accept, topicspec.RiskRekey, topicspec.RiskTrim)
	cmd.Flags().BoolVar(&o.cancelMove, "cancel-move", false, "cancel what moves its replicas to other brokers")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *alterOptions) run(ctx context.Context) error {
	start := time.Now()
	if o.partitions == 0 && len(o.config)+len(o.deleteConfig) == 0 {
		return cli.WithHint(cli.Usagef("nothing to change"), "give --partitions, --config, --delete-config or --cancel-move")
	}
	desired, err := o.desired(o.topic, 0, o.deleteConfig)
	if err != nil {
		return err
	}
	if err := desired.CheckState(false); err != nil {
		return cli.AsUsage(err)
	}
	sayDoubts(o.app, desired)
	t, err := newTopicChange(ctx, o.app, &o.Connection, desired, o.accept)
	if err != nil {
		return err
	}
	defer t.Close()
	if !t.exists {
		return t.NotFound(t.Ctx, o.topic)
	}
	return converge(o.app, t, start)
}
