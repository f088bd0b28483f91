package groups

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kafkactl/internal/kafka"
)

// Reset says where the committed offsets of a group are to be moved.
type Reset struct {
	Group string
	// Topics are what to move; nil for those that the group has committed something of.
	Topics []ResetTopic
	To     ResetTo
	// Offset is the one of ToOffset, and how far ToShift goes.
	Offset int64
	Time   time.Time // of ToTime
}

// ResetTopic is a topic to reset; without partitions, all that it has.
type ResetTopic struct {
	Topic      string
	Partitions []int32
}

// ResetTo is what the new offsets are.
type ResetTo int

const (
	// ToBeginning is the log start.
	ToBeginning ResetTo = iota
	// ToEnd is the end offset.
	ToEnd
	// ToTime is the first record of a time or later, and the end where none is. For a time before
	// 1970, which Kafka cannot look up, it is the log start.
	ToTime
	// ToOffset is one offset for all partitions.
	ToOffset
	// ToShift counts from the committed offset, forwards or, below 0, backwards.
	ToShift
)

// MoveOutcome is what becomes of one partition of a reset. The values appear in JSON.
type MoveOutcome string

const (
	// MovePlanned means that it is to be moved.
	MovePlanned MoveOutcome = "planned"
	// MoveUnchanged means that it has the offset already.
	MoveUnchanged MoveOutcome = "unchanged"
	// MoveSkipped means that it has no offset that it could be moved to, and nobody named it:
	// Reason says why.
	MoveSkipped MoveOutcome = "skipped"
	// MoveBlocked means the same for a partition that was named.
	MoveBlocked MoveOutcome = "blocked"
	// MoveDone means that it is committed, and reads back so.
	MoveDone MoveOutcome = "moved"
	// MoveFailed means that it could not be looked up or not be committed: Err says why.
	MoveFailed MoveOutcome = "failed"
)

// OffsetMove is one partition of a reset.
type OffsetMove struct {
	kafka.TopicPartition
	Named bool  // the partition itself was asked for, and not only its topic
	From  int64 // what is committed; -1: nothing
	To    int64 // -1: not known
	// LogStart and End are where the log begins and ends; -1 when not known. To is between the two.
	LogStart, End int64
	// Clamped says that To is not the offset that was asked for, which is not in the log; Reason
	// says so in words.
	Clamped bool
	Reason  string
	Outcome MoveOutcome
	Err     error
}

// OffsetPlan is a reset as it would be, or was, carried out.
type OffsetPlan struct {
	Group string
	State string // Kafka's word; "" when there is no such group
	// Members are those of the group: while there are any, nobody else may commit.
	Members []Member
	Moves   []OffsetMove // by topic and partition
}

// New reports whether there was no such group.
func (p OffsetPlan) New() bool { return p.State == "" }

// Count counts the partitions that have one of the outcomes.
func (p OffsetPlan) Count(outcomes ...MoveOutcome) int {
	n := 0
	for _, m := range p.Moves {
		if slices.Contains(outcomes, m.Outcome) {
			n++
		}
	}
	return n
}

// memberList names the first few members by what an operator knows them by.
func memberList(members []Member) string {
	const most = 5
	var names []string
	for _, m := range members[:min(len(members), most)] {
		partitions := fmt.Sprintf("%d partitions", len(m.Assigned))
		if len(m.Assigned) == 1 {
			partitions = "1 partition"
		}
		names = append(names, fmt.Sprintf("%s on %s (%s)", kafka.Printable(cmp.Or(m.InstanceID, m.ClientID, m.ID)), kafka.Printable(m.Host), partitions))
	}
	text := strings.Join(names, ", ")
	if more := len(members) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// InUse returns an [*InUseError] when the group has members, so that the plan cannot be carried
// out, and nil otherwise.
func (p OffsetPlan) InUse() error {
	if len(p.Members) == 0 {
		return nil
	}
	return &InUseError{p.Group, p.State, p.Members}
}

// setTarget decides where a partition is moved to. Its From, LogStart and End are known; found is
// the answer to ToTime, -1 when no record is that late.
func (m *OffsetMove) setTarget(r Reset, found int64) {
	switch r.To {
	case ToBeginning:
		m.To = m.LogStart
	case ToEnd:
		m.To = m.End
	case ToTime:
		m.To = found
		switch {
		case found < 0:
			m.To, m.Reason = m.End, "no record is that late: the end"
		case r.Time.UnixMilli() < 0:
			m.Reason = "a time before 1970: the log start"
		}
	case ToOffset:
		m.clamp(r.Offset, fmt.Sprintf("%d is ", r.Offset))
	case ToShift:
		if m.From < 0 {
			m.Outcome, m.Reason = MoveSkipped, "nothing is committed that could be shifted"
			if m.Named {
				m.Outcome = MoveBlocked
			}
			return
		}
		if r.Offset > 0 && m.From > math.MaxInt64-r.Offset {
			m.clamp(math.MaxInt64, "")
		} else { // From is not negative: it cannot run under
			m.clamp(m.From+r.Offset, fmt.Sprintf("%d is ", m.From+r.Offset))
		}
	}
	m.Outcome = MovePlanned
	if m.To == m.From {
		m.Outcome = MoveUnchanged
	}
}

// clamp sets To to the offset that is asked for, or to the nearest one in the log.
func (m *OffsetMove) clamp(asked int64, subject string) {
	m.To = min(max(asked, m.LogStart), m.End)
	m.Clamped = m.To != asked
	switch {
	case asked < m.LogStart:
		m.Reason = fmt.Sprintf("%sbefore the log start, %d", subject, m.LogStart)
	case asked > m.End:
		m.Reason = fmt.Sprintf("%spast the end, %d", subject, m.End)
	}
}

func sortMoves(moves []OffsetMove) {
	slices.SortFunc(moves, func(a, b OffsetMove) int { return comparePartitions(a.TopicPartition, b.TopicPartition) })
}
