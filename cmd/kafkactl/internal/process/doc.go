// Package process runs a command for the user so that nothing of it is left: it passes signals on
// to the command and what that started, gives them time to end, and then kills them.
//
// Reading guide: [Child.Run] (child.go) is the life of a command, from its start to the end of the
// last process that it left. What "the command and what it started" are differs by system:
// group_unix.go says which processes belong to it and signals them, members_*.go finds them, and
// group_other.go is for systems that have no process groups.
package process
