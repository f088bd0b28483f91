// Package cli is the kit that commands are made of.
//
//   - app.go: one run of the program, [App], with its streams
//   - defaults.go, environment.go: the defaults of flags and the variables that set them
//   - connection_flags.go, spec_flags.go, output_format.go, color.go, choice.go: flags that several
//     commands share; arguments.go: what stands between them
//   - connect.go: how a command that does not wait reaches the cluster, [App.Connect]
//   - answer.go: what a command prints, [Answer], in every format; checked_writer.go: writes that
//     fail
//   - errors.go: hints and exit codes of errors; exit_code.go: an error to its exit code, [CodeOf];
//     print_error.go: an error on stderr
//   - progress.go, wait_line.go, bar.go: how long work shows how far it has come
//   - child.go, exec_unix.go: commands that are run for the user
//
// Read app.go, answer.go, errors.go and connect.go first.
package cli
