// Package cli is the kit a command is made of: the program's streams and environment ([App]), its
// flags ([Connection], [SpecFlags], [Choice], [FormatFlag]) and arguments, the answer in every
// format ([Answer]), errors with their exit codes and hints, the connection ([App.Connect]), and
// the lines that show how far long work has come.
//
// Read app.go, then format.go (what a command prints), exit.go (what a run ends with) and
// connect.go (how a command reaches the cluster).
package cli
