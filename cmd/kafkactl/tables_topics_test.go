package main

import (
	"io"
	"testing"
)

// The tables of this room, on terminals of several widths and in pipes.
func TestTopicsTables(t *testing.T) {
	t.Parallel()
	checkTables(t, []shownTable{
		{name: "list", answer: newTopicList(sickTopics())},
		{name: "describe", answer: answer{text: topicView{TopicDetail: sickTopic(), count: 2}.text}},
		{name: "describe-cluster", answer: answer{text: func(w io.Writer, st styles, wide bool) { clusterText(w, st, sickCluster(), wide) }}},
	})
}
