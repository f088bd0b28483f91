package changes

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
	// Access is not there where the file manages no access.
	Access *topicspec.AccessCompared `json:"access,omitempty"`
}

// NewPlanDoc returns the document of a plan.
func NewPlanDoc(p topicspec.Plan) PlanDoc {
	return PlanDoc{
		cli.NewHeader("Plan"), p.ClusterID, !p.Drifted(), p.Topics, cli.OrEmpty(p.Changes), cli.OrEmpty(p.Unmanaged),
		cli.OrEmpty(p.Moving), cli.OrEmpty(p.Risks), p.Access,
	}
}

// PlanText writes one line a change and a summary; an empty plan is one line. ACLs that differ in their operations
// alone share a line, and what is there and not declared has one, too.
func PlanText(w io.Writer, st term.Styles, p topicspec.Plan, wide bool) {
	rows := make([][]string, 0, len(p.Changes))
	for _, r := range planRows(p.Changes) {
		rows = append(rows, r.cells(st, actionWord(r.Change), r.Action == topicspec.Blocked))
	}
	st.Sentences(w, append(rows, extraRows(st, p.Access)...))
	if wide {
		unmanagedText(w, st, p.Unmanaged)
	}
	if !p.Drifted() {
		fmt.Fprintf(w, "%s%s\n", InSync(p), leftAloneNote(p, wide))
		return
	}
	fmt.Fprintf(w, "plan: %s%s\n", PlanSummary(p), leftAloneNote(p, wide))
}

// ChangeRow returns one change as cells: sign and topic, word, which is what happens to it, and the
// details. The topic of one that is blocked is bold.
func ChangeRow(st term.Styles, c topicspec.Change, word string) []string {
	return planRows([]topicspec.Change{c})[0].cells(st, word, true)
}

// cells is [ChangeRow] of all changes of a row. verb says in the details what is to happen, where word does not.
func (r row) cells(st term.Styles, word string, verb bool) []string {
	c := r.Change
	sign := map[topicspec.Action]string{
		topicspec.Create:  st.Good.Render("+"),
		topicspec.Delete:  st.Bad.Render("-"),
		topicspec.Blocked: st.Bad.Render("!"),
	}[c.Action]
	if sign == "" {
		sign = st.Warn.Render("~")
	}
	about := subject(c)
	if c.Action == topicspec.Blocked {
		about = st.Bold.Render(about)
	}
	return []string{sign + " " + about, word, r.detail(st, verb)}
}

// detail returns what differs, with the reason of the change if it has one.
func (r row) detail(st term.Styles, verb bool) string {
	detail := r.difference(verb)
	if r.Action == topicspec.Blocked {
		return detail + ": " + r.Reason
	}
	if reason := r.reason(); reason != "" {
		detail += st.Dim.Render(" (" + reason + ")")
	}
	return detail
}

// difference returns what differs: "retention.ms 1h → 1w", the shape of a whole topic, or what is allowed.
func (r row) difference(verb bool) string {
	c := r.Change
	switch {
	case c.Kind != topicspec.KindTopic:
		return r.accessDifference(verb)
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

// InSync returns such as "7 topics and 61 bindings in sync", of a plan without a change, and what was not looked at.
func InSync(p topicspec.Plan) string {
	return term.InSync(p.Topics, accessInSync(p.Access)...) + skippedText(p)
}

// PlanSummary returns the count of topics: "3 to create, 1 to change, 1 blocked; 6 topics in sync". Of users, ACLs and
// quotas it counts the changes.
func PlanSummary(p topicspec.Plan) string {
	t := term.NewTally("to create", "to change", "to allow", "to deny", "to delete", "to revoke", "undeclared", "blocked")
	for _, c := range p.Changes {
		if c.Kind != topicspec.KindTopic {
			t.AddOther(plannedWord(c), 1)
			continue
		}
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
	if p.InSync() && p.Drifted() {
		t.AddOther("undeclared", p.Access.Removable())
	}
	return t.Summary(p.Topics, accessInSync(p.Access)...) + skippedText(p)
}

// plannedWord is what a change of a user, an ACL or a quota counts under.
func plannedWord(c topicspec.Change) string {
	switch {
	case c.Action == topicspec.Blocked:
		return "blocked"
	case c.Risk == topicspec.RiskRevoke:
		return "to revoke"
	case c.Kind == topicspec.KindACL:
		return "to " + actionWord(c)
	case c.Action == topicspec.Create:
		return "to create"
	default:
		return "to change"
	}
}

// leftAloneNote returns a note about overrides that the topics file does not mention, which were perhaps listed, and
// about bindings that it does not declare; "" when there are none.
func leftAloneNote(p topicspec.Plan, listed bool) string {
	var parts []string
	if len(p.Unmanaged) > 0 && !listed {
		parts = append(parts, term.Count(len(p.Unmanaged), "unmanaged setting")+" left alone: -o wide lists them")
	}
	if n := p.Access.Removable(); n > 0 {
		parts = append(parts, fmt.Sprintf("%s left alone: --accept revoke=%d allows removal", term.Count(n, "undeclared binding"), p.Access.Revocable))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
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

// ChangedNames lists the topics and principals of changes once each, in plan order. One that is about all ACLs has none.
func ChangedNames(changes []topicspec.Change) []string {
	var names []string
	seen := map[string]bool{"": true}
	for _, c := range changes {
		name := c.Topic
		if c.Kind != topicspec.KindTopic {
			name = c.Access.Principal
		}
		if name != "" && !seen[name] {
			seen[name], names = true, append(names, name)
		}
	}
	return names
}
