// Package records has the commands consume and produce.
//
// consume, in the order of a run: consume.go (the flags), consume_range.go (where reading begins and
// ends), consume_filter.go and consume_view.go (which records, and how they look), consume_run.go (the
// reading), consume_print.go (filter and print), consume_commit.go (commits for --group),
// consume_audit.go (--validate), consume_outcome.go (how the command ends). The forms of a record are in
// record_view.go, record_view_line.go and record_view_template.go.
//
// produce, in the order of a run: produce.go (flags and run), produce_check.go (flags that contradict
// each other), produce_input.go (where records come from), produce_steps.go (how a text becomes a
// record, with produce_template.go and produce_event.go), produce_report.go (what was sent and what
// failed), produce_hint.go (what to run next).
//
// internal/record reads and writes the records. Nothing else imports this package but the command tree.
package records
