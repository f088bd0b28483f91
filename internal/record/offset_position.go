package record

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Anchor is what a position counts from.
type Anchor int

const (
	// Start is a partition's log start.
	Start Anchor = iota
	// End is a partition's end offset when reading begins.
	End
	// Absolute is offset 0, whether or not it is still there.
	Absolute
)

// Position is where the reading of one partition begins: Delta offsets after From. Delta is
// negative for a position before the end. The zero value is the log start.
type Position struct {
	From  Anchor
	Delta int64
}

// Resolve returns the offset that p means in a log that begins at offset start and whose last
// record is before offset end. The end that p may count from is visible: that of the committed
// records. The result lies in [start, end], also where p lies in a part of the log that was deleted
// or is not written yet.
func (p Position) Resolve(start, end, visible int64) int64 {
	switch p.From {
	case End:
		if p.Delta < start-visible { // compared before it is added, because the sum may overflow
			return start
		}
		return min(visible+p.Delta, visible)
	case Absolute:
		return min(max(p.Delta, start), end)
	default:
		if p.Delta > end-start {
			return end
		}
		return max(start+p.Delta, start)
	}
}

// within reports whether the log has the offset that p means, or ends at it. The bounds are those of
// Resolve.
func (p Position) within(start, end, visible int64) bool {
	switch p.From {
	case End:
		return p.Delta >= start-visible
	case Absolute:
		return start <= p.Delta && p.Delta <= end
	default:
		return p.Delta <= end-start
	}
}

// String returns p as [ParsePositions] reads it.
func (p Position) String() string {
	switch {
	case p.From == Absolute:
		return strconv.FormatInt(p.Delta, 10)
	case p.From == End && p.Delta == 0:
		return "end"
	case p.From == End:
		return strconv.FormatInt(p.Delta, 10)
	case p.Delta == 0:
		return "start"
	default:
		return "+" + strconv.FormatInt(p.Delta, 10)
	}
}

// Positions says where reading begins in each partition. The zero value has no position.
type Positions struct {
	general *Position // nil: only the named partitions are read
	named   map[int32]Position
}

// ParsePositions reads positions separated by commas: "start", "end", "+N" (N offsets after the
// start), "-N" (N before the end) or "N" (an absolute offset). A position is for all
// partitions, or for partition P with "P:" before it: "0:41,2:-5". Two positions for one
// partition, or two for all, are an error.
func ParsePositions(s string) (Positions, error) {
	ps := Positions{named: make(map[int32]Position)}
	for item := range strings.SplitSeq(s, ",") {
		if err := ps.add(strings.TrimSpace(item)); err != nil {
			return Positions{}, err
		}
	}
	return ps, nil
}

func (ps *Positions) add(item string) error {
	number, text, named := strings.Cut(item, ":")
	if !named {
		number, text = "", item
	}
	p, err := parsePosition(text)
	if err != nil {
		return fmt.Errorf("position %q: %w", item, err)
	}
	if !named {
		if ps.general != nil {
			return fmt.Errorf("position %q: all partitions have one already, %q", item, ps.general)
		}
		ps.general = &p
		return nil
	}
	partition, err := parseDigits(number, 32)
	if err != nil {
		return fmt.Errorf("position %q: %q is not a partition", item, number)
	}
	if earlier, ok := ps.named[int32(partition)]; ok {
		return fmt.Errorf("position %q: partition %d has one already, %q", item, partition, earlier)
	}
	ps.named[int32(partition)] = p
	return nil
}

var errPosition = errors.New("not start, end, +N, -N or N")

func parsePosition(s string) (Position, error) {
	var p Position
	switch {
	case s == "start":
		return Position{From: Start}, nil
	case s == "end":
		return Position{From: End}, nil
	case strings.HasPrefix(s, "+"):
		p.From, s = Start, s[1:]
	case strings.HasPrefix(s, "-"):
		n, err := parseDigits(s[1:], 64)
		return Position{From: End, Delta: -n}, err
	default:
		p.From = Absolute
	}
	n, err := parseDigits(s, 64)
	p.Delta = n
	return p, err
}

// parseDigits reads a decimal number of so many bits without a sign.
func parseDigits(s string, bits int) (int64, error) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, errPosition
	}
	n, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		return 0, errors.New("the number is too large")
	}
	return n, nil
}

// For returns the position of a partition: its own, or else the one for all. It returns false
// when there is neither.
func (ps Positions) For(partition int32) (Position, bool) {
	if p, ok := ps.named[partition]; ok {
		return p, true
	}
	if ps.general != nil {
		return *ps.general, true
	}
	return Position{}, false
}

// Named returns the partitions that have a position of their own, in order.
func (ps Positions) Named() []int32 {
	return slices.Sorted(maps.Keys(ps.named))
}
