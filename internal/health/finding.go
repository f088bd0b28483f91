package health

import (
	"time"
)

// Verdict is the result of a rung.
type Verdict string

// The verdicts. Pass, Warn and Skip hold; the others do not.
const (
	Pass    Verdict = "pass"
	Warn    Verdict = "warn"    // holds, but not as it should: what can be done works, for now or for most
	Wait    Verdict = "wait"    // not yet; may heal by itself
	Fail    Verdict = "fail"    // cannot heal by waiting
	Skip    Verdict = "skip"    // does not apply here; the evidence says why
	Unasked Verdict = "unasked" // a rung below did not hold
)

// Holds reports whether the rungs above may be asked.
func (v Verdict) Holds() bool { return v == Pass || v == Warn || v == Skip }

// Finding is the result of one rung in one climb.
type Finding struct {
	Rung     string // "K2": the name people and JSON use
	Question string // "speaks Kafka"
	Verdict  Verdict
	Evidence string        // one line: what was asked and what came back; never holds a time, so that it compares
	Hint     string        // what to change or run next; "" when the rung holds whole
	HintID   string        // names the hint and outlives its sentence: "more-brokers", or "given" for that of a callback's error
	Took     time.Duration // from the moment its needs held to the answer
	Err      error         // the cause, for errors.Is and errors.As; nil when the rung holds whole

	// see is the rung that explains this one, "" for none. The hint then ends in "see Z1".
	see string
	// absent are the answers of the addresses that do not hold, where others do: see judgeAbsent.
	absent []answer
	// cut reports that the caller's deadline ended the question: a missing answer proves nothing.
	cut bool
}

// take puts a hint into the finding.
func (f *Finding) take(h hint) { f.Hint, f.HintID = h.text, h.id }
