package groups

import (
	"cmp"
	"fmt"
)

// LagSum is the lag of some partitions.
type LagSum struct {
	Known   int64 // what is known of it
	Unknown int   // how many partitions' lag is not known
	// Failed says that the group could not be described completely: there may be more partitions.
	Failed bool
	// Read adds up the offsets that are next to be read, where the lag is known.
	Read int64
	// Lost counts the offsets that were deleted before they were read.
	Lost int64
	// Past, Uncommitted and Gone count the partitions whose committed offset is past the end, of
	// which nothing is committed, and that are not there any more.
	Past, Uncommitted, Gone int
	// Markers and Aborted count offsets that hold no record to read, and are no lag: see
	// [PartitionLag].
	Markers, Aborted int64
}

// Add adds a partition. One that is gone has no lag.
func (s *LagSum) Add(p *PartitionLag) {
	switch {
	case p.TopicGone:
		s.Gone++
		return
	case p.Lag < 0:
		s.Unknown++
		return
	case p.Past > 0:
		s.Past++
	case p.Committed < 0:
		s.Uncommitted++
	}
	s.Known += p.Lag
	s.Read += p.End - p.Lag
	s.Lost += p.Lost
	s.Markers += p.Markers
	s.Aborted += p.Aborted
}

// plus returns the sum of two sums.
func (s LagSum) plus(other LagSum) LagSum {
	return LagSum{
		Known: s.Known + other.Known, Unknown: s.Unknown + other.Unknown, Failed: s.Failed || other.Failed,
		Read: s.Read + other.Read, Lost: s.Lost + other.Lost,
		Past: s.Past + other.Past, Uncommitted: s.Uncommitted + other.Uncommitted, Gone: s.Gone + other.Gone,
		Markers: s.Markers + other.Markers, Aborted: s.Aborted + other.Aborted,
	}
}

// Complete reports whether nothing of the sum is unknown.
func (s LagSum) Complete() bool { return s.Unknown == 0 && !s.Failed }

// Lagging reports whether there is lag, or may be.
func (s LagSum) Lagging() bool { return s.Known > 0 || !s.Complete() }

// Suspect reports whether offsets were lost, or are waited for that may never be written.
func (s LagSum) Suspect() bool { return s.Lost > 0 || s.Past > 0 }

// Exact returns the lag, nil when some of it is not known.
func (s LagSum) Exact() *int64 {
	if !s.Complete() {
		return nil
	}
	return &s.Known
}

// String returns the lag for people, such as "54", or "≥54" when some is not known.
func (s LagSum) String() string {
	switch {
	case s.Complete():
		return fmt.Sprint(s.Known)
	case s.Known > 0:
		return fmt.Sprintf("≥%d", s.Known)
	default:
		return "unknown"
	}
}

// WorseLag orders sums for sorting: first where nothing is known, then by lag, the largest first.
func WorseLag(a, b LagSum) int {
	if a.Failed != b.Failed {
		if a.Failed {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.Known, a.Known), cmp.Compare(b.Unknown, a.Unknown))
}
