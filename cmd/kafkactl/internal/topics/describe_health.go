package topics

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
)

// sickFlags choose partitions by what is amiss with them.
type sickFlags struct {
	underReplicated, offline, underMinISR bool
	exit                                  bool // --check
}

func (f *sickFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.underReplicated, "under-replicated", false, "only partitions that lack replicas in sync")
	cmd.Flags().BoolVar(&f.offline, "offline", false, "only partitions without a leader")
	cmd.Flags().BoolVar(&f.underMinISR, "under-min-isr", false, "only partitions with fewer replicas in sync than min.insync.replicas")
	cmd.Flags().BoolVar(&f.exit, "check", false, "exit 3 when a partition is sick")
}

// kinds are those that were asked for, none for every one.
func (f *sickFlags) kinds() []admin.IssueKind {
	var kinds []admin.IssueKind
	if f.underReplicated {
		kinds = append(kinds, admin.UnderReplicated)
	}
	if f.offline {
		kinds = append(kinds, admin.Leaderless)
	}
	if f.underMinISR {
		kinds = append(kinds, admin.UnderMinISR)
	}
	return kinds
}

func (f *sickFlags) any() bool { return f.exit || len(f.kinds()) > 0 }

// check refuses flags that say nothing about a kind of thing.
func (f *sickFlags) check(kind string) error {
	switch {
	case kind == "topic":
		return nil
	case len(f.kinds()) > 0:
		return cli.Usagef("--under-replicated, --offline and --under-min-isr are for topics, not for a %s", kind)
	case f.exit && kind != "cluster":
		return cli.Usagef("--check is for topics and the cluster, not for a %s", kind)
	}
	return nil
}

// sickOf are the partitions that have what was asked for, or are sick at all.
func (f *sickFlags) sickOf(partitions []admin.Partition) []admin.Partition {
	kinds := f.kinds()
	var found []admin.Partition
	for _, p := range partitions {
		asked := func(k admin.IssueKind) bool { return slices.Contains(kinds, k) }
		if len(kinds) == 0 && !p.Healthy() || slices.ContainsFunc(p.Issues(), asked) {
			found = append(found, p)
		}
	}
	return found
}

// shown are the partitions of one topic that are wanted: all, unless some were asked
// for.
func (f *sickFlags) shown(partitions []admin.Partition) []admin.Partition {
	if len(f.kinds()) == 0 {
		return partitions
	}
	return f.sickOf(partitions)
}

// verdict is exit 3 for --check when n of all partitions are sick; the first of these
// is of the topic.
func (f *sickFlags) verdict(all, n int, topic string, sick []admin.Partition) error {
	if !f.exit || n == 0 {
		return nil
	}
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	return cli.WithCode(fmt.Errorf("%d of %s %s sick, the first one %s/%d", n, term.Count(all, "partition"), verb, topic, sick[0].ID), cli.ExitCondition)
}

// sickTopicDoc is a topic of a list, with the partitions that were asked for.
type sickTopicDoc struct {
	topicDoc
	MinISR int         `json:"minInSyncReplicas"`
	Sick   []healthDoc `json:"sickPartitions"`
}

// describeSick shows the sick partitions of all topics.
func (o *describeOptions) describeSick(ctx context.Context) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	topics, err := s.Health(s.Ctx)
	if err != nil {
		return err
	}
	var found []admin.TopicHealth
	all, sick, unread := 0, 0, 0
	for _, t := range topics {
		all += len(t.PartitionList)
		if t.Err != nil {
			unread++
		}
		if t.PartitionList = o.sick.sickOf(t.PartitionList); len(t.PartitionList) > 0 || t.Err != nil {
			sick += len(t.PartitionList)
			found = append(found, t)
		}
	}
	if len(found) == 0 && (o.app.Format == cli.FormatTable || o.app.Format == cli.FormatWide) {
		o.app.Notef("no %spartition", o.sick.words())
		return nil
	}
	if err := o.app.Print(newSickList(found)); err != nil {
		return err
	}
	if unread > 0 { // whether those are sick nobody knows
		return cli.WithCode(fmt.Errorf("%s could not be read", term.Count(unread, "topic")), cli.ExitFailed)
	}
	if sick == 0 {
		return nil
	}
	return o.sick.verdict(all, sick, found[0].Name, found[0].PartitionList)
}

// words say what was asked for, with a blank behind.
func (f *sickFlags) words() string {
	words := make([]string, 0, 3)
	for _, k := range f.kinds() {
		words = append(words, kindText(k))
	}
	if len(words) == 0 {
		words = []string{"sick"}
	}
	return strings.Join(words, " or ") + " "
}

func newSickList(topics []admin.TopicHealth) cli.Answer {
	doc := struct {
		cli.Header
		Topics []sickTopicDoc `json:"topics"`
	}{cli.NewHeader("TopicList"), []sickTopicDoc{}}
	var names []string
	for _, t := range topics {
		one := sickTopicDoc{topicDoc: newTopicDoc(t.Topic), Sick: []healthDoc{}}
		for _, p := range t.PartitionList {
			one.MinISR = p.MinISR
			one.Sick = append(one.Sick, newHealthDoc(p))
		}
		doc.Topics, names = append(doc.Topics, one), append(names, t.Name)
	}
	return cli.Answer{Doc: doc, Names: names, Text: func(w io.Writer, st term.Styles, _ bool) {
		rows := [][]string{{"TOPIC", "PARTITION", "LEADER", "REPLICAS", "IN-SYNC", "HEALTH"}}
		for _, t := range topics {
			if t.Err != nil {
				rows = append(rows, []string{t.Name, "-", "-", "-", "-", st.Bad.Render(t.Err.Error())})
			}
			for _, p := range t.PartitionList {
				rows = append(rows, []string{t.Name, strconv.Itoa(p.ID), leaderText(st, p), replicasText(st, p), inSyncText(st, p), issuesText(st, p)})
			}
		}
		st.Table(w, rows, term.Layout{IDs: []string{"PARTITION"}})
	}}
}
