package stack

import (
	"cmp"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/certificates"
)

// certificatesDoc is the result of certs in JSON and YAML.
type certificatesDoc struct {
	cli.Header
	Directory string           `json:"directory"`
	Check     bool             `json:"check"`
	Files     []certificateRow `json:"files"`
}

// certificateRow is one file.
type certificateRow struct {
	File      string     `json:"file"`
	State     string     `json:"state"` // created, kept, renewed; of a check: missing, valid, due
	Until     *time.Time `json:"until,omitempty"`
	CA        string     `json:"ca,omitempty"`
	Principal string     `json:"principal,omitempty"`
	Hosts     []string   `json:"hosts,omitempty"`
	Reason    string     `json:"reason,omitempty"`
}

// The states of a file that is only looked at.
const (
	stateMissing = "missing"
	stateValid   = "valid"
	stateDue     = "due"
)

func newCertificatesDoc(dir string, check bool, files []certificates.File) certificatesDoc {
	doc := certificatesDoc{cli.NewHeader("Certificates"), dir, check, []certificateRow{}}
	for _, file := range files {
		row := certificateRow{
			File: filepath.Join(dir, file.Name), State: string(file.State), CA: file.CA,
			Principal: file.Principal, Hosts: file.Hosts, Reason: file.Reason,
		}
		if check {
			row.State = map[certificates.State]string{
				certificates.Created: stateMissing, certificates.Kept: stateValid, certificates.Renewed: stateDue,
			}[file.State]
		}
		if !file.Until.IsZero() {
			until := file.Until.UTC()
			row.Until = &until
		}
		doc.Files = append(doc.Files, row)
	}
	return doc
}

func (d certificatesDoc) answer() cli.Answer {
	names := make([]string, len(d.Files))
	for i, row := range d.Files {
		names[i] = row.File
	}
	return cli.Answer{Doc: d, Names: names, Text: func(w io.Writer, st term.Styles, _ bool) { d.table(w, st) }}
}

func (d certificatesDoc) table(w io.Writer, st term.Styles) {
	rows, notes := [][]string{{"FILE", "STATE", "UNTIL", "FOR"}}, make([]string, len(d.Files))
	for i, row := range d.Files {
		state := row.State
		switch state {
		case stateMissing, stateDue:
			state = st.Warn.Render(state)
		case string(certificates.Created), string(certificates.Renewed):
			state = st.Good.Render(state)
		}
		rows, notes[i] = append(rows, []string{row.File, state, row.untilText(), row.holder()}), row.Reason
	}
	st.Table(w, term.WithNotes(rows, notes), term.Layout{})
}

func (r certificateRow) untilText() string {
	if r.Until == nil {
		return "-"
	}
	return r.Until.Format(certificates.Day)
}

// holder says whose certificate is in the file.
func (r certificateRow) holder() string {
	if r.CA != "" {
		return "CA " + r.CA
	}
	if len(r.Hosts) > 0 {
		return r.Principal + " at " + strings.Join(r.Hosts, ", ")
	}
	return cmp.Or(r.Principal, "-")
}

// verdict is the error of a check that found something to do.
func (d certificatesDoc) verdict() error {
	counts := map[string]int{}
	for _, row := range d.Files {
		counts[row.State]++
	}
	var parts []string
	for _, state := range []string{stateMissing, stateDue} {
		if n := counts[state]; n > 0 {
			parts = append(parts, term.Count(n, "file")+" "+state)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	err := errors.New("certs: " + strings.Join(parts, ", ") + " in " + d.Directory)
	return cli.WithHint(cli.WithCode(err, cli.ExitCondition), "the same command without --check makes them")
}
