package evidence

import (
	"fmt"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// compacted reports whether a topic keeps the last record of each key, now or after the changes.
func (s *subject) compacted() bool { return s.before.has("compact") || s.after.has("compact") }

// growth returns what more partitions do to the records that are there, and to those who have not read them. An empty
// topic has no such records.
func (s *subject) growth() *topicspec.Evidence {
	e := s.newEvidence()
	if e.Records != nil && *e.Records == 0 {
		return e
	}
	if s.settingsErr == nil {
		e.Compacted = new(s.compacted())
	} else {
		e.Unknown = append(e.Unknown, "its settings: "+s.settingsErr.Error())
	}
	if e.Compacted != nil && *e.Compacted {
		return e
	}
	if e.Keyed = s.keyed; s.keysErr != nil && e.Keyed == nil {
		e.Unknown = append(e.Unknown, "whether its records have keys: "+s.keysErr.Error())
	}
	if e.Keyed != nil && !*e.Keyed {
		return e
	}
	s.addReaders(e, func(_ kafka.TopicPartition, lag groups.PartitionLag) int64 { return lag.Lag })
	return e
}

// addReaders adds the groups that have not read all of some records: count returns how many of them in a partition, -1
// when it is not known.
func (s *subject) addReaders(e *topicspec.Evidence, count func(kafka.TopicPartition, groups.PartitionLag) int64) {
	if s.readersErr != nil {
		e.Unknown = append(e.Unknown, "who reads it: "+s.readersErr.Error())
	}
	for _, g := range s.lags {
		unread := new(int64)
		for _, p := range g.Partitions {
			if p.Topic != s.name || p.TopicGone || int(p.Partition) >= len(s.partitions) {
				continue
			}
			n := count(p.TopicPartition, p)
			if n < 0 {
				unread = nil
				break
			}
			*unread += n
		}
		switch related := hasTopic(g, s.name); {
		case g.Err != nil && !related:
			e.Unknown = append(e.Unknown, fmt.Sprintf("whether group %s reads it: %v", g.Name, g.Err))
		case related && (unread == nil || *unread > 0):
			e.Readers = append(e.Readers, topicspec.Reader{Group: g.Name, Unread: unread})
		}
	}
}
