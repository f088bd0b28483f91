package term

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n                   int64
		forPeople, inScript string
	}{
		{0, "0", "0"},
		{999, "999", "999"},
		{1000, "1,000", "1000"},
		{-1234567, "-1,234,567", "-1234567"},
		{math.MaxInt64, "9,223,372,036,854,775,807", "9223372036854775807"},
	} {
		if got := (Styles{Terminal: true}).Number(tt.n); got != tt.forPeople {
			t.Errorf("%d for people: %s, want %s", tt.n, got, tt.forPeople)
		}
		if got := (Styles{}).Number(tt.n); got != tt.inScript {
			t.Errorf("%d elsewhere: %s, want %s", tt.n, got, tt.inScript)
		}
	}
}

// No rate is told in scientific notation: 1.12e+06 is for machines.
func TestRate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		perSecond float64
		want      string
	}{
		{0, "0"},
		{0.0000035, "less than 0.01"},
		{0.5, "0.5"},
		{3.14159, "3.14"},
		{12.34, "12.3"},
		{999.6, "1,000"},
		{1.12e6, "1,120,000"},
		{-2500.4, "-2,500"},
	} {
		if got := (Styles{Terminal: true}).Rate(tt.perSecond); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.perSecond, got, tt.want)
		}
	}
	if got := (Styles{}).Rate(1.12e6); got != "1120000" {
		t.Errorf("where scripts read: %q", got)
	}
}

func TestSeparated(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                           "",
		"-":                          "-",
		"123":                        "123",
		"≥1234":                      "≥1,234",
		"+1234567":                   "+1,234,567",
		"\x1b[33m34567890143\x1b[0m": "\x1b[33m34,567,890,143\x1b[0m",
		"99999999999999999999":       "99999999999999999999", // no int64: left as it is
	} {
		if got := (Styles{Terminal: true}).GroupDigitsIn(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}
