package topics

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const whoAmILong = `Tells who the client is to the brokers, how it is connected, and what it may do: with
the cluster, with the topics that topics.yaml declares or --topic names, and with the
groups that --group names, which need not exist. Nothing is changed.

No request of Kafka's asks for the principal: it follows from the login or the client
certificate, and from settings of the brokers, such as ssl.principal.mapping.rules.
Where these may be read (DescribeConfigs on the cluster) the principal is sure, else
the answer says which setting may make another of it. Whom a delegation token belongs
to the brokers do not tell.

The operations are what the brokers say, super users and an authorizer of any make
included. They tell them to who may Describe the resource, and nothing to others. -o json
has null for operations that are not known, and [] for none.`

const whoAmIExample = `  kafkactl whoami
  kafkactl whoami --config client.properties
  kafkactl whoami --topic order.created --group order-service-group
  kafkactl whoami -t order.created -o json | jq '.topics[0].operations'
  kafkactl whoami -o name                 # the principal alone`

type whoAmIOptions struct {
	app *cli.App
	cli.Connection
	spec   cli.SpecFlags
	topics []string
	groups []string
}

// NewWhoAmICmd returns the command whoami.
func NewWhoAmICmd(a *cli.App) *cobra.Command {
	o := &whoAmIOptions{app: a}
	cmd := &cobra.Command{
		Use:        "whoami",
		SuggestFor: []string{"who", "principal", "rights", "permissions", "acls"},
		Short:      "Tell who one is to the brokers, and what one may do",
		Long:       whoAmILong,
		Example:    whoAmIExample,
		Args:       cli.ExactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.AddFlags(cmd, cli.AskTimeout)
	o.spec.AddFlags(cmd)
	cmd.Flags().StringSliceVarP(&o.topics, "topic", "t", nil, "what may be done with these topics (default those of the topics file)")
	cmd.Flags().StringSliceVarP(&o.groups, "group", "g", nil, "what may be done with these consumer groups")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	return cmd
}

func (o *whoAmIOptions) run(ctx context.Context) error {
	topics, err := o.askedTopics()
	if err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	me, err := s.WhoAmI(s.Ctx, s.Config.Security, topics)
	if err != nil {
		return err
	}
	var groups []kafka.Permitted
	if len(o.groups) > 0 {
		if groups, err = s.Groups.Permitted(s.Ctx, slices.Compact(slices.Sorted(slices.Values(o.groups)))); err != nil {
			return err
		}
	}
	view := whoAmIView{me, groups, s.Config.Security, s.Config.Brokers[0]}
	if err := o.app.Print(cli.Answer{
		Doc: view.doc(), Names: nameOf(me.Principal),
		Text: func(w io.Writer, st term.Styles, _ bool) { view.text(w, st) },
	}); err != nil {
		return err
	}
	return o.missing(s, me.Topics)
}

// askedTopics returns the topics of --topic or, without, those that shall exist by the topics file, sorted.
func (o *whoAmIOptions) askedTopics() ([]string, error) {
	if len(o.topics) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(o.topics))), nil
	}
	declared, _, err := o.spec.LoadIfThere(o.app)
	return topicspec.Names(topicspec.Present(declared.Topics)), err
}

// missing returns the error of the first topic that was named and does not exist. One that is only declared need not.
func (o *whoAmIOptions) missing(s *cli.Session, topics []kafka.Permitted) error {
	for _, t := range topics {
		if len(o.topics) > 0 && isAbsent(t) {
			return s.NotFound(s.Ctx, t.Name)
		}
	}
	return nil
}

func nameOf(p kafka.Principal) []string {
	if p.Name == "" {
		return nil
	}
	return []string{p.Name}
}

// whoAmIView is the answer, with how it was asked for.
type whoAmIView struct {
	admin.WhoAmI
	groups   []kafka.Permitted
	security kafka.Security
	dialled  string // host:port
}
