package changes

import (
	"errors"
	"fmt"
	"io"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

// reportDoc is a report in JSON and YAML.
type reportDoc struct {
	cli.Header
	ClusterID string                `json:"clusterId"`
	InSync    bool                  `json:"inSync"` // the cluster is as declared now
	Topics    int                   `json:"topics"`
	Outcomes  []outcomeDoc          `json:"outcomes"`
	Unmanaged []topicspec.Unmanaged `json:"unmanaged"`
	Moving    []topicspec.Moving    `json:"moving"`
	Risks     []topicspec.RiskTotal `json:"risks"`
	Stale     []topicspec.Stale     `json:"stale"` // why a plan of a file was not begun
	Notes     []string              `json:"notes"` // of reassignments
	ElapsedMS int64                 `json:"elapsedMs"`
}

type outcomeDoc struct {
	topicspec.Change
	Outcome admin.Result `json:"outcome"`
	Error   string       `json:"error"`
	TookMS  int64        `json:"tookMs"`
}

// Report is what was done, with what was seen of it afterwards.
type Report struct {
	admin.Report
	Settled error // why the topics are not usable everywhere yet, nil when they are
	Elapsed time.Duration
}

func (r Report) doc() reportDoc {
	doc := reportDoc{
		Header: cli.NewHeader("Report"), ClusterID: r.Plan.ClusterID, InSync: r.OK() && r.Settled == nil, Topics: r.Plan.Topics,
		Outcomes: []outcomeDoc{}, Unmanaged: cli.OrEmpty(r.Plan.Unmanaged), Moving: cli.OrEmpty(r.Plan.Moving),
		Risks: cli.OrEmpty(r.Plan.Risks), Stale: cli.OrEmpty(r.Stale), Notes: cli.OrEmpty(r.Notes), ElapsedMS: r.Elapsed.Milliseconds(),
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

// Answer returns the report in every format.
func (r Report) Answer() cli.Answer {
	changes := make([]topicspec.Change, len(r.Outcomes))
	for i, o := range r.Outcomes {
		changes[i] = o.Change
	}
	names := ChangedTopics(changes)
	if len(r.Stale) > 0 {
		names = topicspec.StaleTopics(r.Stale)
	}
	return cli.Answer{Doc: r.doc(), Names: names, Text: r.Text}
}

// Text writes one line an outcome and a summary; a cluster that was in sync is one line. Of a stale plan it
// writes only what is stale.
func (r Report) Text(w io.Writer, st term.Styles, wide bool) {
	if len(r.Stale) > 0 {
		staleText(w, st, r.Stale)
		return
	}
	rows := make([][]string, 0, len(r.Outcomes))
	for _, o := range r.Outcomes {
		rows = append(rows, outcomeRow(st, o))
	}
	st.Sentences(w, rows)
	if wide {
		unmanagedText(w, st, r.Plan.Unmanaged)
	}
	elapsed := fmt.Sprintf(" (%.2fs)", r.Elapsed.Seconds())
	if len(r.Outcomes) == 0 && r.Settled == nil {
		fmt.Fprintf(w, "%s%s%s\n", term.InSync(r.Plan.Topics), unmanagedNote(r.Plan, wide), elapsed)
		return
	}
	fmt.Fprintf(w, "%s: %s%s%s\n", st.Count(r.Plan.Topics, "topic"), r.Summary(), unmanagedNote(r.Plan, wide), elapsed)
}

// staleText lists what has changed since a plan was made, one line each.
func staleText(w io.Writer, st term.Styles, stale []topicspec.Stale) {
	rows := make([][]string, 0, len(stale))
	for _, s := range stale {
		rows = append(rows, []string{st.Bold.Render(s.Topic), s.Text()})
	}
	st.Sentences(w, rows)
}

// outcomeRow is one change and how it ended.
func outcomeRow(st term.Styles, o admin.Outcome) []string {
	row := ChangeRow(st, o.Change, outcomeWord(o))
	switch o.Result {
	case admin.Failed, admin.Refused, admin.Raced, admin.Stale:
		row[0] = st.Bad.Render("x") + " " + st.Bold.Render(o.Topic)
		if o.Err != nil {
			row[2] = o.Err.Error()
			if o.MoveEnded() { // which is about all topics: see [Report.Failure]
				row[2] = "not done yet"
			}
			if o.Field != topicspec.FieldTopic { // several rows may be about one topic
				row[2] = difference(o.Change) + ": " + row[2]
			}
		}
	case admin.Untried:
		row[2] = st.Dim.Render(row[2])
	default: // the change says it all
	}
	return row
}

// doneAlready is of a change that a plan did not need any more.
const doneAlready = "done already"

// outcomeWord is a result in the words of its action.
func outcomeWord(o admin.Outcome) string {
	switch o.Result {
	case admin.Done:
	case admin.DoneAlready:
		return doneAlready
	default:
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

// Summary counts topics by how they ended.
func (r Report) Summary() string {
	t := term.NewTally("untried", doneAlready, "created", "changed", "deleted", "blocked", "raced", "stale", "refused", "failed")
	for _, o := range r.Outcomes {
		t.Add(o.Topic, outcomeWord(o))
	}
	return t.Summary(r.Plan.Topics)
}

// shortfall counts the topics that are not as declared.
func (r Report) shortfall() string {
	t := term.NewTally("untried", "blocked", "raced", "stale", "refused", "failed")
	for _, o := range r.Outcomes {
		if !o.Made() {
			t.Add(o.Topic, string(o.Result))
		}
	}
	return t.Summary(len(t.Worst))
}

// PrintReport prints the report and returns the error that the command ends with: nil only when
// every change was made and every broker shows it.
func PrintReport(a *cli.App, r Report) error {
	if err := a.Print(r.Answer()); err != nil {
		return err
	}
	NoteMoving(a, r.Plan)
	for _, note := range r.Notes {
		a.Notef("note: %s", note)
	}
	return r.ended()
}

// ended returns the error of [PrintReport].
func (r Report) ended() error {
	failure := r.Failure()
	if failure != nil && r.Settled != nil {
		failure = errors.Join(failure, r.Settled)
	}
	var waited *health.NotReadyError
	_, overdue := r.Overdue()
	switch end, only := r.MoveEnd(); {
	case failure != nil && (overdue || end != nil && only): // a signal has its own code
		return cli.WithCode(failure, cli.ExitTimeout)
	case failure != nil:
		return cli.WithCode(failure, cli.ExitFailed)
	case errors.As(r.Settled, &waited):
		return fmt.Errorf("the topics are as declared, and yet %w", r.Settled)
	case r.Settled != nil:
		return fmt.Errorf("the topics are not usable on every broker: %w", r.Settled)
	default:
		return nil
	}
}

// Failure returns what went wrong with the changes, nil when all were made.
func (r Report) Failure() error {
	if r.OK() {
		return nil
	}
	text := "not in sync: " + r.shortfall()
	if end, _ := r.MoveEnd(); end != nil { // says first what the brokers go on doing, and how to go on
		return cli.WithText(errors.Join(end, r.Err()), text+"; "+end.Error())
	}
	if o, overdue := r.Overdue(); overdue {
		text += fmt.Sprintf("; topic %q: %v", o.Topic, o.Err)
	}
	if cause := r.Err(); cause != nil {
		return cli.WithText(cause, text)
	}
	return errors.New(text)
}
