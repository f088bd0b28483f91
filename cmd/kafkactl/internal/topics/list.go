package topics

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

const listLong = `Lists topics, one line each: all of them, or those with these names or that match
these patterns (* and ?, [abc]; quote them from the shell). Internal topics (those of
Kafka itself) are left out unless they are named or --internal asks for them.

Topics that the client may not describe are missing: Kafka does not tell that they exist.
Where some may be missing, JSON and YAML say partial: true, and an empty list says so on
stderr. The brokers are asked that for a client that logs in, and where the list is empty.

--managed lists the topics that the topics file declares, --unmanaged the others.
--unmanaged -o tombstones prints lines for the topics file, under topics:, that declare
these topics absent: apply --accept delete=N deletes them then. Take the lines of topics
that you keep out. Topics whose name begins with _ are not among them.

"list groups" lists consumer groups: kafkactl list groups --help. "list acls" lists who may
do what: kafkactl list acls --help.

"list brokers" lists the live brokers, with the bytes in their data directories.
RELEASE is the Kafka line whose requests a broker offers exactly, "-" when there is
none. In KRaft the controller may be none of the brokers.`

const listExample = `  kafkactl list
  kafkactl list topics -o wide
  kafkactl list 'order.*' -o name
  kafkactl list --unmanaged               # what topics.yaml does not declare
  kafkactl list --unmanaged -o tombstones # lines that declare them absent
  kafkactl list -o json -b localhost:9092
  kafkactl list groups
  kafkactl list acls
  kafkactl list brokers`

type listOptions struct {
	app *cli.App
	cli.Connection
	spec      cli.SpecFlags
	internal  bool
	managed   bool
	unmanaged bool
}

// NewListCmd returns the command list.
func NewListCmd(a *cli.App) *cobra.Command {
	o := &listOptions{app: a}
	cmd := &cobra.Command{
		Use:        "list [topics|brokers] [NAME...]",
		Aliases:    []string{"ls"},
		SuggestFor: []string{"topics", "topic", "get", "show"},
		Short:      "List topics, consumer groups, brokers or ACLs",
		Long:       listLong,
		Example:    listExample,
		Args:       cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			list, names := o.listTopics, args
			if len(args) > 0 {
				if other, known := o.kinds()[args[0]]; known {
					list, names = other, args[1:]
				}
			}
			return list(cmd.Context(), names)
		},
	}
	o.AddFlags(cmd, cli.AskTimeout)
	o.spec.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.internal, "internal", false, "include Kafka's internal topics")
	cmd.Flags().BoolVar(&o.managed, "managed", false, "only topics that the topics file declares")
	cmd.Flags().BoolVar(&o.unmanaged, "unmanaged", false, "only topics that the topics file does not declare")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatWide, cli.FormatJSON, cli.FormatYAML, cli.FormatName, cli.FormatTombstones)
	return cmd
}

// kinds holds what can be listed, by the word of its kind; without one, topics are listed. One more
// kind is one more line.
func (o *listOptions) kinds() map[string]func(ctx context.Context, names []string) error {
	return map[string]func(context.Context, []string) error{
		"topics": o.listTopics, "topic": o.listTopics,
		"brokers": o.listBrokers, "broker": o.listBrokers,
	}
}

// onlyForTopics refuses what another kind would ignore.
func (o *listOptions) onlyForTopics(kind string, names []string) error {
	if len(names) > 0 || o.internal || o.managed || o.unmanaged {
		return cli.Usagef("list %s takes neither names nor --internal, --managed or --unmanaged", kind)
	}
	return o.check()
}

