package spec

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/access"
	"kafkactl/internal/accessadmin"
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
is not known to the brokers: add it, or --access finds it in their ACLs. What a topics
file cannot say, such as partitions with different numbers of replicas, is left alone,
and a comment says so.

--access exports all users, ACLs and quotas of users as well. Each principal becomes a
service: it produces to the topics of the file that it may write, consumes those that
it may read, and all its other rights are grants. Brokers never tell a password, so a
SCRAM credential is a comment: add where its password is. Default quotas, and quotas
without a user, are not exported. It needs Describe and DescribeConfigs on the cluster.
Where the brokers have no authorizer, only topics are exported.

Exit codes: 4 there is no such topic, 6 the right to look is missing.`

const exportExample = `  kafkactl export > topics.yaml
  kafkactl export 'order.*' payment.failed
  kafkactl export --access > topics.yaml        # with who may do what
  kafkactl export | kafkactl plan -f - --check`

type exportOptions struct {
	app *cli.App
	cli.Connection
	access bool
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
	cmd.Flags().BoolVar(&o.access, "access", false, "export users, ACLs and quotas, too")
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
	return o.write(s, chosen)
}

// write prints the file of these topics.
func (o *exportOptions) write(s *cli.Session, topics []string) error {
	observed, err := s.Observe(s.Ctx, topics)
	if err != nil {
		return err
	}
	var found *topicspec.ExportedAccess
	if o.access {
		if found, err = o.findAccess(s, topics); err != nil {
			return err
		}
	}
	file, err := topicspec.Export(observed, found)
	if err != nil {
		return err
	}
	_, err = o.app.Out.Write(file)
	return err
}

// findAccess returns who may do what, nil when the brokers check nobody.
func (o *exportOptions) findAccess(s *cli.Session, topics []string) (*topicspec.ExportedAccess, error) {
	seen, err := accessadmin.ObserveAll(s.Ctx, s.Kafka)
	if err != nil {
		return nil, err
	}
	for _, note := range seen.Notes {
		o.app.Notef("note: %s", note)
	}
	if seen.NoAuthorizer {
		o.app.Notef("note: the brokers have no authorizer, and everybody may do everything: only topics are exported")
		return nil, nil
	}
	if late := len(seen.Late); late > 0 {
		o.app.Notef("note: not all brokers have the same ACLs yet: %s of the export may be gone soon, or not be everywhere", term.Count(late, "ACL"))
	}
	exported := access.Services(seen.Observed, topics)
	found := &topicspec.ExportedAccess{Services: exported.Services, Left: make(map[string][]string)}
	for _, left := range exported.Left {
		found.Left[left.Service] = append(found.Left[left.Service], "left alone: "+left.What+": "+left.Why)
	}
	return found, nil
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
