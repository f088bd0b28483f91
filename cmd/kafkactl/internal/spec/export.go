package spec

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const exportLong = `Prints the cluster's topics as the smallest topics file that declares them: all of
them, or those with these names or that match these patterns (* and ?, [abc]; quote
them from the shell). A plan from the file is in sync.

Only what a topic sets itself is declared, none of the brokers' defaults. What all
topics have alike is under defaults. Topics of Kafka itself, and others whose name
begins with _, are left out unless they are named. Which services produce and consume
is not known to the brokers: add it. What a topics file cannot say, such as
partitions with different numbers of replicas, is left alone, and a comment says so.

Exit code 4: there is no such topic.`

const exportExample = `  kafkactl export > topics.yaml
  kafkactl export 'order.*' payment.failed
  kafkactl export | kafkactl plan -f - --check`

type exportOptions struct {
	app *cli.App
	cli.Connection
}

// NewExportCmd returns the command export.
func NewExportCmd(a *cli.App) *cobra.Command {
	o := &exportOptions{app: a}
	cmd := &cobra.Command{
		Use:        "export [NAME...]",
		SuggestFor: []string{"import", "dump", "bootstrap", "save"},
		Short:      "Print the cluster's topics as a topics file",
		Long:       exportLong,
		Example:    exportExample,
		Args:       cobra.ArbitraryArgs,
		RunE:       func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args) },
	}
	o.AddFlags(cmd, cli.AskTimeout)
	return cmd
}

func (o *exportOptions) run(ctx context.Context, names []string) error {
	if err := cli.CheckPatterns(names); err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	all, viewer, err := s.TopicsOf(names)
	if err != nil {
		return err
	}
	chosen := chosenForExport(all, names)
	switch {
	case len(chosen) == 0 && viewer != "":
		err := cli.WithText(kerr.TopicAuthorizationFailed, "there is no topic to export that "+viewer+" may see")
		return cli.WithHint(err, kafka.Grant("Describe", "--topic '*'"))
	case len(chosen) == 0:
		return cli.WithCode(errors.New("there is no topic to export"), cli.ExitNotFound)
	case viewer != "":
		o.app.Notef("note: topics that %s may not see are left out, where there are any", viewer)
	}
	observed, err := s.Observe(s.Ctx, chosen)
	if err != nil {
		return err
	}
	file, err := topicspec.Export(observed)
	if err != nil {
		return err
	}
	_, err = o.app.Out.Write(file)
	return err
}

// chosenForExport returns the names of the topics to export. One that begins with _ is most often a tool's
// own.
func chosenForExport(all []admin.Topic, names []string) []string {
	var chosen []string
	for _, t := range all {
		private := t.Internal || strings.HasPrefix(t.Name, "_")
		if cli.MatchesAny(t.Name, names) && (!private || slices.Contains(names, t.Name)) {
			chosen = append(chosen, t.Name)
		}
	}
	return chosen
}
