package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

const describeLong = `Tells all about one topic, its health first: each partition with leader, replicas,
in-sync replicas and offsets, and the settings the topic overrides (-o wide: every
setting and where it comes from). The first replica is the preferred leader.`

const describeExample = `  kafkactl describe order.created
  kafkactl describe topic order.created -o wide
  kafkactl describe order.created -o json | jq '.partitions[].leader'`

type describeOptions struct {
	app *app
	connection
	topic string
}

func newDescribeCmd(a *app) *cobra.Command {
	o := &describeOptions{app: a}
	cmd := &cobra.Command{
		Use:        "describe [topic] TOPIC",
		SuggestFor: []string{"info", "inspect"},
		Short:      "Tell all about one topic",
		Long:       describeLong,
		Example:    describeExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 && args[0] == "topic" {
				args = args[1:]
			}
			return exactArgs("TOPIC")(cmd, args)
		},
		ValidArgsFunction: a.completeTopics,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.topic = args[len(args)-1]
			return o.run(cmd.Context())
		},
	}
	o.addFlags(cmd, askTimeout)
	a.outputFlag(cmd, formatTable, formatWide, formatJSON, formatYAML)
	cmd.AddCommand(newDescribeGroupCmd(a))
	return cmd
}

func (o *describeOptions) run(ctx context.Context) error {
	if err := topicspec.CheckName(o.topic); err != nil {
		return &usageError{err}
	}
	s, err := o.app.connect(ctx, &o.connection)
	if err != nil {
		return err
	}
	defer s.Close()
	detail, err := s.DescribeTopic(s.ctx, o.topic)
	if err != nil {
		return err
	}
	return o.app.print(answer{doc: newTopicDetailDoc(detail), text: func(w io.Writer, st styles, wide bool) {
		topicDetailText(w, st, detail, wide)
	}})
}

// topicDetailDoc is one topic in JSON and YAML.
type topicDetailDoc struct {
	header
	Name              string         `json:"name"`
	ID                string         `json:"id"`
	Internal          bool           `json:"internal"`
	ReplicationFactor int            `json:"replicationFactor"`
	UnderReplicated   int            `json:"underReplicatedPartitions"`
	Leaderless        int            `json:"leaderlessPartitions"`
	Partitions        []partitionDoc `json:"partitions"`
	Config            []settingDoc   `json:"config"`
}

type partitionDoc struct {
	Partition int   `json:"partition"`
	Leader    int   `json:"leader"` // -1: none
	Replicas  []int `json:"replicas"`
	ISR       []int `json:"isr"`
	LogStart  int64 `json:"logStart"` // -1: the leader could not be asked
	End       int64 `json:"end"`
}

type settingDoc struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Source   string `json:"source"`
	Override bool   `json:"override"`
}

func newTopicDetailDoc(t admin.TopicDetail) topicDetailDoc {
	doc := topicDetailDoc{
		header: newHeader("Topic"), Name: t.Name, ID: t.ID, Internal: t.Internal,
		ReplicationFactor: t.ReplicationFactor, UnderReplicated: t.UnderReplicated, Leaderless: t.Leaderless,
		Partitions: []partitionDoc{}, Config: []settingDoc{},
	}
	for _, p := range t.PartitionList {
		doc.Partitions = append(doc.Partitions, partitionDoc{p.ID, p.Leader, orEmpty(p.Replicas), orEmpty(p.ISR), p.LogStart, p.End})
	}
	for _, s := range t.Config {
		doc.Config = append(doc.Config, settingDoc(s))
	}
	return doc
}

// topicDetailText writes the topic for people.
func topicDetailText(w io.Writer, st styles, t admin.TopicDetail, wide bool) {
	fmt.Fprintf(w, "%s: %s, %s, replication factor %d\n", st.bold.Render(t.Name), topicHealth(st, t.Topic), count(t.Partitions, "partition"), t.ReplicationFactor)
	rows := [][]string{{"PARTITION", "LEADER", "REPLICAS", "IN-SYNC", "LOG-START", "END", "RECORDS"}}
	for _, p := range t.PartitionList {
		rows = append(rows, []string{
			strconv.Itoa(p.ID), leaderText(st, p), idList(p.Replicas), inSyncText(st, p),
			offsetText(p.LogStart), offsetText(p.End), recordsText(p),
		})
	}
	columns(w, rows)
	settings := slices.Clone(t.Config)
	if !wide {
		settings = slices.DeleteFunc(settings, func(s admin.Setting) bool { return !s.Override })
	}
	if len(settings) == 0 {
		fmt.Fprintln(w, "no settings of its own (-o wide lists the broker's)")
		return
	}
	rows = [][]string{{"SETTING", "VALUE", "SOURCE"}}
	for _, s := range settings {
		rows = append(rows, []string{s.Name, settingText(s), s.Source})
	}
	columns(w, rows)
}

func leaderText(st styles, p admin.Partition) string {
	if p.Leader < 0 {
		return st.bad.Render("none")
	}
	return strconv.Itoa(p.Leader)
}

func inSyncText(st styles, p admin.Partition) string {
	if len(p.ISR) < len(p.Replicas) {
		return st.warn.Render(idList(p.ISR))
	}
	return idList(p.ISR)
}

// offsetText is "-" for an offset nobody could tell.
func offsetText(offset int64) string {
	if offset < 0 {
		return "-"
	}
	return strconv.FormatInt(offset, 10)
}

// recordsText is how many offsets lie between start and end: an upper bound of the
// records, as compaction and transactions leave gaps.
func recordsText(p admin.Partition) string {
	if p.LogStart < 0 || p.End < 0 {
		return "-"
	}
	return strconv.FormatInt(p.End-p.LogStart, 10)
}

// settingText is the value with a unit beside it where one helps.
func settingText(s admin.Setting) string {
	if human := topicspec.Humanize(s.Name, s.Value); human != s.Value {
		return fmt.Sprintf("%s (%s)", s.Value, human)
	}
	return orDash(s.Value)
}

func idList(ids []int) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = strconv.Itoa(id)
	}
	return orDash(strings.Join(parts, ","))
}

// completeTopics completes topic names from the cluster, briefly.
func (a *app) completeTopics(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if err := a.bindEnv(cmd); err != nil { // completion runs no PersistentPreRun
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	brokers, _ := cmd.Flags().GetStringSlice("brokers")
	s, err := a.connect(cmd.Context(), &connection{brokers: brokers, timeout: askTimeout / 10})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer s.Close()
	topics, err := s.ListTopics(s.ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := make([]string, 0, len(topics))
	for _, t := range topics {
		names = append(names, t.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
