package changes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// row is the changes that are shown in one row: one change, or ACLs that differ in their operations alone.
type row struct {
	topicspec.Change
	first      int // the index of Change
	operations []string
}

// rowsOf returns the rows of changes, in the order of the first of each. apart tells those apart that must not be in one
// row with others.
func rowsOf(changes []topicspec.Change, apart func(i int) string) []row {
	type key struct {
		acl.Binding
		action        topicspec.Action
		reason, apart string
	}
	var rows []row
	known := make(map[key]int)
	for i, c := range changes {
		if c.Kind != topicspec.KindACL || c.Access.Binding == nil {
			rows = append(rows, row{Change: c, first: i})
			continue
		}
		k := key{*c.Access.Binding, c.Action, accessReason(c), apart(i)}
		k.Operation = ""
		at, found := known[k]
		if !found {
			at, known[k] = len(rows), len(rows)
			rows = append(rows, row{Change: c, first: i})
		}
		rows[at].operations = append(rows[at].operations, acl.Words(string(c.Access.Binding.Operation)))
	}
	return rows
}

// planRows is rowsOf a plan.
func planRows(changes []topicspec.Change) []row {
	return rowsOf(changes, func(int) string { return "" })
}

// accessReason returns why the file asks for a change, and what else is to be known of it.
func accessReason(c topicspec.Change) string {
	reasons := slices.Clone(c.Access.Reasons)
	if c.Reason != "" {
		reasons = append(reasons, c.Reason)
	}
	return strings.Join(reasons, "; ")
}

// reason returns what is to be known of the changes of a row.
func (r row) reason() string {
	if r.Access == nil {
		return r.Reason
	}
	return accessReason(r.Change)
}

// subject is the topic, principal or user that a row is about.
func subject(c topicspec.Change) string {
	switch c.Kind {
	case topicspec.KindUser:
		return "user " + c.Access.UserName()
	case topicspec.KindQuota:
		return "quota " + c.Access.UserName()
	case topicspec.KindACL:
		return cmp.Or(c.Access.Principal, "ACLs")
	default:
		return c.Topic
	}
}

// actionWord is what happens in a change: "allow" of an ACL, else the action.
func actionWord(c topicspec.Change) string {
	switch {
	case c.Kind != topicspec.KindACL || c.Action == topicspec.Blocked:
		return string(c.Action)
	case c.Action == topicspec.Delete:
		return "revoke"
	case c.Access.Binding.Permission == acl.Deny:
		return "deny"
	default:
		return "allow"
	}
}

// accessDifference returns what a change of a user, an ACL or a quota is about. verb says first what is to happen, where
// the word of the row does not.
func (r row) accessDifference(verb bool) string {
	text := ""
	if verb && r.Risk == topicspec.RiskRevoke {
		text = "revoke "
	}
	switch r.Kind {
	case topicspec.KindUser:
		return text + userDifference(r.Change)
	case topicspec.KindQuota:
		return text + quotaDifference(r.Change)
	default:
		if r.Access.Binding == nil { // of brokers that have no authorizer
			return "access.acls required"
		}
		return text + bindingText(*r.Access.Binding, r.operations, verb)
	}
}

// bindingText is what a binding says of its principal, with all its operations: "read, write topics order-*".
func bindingText(b acl.Binding, operations []string, verb bool) string {
	text := strings.Join(operations, ", ") + " " + b.Resource.String()
	if slices.Equal(operations, []string{acl.Words(string(acl.All))}) {
		text = "everything on " + b.Resource.String()
	}
	if verb && b.Permission == acl.Deny {
		text = "deny " + text
	}
	if b.Host != acl.Any {
		text += " from " + b.Host
	}
	return text
}

func userDifference(c topicspec.Change) string {
	switch {
	case c.After == nil:
		return c.Field
	case c.Before == nil:
		return fmt.Sprintf("%s, %s iterations", c.Field, c.After)
	case c.Before.String() == c.After.String(): // it is the password
		return c.Field
	default:
		return fmt.Sprintf("%s, %s → %s iterations", c.Field, c.Before, c.After)
	}
}

// quotaDifference is "produce 2MiB/s → 5MiB/s a broker". Every broker keeps to it by itself, but for the one of changes
// of topics, which the controller does.
func quotaDifference(c topicspec.Change) string {
	value := func(v topicspec.Value) string {
		if v == nil {
			return "unset"
		}
		return topicspec.QuotaText(c.Field, v.String())
	}
	text := fmt.Sprintf("%s %s → %s", topicspec.QuotaName(c.Field), value(c.Before), value(c.After))
	if c.Field != "controller_mutation_rate" {
		text += " a broker"
	}
	if c.Access.ClientID != "" {
		text += " for client.id " + c.Access.ClientID
	}
	return text
}

// extraRows lists the bindings that the file does not declare, those of one principal and resource in one row.
func extraRows(st term.Styles, compared *topicspec.AccessCompared) [][]string {
	var rows [][]string
	for _, group := range extraGroups(compared) {
		first := group[0]
		detail := bindingText(first.Binding, operationsOf(group), true)
		if first.Reason != "" {
			detail += st.Dim.Render(" (" + first.Reason + ")")
		}
		rows = append(rows, []string{st.Warn.Render("?") + " " + first.Principal, "extra", detail})
	}
	return rows
}

// extraGroups returns the extras that differ in their operations alone together, in the order of the first.
func extraGroups(compared *topicspec.AccessCompared) [][]topicspec.Extra {
	if compared == nil {
		return nil
	}
	var groups [][]topicspec.Extra
	known := make(map[topicspec.Extra]int)
	for _, extra := range compared.Extras {
		key := extra
		key.Operation = ""
		at, found := known[key]
		if !found {
			at, known[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], extra)
	}
	return groups
}

func operationsOf(group []topicspec.Extra) []string {
	var operations []string
	for _, extra := range group {
		operations = append(operations, acl.Words(string(extra.Operation)))
	}
	return operations
}

// accessInSync lists what is as declared beside topics: "61 bindings", "9 users".
func accessInSync(compared *topicspec.AccessCompared) []string {
	if compared == nil {
		return nil
	}
	var parts []string
	for _, one := range []struct {
		n    int
		noun string
	}{{compared.Bindings, "binding"}, {compared.Users, "user"}, {compared.Quotas, "quota"}} {
		if one.n > 0 {
			parts = append(parts, term.Count(one.n, one.noun))
		}
	}
	return parts
}

// skippedText says that ACLs were not looked at, "" when they were: "; access of 9 services not looked at: the brokers
// have no authorizer". Users and quotas may have been compared nevertheless.
func skippedText(p topicspec.Plan) string {
	compared := p.Access
	if compared == nil || compared.Skipped == "" {
		return ""
	}
	what := "access"
	if compared.Users+compared.Quotas > 0 || slices.ContainsFunc(p.Changes, func(c topicspec.Change) bool { return c.Kind != topicspec.KindTopic }) {
		what = "ACLs"
	}
	return fmt.Sprintf("; %s of %s not looked at: %s", what, term.Count(compared.Services, "service"), compared.Skipped)
}

// NoteAccess says what else is to be known of users, ACLs and quotas.
func NoteAccess(a *cli.App, p topicspec.Plan) {
	if p.Access == nil {
		return
	}
	for _, note := range p.Access.Notes {
		a.Notef("note: %s", note)
	}
}
