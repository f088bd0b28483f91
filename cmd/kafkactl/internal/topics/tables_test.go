package topics

import (
	"io"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestTopicsTables(t *testing.T) {
	t.Parallel()
	clitest.CheckTables(t, []clitest.ShownTable{
		{Name: "list", Answer: newTopicList(sickTopics(), false)},
		{Name: "describe", Answer: cli.Answer{Text: topicView{TopicDetail: sickTopic(), count: 2}.text}},
		{Name: "describe-cluster", Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, wide bool) { seenCluster{Cluster: sickCluster()}.text(w, st, wide) }}},
		{Name: "whoami", Wraps: true, Answer: cli.Answer{Text: func(w io.Writer, st term.Styles, _ bool) { doubtfulClient().text(w, st) }}},
	})
}
