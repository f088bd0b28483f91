// Package term is text on a terminal: tables and styles, what the screen holds, JSON in colour,
// the writer that a slow reader of a pipe cannot block, and the forms that offsets, sizes, ids,
// durations and counts have. It knows no command and no Kafka.
package term
