package topics

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

const describeLong = `Tells all about one topic, its health first: each partition with leader, replicas,
in-sync replicas, offsets and bytes on disk; then what is in it, who reads it, who
should (by topics.yaml), and the settings the topic overrides (-o wide: every setting
and where it comes from). The first replica is the preferred leader. What is amiss
carries a "!".

"describe group NAME", "describe broker ID" and "describe cluster" do the same for these.
A topic that is called group, broker or topic is described where the word stands alone;
one called cluster needs the word before it: describe topic cluster.

--under-replicated, --offline and --under-min-isr show the partitions that lack
replicas in sync, have no leader, or have fewer in sync than min.insync.replicas;
without a topic those of all topics. --check exits 3 when one is sick: when it is in
one of these, or lacks a replica or the answer of its leader in any other way. A leader
that is not the preferred one makes no partition sick.`

const describeExample = `  kafkactl describe order.created
  kafkactl describe topic order.created -o wide
  kafkactl describe order.created -o json | jq '.partitions[].leader'
  kafkactl describe --under-replicated
  kafkactl describe --check               # exit 3 when any partition is sick
  kafkactl describe broker 2
  kafkactl describe cluster`

type describeOptions struct {
	app *cli.App
	cli.Connection
	spec cli.SpecFlags
	sick sickFlags

	output *cli.FormatFlag // nil where another command describes a namesake
}

// NewDescribeCmd returns the command describe.
func NewDescribeCmd(a *cli.App) *cobra.Command {
	o := &describeOptions{app: a}
	cmd := &cobra.Command{
		Use:        "describe [topic|broker|cluster] [NAME]",
		SuggestFor: []string{"info", "inspect"},
		Short:      "Tell all about a topic, a consumer group, a broker or the cluster",
		Long:       describeLong,
		Example:    describeExample,
		Args:       o.args,
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, name := o.split(args)
			if missing := o.missing(cmd, args); missing != nil {
				return o.describeNamesake(cmd.Context(), kind, missing)
			}
			return o.kinds()[kind].describe(cmd.Context(), name)
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	o.spec.AddFlags(cmd)
	o.sick.addFlags(cmd)
	a.OutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	o.output = cli.OutputOf(cmd)
	return cmd
}

// missing is what a kind lacks whose word stands alone; nil for any other arguments.
func (o *describeOptions) missing(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return nil
	}
	needs := o.kinds()[args[0]].needs
	if needs == "" {
		return nil
	}
	return cli.CountArgs(cmd, "describe "+args[0], []string{needs}, nil)
}

// NamesakeOf returns what describes the topic that is called word, as a kind of thing is, for the
// command of that kind. The error is missing, a kind without a name, where there is no such topic
// or nobody can be asked.
func NamesakeOf(a *cli.App) func(ctx context.Context, c *cli.Connection, word string, missing error) error {
	return func(ctx context.Context, c *cli.Connection, word string, missing error) error {
		o := &describeOptions{app: a, Connection: *c}
		o.spec.AddFlags(&cobra.Command{}) // its defaults: the command has no such flags
		return o.describeNamesake(ctx, word, missing)
	}
}

// describeNamesake is the same for describe itself.
func (o *describeOptions) describeNamesake(ctx context.Context, word string, missing error) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return missing
	}
	defer s.Close()
	if found, err := s.Topic(s.Ctx, word); err != nil || found.Name != word {
		return missing
	}
	return o.describeTopic(ctx, word)
}

// described is a kind of thing that describe knows: what names one, "" when there is
// only one, and how it is described.
type described struct {
	needs    string
	describe func(ctx context.Context, name string) error
}

// kinds are what can be described, by its word; a name without one is a topic's. One
// more kind is one more line.
func (o *describeOptions) kinds() map[string]described {
	return map[string]described{
		"topic":   {"TOPIC", o.describeTopic},
		"broker":  {"ID", o.describeBroker},
		"cluster": {"", o.describeCluster},
	}
}

// split takes the kind off the arguments; "" names no topic, which means all of them.
func (o *describeOptions) split(args []string) (kind, name string) {
	if len(args) > 0 {
		if _, known := o.kinds()[args[0]]; known {
			return args[0], cmp.Or(slices.Concat(args[1:], []string{""})...)
		}
		return "topic", args[0]
	}
	return "topic", ""
}

// args refuses what names nothing, and flags that do not go with the kind. A kind whose word
// stands alone may be a topic's name.
func (o *describeOptions) args(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && o.sick.any() || o.missing(cmd, args) != nil {
		return nil
	}
	kind, rest := "topic", args
	if len(args) > 0 {
		if _, known := o.kinds()[args[0]]; known {
			kind, rest = args[0], args[1:]
		}
	}
	named, needs := "describe", o.kinds()[kind].needs
	if len(rest) < len(args) {
		named += " " + kind
	}
	var want []string
	if needs != "" {
		want = []string{needs}
	}
	if err := cli.CountArgs(cmd, named, want, rest); err != nil {
		return err
	}
	return o.sick.check(kind)
}

func (o *describeOptions) describeTopic(ctx context.Context, name string) error {
	if o.app.Format == cli.FormatName && name != "" {
		refusal := cli.Usagef("-o name goes with no TOPIC: it lists topics with such partitions")
		if err := o.output.Refuse(refusal); err != nil {
			return err
		}
	}
	if name == "" {
		return o.describeSick(ctx)
	}
	if err := topicspec.CheckName(name); err != nil {
		return cli.AsUsage(err)
	}
	owners, err := o.owners(name)
	if err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	readers := make(chan readership, 1)
	go func() { readers <- askReaders(s, name, owners.groups()) }() // beside the topic; abandoned when that fails
	detail, err := s.DescribeTopic(s.Ctx, name)
	if err != nil {
		return err
	}
	view := topicView{TopicDetail: detail, owners: owners, count: len(detail.PartitionList)}
	view.take(<-readers)
	sick := o.sick.sickOf(detail.PartitionList)
	view.PartitionList = o.sick.shown(detail.PartitionList)
	if err := o.app.Print(cli.Answer{Doc: newTopicDetailDoc(view), Text: func(w io.Writer, st term.Styles, wide bool) {
		view.text(w, st, wide)
	}}); err != nil {
		return err
	}
	return o.sick.verdict(view.count, len(sick), name, sick)
}
