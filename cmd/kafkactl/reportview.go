package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

// reportDoc is a report in JSON and YAML.
type reportDoc struct {
	header
	ClusterID string                `json:"clusterId"`
	InSync    bool                  `json:"inSync"` // the cluster is as declared now
	Topics    int                   `json:"topics"`
	Outcomes  []outcomeDoc          `json:"outcomes"`
	Unmanaged []topicspec.Unmanaged `json:"unmanaged"`
	ElapsedMS int64                 `json:"elapsedMs"`
}

type outcomeDoc struct {
	topicspec.Change
	Outcome admin.Result `json:"outcome"`
	Error   string       `json:"error"`
	TookMS  int64        `json:"tookMs"`
}

// reported is a report with what was seen after it.
type reported struct {
	admin.Report
	settled error // why the topics are not usable everywhere yet, nil when they are
	elapsed time.Duration
}

func (r reported) doc() reportDoc {
	doc := reportDoc{
		header: newHeader("Report"), ClusterID: r.Plan.ClusterID, InSync: r.OK() && r.settled == nil, Topics: r.Plan.Topics,
		Outcomes: []outcomeDoc{}, Unmanaged: orEmpty(r.Plan.Unmanaged), ElapsedMS: r.elapsed.Milliseconds(),
	}
	for _, o := range r.Outcomes {
		line := outcomeDoc{Change: o.Change, Outcome: o.Result, TookMS: o.Took.Milliseconds()}
		if o.Err != nil {
			line.Error = o.Err.Error()
		}
		doc.Outcomes = append(doc.Outcomes, line)
	}
	return doc
}

func (r reported) answer() answer {
	changes := make([]topicspec.Change, len(r.Outcomes))
	for i, o := range r.Outcomes {
		changes[i] = o.Change
	}
	return answer{doc: r.doc(), names: changedTopics(changes), text: r.text}
}

// text writes one line an outcome and a summary; a cluster that was in sync is one line.
func (r reported) text(w io.Writer, st styles, wide bool) {
	rows := make([][]string, 0, len(r.Outcomes))
	for _, o := range r.Outcomes {
		rows = append(rows, outcomeRow(st, o))
	}
	st.sentences(w, rows)
	if wide {
		unmanagedText(w, st, r.Plan.Unmanaged)
	}
	elapsed := fmt.Sprintf(" (%.2fs)", r.elapsed.Seconds())
	if len(r.Outcomes) == 0 && r.settled == nil {
		fmt.Fprintf(w, "%s%s%s\n", inSync(r.Plan.Topics), unmanagedNote(r.Plan, wide), elapsed)
		return
	}
	fmt.Fprintf(w, "%s: %s%s%s\n", st.count(r.Plan.Topics, "topic"), r.summary(), unmanagedNote(r.Plan, wide), elapsed)
}

// outcomeRow is one change and how it ended.
func outcomeRow(st styles, o admin.Outcome) []string {
	row := changeRow(st, o.Change, outcomeWord(o))
	switch o.Result {
	case admin.Failed, admin.Refused, admin.Raced:
		row[0] = st.bad.Render("x") + " " + st.bold.Render(o.Topic)
		if o.Err != nil {
			row[2] = o.Err.Error()
		}
	case admin.Untried:
		row[2] = st.dim.Render(row[2])
	default: // the change says it all
	}
	return row
}

// outcomeWord is a result in the words of its action.
func outcomeWord(o admin.Outcome) string {
	if o.Result != admin.Done {
		return string(o.Result)
	}
	switch o.Action {
	case topicspec.Create:
		return "created"
	case topicspec.Delete:
		return "deleted"
	default:
		return "changed"
	}
}

// summary counts topics by how they ended.
func (r reported) summary() string {
	t := newTally("untried", "created", "changed", "deleted", "blocked", "raced", "refused", "failed")
	for _, o := range r.Outcomes {
		t.add(o.Topic, outcomeWord(o))
	}
	return t.summary(r.Plan.Topics)
}

// shortfall counts the topics that are not as declared.
func (r reported) shortfall() string {
	t := newTally("untried", "blocked", "raced", "refused", "failed")
	for _, o := range r.Outcomes {
		if o.Result != admin.Done {
			t.add(o.Topic, string(o.Result))
		}
	}
	return t.summary(len(t.worst))
}

// finish prints the report and turns it into the command's error: nil only when
// every change was made and every broker shows it.
func (a *app) finish(r reported) error {
	if err := a.print(r.answer()); err != nil {
		return err
	}
	failure := r.failure()
	if failure != nil && r.settled != nil {
		failure = errors.Join(failure, r.settled)
	}
	var waited *health.NotReadyError
	switch {
	case failure != nil:
		return withCode(failure, exitFailed)
	case errors.As(r.settled, &waited):
		return fmt.Errorf("the topics are as declared, and yet %w", r.settled)
	case r.settled != nil:
		return fmt.Errorf("the topics are not usable on every broker: %w", r.settled)
	default:
		return nil
	}
}

// failure is what went wrong with the changes, nil when all were made.
func (r reported) failure() error {
	if r.OK() {
		return nil
	}
	text := "not in sync: " + r.shortfall()
	if cause := r.Err(); cause != nil {
		return rephrased(text, cause)
	}
	return errors.New(text)
}
