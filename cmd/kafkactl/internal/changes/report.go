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
	// Access is not there where the file manages no access.
	Access *topicspec.AccessCompared `json:"access,omitempty"`
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
		Access: r.Plan.Access,
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
	names := ChangedNames(r.changes())
	if len(r.Stale) > 0 {
		names = append(topicspec.StaleTopics(r.Stale), topicspec.StalePrincipals(r.Stale)...)
	}
	return cli.Answer{Doc: r.doc(), Names: names, Text: r.Text}
}

// changes lists those of the outcomes.
func (r Report) changes() []topicspec.Change {
	changes := make([]topicspec.Change, len(r.Outcomes))
	for i, o := range r.Outcomes {
		changes[i] = o.Change
	}
	return changes
}

// Text writes one line an outcome and a summary; a cluster that was in sync is one line. Of a stale plan it
// writes only what is stale.
func (r Report) Text(w io.Writer, st term.Styles, wide bool) {
	if len(r.Stale) > 0 {
		staleText(w, st, r.Stale)
		return
	}
	rows := make([][]string, 0, len(r.Outcomes))
	apart := func(i int) string { return fmt.Sprint(r.Outcomes[i].Result, r.Outcomes[i].Err) }
	for _, one := range rowsOf(r.changes(), apart) {
		rows = append(rows, outcomeCells(st, one, r.Outcomes[one.first]))
	}
	if wide {
		rows = append(rows, extraRows(st, r.Plan.Access)...)
	}
	st.Sentences(w, rows)
	if wide {
		unmanagedText(w, st, r.Plan.Unmanaged)
	}
	elapsed := fmt.Sprintf(" (%.2fs)", r.Elapsed.Seconds())
	if len(r.Outcomes) == 0 && r.Settled == nil {
		fmt.Fprintf(w, "%s%s%s\n", InSync(r.Plan), leftAloneNote(r.Plan, wide), elapsed)
		return
	}
	what := st.Count(r.Plan.Topics, "topic")
	if r.Plan.Access != nil {
		what += " and the access of " + st.Count(r.Plan.Access.Services, "service")
	}
	fmt.Fprintf(w, "%s: %s%s%s\n", what, r.Summary(), leftAloneNote(r.Plan, wide), elapsed)
}

// staleText lists what has changed since a plan was made, one line each.
func staleText(w io.Writer, st term.Styles, stale []topicspec.Stale) {
	rows := make([][]string, 0, len(stale))
	for _, s := range stale {
		rows = append(rows, []string{st.Bold.Render(s.Subject()), s.Text()})
	}
	st.Sentences(w, rows)
}

// outcomeCells is the changes of a row and how they ended, of which o is one.
func outcomeCells(st term.Styles, r row, o admin.Outcome) []string {
	cells := r.cells(st, outcomeWord(o), o.Result != admin.Done)
	switch o.Result {
	case admin.Failed, admin.Refused, admin.Raced, admin.Stale:
		cells[0] = st.Bad.Render("x") + " " + st.Bold.Render(subject(o.Change))
		if o.Err != nil {
			cells[2] = o.Err.Error()
			if o.MoveEnded() { // which is about all topics: see [Report.Failure]
				cells[2] = "not done yet"
			}
			if o.Field != topicspec.FieldTopic { // several rows may be about one topic
				cells[2] = r.difference(true) + ": " + cells[2]
			}
		}
	case admin.Untried:
		cells[2] = st.Dim.Render(cells[2])
	default: // the change says it all
	}
	return cells
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
	switch word := actionWord(o.Change); {
	case o.Risk == topicspec.RiskRevoke:
		return "revoked"
	case word == "allow":
		return "allowed"
	case word == "deny":
		return "denied"
	case o.Action == topicspec.Create:
		return "created"
	case o.Action == topicspec.Delete:
		return "deleted"
	default:
		return "changed"
	}
}

// Summary counts topics by how they ended, and changes of users, ACLs and quotas.
func (r Report) Summary() string {
	t := term.NewTally("untried", doneAlready, "created", "changed", "allowed", "denied", "deleted", "revoked", "blocked", "raced", "stale", "refused", "failed")
	for _, o := range r.Outcomes {
		count(t, o, outcomeWord(o))
	}
	return t.Summary(r.Plan.Topics, accessInSync(r.untouched())...) + skippedText(r.Plan)
}

// untouched is what was compared beside topics, without what a reviewed plan has and was made already: that has an outcome.
func (r Report) untouched() *topicspec.AccessCompared {
	if r.Plan.Access == nil {
		return nil
	}
	left := *r.Plan.Access
	users := make(map[string]bool)
	for _, o := range r.Outcomes {
		if o.Result != admin.DoneAlready || o.Risk == topicspec.RiskRevoke {
			continue
		}
		switch o.Kind {
		case topicspec.KindACL:
			left.Bindings--
		case topicspec.KindQuota:
			left.Quotas--
		case topicspec.KindUser:
			if !users[o.Access.Principal] {
				users[o.Access.Principal] = true
				left.Users--
			}
		case topicspec.KindTopic:
		}
	}
	return &left
}

// count counts an outcome under a word: the topic, or what is about none.
func count(t *term.Tally, o admin.Outcome, word string) {
	if o.Kind == topicspec.KindTopic {
		t.Add(o.Topic, word)
	} else {
		t.AddOther(word, 1)
	}
}

// shortfall counts what is not as declared.
func (r Report) shortfall() string {
	t := term.NewTally("untried", "blocked", "raced", "stale", "refused", "failed")
	for _, o := range r.Outcomes {
		if !o.Made() {
			count(t, o, string(o.Result))
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
	NoteAccess(a, r.Plan)
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
		text += fmt.Sprintf("; %s: %v", o.Subject(), o.Err)
	}
	if cause := r.Err(); cause != nil {
		return cli.WithText(cause, text)
	}
	return errors.New(text)
}
