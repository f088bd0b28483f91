package access

import (
	"fmt"
	"io"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/acl"
)

// canDoc is the answer in JSON and YAML.
type canDoc struct {
	cli.Header
	Allowed    bool             `json:"allowed"`
	Principal  string           `json:"principal"`
	Operation  acl.Operation    `json:"operation"`
	Type       acl.ResourceType `json:"resourceType"`
	Name       string           `json:"resourceName"`
	Host       string           `json:"host"`       // "": an address that no ACL names
	Authorizer bool             `json:"authorizer"` // false: nobody is checked
	Binding    *acl.Binding     `json:"binding"`    // that decides; null: there is none
	Reason     string           `json:"reason"`
	Elsewhere  []hostDoc        `json:"elsewhere"` // addresses with the other answer
	Notes      []string         `json:"notes"`
	Grants     []string         `json:"grants"` // what makes a yes of a no
}

type hostDoc struct {
	Host    string       `json:"host"`
	Allowed bool         `json:"allowed"`
	Binding *acl.Binding `json:"binding"`
}

func (a canAnswer) doc() canDoc {
	doc := canDoc{
		cli.NewHeader("AccessDecision"), a.Allowed, a.Principal, a.Operation, a.Type, a.Name, a.Host, a.authorizer, a.Binding, a.reason(),
		[]hostDoc{}, cli.OrEmpty(a.notes), cli.OrEmpty(a.grants()),
	}
	for _, h := range a.elsewhere {
		doc.Elsewhere = append(doc.Elsewhere, hostDoc{h.host, h.Allowed, h.Binding})
	}
	return doc
}

// answer returns the answer in every format.
func (a canAnswer) answer() cli.Answer {
	return cli.Answer{Doc: a.doc(), Names: []string{yesNo(a.Allowed)}, Text: func(w io.Writer, st term.Styles, _ bool) { a.text(w, st) }}
}

// text writes the answer for people: the question answered, and why.
func (a canAnswer) text(w io.Writer, st term.Styles) {
	word, verb := st.Good.Render("yes"), "may"
	if !a.Allowed {
		word, verb = st.Bad.Render("no"), "may not"
	}
	from := ""
	if a.Host != "" {
		from = " from " + a.Host
	}
	rows := [][]string{{fmt.Sprintf("%s: %s %s %s%s", word, a.Principal, verb, a.Operation.On(a.thing()), from)}, {"because", a.reason()}}
	for _, h := range a.elsewhere {
		rows = append(rows, []string{"from " + h.host, yesNo(h.Allowed) + ": " + h.reason(a.Question)})
	}
	st.Sentences(w, rows)
}

func (a canAnswer) reason() string {
	if !a.authorizer {
		return "the brokers have no authorizer: nobody is checked, and everybody may do everything"
	}
	return hostAnswer{a.Host, a.Decision}.reason(a.Question)
}

// reason returns the binding that decides, and what it implies.
func (h hostAnswer) reason(q acl.Question) string {
	if h.Binding == nil {
		return "no ACL allows it"
	}
	text := h.Binding.String()
	switch o := h.Binding.Operation; {
	case h.Binding.Type != q.Type:
		text += ", which is enough for any " + acl.Words(string(q.Type))
	case o != acl.All && o != q.Operation:
		text += ", and " + acl.Words(string(o)) + " includes " + acl.Words(string(q.Operation))
	}
	return text
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
