package record

import (
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/internal/kafka"
)

// Selection says what to read.
type Selection struct {
	// Topics are read once each, also those that are given twice.
	Topics []string
	// Partitions are read of each topic; none means all. One that is given twice is read
	// once. See Check for how they go together with Positions.
	Partitions []int32
	// Positions says where reading begins. Its zero value is the start of the log.
	Positions Positions
	// Since, unless it is zero, is the time at which the first wanted record was written. It
	// replaces Positions.
	Since time.Time
	// Until, unless it is zero, is the time before which the last wanted record was written. It does
	// not end the spans, because a record may stand behind newer ones: the caller drops those.
	Until time.Time
	// Lateness, unless it is nil, ends the spans where records were written so much later than Until:
	// what comes behind and is older all the same is missed, which is noted.
	Lateness *time.Duration
	// Follow leaves the spans without an end.
	Follow bool
	// Committed has the offsets that a group committed; it may be nil. A partition that is in
	// it begins there, whatever Positions and Since say.
	Committed kadm.Offsets
}

// Check returns an error when Partitions and Positions contradict each other: a partition has
// a position and is not selected, or it is selected and has no position. Neither would be
// read, though the user named it. Check asks no broker.
func (sel Selection) Check() error {
	if len(sel.Partitions) == 0 {
		return nil
	}
	for _, partition := range sel.Positions.Named() {
		if !slices.Contains(sel.Partitions, partition) {
			position, _ := sel.Positions.For(partition)
			return fmt.Errorf("position \"%d:%s\": partition %[1]d is not selected", partition, position)
		}
	}
	if len(sel.Positions.Named()) == 0 {
		return nil // none for all partitions is the start of the log
	}
	for _, partition := range sel.Partitions {
		if _, ok := sel.Positions.For(partition); !ok {
			return fmt.Errorf("partition %d is selected and has no position: add %[1]d:start, or start for all that are not named", partition)
		}
	}
	return nil
}

// partitions returns the selected partitions of a topic in order, once each. Those that exist
// are the keys of there.
func (sel Selection) partitions(topic string, there map[int32]kadm.ListedOffset) ([]int32, error) {
	named := slices.Clone(sel.Partitions)
	named = append(named, sel.Positions.Named()...)
	for _, partition := range named {
		if _, ok := there[partition]; !ok {
			return nil, &kafka.MissingPartitionError{Topic: topic, Partition: partition, Count: len(there)}
		}
	}
	if len(sel.Partitions) > 0 {
		return slices.Compact(slices.Sorted(slices.Values(sel.Partitions))), nil
	}
	all := make([]int32, 0, len(there))
	for partition := range there {
		all = append(all, partition)
	}
	slices.Sort(all)
	return all, nil
}
