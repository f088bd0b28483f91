package kafka

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/acl"
)

// Needs is what a command has to be permitted: Operation on what a broker refused, and on these. It is
// more than the refused request needs, so that one grant is enough: a command that reads describes
// first, and Read includes Describe (as Write, Delete and Alter do).
type Needs struct {
	Operation string
	Topics    []string
	Group     string // "" for none
}

// Explain returns err with the grant of all that is needed as its hint. An err that is no denial stays
// as it is, and so does one that the grant would not mend.
func (n Needs) Explain(err error) error {
	denied, found := errors.AsType[*DeniedError](err)
	if !found || denied.Operation != n.Operation && denied.Operation != "Describe" || slices.Contains(denied.flags, clusterFlag) {
		return err
	}
	var flags []string
	for _, name := range n.Topics {
		flags = append(flags, topicFlag(name))
	}
	if n.Group != "" {
		flags = append(flags, groupFlag(n.Group))
	}
	for _, flag := range denied.flags {
		if !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	return &neededError{err, Grant(n.Operation, flags...)}
}

// neededError is a refusal with a hint of its own.
type neededError struct {
	error
	hint string
}

func (e *neededError) Unwrap() error { return e.error }

// Hint returns the grant.
func (e *neededError) Hint() string { return e.hint }

// Grant returns the hint that gives an operation on resources, which are flags of kafka-acls. Which
// user asked is known to the brokers alone.
func Grant(operation string, flags ...string) string {
	return fmt.Sprintf("an administrator grants it: %s --allow-principal User:NAME --operation %s %s", acl.AddCommand, operation, strings.Join(flags, " "))
}

const clusterFlag = "--cluster"

func topicFlag(name string) string { return acl.Resource{Type: acl.Topic, Name: name}.Flags() }
func groupFlag(name string) string { return acl.Resource{Type: acl.Group, Name: name}.Flags() }
