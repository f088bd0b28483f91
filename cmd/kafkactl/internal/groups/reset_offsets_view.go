package groups

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// resetReport is a reset of offsets, planned or carried out.
type resetReport struct {
	plan     groups.OffsetPlan
	execute  bool // was asked for
	executed bool
	refused  error // why it cannot be carried out, nil when it can
	elapsed  time.Duration
}

// resetRefusal returns why a plan is not carried out: the group has members, or not all of what was
// asked for can be moved.
func resetRefusal(plan groups.OffsetPlan) error {
	if err := plan.InUse(); err != nil {
		return cli.WithHint(err, "stop these consumers, then run this again")
	}
	stuck := countMoves(plan, groups.MoveBlocked, groups.MoveFailed)
	switch {
	case stuck != "":
		err := fmt.Errorf("nothing was changed: %s", stuck)
		return cli.WithCode(cli.WithText(firstMoveError(plan), err.Error()), cli.ExitFailed)
	case plan.Count(groups.MovePlanned, groups.MoveUnchanged) == 0:
		return cli.WithHint(errors.New("nothing was changed: there is nothing to move"), "--topic TOPIC names what to move")
	default:
		return nil
	}
}

// firstMoveError returns the first failure of a partition, nil without one.
func firstMoveError(plan groups.OffsetPlan) error {
	for _, m := range plan.Moves {
		if m.Err != nil {
			return m.Err
		}
	}
	return nil
}

// countMoves returns text such as "3 partitions moved, 1 partition failed"; "" for none.
func countMoves(plan groups.OffsetPlan, outcomes ...groups.MoveOutcome) string {
	var parts []string
	for _, outcome := range outcomes {
		if n := plan.Count(outcome); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", term.Count(n, "partition"), outcome))
		}
	}
	return strings.Join(parts, ", ")
}

// finishReset prints what was planned or done, and is the command's error: nil only when all of it
// was, or can be, moved.
func finishReset(a *cli.App, r resetReport) error {
	if r.plan.New() && !r.execute && r.refused == nil {
		a.Notef("note: group %q does not exist: it would be made", r.plan.Group)
	}
	if err := a.Print(cli.Answer{Doc: r.doc(), Text: r.text}); err != nil {
		return err
	}
	failed := r.plan.Count(groups.MoveFailed)
	switch {
	case r.refused != nil:
		return r.refused
	case failed > 0:
		cause := firstMoveError(r.plan)
		return cli.WithText(cause, fmt.Sprintf("%s not moved: %v", partitionsWere(failed), cause))
	case !r.execute && r.plan.Count(groups.MovePlanned) > 0:
		a.Notef("hint: nothing was changed; --execute does it")
	}
	return nil
}

func partitionsWere(n int) string {
	if n == 1 {
		return "1 partition was"
	}
	return fmt.Sprintf("%d partitions were", n)
}

// offsetPlanDoc is a reset in JSON and YAML.
type offsetPlanDoc struct {
	cli.Header
	Group string `json:"group"`
	State string `json:"state"` // "" for a group that does not exist
	New   bool   `json:"new"`
	// Executed says that the group's offsets were moved, as far as the outcomes say.
	Executed bool `json:"executed"`
	// Refused is why it was not, or could not be, carried out; "" when it can.
	Refused    string          `json:"refused"`
	Members    []string        `json:"members"` // ids
	Partitions []offsetMoveDoc `json:"partitions"`
	ElapsedMS  int64           `json:"elapsedMs"`
}

type offsetMoveDoc struct {
	Topic     string             `json:"topic"`
	Partition int32              `json:"partition"`
	From      int64              `json:"from"` // -1: nothing was committed
	To        int64              `json:"to"`   // -1: not known
	LogStart  int64              `json:"logStart"`
	End       int64              `json:"end"`
	Clamped   bool               `json:"clamped"` // to is the nearest offset in the log to the one asked for
	Reason    string             `json:"reason"`
	Outcome   groups.MoveOutcome `json:"outcome"`
	Error     string             `json:"error"`
}

func (r resetReport) doc() offsetPlanDoc {
	doc := offsetPlanDoc{
		Header: cli.NewHeader("OffsetPlan"), Group: r.plan.Group, State: r.plan.State, New: r.plan.New(), Executed: r.executed,
		Members: []string{}, Partitions: []offsetMoveDoc{}, ElapsedMS: r.elapsed.Milliseconds(),
	}
	if r.refused != nil {
		doc.Refused = r.refused.Error()
	}
	for _, m := range r.plan.Members {
		doc.Members = append(doc.Members, m.ID)
	}
	for _, m := range r.plan.Moves {
		line := offsetMoveDoc{m.Topic, m.Partition, m.From, m.To, m.LogStart, m.End, m.Clamped, m.Reason, m.Outcome, ""}
		if m.Err != nil {
			line.Error = m.Err.Error()
		}
		doc.Partitions = append(doc.Partitions, line)
	}
	return doc
}

// text writes one line a partition and a summary.
func (r resetReport) text(w io.Writer, st term.Styles, wide bool) {
	heading := []string{"TOPIC", "PARTITION", "FROM", "TO", "OUTCOME"}
	if wide {
		heading = []string{"TOPIC", "PARTITION", "LOG-START", "END", "FROM", "TO", "OUTCOME"}
	}
	rows, notes, marks := [][]string{heading}, []string{}, make([]term.Mark, len(r.plan.Moves))
	for i, m := range r.plan.Moves {
		if m.Outcome == groups.MoveBlocked || m.Outcome == groups.MoveFailed {
			marks[i] = term.Amiss
		}
		row := []string{m.Topic, strconv.Itoa(int(m.Partition))}
		if wide {
			row = append(row, term.OffsetText(m.LogStart), term.OffsetText(m.End))
		}
		note := m.Reason
		if m.Err != nil {
			note = m.Err.Error()
		}
		rows, notes = append(rows, append(row, term.OffsetText(m.From), term.OffsetText(m.To), moveStyle(st, m.Outcome))), append(notes, note)
	}
	st.Table(w, term.WithNotes(rows, notes), term.Layout{Numbers: []string{"LOG-START", "END", "FROM", "TO"}, IDs: []string{"PARTITION"}, Marks: marks})
	fmt.Fprintf(w, "%s: %s\n", st.Bold.Render(kafka.Printable(r.plan.Group)), r.summary())
}

func moveStyle(st term.Styles, outcome groups.MoveOutcome) string {
	switch outcome {
	case groups.MoveBlocked, groups.MoveFailed:
		return st.Bad.Render(string(outcome))
	case groups.MoveDone:
		return st.Good.Render(string(outcome))
	case groups.MoveUnchanged, groups.MoveSkipped:
		return st.Dim.Render(string(outcome))
	default:
		return string(outcome)
	}
}

// summary returns text such as "3 partitions to move", or "3 partitions moved (0.05s)".
func (r resetReport) summary() string {
	if r.executed {
		return fmt.Sprintf("%s (%.2fs)", countMoves(r.plan, groups.MoveDone, groups.MoveUnchanged, groups.MoveSkipped, groups.MoveFailed), r.elapsed.Seconds())
	}
	text := term.Count(r.plan.Count(groups.MovePlanned), "partition") + " to move"
	if more := countMoves(r.plan, groups.MoveUnchanged, groups.MoveSkipped, groups.MoveBlocked, groups.MoveFailed); more != "" {
		text += ", " + more
	}
	return text
}
