package access

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// text writes the access of a service for people: its health, who it is and what it logs in with, then each binding.
func (v *serviceAccess) text(w io.Writer, st term.Styles) {
	fmt.Fprintf(w, "%s: %s\n", st.Bold.Render(v.Name), v.health(st))
	rows := [][]string{{"principal", v.Principal}}
	if len(v.Groups) > 0 {
		rows = append(rows, []string{"groups", patternsText(v.Groups)})
	}
	if len(v.TransactionalIDs) > 0 {
		rows = append(rows, []string{"transactional ids", patternsText(v.TransactionalIDs)})
	}
	for _, user := range v.users {
		rows = append(rows, []string{"credential", v.userText(st, user)})
	}
	for _, quota := range v.quotas {
		rows = append(rows, []string{"quota", v.quotaText(st, quota)})
	}
	for _, note := range v.notes {
		rows = append(rows, []string{"note", note})
	}
	st.Sentences(w, rows)
	if len(v.bindings) > 0 {
		fmt.Fprintln(w)
		v.table(w, st)
	}
}

// health is how the whole of it stands, in a few words.
func (v *serviceAccess) health(st term.Styles) string {
	declared := st.Count(len(v.bindings)-v.count(isExtra), "binding")
	switch {
	case v.Absent && !v.compared:
		return "declared absent: its principal shall have nothing"
	case !v.compared:
		return declared + " by the topics file; the brokers were not asked"
	}
	var wrong []string
	for _, of := range []state{isMissing, isBlocked} {
		if n := v.count(of); n > 0 {
			wrong = append(wrong, st.Count(n, "binding")+" "+string(of))
		}
	}
	for _, user := range wrongParts(v.users) {
		wrong = append(wrong, user.name+" "+wordOf(user.state))
	}
	for _, quota := range wrongParts(v.quotas) {
		wrong = append(wrong, "quota "+topicspec.QuotaName(quota.name)+" "+wordOf(quota.state))
	}
	extra := v.count(isExtra)
	if extra > 0 && v.Absent {
		wrong = append(wrong, st.Count(extra, "binding")+" still there")
	}
	switch {
	case len(wrong) > 0:
		return st.Bad.Render("! " + strings.Join(wrong, ", "))
	case v.Absent:
		return st.Good.Render("ok") + ", it has nothing any more"
	case v.skipped != "":
		return st.Warn.Render("! "+v.skipped) + ": who comes may do everything"
	case extra > 0:
		return st.Good.Render("ok") + ", " + st.Warn.Render(st.Number(int64(extra))+" more than declared")
	default:
		return st.Good.Render("ok") + ", " + declared
	}
}

// wordOf is a state of a credential or a quota in a sentence.
func wordOf(s state) string {
	if s == isExtra {
		return "still there"
	}
	return string(s)
}

func patternsText(patterns []topicspec.NamePattern) string {
	texts := make([]string, len(patterns))
	for i, p := range patterns {
		texts[i] = p.Name
		if p.Pattern == acl.Prefixed {
			texts[i] += acl.Any
		}
	}
	return strings.Join(texts, ", ")
}

// userText says what a SCRAM credential is, where its password is, and how it stands.
func (v *serviceAccess) userText(st term.Styles, user partState) string {
	text := user.name
	if user.after != nil {
		text += ", " + user.after.String() + " iterations, password from " + sourceText(v.Scram.Password)
	}
	return text + partText(st, user, func(value topicspec.Value) string { return value.String() + " iterations" })
}

// sourceText says where a password is.
func sourceText(source topicspec.PasswordSource) string {
	if source.Env != "" {
		return "$" + source.Env
	}
	return source.File + source.Generate
}

func (v *serviceAccess) quotaText(st term.Styles, quota partState) string {
	value := func(value topicspec.Value) string { return topicspec.QuotaText(quota.name, value.String()) }
	text := topicspec.QuotaName(quota.name) + " "
	if quota.after != nil {
		text += value(quota.after)
	} else {
		text += "none"
	}
	if v.QuotaClientID != "" {
		text += " for client.id " + v.QuotaClientID
	}
	return text + partText(st, quota, value)
}

// partText says how a credential or a quota stands.
func partText(st term.Styles, part partState, value func(topicspec.Value) string) string {
	if part.state == notCompared && part.note != "" {
		return ": not compared, " + part.note
	}
	if part.state == notCompared {
		return ""
	}
	if part.state == asDeclared {
		return ": " + st.Good.Render("ok")
	}
	text := ""
	if part.before != nil && (part.after == nil || part.before.String() != part.after.String()) && part.state == differs {
		text = ", the brokers have " + value(part.before)
	}
	if part.note != "" {
		text += "; " + part.note
	}
	return ": " + st.Bad.Render("! "+wordOf(part.state)) + text
}

// table writes the bindings, those that differ in their operation alone in one row.
func (v *serviceAccess) table(w io.Writer, st term.Styles) {
	type key struct {
		acl.Binding
		state     state
		why, note string
	}
	var order []key
	operations := make(map[key][]string)
	for _, b := range v.bindings {
		k := key{b.Binding, b.state, strings.Join(b.reasons, "; "), b.note}
		k.Operation = ""
		if _, known := operations[k]; !known {
			order = append(order, k)
		}
		operations[k] = append(operations[k], acl.Words(string(b.Operation)))
	}
	rows := [][]string{{"MAY", "RESOURCE", "FROM", "STATE", "WHY"}}
	var marks []term.Mark
	for _, k := range order {
		may, from, mark := strings.Join(operations[k], ", "), k.Host, term.Unmarked
		if k.Permission == acl.Deny {
			may = "not " + may
		}
		if from == acl.Any {
			from = "anywhere"
		}
		if k.state == isMissing || k.state == isBlocked || k.state == isExtra && v.Absent {
			mark = term.Amiss
		}
		rows = append(rows, []string{may, k.Resource.String(), from, stateText(k.state), whyText(k.state, k.why, k.note, v.Absent)})
		marks = append(marks, mark)
	}
	if !slices.ContainsFunc(v.bindings, func(b bindingState) bool { return b.state != notCompared }) {
		for i := range rows { // without the column STATE
			rows[i] = slices.Delete(rows[i], 3, 4)
		}
	}
	st.Table(w, rows, term.Layout{Marks: marks})
}

func stateText(s state) string {
	if s == notCompared {
		return "-"
	}
	return string(s)
}

// whyText is why a binding is declared, and what is to be known of one that is not as it should be.
func whyText(s state, why, note string, absent bool) string {
	switch {
	case s == isExtra && note == "" && absent:
		note = "the service is declared absent"
	case s == isExtra && note == "":
		note = "not declared"
	}
	if why != "" && note != "" {
		return why + ": " + note
	}
	return why + note
}
