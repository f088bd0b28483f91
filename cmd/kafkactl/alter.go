package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

const alterLong = `Changes one topic. --partitions is the absolute count: asking again changes nothing,
asking for fewer is refused, as Kafka cannot remove partitions. Settings that are
not named stay as they are.`

const alterExample = `  kafkactl alter order.created --partitions 6
  kafkactl alter order.created --config retention.ms=7d --delete-config cleanup.policy`

type alterOptions struct {
	app *app
	connection
	topicFlags
	topic        string
	deleteConfig []string
}

func newAlterCmd(a *app) *cobra.Command {
	o := &alterOptions{app: a}
	cmd := &cobra.Command{
		Use:     "alter TOPIC",
		Short:   "Change one topic",
		Long:    alterLong,
		Example: alterExample,
		Args:    exactArgs("TOPIC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.topic = args[0]
			if err := countFlag(cmd, "partitions", o.partitions); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.connection.addFlags(cmd, askTimeout)
	o.topicFlags.addFlags(cmd, "number of partitions to grow to")
	cmd.Flags().StringSliceVar(&o.deleteConfig, "delete-config", nil, "settings to take back, so that the broker's default holds")
	a.outputFlag(cmd, formatTable, formatWide, formatJSON, formatYAML, formatName)
	return cmd
}

func (o *alterOptions) run(ctx context.Context) error {
	start := time.Now()
	if o.partitions == 0 && len(o.config)+len(o.deleteConfig) == 0 {
		return withHint(usagef("nothing to change"), "give --partitions, --config or --delete-config")
	}
	desired, err := o.desired(o.topic, 0, o.deleteConfig)
	if err != nil {
		return err
	}
	t, err := o.app.target(ctx, &o.connection, desired)
	if err != nil {
		return err
	}
	defer t.Close()
	if !t.exists {
		return t.NotFound(t.ctx, o.topic)
	}
	return o.app.converge(t, start)
}
