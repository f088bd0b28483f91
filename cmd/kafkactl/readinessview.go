package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kafkactl/internal/health"
)

// readinessDoc is a readiness in JSON and YAML.
type readinessDoc struct {
	header
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

func newReadinessDoc(r health.Readiness) readinessDoc {
	doc := readinessDoc{newHeader("Readiness"), r.Ready, degraded(r), r.ClusterID, r.Mode, r.Brokers, r.Climbs, r.Elapsed.Milliseconds(), []rungDoc{}}
	for _, f := range r.Rungs {
		doc.Rungs = append(doc.Rungs, rungDoc{f.Rung, f.Question, f.Verdict, f.Evidence, f.Hint, f.Took.Milliseconds()})
	}
	return doc
}

func degraded(r health.Readiness) bool { return r.Ready && len(r.Warnings()) > 0 }

// readinessText writes the ladder, one rung a line, the hint below a rung that does
// not hold whole.
func readinessText(w io.Writer, st styles, r health.Readiness) { ladderText(w, st, r, false) }

// ladderText is readinessText, if wanted with the time each rung took. Rungs that do not
// apply share one line for each reason; the question that blocks is bold.
func ladderText(w io.Writer, st styles, r health.Readiness, timed bool) {
	rows := make([][]string, 0, len(r.Rungs))
	blocking, _ := r.Blocking()
	took := 0
	if st.terminal {
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
			question = st.bold.Render(question)
		}
		row := []string{verdictStyle(st, f.Verdict).Render(fmt.Sprintf("%-7s", f.Verdict)), f.Rung, question}
		if timed {
			row = append(row, fmt.Sprintf("%*s", took, tookText(f)))
		}
		rows = append(rows, append(row, f.Evidence))
		if f.Hint != "" {
			rows = append(rows, []string{"         " + st.dim.Render("hint: "+f.Hint)}) // below the rung's name
		}
	}
	st.sentences(w, rows)
}

// skippedText is such as "-        Z1 Z2 Z5 skipped: no ZooKeeper address given".
func skippedText(st styles, r health.Readiness, reason string) string {
	var rungs []string
	for _, f := range r.Rungs {
		if f.Verdict == health.Skip && f.Evidence == reason {
			rungs = append(rungs, f.Rung)
		}
	}
	return st.dim.Render(fmt.Sprintf("%-7s  %s skipped: %s", "-", strings.Join(rungs, " "), reason))
}

// tookText is how long an answer took, "-" where nothing was asked.
func tookText(f health.Finding) string {
	if f.Verdict == health.Skip || f.Verdict == health.Unasked {
		return "-"
	}
	return fmt.Sprintf("%dms", f.Took.Milliseconds())
}

// readyLine is one line for people: "ready in 0.01s: 3 brokers, kraft, cluster abc".
func readyLine(r health.Readiness) string { return summary("ready in "+seconds(r.Elapsed), r) }

// healthLine is one line about a single climb: "degraded: 2 brokers, kraft, cluster
// abc", "not ready: K1 TCP accepts: …".
func healthLine(r health.Readiness) string {
	switch f, blocked := r.Blocking(); {
	case blocked:
		return blockedText(f)
	case degraded(r):
		return summary("degraded", r)
	default:
		return summary("ready", r)
	}
}

func blockedText(f health.Finding) string {
	return fmt.Sprintf("not ready: %s %s: %s", f.Rung, f.Question, f.Evidence)
}

// summary tells after a word what cluster it is about.
func summary(word string, r health.Readiness) string {
	parts := []string{}
	if r.Brokers > 0 {
		parts = append(parts, count(r.Brokers, "broker"))
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

func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
