package evidence

import (
	"errors"
	"math"
	"time"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// limits are the settings of retention that one change brings into force, -1 for none.
type limits struct{ ms, bytes int64 }

// limits returns those of a change; trims is false when it removes no record that would have stayed. Retention is in
// force only where cleanup.policy has delete.
func (s *subject) limits(change topicspec.Change) (l limits, trims bool) {
	l = limits{-1, -1}
	switch before, after := s.before, s.after; {
	case !mayTrim(change) || !after.has("delete"):
	case change.Field == cleanupPolicy && !before.has("delete"):
		l = limits{after.ms, after.bytes}
	case change.Field == retentionMs && before.has("delete") && lower(after.ms, before.ms):
		l.ms = after.ms
	case change.Field == retentionBytes && before.has("delete") && lower(after.bytes, before.bytes):
		l.bytes = after.bytes
	}
	return l, l.ms >= 0 || l.bytes >= 0
}

// trim returns which records a change has the brokers remove, nil when it is none that would have stayed. It is up to so
// many: brokers remove whole segments, once all of their records are old or the log is larger than its limit without
// them.
func (s *subject) trim(change topicspec.Change) *topicspec.Evidence {
	if s.settingsErr != nil {
		e := s.newEvidence()
		e.Records = nil
		e.Unknown = append(e.Unknown, "its settings: "+s.settingsErr.Error())
		return e
	}
	l, trims := s.limits(change)
	if !trims {
		return nil
	}
	e := s.newEvidence()
	if e.Records == nil || *e.Records == 0 && !s.before.tiered {
		return e
	}
	if s.before.tiered {
		e.Records = nil
		e.Unknown = append(e.Unknown, "what of it is in remote storage (remote.storage.enable)")
		return e
	}
	removed, err := s.removed(l)
	if err != nil {
		e.Records = nil
		e.Unknown = append(e.Unknown, "which records go: "+err.Error())
		return e
	}
	s.sumUp(e, removed)
	e.RecordsEstimated = l.bytes >= 0
	if *e.Records > 0 {
		s.addReaders(e, func(at kafka.TopicPartition, lag groups.PartitionLag) int64 {
			p, n := s.partitions[at.Partition], removed[at.Partition]
			switch {
			case n == 0:
				return 0
			case lag.Lag < 0:
				return -1
			}
			return max(p.start+n-max(lag.Committed, p.start), 0)
		})
	}
	return e
}

// removed counts the records that limits remove, from the start of each partition's log on.
func (s *subject) removed(l limits) ([]int64, error) {
	removed := make([]int64, len(s.partitions))
	for i, p := range s.partitions {
		records := p.records()
		if l.ms >= 0 && records > 0 {
			switch {
			case p.cutErr != nil:
				return nil, p.cutErr
			case p.cut < 0: // no record is as young
				removed[i] = records
			default:
				removed[i] = min(max(p.cut-p.start, 0), records)
			}
		}
		if l.bytes < 0 || records == 0 {
			continue
		}
		if p.size < 0 {
			return nil, errSize(p)
		}
		if over := p.size - l.bytes; over > 0 {
			removed[i] = max(removed[i], int64(math.Ceil(float64(records)*float64(over)/float64(p.size))))
		}
	}
	return removed, nil
}

// errSize returns why the size of a partition's log is not known.
func errSize(p partition) error {
	if p.sizeErr != nil {
		return p.sizeErr
	}
	return errors.New("no broker leads it")
}

// sumUp notes how much is removed of the partitions' logs. Bytes are the share that the records have in their number.
func (s *subject) sumUp(e *topicspec.Evidence, removed []int64) {
	*e.Records = 0
	bytes, sized := int64(0), true
	var oldest time.Time
	for i, p := range s.partitions {
		n := removed[i]
		if n == 0 {
			continue
		}
		*e.Records += n
		if sized = sized && p.size >= 0; sized {
			bytes += int64(float64(p.size) * float64(n) / float64(p.records()))
		}
		if !p.oldest.IsZero() && (oldest.IsZero() || p.oldest.Before(oldest)) {
			oldest = p.oldest
		}
	}
	if sized {
		e.Bytes = &bytes
	}
	if !oldest.IsZero() {
		e.Oldest = &oldest
	}
}
