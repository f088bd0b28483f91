package topics

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
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
	spec   cli.SpecFlags
	issues issueFlags

	output *cli.Choice[cli.Format] // nil where another command describes a namesake
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
		RunE:       o.run,
	}
	o.AddFlags(cmd, cli.AskTimeout)
	o.spec.AddFlags(cmd)
	o.issues.addFlags(cmd)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName)
	o.output = cli.OutputFlag(cmd)
	return cmd
}

func (o *describeOptions) run(cmd *cobra.Command, args []string) error {
	kind, rest := o.split(args)
	if o.isNameless(args) {
		return o.describeNamesake(cmd.Context(), kind, o.checkNames(cmd, args))
	}
	name := ""
	if len(rest) > 0 {
		name = rest[0]
	}
	err := o.kinds()[kind].describe(cmd.Context(), name)
	if len(rest) == len(args) { // without the word of a kind
		return withGroupHint(name, err)
	}
	return err
}

// withGroupHint adds to err, by which there is no topic of that name, how a consumer group is
// described, where the name is a word for that kind.
func withGroupHint(name string, err error) error {
	switch name {
	case "cg", "groups", "consumer-group", "consumer-groups", "consumergroup", "consumergroups":
	default:
		return err
	}
	if !errors.As(err, new(*kafka.NotFoundError)) {
		return err
	}
	return cli.WithHint(err, "kafkactl describe group NAME describes a consumer group; "+cli.HintOf(err))
}

// isNameless reports whether args are the word of a kind and no name, where the kind needs one. The
// word may be the name of a topic.
func (o *describeOptions) isNameless(args []string) bool {
	return len(args) == 1 && o.kinds()[args[0]].needs != ""
}

// NamesakeOf returns a function for the commands of other kinds. It describes the topic that is
// called word, as their kind is. Where there is no such topic, or nobody can be asked, it returns
// missing: the error of a kind without a name.
func NamesakeOf(a *cli.App) func(ctx context.Context, c *cli.Connection, word string, missing error) error {
	return func(ctx context.Context, c *cli.Connection, word string, missing error) error {
		o := &describeOptions{app: a, Connection: *c}
		o.spec.AddFlags(&cobra.Command{}) // its defaults: the command has no such flags
		return o.describeNamesake(ctx, word, missing)
	}
}

// describeNamesake does for describe itself what [NamesakeOf] does for others.
func (o *describeOptions) describeNamesake(ctx context.Context, word string, missing error) error {
	if !o.topicExists(ctx, word) {
		return missing
	}
	return o.describeTopic(ctx, word)
}

// topicExists reports whether the cluster is known to have the topic: false, too, when nobody can
// be asked. The error says nothing to a user who forgot a name.
func (o *describeOptions) topicExists(ctx context.Context, name string) bool {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return false
	}
	defer s.Close()
	found, err := s.Topic(s.Ctx, name)
	return err == nil && found.Name == name
}

// resource is a kind of thing that can be described: what names one, "" when there is only one, and
// how it is described.
type resource struct {
	needs    string
	describe func(ctx context.Context, name string) error
}

// kinds holds what can be described, by the word of its kind. One more kind is one more line.
func (o *describeOptions) kinds() map[string]resource {
	return map[string]resource{
		"topic":   {"TOPIC", o.describeTopic},
		"broker":  {"ID", o.describeBroker},
		"cluster": {"", o.describeCluster},
	}
}

// split takes the word of a kind off the arguments; without one they are about a topic.
func (o *describeOptions) split(args []string) (kind string, rest []string) {
	if len(args) > 0 {
		if _, known := o.kinds()[args[0]]; known {
			return args[0], args[1:]
		}
	}
	return "topic", args
}

// args refuses what names nothing, and flags that do not go with the kind. No name is needed by
// flags that choose partitions of all topics, nor yet by a word that may be a topic's name.
func (o *describeOptions) args(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && o.issues.given() || o.isNameless(args) {
		return nil
	}
	if err := o.checkNames(cmd, args); err != nil {
		return err
	}
	kind, _ := o.split(args)
	return o.issues.check(kind)
}

// checkNames returns a usage error unless the arguments name as many things as the kind needs.
func (o *describeOptions) checkNames(cmd *cobra.Command, args []string) error {
	kind, rest := o.split(args)
	command := "describe"
	if len(rest) < len(args) {
		command += " " + kind
	}
	var want []string
	if needs := o.kinds()[kind].needs; needs != "" {
		want = []string{needs}
	}
	return cli.CheckArgs(cmd, command, want, rest)
}

func (o *describeOptions) describeTopic(ctx context.Context, name string) error {
	if o.app.Format == cli.FormatName && name != "" {
		refusal := cli.Usagef("-o name goes with no TOPIC: it lists topics with such partitions")
		if err := o.output.Refuse(refusal); err != nil {
			return err
		}
	}
	if name == "" {
		return o.describeIssues(ctx)
	}
	if err := topicspec.CheckName(name); err != nil {
		return cli.AsUsage(err)
	}
	declared, err := o.declaration(name)
	if err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	groups := make(chan topicGroups, 1)
	go func() { groups <- askGroups(s, name, declared.groups()) }() // beside the topic; abandoned when that fails
	detail, err := s.DescribeTopic(s.Ctx, name)
	if err != nil {
		return err
	}
	view := topicView{TopicDetail: detail, declared: declared, count: len(detail.PartitionList)}
	view.addGroups(<-groups)
	found := o.issues.choose(detail.PartitionList)
	view.PartitionList = o.issues.shown(detail.PartitionList)
	if err := o.app.Print(cli.Answer{Doc: newTopicDetailDoc(view), Text: func(w io.Writer, st term.Styles, wide bool) {
		view.text(w, st, wide)
	}}); err != nil {
		return err
	}
	return o.issues.verdict(view.count, len(found), name, found)
}
