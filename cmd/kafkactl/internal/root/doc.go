// Package root is the command tree: [Run] is the whole program, newRootCmd puts the commands of
// the rooms under their headings, and completer completes what is typed in a shell.
//
// Read main.go (the process: streams, signals), then execute.go (one command line to its exit
// code), then root.go (the tree). help.go has the help topics.
package root
