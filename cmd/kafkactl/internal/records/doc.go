// Package records has the commands consume and produce.
//
// consume: consume.go (flags), consume_range.go (where reading begins and ends), consume_run.go
// (the reading), consume_print.go (filter and print), consume_end.go (how it ended). The forms of
// a record are in record_view*.go.
//
// produce: produce.go (flags and run), produce_input.go (what is read), produce_shape.go (what
// becomes of it), produce_report.go (what arrived).
package records
