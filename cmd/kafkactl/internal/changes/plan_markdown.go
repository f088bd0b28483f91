package changes

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"kafkactl/internal/topicspec"
)

// PlanMarkdown writes a plan for a pull request: what is blocked and why comes first, then what apply will make,
// each a table, then what it leaves alone. It is in plan order, and the same for the same plan.
func PlanMarkdown(w io.Writer, p topicspec.Plan) {
	heading, of, column := PlanSummary(p), "topics", "Topic"
	if p.Access != nil {
		of, column = "topics and access", "Topic or principal"
	}
	if !p.Drifted() {
		heading = "in sync"
	}
	fmt.Fprintf(w, "## Kafka %s: %s\n\n", of, heading)
	switch {
	case !p.Drifted() && p.ClusterID != "":
		fmt.Fprintf(w, "%s on cluster %s.\n", InSync(p), codeSpan(p.ClusterID))
	case !p.Drifted():
		fmt.Fprintf(w, "%s.\n", InSync(p))
	case p.ClusterID != "":
		fmt.Fprintf(w, "Cluster %s.\n\n", codeSpan(p.ClusterID))
	}
	blocked, makeable := p.Blocked(), p.Makeable()
	if len(blocked) > 0 {
		fmt.Fprintf(w, "### Blocked: apply will not make this\n\n| %s | Change | Why |\n|---|---|---|\n", column)
		for _, r := range planRows(blocked) {
			fmt.Fprintf(w, "| %s | %s | %s |\n", cell(codeSpan(subject(r.Change))), cell(codeSpan(r.difference(true))), cell(plainText(r.Reason)))
		}
	}
	if len(blocked) > 0 && len(makeable) > 0 {
		fmt.Fprint(w, "\n### What apply will make\n\n")
	}
	if len(makeable) > 0 {
		fmt.Fprintf(w, "| | %s | Change | Note |\n|---|---|---|---|\n", column)
		for _, r := range planRows(makeable) {
			fmt.Fprintf(w, "| %s | %s | %s | %s |\n", actionWord(r.Change), cell(codeSpan(subject(r.Change))), cell(codeSpan(r.difference(false))), cell(plainText(r.reason())))
		}
	}
	leftAloneMarkdown(w, p)
}

// leftAloneMarkdown lists what the plan does not touch, nothing where there is none.
func leftAloneMarkdown(w io.Writer, p topicspec.Plan) {
	moving, extras := movedByOthers(p), extraGroups(p.Access)
	if len(p.Unmanaged)+len(moving)+len(extras) > 0 {
		fmt.Fprint(w, "\n### Left alone\n\n")
	}
	for _, u := range p.Unmanaged {
		fmt.Fprintf(w, "- %s: %s is not in the file\n", codeSpan(u.Topic), codeSpan(u.Field+" "+topicspec.Humanize(u.Field, u.Value)))
	}
	for _, m := range moving {
		fmt.Fprintf(w, "- %s %s\n", codeSpan(m.Topic), movingText(m))
	}
	for _, group := range extras {
		reason := ""
		if group[0].Reason != "" {
			reason = ": " + plainText(group[0].Reason)
		}
		fmt.Fprintf(w, "- %s: %s is not in the file%s\n", codeSpan(group[0].Principal), codeSpan(bindingText(group[0].Binding, operationsOf(group), true)), reason)
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
