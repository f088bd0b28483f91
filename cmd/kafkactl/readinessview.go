package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"kafkactl/internal/health"
)

// readinessDoc is a readiness in JSON and YAML.
type readinessDoc struct {
	header
	Ready     bool      `json:"ready"`
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
	doc := readinessDoc{newHeader("Readiness"), r.Ready, r.ClusterID, r.Mode, r.Brokers, r.Climbs, r.Elapsed.Milliseconds(), []rungDoc{}}
	for _, f := range r.Rungs {
		doc.Rungs = append(doc.Rungs, rungDoc{f.Rung, f.Question, f.Verdict, f.Evidence, f.Hint, f.Took.Milliseconds()})
	}
	return doc
}

// readinessText writes the ladder, one rung a line, the hint below a rung that does
// not hold.
func readinessText(w io.Writer, st styles, r health.Readiness) {
	rows := make([][]string, 0, len(r.Rungs))
	for _, f := range r.Rungs {
		rows = append(rows, []string{verdictStyle(st, f.Verdict).Render(fmt.Sprintf("%-7s", f.Verdict)), f.Rung, f.Question, f.Evidence})
		if f.Hint != "" {
			rows = append(rows, []string{"", "", "", st.dim.Render("hint: " + f.Hint)})
		}
	}
	columns(w, rows)
}

// readyLine is one line for people: "ready in 0.01s: 3 brokers, kraft, cluster abc".
func readyLine(r health.Readiness) string {
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
	line := "ready in " + seconds(r.Elapsed)
	if len(parts) == 0 {
		return line
	}
	return line + ": " + strings.Join(parts, ", ")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2fs", d.Seconds()) }
