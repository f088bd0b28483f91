package changes

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

// PlanMarkdown writes a plan for a pull request: what is blocked and why comes first, then what apply will make,
// each a table, then what it leaves alone. It is in plan order, and the same for the same plan.
func PlanMarkdown(w io.Writer, p topicspec.Plan) {
	heading := PlanSummary(p)
	if p.InSync() {
		heading = "in sync"
	}
	fmt.Fprintf(w, "## Kafka topics: %s\n\n", heading)
	switch {
	case p.InSync() && p.ClusterID != "":
		fmt.Fprintf(w, "%s on cluster %s.\n", term.InSync(p.Topics), codeSpan(p.ClusterID))
	case p.InSync():
		fmt.Fprintf(w, "%s.\n", term.InSync(p.Topics))
	case p.ClusterID != "":
		fmt.Fprintf(w, "Cluster %s.\n\n", codeSpan(p.ClusterID))
	}
	blocked, makeable := p.Blocked(), p.Makeable()
	if len(blocked) > 0 {
		fmt.Fprint(w, "### Blocked: apply will not make this\n\n| Topic | Change | Why |\n|---|---|---|\n")
		for _, c := range blocked {
			fmt.Fprintf(w, "| %s | %s | %s |\n", cell(codeSpan(c.Topic)), cell(codeSpan(difference(c))), cell(plainText(c.Reason)))
		}
	}
	if len(blocked) > 0 && len(makeable) > 0 {
		fmt.Fprint(w, "\n### What apply will make\n\n")
	}
	if len(makeable) > 0 {
		fmt.Fprint(w, "| | Topic | Change | Note |\n|---|---|---|---|\n")
		for _, c := range makeable {
			fmt.Fprintf(w, "| %s | %s | %s | %s |\n", c.Action, cell(codeSpan(c.Topic)), cell(codeSpan(difference(c))), cell(plainText(c.Reason)))
		}
	}
	leftAloneMarkdown(w, p)
}

// leftAloneMarkdown lists what the plan does not touch, nothing where there is none.
func leftAloneMarkdown(w io.Writer, p topicspec.Plan) {
	moving := movedByOthers(p)
	if len(p.Unmanaged)+len(moving) > 0 {
		fmt.Fprint(w, "\n### Left alone\n\n")
	}
	for _, u := range p.Unmanaged {
		fmt.Fprintf(w, "- %s: %s is not in the file\n", codeSpan(u.Topic), codeSpan(u.Field+" "+topicspec.Humanize(u.Field, u.Value)))
	}
	for _, m := range moving {
		fmt.Fprintf(w, "- %s %s\n", codeSpan(m.Topic), movingText(m))
	}
}

// cell escapes what would end a cell of a table. Inside a code span, too, GitHub and GitLab take \| for a |.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// codeSpan returns text as code: nothing in it is markup, and it calls nobody by name.
func codeSpan(text string) string {
	text = oneLine(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 { // a space beside the fence is none of the text
		text = " " + text + " "
	}
	return fence + text + fence
}

// plainText escapes markup in text. A | is left for [cell].
func plainText(text string) string {
	return regexp.MustCompile("[\\\\`*_\\[\\]<>#~]").ReplaceAllString(oneLine(text), `\$0`)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
