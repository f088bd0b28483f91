package record

import (
	"cmp"
	"errors"
	"math"
	"strconv"
	"strings"
)

// decimal is a decimal number as it is written, with every digit: 0.DIGITS times ten to the power of
// exponent. A float64 would take long ones that differ for the same.
type decimal struct {
	negative        bool
	whole, fraction string // DIGITS, of which the first is not 0; both empty for 0
	exponent        int64
}

// parseDecimal reads a number as JSON writes it; also with a plus sign, and without digits on one
// side of the point. It shares memory with text.
func parseDecimal(text string) (d decimal, ok bool) {
	if text != "" && (text[0] == '-' || text[0] == '+') {
		d.negative, text = text[0] == '-', text[1:]
	}
	d.whole, text = cutDigits(text)
	if strings.HasPrefix(text, ".") {
		d.fraction, text = cutDigits(text[1:])
	}
	if d.whole == "" && d.fraction == "" {
		return d, false
	}
	power := int64(0)
	if text != "" {
		if power, ok = parsePower(text); !ok {
			return d, false
		}
	}
	d.normalize(power)
	return d, true
}

// cutDigits cuts the digits from the front of a text.
func cutDigits(text string) (digits, rest string) {
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	return text[:end], text[end:]
}

// parsePower reads e and what stands behind it. A power that no number needs becomes a smaller one
// that none needs either, so that sums with it do not overflow.
func parsePower(text string) (power int64, ok bool) {
	const most = math.MaxInt64 / 4
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	power, err := strconv.ParseInt(text[1:], 10, 64) // out of range, it is the nearest that is not
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return min(max(power, -most), most), true
}

// normalize takes the zeros in front off, and sets the exponent.
func (d *decimal) normalize(power int64) {
	d.whole = strings.TrimLeft(d.whole, "0")
	zeros := 0
	if d.whole == "" {
		zeros = len(d.fraction)
		d.fraction = strings.TrimLeft(d.fraction, "0")
		zeros -= len(d.fraction)
	}
	d.exponent = power + int64(len(d.whole)) - int64(zeros)
	if d.whole == "" && d.fraction == "" {
		*d = decimal{}
	}
}

// compare returns -1, 0 or 1: d is less than, the same as or more than other.
func (d decimal) compare(other decimal) int {
	switch {
	case d.sign() != other.sign():
		return cmp.Compare(d.sign(), other.sign())
	case d.exponent != other.exponent:
		return d.sign() * cmp.Compare(d.exponent, other.exponent)
	}
	for i := range max(len(d.whole)+len(d.fraction), len(other.whole)+len(other.fraction)) {
		if a, b := d.digit(i), other.digit(i); a != b {
			return d.sign() * cmp.Compare(a, b)
		}
	}
	return 0
}

func (d decimal) sign() int {
	switch {
	case d.whole == "" && d.fraction == "":
		return 0
	case d.negative:
		return -1
	default:
		return 1
	}
}

// digit returns the digit at an index; behind the last one there are zeros.
func (d decimal) digit(i int) byte {
	if i < len(d.whole) {
		return d.whole[i]
	}
	if i -= len(d.whole); i < len(d.fraction) {
		return d.fraction[i]
	}
	return '0'
}
