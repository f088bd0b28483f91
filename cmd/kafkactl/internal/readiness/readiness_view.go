package readiness

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/health"
)

// Doc is a readiness in JSON and YAML.
type Doc struct {
	cli.Header
	Ready     bool      `json:"ready"`
	Degraded  bool      `json:"degraded"` // ready, and some rung warns
	ClusterID string    `json:"clusterId"`
	Mode      string    `json:"mode"` // "kraft", "zookeeper" or "" when unknown
	Brokers   int       `json:"brokers"`
	Climbs    int       `json:"climbs"`
	ElapsedMS int64     `json:"elapsedMs"`
	Rungs     []rungDoc `json:"rungs"`
}

type rungDoc struct {
	Rung     string         `json:"rung"`
	Question string         `json:"question"`
	Verdict  health.Verdict `json:"verdict"`
	Evidence string         `json:"evidence"`
	Hint     string         `json:"hint"`
	TookMS   int64          `json:"tookMs"`
}

// NewDoc returns the document of a readiness.
func NewDoc(r health.Readiness) Doc {
	doc := Doc{cli.NewHeader("Readiness"), r.Ready, degraded(r), r.ClusterID, r.Mode, r.Brokers, r.Climbs, r.Elapsed.Milliseconds(), []rungDoc{}}
	for _, f := range r.Rungs {
		doc.Rungs = append(doc.Rungs, rungDoc{f.Rung, f.Question, f.Verdict, f.Evidence, f.Hint, f.Took.Milliseconds()})
	}
	return doc
}

func degraded(r health.Readiness) bool { return r.Ready && len(r.Warnings()) > 0 }

// LadderText writes the ladder, one rung a line, with the hint below a rung that does not fully
// hold.
func LadderText(w io.Writer, st term.Styles, r health.Readiness) { writeLadder(w, st, r, false) }

// TimedLadderText is LadderText with the time that each rung took.
func TimedLadderText(w io.Writer, st term.Styles, r health.Readiness) { writeLadder(w, st, r, true) }

// writeLadder writes the ladder, with the time of each rung if timed. Rungs that do not apply share
// one line for each reason; the question that blocks is bold.
func writeLadder(w io.Writer, st term.Styles, r health.Readiness, timed bool) {
	rows := make([][]string, 0, len(r.Rungs))
	blocking, _ := r.Blocking()
	took := 0
	if st.Terminal {
		took = 5 // up to 999ms: at the next look the columns stand where they stood
	}
	var reasons []string
	for _, f := range r.Rungs {
		if f.Verdict == health.Skip {
			if !slices.Contains(reasons, f.Evidence) {
				reasons = append(reasons, f.Evidence)
				rows = append(rows, []string{skippedText(st, r, f.Evidence)})
			}
			continue
		}
		question := f.Question
		if f.Rung == blocking.Rung {
			question = st.Bold.Render(question)
		}
		row := []string{verdictStyle(st, f.Verdict).Render(fmt.Sprintf("%-7s", f.Verdict)), f.Rung, question}
		if timed {
			row = append(row, fmt.Sprintf("%*s", took, tookText(f)))
		}
		rows = append(rows, append(row, f.Evidence))
		if f.Hint != "" {
			rows = append(rows, []string{"         " + st.Dim.Render("hint: "+f.Hint)}) // below the rung's name
		}
	}
	st.Sentences(w, rows)
}

// skippedText is such as "-        Z1 Z2 Z5 skipped: no ZooKeeper address given".
func skippedText(st term.Styles, r health.Readiness, reason string) string {
	var rungs []string
	for _, f := range r.Rungs {
		if f.Verdict == health.Skip && f.Evidence == reason {
			rungs = append(rungs, f.Rung)
		}
	}
	return st.Dim.Render(fmt.Sprintf("%-7s  %s skipped: %s", "-", strings.Join(rungs, " "), reason))
}

// tookText is how long an answer took, "-" where nothing was asked.
func tookText(f health.Finding) string {
	if f.Verdict == health.Skip || f.Verdict == health.Unasked {
		return "-"
	}
	return fmt.Sprintf("%dms", f.Took.Milliseconds())
}

// ReadyLine returns one line for people: "ready in 0.01s: 3 brokers, kraft, cluster abc".
func ReadyLine(r health.Readiness) string { return summary("ready in "+term.Seconds(r.Elapsed), r) }

// HealthLine returns one line about a single climb: "degraded: 2 brokers, kraft, cluster abc", "not
// ready: K1 TCP accepts: …".
func HealthLine(r health.Readiness) string {
	switch f, blocked := r.Blocking(); {
	case blocked:
		return BlockedText(f)
	case degraded(r):
		return summary("degraded", r)
	default:
		return summary("ready", r)
	}
}

// BlockedText returns which rung does not hold, and why.
func BlockedText(f health.Finding) string {
	return fmt.Sprintf("not ready: %s %s: %s", f.Rung, f.Question, f.Evidence)
}

// summary returns word and, after a colon, which cluster it is about.
func summary(word string, r health.Readiness) string {
	parts := []string{}
	if r.Brokers > 0 {
		parts = append(parts, term.Count(r.Brokers, "broker"))
	}
	if r.Mode != "" {
		parts = append(parts, r.Mode)
	}
	if r.ClusterID != "" {
		parts = append(parts, "cluster "+r.ClusterID)
	}
	if len(parts) == 0 {
		return word
	}
	return word + ": " + strings.Join(parts, ", ")
}

// verdictStyle returns the colour of a rung's verdict.
func verdictStyle(st term.Styles, v health.Verdict) lipgloss.Style {
	switch v {
	case health.Pass:
		return st.Good
	case health.Wait, health.Warn:
		return st.Warn
	case health.Fail:
		return st.Bad
	default:
		return st.Dim
	}
}
