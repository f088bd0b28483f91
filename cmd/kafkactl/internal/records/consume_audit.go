package records

import (
	"fmt"
	"io"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

// auditDoc is what --validate found, in JSON.
type auditDoc struct {
	cli.Header
	Records int64       `json:"records"`
	Invalid int64       `json:"invalid"`
	Rules   []breachDoc `json:"rules"`
}

// breachDoc is one rule that was broken, and the first record that breaks it.
type breachDoc struct {
	Rule      string `json:"rule"`
	Count     int64  `json:"count"`
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
	Message   string `json:"message"`
}

// newAudit returns what --validate found, in every format.
func newAudit(audit *record.Audit) cli.Answer {
	doc := auditDoc{cli.NewHeader("EnvelopeAudit"), audit.Records, audit.Bad, []breachDoc{}}
	for _, f := range audit.Findings() {
		doc.Rules = append(doc.Rules, breachDoc{f.Rule, f.Count, f.Topic, f.Partition, f.Offset, f.Message})
	}
	return cli.Answer{Doc: doc, Text: func(w io.Writer, st term.Styles, _ bool) { auditText(w, st, doc) }}
}

// auditText writes one line for each rule that was broken, and the sum.
func auditText(w io.Writer, st term.Styles, doc auditDoc) {
	var rows [][]string
	for _, r := range doc.Rules {
		first := fmt.Sprintf("first %s/%d@%d: %s", r.Topic, r.Partition, r.Offset, r.Message)
		rows = append(rows, []string{st.Bad.Render(r.Rule), st.Count(int(r.Count), "record"), first})
	}
	st.Sentences(w, rows)
	sum := st.Good.Render("all valid")
	if doc.Invalid > 0 {
		sum = st.Bad.Render(st.Number(doc.Invalid) + " invalid")
	}
	fmt.Fprintf(w, "%s: %s\n", st.Count(int(doc.Records), "record"), sum)
}

// reportAudit prints what --validate found. The error is that some envelope is invalid.
func (c *consumeRun) reportAudit(audit *record.Audit) error {
	if err := c.app.Print(newAudit(audit)); err != nil || audit.Bad == 0 {
		return err
	}
	return cli.WithCode(fmt.Errorf("invalid envelopes: %d of %s", audit.Bad, term.Count(int(audit.Records), "record")), cli.ExitCondition)
}
