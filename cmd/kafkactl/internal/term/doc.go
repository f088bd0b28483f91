// Package term is text on a terminal. It knows no command and no Kafka.
//
//   - style.go: the colours; table.go, sentences.go: rows with aligned columns, and rows that end
//     in a sentence; number.go, value_text.go: the forms of numbers, offsets, sizes, ids and durations
//   - screen.go: the size of a terminal, and drawing over what is there
//   - json_color.go: JSON in colour, and the escaping of what a terminal would obey
//   - pipe_writer.go: the writer that a slow reader of a pipe cannot block; reader_gone_unix.go:
//     the watch for a reader that has gone
//   - tally.go: the count of topics by what happens to them
//
// Read style.go and table.go first.
package term
