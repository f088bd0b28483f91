package access

import (
	"io"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
)

// aclRows writes one line for the operations of one principal on one resource. The bindings are in order.
func aclRows(w io.Writer, st term.Styles, bindings []acl.Binding) {
	rows := [][]string{{"PRINCIPAL", "PERMISSION", "OPERATIONS", "RESOURCE", "HOST"}}
	for _, group := range grouped(bindings) {
		first, operations := group[0], make([]string, len(group))
		for i, b := range group {
			operations[i] = acl.Words(string(b.Operation))
		}
		rows = append(rows, []string{
			kafka.Printable(first.Principal), permission(st, first.Permission), strings.Join(operations, ", "),
			kafka.Printable(first.Resource.String()), first.Host,
		})
	}
	st.Table(w, rows, term.Layout{})
}

// wideRows writes one line a binding, in Kafka's words.
func wideRows(w io.Writer, st term.Styles, bindings []acl.Binding) {
	rows := [][]string{{"PRINCIPAL", "PERMISSION", "OPERATION", "TYPE", "PATTERN", "NAME", "HOST"}}
	for _, b := range bindings {
		rows = append(rows, []string{
			kafka.Printable(b.Principal), permission(st, b.Permission), string(b.Operation), string(b.Type), string(b.Pattern),
			kafka.Printable(b.Name), b.Host,
		})
	}
	st.Table(w, rows, term.Layout{})
}

// grouped returns the bindings that differ in the operation alone together. The groups are in the order of their first.
func grouped(bindings []acl.Binding) [][]acl.Binding {
	var groups [][]acl.Binding
	at := make(map[acl.Binding]int)
	for _, b := range bindings {
		key := b
		key.Operation = ""
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], b)
	}
	return groups
}

func permission(st term.Styles, p acl.Permission) string {
	word := acl.Words(string(p))
	if p == acl.Deny {
		return st.Bad.Render(word)
	}
	return word
}