func (o *listOptions) listTopics(ctx context.Context, names []string) error {
	if err := cli.CheckPatterns(names); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	var declared cli.Declared
	if o.managed || o.unmanaged {
		var err error
		if declared, err = o.spec.Load(o.app); err != nil {
			return err
		}
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
	topics, hidden := o.choose(all, names, topicspec.Names(declared.Topics))
	if o.app.Format == cli.FormatTombstones {
		return o.printTombstones(topics, viewer)
	}
	switch text := o.app.Format == cli.FormatTable || o.app.Format == cli.FormatWide; {
	case len(topics) == 0 && viewer != "" && hidden == 0:
		o.noteHidden(viewer, len(all))
		if text {
			return nil
		}
	case len(topics) == 0 && text:
		o.noteEmpty(len(all), hidden)
		return nil
	}
	return o.app.Print(newTopicList(topics, viewer != ""))
}

// choose returns the topics that were asked for. hidden counts the internal ones that were not, but
// match all else.
func (o *listOptions) choose(all []admin.Topic, names, declared []string) (topics []admin.Topic, hidden int) {
	managed := make(map[string]bool, len(declared))
	for _, name := range declared {
		managed[name] = true
	}
	for _, t := range all {
		if !cli.MatchesAny(t.Name, names) || o.managed && !managed[t.Name] || o.unmanaged && managed[t.Name] {
			continue
		}
		if t.Internal && !o.internal && !slices.Contains(names, t.Name) {
			hidden++
			continue
		}
		topics = append(topics, t)
	}
	return topics, hidden
}

// noteHidden says that the list is empty, and may not be for others.
func (o *listOptions) noteHidden(viewer string, all int) {
	what := "no topics"
	if all > 0 {
		what = "no topics match"
	}
	o.app.NoteHidden(viewer, what, "--topic TOPIC")
}

// noteEmpty says that the list is empty, and what would fill it.
func (o *listOptions) noteEmpty(all, hidden int) {
	if all == hidden {
		o.app.Notef("no topics")
	} else {
		o.app.Notef("no topics match")
	}
	switch {
	case hidden == 1:
		o.app.Notef("hint: 1 internal topic does; --internal shows it")
	case hidden > 1:
		o.app.Notef("hint: %d internal topics do; --internal shows them", hidden)
	}
}

// topicListDoc is a list of topics in JSON and YAML.
type topicListDoc struct {
	cli.Header
	Partial bool       `json:"partial,omitzero"` // topics that the client may not see would be missing
	Topics  []topicDoc `json:"topics"`
}

// topicDoc is one topic of a list.
type topicDoc struct {
	Name              string `json:"name"`
	ID                string `json:"id"` // "" on brokers without topic ids
	Partitions        int    `json:"partitions"`
	ReplicationFactor int    `json:"replicationFactor"`
	UnderReplicated   int    `json:"underReplicatedPartitions"`
	Leaderless        int    `json:"leaderlessPartitions"`
	Internal          bool   `json:"internal"`
	Error             string `json:"error"`
}

func newTopicDoc(t admin.Topic) topicDoc {
	doc := topicDoc{t.Name, t.ID, t.Partitions, t.ReplicationFactor, t.UnderReplicated, t.Leaderless, t.Internal, ""}
	if t.Err != nil {
		doc.Error = t.Err.Error()
	}
	return doc
}

// newTopicList returns the list in every format.
func newTopicList(topics []admin.Topic, partial bool) cli.Answer {
	doc := topicListDoc{cli.NewHeader("TopicList"), partial, []topicDoc{}}
	names := make([]string, len(topics))
	for i, t := range topics {
		doc.Topics = append(doc.Topics, newTopicDoc(t))
		names[i] = t.Name
	}
	return cli.Answer{Doc: doc, Names: names, Text: func(w io.Writer, st term.Styles, wide bool) { topicRows(w, st, topics, wide) }}
}

// topicRows writes one line a topic.
func topicRows(w io.Writer, st term.Styles, topics []admin.Topic, wide bool) {
	heading := []string{"TOPIC", "PARTITIONS", "REPLICAS", "HEALTH"}
	if wide {
		heading = append(heading, "ID")
	}
	rows := [][]string{heading}
	marks := make([]term.Mark, len(topics))
	for i, t := range topics {
		if t.Err != nil || t.Leaderless > 0 || t.UnderReplicated > 0 {
			marks[i] = term.Amiss
		}
		row := []string{t.Name, strconv.Itoa(t.Partitions), strconv.Itoa(t.ReplicationFactor), topicHealth(st, t)}
		if wide {
			row = append(row, term.OrDash(t.ID))
		}
		rows = append(rows, row)
	}
	st.Table(w, rows, term.Layout{Numbers: []string{"PARTITIONS", "REPLICAS"}, Optional: []string{"REPLICAS", "PARTITIONS"}, Marks: marks})
}

// topicHealth returns the worst of a topic's state in a few words.
func topicHealth(st term.Styles, t admin.Topic) string {
	switch {
	case t.Err != nil:
		return st.Bad.Render(t.Err.Error())
	case t.Leaderless > 0:
		return st.Bad.Render(st.Number(int64(t.Leaderless)) + " leaderless")
	case t.UnderReplicated > 0:
		return st.Warn.Render(st.Number(int64(t.UnderReplicated)) + " under-replicated")
	default:
		return st.Good.Render("ok")
	}
}
