package term

import (
	"math"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
)

// GroupDigits returns n for a person, with its thousands separated. For stdout there is
// [Styles.Number], which knows whether a script reads; notes on stderr are for people.
func GroupDigits(n int64) string { return humanize.Comma(n) }

// Number returns n with its thousands separated where a person reads it, else its digits alone:
// what a script reads must stay a number.
func (st Styles) Number(n int64) string {
	if !st.Terminal {
		return strconv.FormatInt(n, 10)
	}
	return GroupDigits(n)
}

// Count returns "1 topic" or "1,234 topics".
func (st Styles) Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return st.Number(int64(n)) + " " + noun + "s"
}

// Rate returns a mean number of something a second, never in scientific notation: three digits
// where it is small, whole numbers where it is not.
func (st Styles) Rate(perSecond float64) string {
	size := max(perSecond, -perSecond)
	switch {
	case size == 0:
		return "0"
	case size < 0.01:
		return "less than 0.01"
	case size < 10:
		return trimmedFraction(perSecond, 2)
	case size < 100:
		return trimmedFraction(perSecond, 1)
	default:
		return st.Number(int64(math.Round(perSecond)))
	}
}

// trimmedFraction returns f with so many decimal places at most.
func trimmedFraction(f float64, places int) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', places, 64), "0"), ".")
}

// GroupDigitsIn returns a cell of a number column, plain or coloured, with the thousands of its
// numbers separated where a person reads it.
func (st Styles) GroupDigitsIn(cell string) string {
	var text strings.Builder
	for cell != "" {
		digits := len(cell) - len(strings.TrimLeft(cell, "0123456789"))
		if n, err := strconv.ParseInt(cell[:digits], 10, 64); err == nil && digits > 3 { // an escape sequence has no more
			text.WriteString(st.Number(n))
		} else {
			text.WriteString(cell[:digits])
		}
		cell = cell[digits:]
		rest := strings.IndexAny(cell, "0123456789")
		if rest < 0 {
			rest = len(cell)
		}
		text.WriteString(cell[:rest])
		cell = cell[rest:]
	}
	return text.String()
}
