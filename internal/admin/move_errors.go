package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kafkactl/internal/kafka"
)

// NoReassignmentError says that the brokers do not reassign replicas for clients: those before Kafka
// 2.4, and services that place replicas by themselves.
type NoReassignmentError struct{ Cause error }

func (e *NoReassignmentError) Error() string {
	return "these brokers do not let clients reassign replicas: " + e.Cause.Error()
}

// Unwrap returns what the brokers answered.
func (e *NoReassignmentError) Unwrap() error { return e.Cause }

// Hint says where else it can be done.
func (e *NoReassignmentError) Hint() string {
	return "a service that manages Kafka changes replicas in its own console or API; a Kafka before 2.4 has to be upgraded"
}

// notOffered returns err as a [*NoReassignmentError] if the brokers do not know the request.
func notOffered(err error) error {
	if kafka.NotOffered(err) {
		return &NoReassignmentError{err}
	}
	return err
}

// ForeignMoveError says that somebody else moves a topic.
type ForeignMoveError struct {
	Topic     string
	Partition int
	Target    []int
}

func (e *ForeignMoveError) Error() string {
	return fmt.Sprintf("partition %d is being moved by somebody else to brokers %s", e.Partition, kafka.JoinIDs(e.Target))
}

// Hint says what can be done about it.
func (e *ForeignMoveError) Hint() string {
	return "wait until that is done and plan again, or end it: kafkactl alter " + e.Topic + " --cancel-move"
}

// MoveInterruptedError says that the wait for reassignments was ended from outside. The brokers go on.
type MoveInterruptedError struct {
	// Running are the topics whose replicas the brokers go on copying, and Partitions how many
	// partitions of them.
	Running    []string
	Partitions int
	// Throttle says which limits stay meanwhile, "" for none.
	Throttle string
	// Absent are the reasons why they could not go on just now, as of [MoveStalledError].
	Absent []string
	// Cause is context.Canceled, or context.DeadlineExceeded when time ran out.
	Cause error
}

func (e *MoveInterruptedError) Error() string {
	text := "interrupted"
	if errors.Is(e.Cause, context.DeadlineExceeded) {
		text = "time ran out"
	}
	if e.Partitions == 0 {
		return text + " while nothing was being copied" + e.throttled("; ")
	}
	text = fmt.Sprintf("%s: the brokers go on copying %s of %s%s", text, count(e.Partitions, "partition"), firstNames(e.Running), e.throttled(", "))
	return strings.Join(append([]string{text}, e.Absent...), "; ")
}

func (e *MoveInterruptedError) throttled(separator string) string {
	if e.Throttle == "" {
		return ""
	}
	return separator + "and " + e.Throttle + " stays"
}

// Unwrap returns the cause.
func (e *MoveInterruptedError) Unwrap() error { return e.Cause }

// Hint says how to go on, and how to end it.
func (e *MoveInterruptedError) Hint() string {
	if len(e.Running) == 0 {
		return "the same command begins again"
	}
	return "the same command resumes, and copies nothing twice; to undo it: kafkactl alter " + e.Running[0] + " --cancel-move"
}

// MoveStalledError says that no replica came closer to being in sync for so long. The brokers go on
// as soon as they can.
type MoveStalledError struct {
	For time.Duration
	// Reasons are why, as far as it can be seen: "broker 3 (kafka3:9092) does not answer".
	Reasons    []string
	Running    []string // topics
	Partitions int
	Throttle   string // as of [MoveInterruptedError]
}

func (e *MoveStalledError) Error() string {
	text := fmt.Sprintf("nothing was copied for %s: %s; %s of %s", e.For, strings.Join(e.Reasons, "; "), count(e.Partitions, "partition"), firstNames(e.Running))
	if e.Partitions == 1 {
		text += " is not done"
	} else {
		text += " are not done"
	}
	if e.Throttle != "" {
		text += ", and " + e.Throttle + " stays"
	}
	return text
}

// Hint says how to go on, and how to end it.
func (e *MoveStalledError) Hint() string {
	return "the brokers go on once they can, and the same command waits for it; kafkactl alter " + e.Running[0] +
		" --cancel-move goes back to the replicas that were there before"
}

// UnthrottledError says that a broker did not show its throttle, or did not take one. Nothing is sent then.
type UnthrottledError struct {
	Broker     string   // "broker 2 (kafka2:9092)"
	What       string   // "its throttle is not known"
	Running    []string // topics that the brokers go on copying since an earlier call
	Partitions int
	Cause      error
}

func (e *UnthrottledError) Error() string {
	text := fmt.Sprintf("%s: %s, so no reassignment is begun: %v", e.Broker, e.What, e.Cause)
	if e.Partitions > 0 {
		text += fmt.Sprintf("; the brokers go on copying %s of %s", count(e.Partitions, "partition"), firstNames(e.Running))
	}
	return text
}

// Unwrap returns what the broker answered, or why it did not.
func (e *UnthrottledError) Unwrap() error { return e.Cause }

// Hint says how to go on.
func (e *UnthrottledError) Hint() string {
	return "once the broker takes it the same command goes on; --throttle none sets no throttle"
}

// count is "1 partition" or "4 partitions".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// firstNames lists so many names as fit into a sentence.
func firstNames(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// endedBy returns err as what ended the move: whatever it is, once ctx has ended it is that.
func (m *mover) endedBy(ctx context.Context, err error) error {
	if ctx.Err() == nil || err == nil {
		return err
	}
	running, partitions := m.running()
	return &MoveInterruptedError{
		Running: running, Partitions: partitions, Throttle: m.throttle.stays(), Absent: m.absent(m.waiting(m.partitions)), Cause: ctx.Err(),
	}
}

// running returns the topics that the brokers go on with, and counts their partitions.
func (m *mover) running() (topics []string, partitions int) {
	for _, p := range m.partitions {
		if p.state != moveRunning {
			continue
		}
		partitions++
		if len(topics) == 0 || topics[len(topics)-1] != p.topic {
			topics = append(topics, p.topic)
		}
	}
	return topics, partitions
}
