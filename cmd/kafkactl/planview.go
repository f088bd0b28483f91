package main

import (
	"fmt"
	"io"

	"kafkactl/internal/topicspec"
)

// planDoc is a plan in JSON and YAML.
type planDoc struct {
	header
	ClusterID string                `json:"clusterId"`
	InSync    bool                  `json:"inSync"`
	Topics    int                   `json:"topics"` // how many were compared
	Changes   []topicspec.Change    `json:"changes"`
	Unmanaged []topicspec.Unmanaged `json:"unmanaged"`
}

func newPlanDoc(p topicspec.Plan) planDoc {
	return planDoc{newHeader("Plan"), p.ClusterID, p.InSync(), p.Topics, orEmpty(p.Changes), orEmpty(p.Unmanaged)}
}

// planText writes one line a change and a summary; an empty plan is one line.
func planText(w io.Writer, st styles, p topicspec.Plan, wide bool) {
	rows := make([][]string, 0, len(p.Changes))
	for _, c := range p.Changes {
		rows = append(rows, changeRow(st, c, string(c.Action)))
	}
	st.sentences(w, rows)
	if wide {
		unmanagedText(w, st, p.Unmanaged)
	}
	if p.InSync() {
		fmt.Fprintf(w, "%s%s\n", inSync(p.Topics), unmanagedNote(p, wide))
		return
	}
	fmt.Fprintf(w, "plan: %s%s\n", planSummary(p), unmanagedNote(p, wide))
}

// changeRow is one change as sign, topic, what happens to it, and the details; the topic
// of one that is blocked is bold.
func changeRow(st styles, c topicspec.Change, word string) []string {
	sign := map[topicspec.Action]string{
		topicspec.Create:  st.good.Render("+"),
		topicspec.Delete:  st.bad.Render("-"),
		topicspec.Blocked: st.bad.Render("!"),
	}[c.Action]
	if sign == "" {
		sign = st.warn.Render("~")
	}
	topic := c.Topic
	if c.Action == topicspec.Blocked {
		topic = st.bold.Render(topic)
	}
	return []string{sign + " " + topic, word, changeDetail(st, c)}
}

// changeDetail tells what differs: "retention.ms 1h → 1w".
func changeDetail(st styles, c topicspec.Change) string {
	var detail string
	switch {
	case c.Field == topicspec.FieldTopic && c.After != nil:
		detail = c.After.String()
	case c.Field == topicspec.FieldTopic:
		detail = c.Before.String()
	default:
		detail = fmt.Sprintf("%s %s → %s", c.Field, sideText(c.Field, c.Before), sideText(c.Field, c.After))
	}
	if c.Action == topicspec.Blocked {
		return detail + ": " + c.Reason
	}
	if c.Reason != "" {
		detail += st.dim.Render(" (" + c.Reason + ")")
	}
	return detail
}

// sideText is one side of a change for people; an absent setting is "unset".
func sideText(field string, v topicspec.Value) string {
	if v == nil {
		return "unset"
	}
	return topicspec.Humanize(field, v.String())
}

// planSummary counts topics: "3 to create, 1 to change, 1 blocked; 6 topics in sync".
func planSummary(p topicspec.Plan) string {
	t := newTally("to create", "to change", "to delete", "blocked")
	for _, c := range p.Changes {
		switch c.Action {
		case topicspec.Create:
			t.add(c.Topic, "to create")
		case topicspec.Delete:
			t.add(c.Topic, "to delete")
		case topicspec.Blocked:
			t.add(c.Topic, "blocked")
		case topicspec.Grow, topicspec.Set, topicspec.Unset:
			t.add(c.Topic, "to change")
		}
	}
	return t.summary(p.Topics)
}

// unmanagedNote says that there are overrides the spec does not mention, unless they
// have been listed.
func unmanagedNote(p topicspec.Plan, listed bool) string {
	if len(p.Unmanaged) == 0 || listed {
		return ""
	}
	return fmt.Sprintf(" (%s left alone: -o wide lists them)", count(len(p.Unmanaged), "unmanaged setting"))
}

// unmanagedText lists the overrides that are left alone.
func unmanagedText(w io.Writer, st styles, unmanaged []topicspec.Unmanaged) {
	rows := make([][]string, 0, len(unmanaged))
	for _, u := range unmanaged {
		rows = append(rows, []string{st.dim.Render("  " + u.Topic), st.dim.Render("unmanaged"), st.dim.Render(u.Field + " " + topicspec.Humanize(u.Field, u.Value))})
	}
	st.sentences(w, rows)
}

// changedTopics lists the topics of changes once each, in plan order.
func changedTopics(changes []topicspec.Change) []string {
	var names []string
	for _, c := range changes {
		if len(names) == 0 || names[len(names)-1] != c.Topic {
			names = append(names, c.Topic)
		}
	}
	return names
}

// orEmpty makes sure that JSON says [] and not null.
func orEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
