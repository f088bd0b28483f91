package groups

import (
	"fmt"
	"strings"
)

// OtherGroupError says that a named group is not one of consumers, and never will be.
type OtherGroupError struct {
	Name string
	Type string // "share", "streams"
}

// Error names the kind of group that it is.
func (e *OtherGroupError) Error() string {
	return fmt.Sprintf("group %q is a %s group, not a consumer group", e.Name, e.Type)
}

// Hint says where to find the groups that are of consumers.
func (e *OtherGroupError) Hint() string { return "kafkactl list groups shows those that are" }

// UnlistedError says that groups may be missing in an answer, and why.
type UnlistedError struct {
	// Groups are named ones that were not found, nil when all were asked for.
	Groups  []string
	Reasons []string
	Cause   error // of the first reason, may be nil
}

// Error names the first group that may or may not exist.
func (e *UnlistedError) Error() string {
	what := "some groups may be missing"
	if len(e.Groups) > 0 {
		what = fmt.Sprintf("cannot tell whether group %q exists", e.Groups[0])
	}
	return what + ": " + strings.Join(e.Reasons, "; ")
}

// Unwrap returns the cause.
func (e *UnlistedError) Unwrap() error { return e.Cause }

// InUseError says that a group has members, and that only they may commit for it.
type InUseError struct {
	Group   string
	State   string
	Members []Member
}

// Error names the first few members.
func (e *InUseError) Error() string {
	text := fmt.Sprintf("group %q is in use (%s, %s), and only its members may commit", e.Group, e.State, countMembers(len(e.Members)))
	if len(e.Members) > 0 {
		text += ": " + memberList(e.Members)
	}
	return text
}
