package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
)

const listLong = `Lists topics, one line each. Internal topics (those of Kafka itself) are left out
unless --internal asks for them. Topics the client may not see are absent: Kafka
does not tell that they exist.`

const listExample = `  kafkactl list
  kafkactl list topics -o wide
  kafkactl list -o name | grep '^order\.'
  kafkactl list -o json -b localhost:9092`

type listOptions struct {
	app *app
	connection
	internal bool
}

func newListCmd(a *app) *cobra.Command {
	o := &listOptions{app: a}
	cmd := &cobra.Command{
		Use:        "list [topics]",
		Aliases:    []string{"ls"},
		SuggestFor: []string{"topics", "topic", "get", "show"},
		Short:      "List topics",
		Long:       listLong,
		Example:    listExample,
		ValidArgs:  []string{"topics"},
		Args:       listArgs,
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.addFlags(cmd, askTimeout)
	cmd.Flags().BoolVar(&o.internal, "internal", false, "include Kafka's internal topics")
	a.outputFlag(cmd, formatTable, formatWide, formatJSON, formatYAML, formatName)
	cmd.AddCommand(newListGroupsCmd(a))
	return cmd
}

func listArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 || len(args) == 1 && slices.Contains([]string{"topics", "topic"}, args[0]) {
		return nil
	}
	return withHint(usagef("list does not know %q", args[0]), "kafkactl list topics; kafkactl describe TOPIC tells about one")
}

func (o *listOptions) run(ctx context.Context) error {
	s, err := o.app.connect(ctx, &o.connection)
	if err != nil {
		return err
	}
	defer s.Close()
	topics, err := s.ListTopics(s.ctx)
	if err != nil {
		return err
	}
	if !o.internal {
		topics = slices.DeleteFunc(topics, func(t admin.Topic) bool { return t.Internal })
	}
	if len(topics) == 0 && (o.app.format == formatTable || o.app.format == formatWide) {
		o.app.notef("no topics")
		return nil
	}
	return o.app.print(newTopicList(topics))
}

// topicListDoc is a list of topics in JSON and YAML.
type topicListDoc struct {
	header
	Topics []topicDoc `json:"topics"`
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

// newTopicList is the list in every format.
func newTopicList(topics []admin.Topic) answer {
	doc := topicListDoc{newHeader("TopicList"), []topicDoc{}}
	names := make([]string, len(topics))
	for i, t := range topics {
		doc.Topics = append(doc.Topics, newTopicDoc(t))
		names[i] = t.Name
	}
	return answer{doc: doc, names: names, text: func(w io.Writer, st styles, wide bool) { topicRows(w, st, topics, wide) }}
}

// topicRows writes one line a topic.
func topicRows(w io.Writer, st styles, topics []admin.Topic, wide bool) {
	heading := []string{"TOPIC", "PARTITIONS", "REPLICAS", "HEALTH"}
	if wide {
		heading = append(heading, "ID")
	}
	rows := [][]string{heading}
	for _, t := range topics {
		row := []string{t.Name, strconv.Itoa(t.Partitions), strconv.Itoa(t.ReplicationFactor), topicHealth(st, t)}
		if wide {
			row = append(row, orDash(t.ID))
		}
		rows = append(rows, row)
	}
	columns(w, rows)
}

// topicHealth is a topic's state in a few words, the worst first.
func topicHealth(st styles, t admin.Topic) string {
	switch {
	case t.Err != nil:
		return st.bad.Render(t.Err.Error())
	case t.Leaderless > 0:
		return st.bad.Render(fmt.Sprintf("%d leaderless", t.Leaderless))
	case t.UnderReplicated > 0:
		return st.warn.Render(fmt.Sprintf("%d under-replicated", t.UnderReplicated))
	default:
		return st.good.Render("ok")
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
