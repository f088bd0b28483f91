package changes

import (
	"fmt"
	"io"
	"slices"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// PlanDoc is a plan in JSON and YAML.
type PlanDoc struct {
	cli.Header
	ClusterID string                `json:"clusterId"`
	InSync    bool                  `json:"inSync"`
	Topics    int                   `json:"topics"` // how many were compared
	Changes   []topicspec.Change    `json:"changes"`
	Unmanaged []topicspec.Unmanaged `json:"unmanaged"`
	Moving    []topicspec.Moving    `json:"moving"`
	Risks     []topicspec.RiskTotal `json:"risks"`
}

// NewPlanDoc returns the document of a plan.
func NewPlanDoc(p topicspec.Plan) PlanDoc {
	return PlanDoc{
		cli.NewHeader("Plan"), p.ClusterID, p.InSync(), p.Topics, cli.OrEmpty(p.Changes), cli.OrEmpty(p.Unmanaged),
		cli.OrEmpty(p.Moving), cli.OrEmpty(p.Risks),
	}
}

// PlanText writes one line a change and a summary; an empty plan is one line.
func PlanText(w io.Writer, st term.Styles, p topicspec.Plan, wide bool) {
	rows := make([][]string, 0, len(p.Changes))
	for _, c := range p.Changes {
		rows = append(rows, ChangeRow(st, c, string(c.Action)))
	}
	st.Sentences(w, rows)
	if wide {
		unmanagedText(w, st, p.Unmanaged)
	}
	if p.InSync() {
		fmt.Fprintf(w, "%s%s\n", term.InSync(p.Topics), unmanagedNote(p, wide))
		return
	}
	fmt.Fprintf(w, "plan: %s%s\n", PlanSummary(p), unmanagedNote(p, wide))
}

// ChangeRow returns one change as cells: sign and topic, word, which is what happens to it, and the
// details. The topic of one that is blocked is bold.
func ChangeRow(st term.Styles, c topicspec.Change, word string) []string {
	sign := map[topicspec.Action]string{
		topicspec.Create:  st.Good.Render("+"),
		topicspec.Delete:  st.Bad.Render("-"),
		topicspec.Blocked: st.Bad.Render("!"),
	}[c.Action]
	if sign == "" {
		sign = st.Warn.Render("~")
	}
	topic := c.Topic
	if c.Action == topicspec.Blocked {
		topic = st.Bold.Render(topic)
	}
	return []string{sign + " " + topic, word, changeDetail(st, c)}
}

// changeDetail returns what differs, with the reason of the change if it has one.
func changeDetail(st term.Styles, c topicspec.Change) string {
	detail := difference(c)
	if c.Action == topicspec.Blocked {
		return detail + ": " + c.Reason
	}
	if c.Reason != "" {
		detail += st.Dim.Render(" (" + c.Reason + ")")
	}
	return detail
}

// difference returns what differs: "retention.ms 1h → 1w", or the shape of a whole topic.
func difference(c topicspec.Change) string {
	switch {
	case c.Field == topicspec.FieldTopic && c.After != nil:
		return c.After.String()
	case c.Field == topicspec.FieldTopic:
		return c.Before.String()
	default:
		return fmt.Sprintf("%s %s → %s", c.Field, ValueText(c.Field, c.Before), ValueText(c.Field, c.After))
	}
}

// ValueText returns the value of a field before or after a change, for people: "unset" where there
// is none.
func ValueText(field string, v topicspec.Value) string {
	if v == nil {
		return "unset"
	}
	return topicspec.Humanize(field, v.String())
}

// PlanSummary returns the count of topics: "3 to create, 1 to change, 1 blocked; 6 topics in sync".
func PlanSummary(p topicspec.Plan) string {
	t := term.NewTally("to create", "to change", "to delete", "blocked")
	for _, c := range p.Changes {
		switch c.Action {
		case topicspec.Create:
			t.Add(c.Topic, "to create")
		case topicspec.Delete:
			t.Add(c.Topic, "to delete")
		case topicspec.Blocked:
			t.Add(c.Topic, "blocked")
		case topicspec.Grow, topicspec.Reassign, topicspec.Set, topicspec.Unset:
			t.Add(c.Topic, "to change")
		}
	}
	return t.Summary(p.Topics)
}

// unmanagedNote returns a note about overrides that the topics file does not mention, "" when there
// are none or they were listed.
func unmanagedNote(p topicspec.Plan, listed bool) string {
	if len(p.Unmanaged) == 0 || listed {
		return ""
	}
	return fmt.Sprintf(" (%s left alone: -o wide lists them)", term.Count(len(p.Unmanaged), "unmanaged setting"))
}

// unmanagedText lists the overrides that are left alone.
func unmanagedText(w io.Writer, st term.Styles, unmanaged []topicspec.Unmanaged) {
	rows := make([][]string, 0, len(unmanaged))
	for _, u := range unmanaged {
		rows = append(rows, []string{st.Dim.Render("  " + u.Topic), st.Dim.Render("unmanaged"), st.Dim.Render(u.Field + " " + topicspec.Humanize(u.Field, u.Value))})
	}
	st.Sentences(w, rows)
}

// NoteMoving says which topics somebody is reassigning. What the plan reassigns itself is waited for, whoever began it.
func NoteMoving(a *cli.App, p topicspec.Plan) {
	for _, m := range movedByOthers(p) {
		a.Notef("note: %s %s", m.Topic, movingText(m))
	}
}

// movedByOthers returns the topics that are being reassigned and that the plan does not reassign.
func movedByOthers(p topicspec.Plan) []topicspec.Moving {
	return slices.DeleteFunc(slices.Clone(p.Moving), func(m topicspec.Moving) bool {
		return slices.ContainsFunc(p.Changes, func(c topicspec.Change) bool { return c.Topic == m.Topic && c.Action == topicspec.Reassign })
	})
}

// movingText returns how somebody is reassigning a topic, as a sentence without its name.
func movingText(m topicspec.Moving) string {
	what := "replicas are being added on " + kafka.JoinIDs(m.Adding)
	if len(m.Adding) == 0 {
		what = "replicas are being removed from " + kafka.JoinIDs(m.Removing)
	}
	return fmt.Sprintf("is being reassigned (%s): %s; apply does not wait for that", term.Count(len(m.Partitions), "partition"), what)
}

// ChangedTopics lists the topics of changes once each, in plan order.
func ChangedTopics(changes []topicspec.Change) []string {
	var names []string
	for _, c := range changes {
		if len(names) == 0 || names[len(names)-1] != c.Topic {
			names = append(names, c.Topic)
		}
	}
	return names
}
