package access

import (
	"context"
	"io"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

// servicesDoc is all services with a principal in JSON and YAML.
type servicesDoc struct {
	cli.Header
	Services []serviceFields `json:"services"`
}

// list describes all services with a principal, a line each.
func (o *describeAccessOptions) list(ctx context.Context, desired topicspec.DesiredAccess) error {
	found, err := o.compare(ctx, desired)
	if err != nil {
		return err
	}
	views := make([]serviceAccess, len(desired.Services))
	doc, names := servicesDoc{cli.NewHeader("ServiceAccessList"), []serviceFields{}}, []string{}
	for i, service := range desired.Services {
		views[i] = newServiceAccess(desired, service, found)
		doc.Services, names = append(doc.Services, views[i].fields()), append(names, service.Name)
	}
	if len(views) == 0 {
		o.app.Notef(`no service has a principal: services.SERVICE.principal: "User:NAME" gives it one, access.principal: "User:{service}" gives all of them theirs`)
	}
	return o.app.Print(cli.Answer{Doc: doc, Names: names, Text: func(w io.Writer, st term.Styles, _ bool) { listText(w, st, views) }})
}

func listText(w io.Writer, st term.Styles, views []serviceAccess) {
	if len(views) == 0 {
		return
	}
	rows := [][]string{{"SERVICE", "PRINCIPAL", "BINDINGS", "CREDENTIAL", "QUOTAS", "HEALTH"}}
	var marks []term.Mark
	for i := range views {
		v := &views[i]
		mark := term.Unmarked
		if v.compared && !v.inSync() {
			mark = term.Amiss
		}
		rows = append(rows, []string{
			v.Name, v.Principal, st.Number(int64(len(v.bindings) - v.count(isExtra))),
			term.OrDash(namesOf(v.users)), st.Number(int64(len(v.quotas))), v.shortHealth(st),
		})
		marks = append(marks, mark)
	}
	st.Table(w, rows, term.Layout{Numbers: []string{"BINDINGS", "QUOTAS"}, Optional: []string{"QUOTAS", "CREDENTIAL"}, Marks: marks})
}

func namesOf(parts []partState) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return strings.Join(names, ", ")
}

// shortHealth is health where the number of bindings stands beside it.
func (v *serviceAccess) shortHealth(st term.Styles) string {
	switch {
	case !v.compared:
		return "not asked"
	case v.skipped != "" && v.inSync() && !v.Absent:
		return st.Warn.Render("! " + v.skipped)
	case v.inSync() && v.count(isExtra) == 0:
		return st.Good.Render("ok")
	default:
		return v.health(st)
	}
}
