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

// Position is where reading of one partition begins: Delta records after From. Before
// the end Delta is negative.
type Position struct {
	From  Anchor
	Delta int64
}

// Resolve is the offset that p means in a partition whose log goes from start up to, and
// without, end. It lies in [start, end]: what is trimmed or not written yet is not
// waited for.
func (p Position) Resolve(start, end int64) int64 {
	switch p.From {
	case End:
		if p.Delta < start-end { // never added before it is compared: it may be as large as an int64
			return start
		}
		return min(end+p.Delta, end)
	case Absolute:
		return min(max(p.Delta, start), end)
	default:
		if p.Delta > end-start {
			return end
		}
		return max(start+p.Delta, start)
	}
}

// String is p as [ParsePositions] reads it.
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

// Positions says where reading begins in each partition.
type Positions struct {
	general *Position // nil: only partitions that are named are read
	named   map[int32]Position
}

// ParsePositions reads "start", "end", "+N" (N records after the start), "-N" (N before
// the end) or "N" (an absolute offset), each for all partitions or, with "P:" before it,
// for one; several are separated by commas: "0:41,2:-5". None may be given twice.
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

// parseDigits is a number without a sign.
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

// For is where partition is read from; false when it is not to be read at all, which is
// so when others are named and no position is for all.
func (ps Positions) For(partition int32) (Position, bool) {
	if p, ok := ps.named[partition]; ok {
		return p, true
	}
	if ps.general != nil {
		return *ps.general, true
	}
	return Position{}, false
}

// Named are the partitions that are named, in order: they have to exist.
func (ps Positions) Named() []int32 {
	return slices.Sorted(maps.Keys(ps.named))
}
