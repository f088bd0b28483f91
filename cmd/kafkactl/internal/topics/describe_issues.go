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

// issueFlags choose partitions by what is amiss with them.
type issueFlags struct {
	underReplicated, offline, underMinISR bool
	exit                                  bool // --check
}

func (f *issueFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.underReplicated, "under-replicated", false, "only partitions that lack replicas in sync")
	cmd.Flags().BoolVar(&f.offline, "offline", false, "only partitions without a leader")
	cmd.Flags().BoolVar(&f.underMinISR, "under-min-isr", false, "only partitions with fewer replicas in sync than min.insync.replicas")
	cmd.Flags().BoolVar(&f.exit, "check", false, "exit 3 when a partition is sick")
}

// kinds returns the kinds that were asked for; none means every one.
func (f *issueFlags) kinds() []admin.IssueKind {
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

// given reports whether any of the flags was given.
func (f *issueFlags) given() bool { return f.exit || len(f.kinds()) > 0 }

// check refuses flags that do not apply to a kind of thing.
func (f *issueFlags) check(kind string) error {
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

// choose returns the partitions with an issue that was asked for, or with any that makes them sick.
func (f *issueFlags) choose(partitions []admin.Partition) []admin.Partition {
	kinds := f.kinds()
	var found []admin.Partition
	for i := range partitions {
		p := &partitions[i]
		if len(kinds) == 0 && !p.Healthy() || slices.ContainsFunc(kinds, p.Has) {
			found = append(found, *p)
		}
	}
	return found
}

// shown returns the partitions of one topic to print: all of them, unless issues were asked for.
func (f *issueFlags) shown(partitions []admin.Partition) []admin.Partition {
	if len(f.kinds()) == 0 {
		return partitions
	}
	return f.choose(partitions)
}

// verdict returns exit code 3 for --check when n of all partitions are sick. The first of sick is
// of the topic.
func (f *issueFlags) verdict(all, n int, topic string, sick []admin.Partition) error {
	if !f.exit || n == 0 {
		return nil
	}
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	return cli.WithCode(fmt.Errorf("%d of %s %s sick, the first one %s/%d", n, term.Count(all, "partition"), verb, topic, sick[0].ID), cli.ExitCondition)
}

// topicIssuesDoc is a topic of a list, with the partitions that were asked for.
type topicIssuesDoc struct {
	topicDoc
	MinISR int         `json:"minInSyncReplicas"`
	Sick   []healthDoc `json:"sickPartitions"`
}

// describeIssues shows the partitions of all topics that have an issue.
func (o *describeOptions) describeIssues(ctx context.Context) error {
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
		if t.PartitionList = o.issues.choose(t.PartitionList); len(t.PartitionList) > 0 || t.Err != nil {
			sick += len(t.PartitionList)
			found = append(found, t)
		}
	}
	if len(found) == 0 && (o.app.Format == cli.FormatTable || o.app.Format == cli.FormatWide) {
		o.app.Notef("no %spartition", o.issues.words())
		return nil
	}
	if err := o.app.Print(newIssueList(found)); err != nil {
		return err
	}
	if unread > 0 { // whether those are sick nobody knows
		return cli.WithCode(fmt.Errorf("%s could not be read", term.Count(unread, "topic")), cli.ExitFailed)
	}
	if sick == 0 {
		return nil
	}
	return o.issues.verdict(all, sick, found[0].Name, found[0].PartitionList)
}

// words returns the issues that were asked for, with a blank behind: "under min ISR or leaderless
// ".
func (f *issueFlags) words() string {
	words := make([]string, 0, 3)
	for _, k := range f.kinds() {
		words = append(words, kindText(k))
	}
	if len(words) == 0 {
		words = []string{"sick"}
	}
	return strings.Join(words, " or ") + " "
}

func newIssueList(topics []admin.TopicHealth) cli.Answer {
	doc := struct {
		cli.Header
		Topics []topicIssuesDoc `json:"topics"`
	}{cli.NewHeader("TopicList"), []topicIssuesDoc{}}
	var names []string
	for _, t := range topics {
		one := topicIssuesDoc{topicDoc: newTopicDoc(t.Topic), Sick: []healthDoc{}}
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
