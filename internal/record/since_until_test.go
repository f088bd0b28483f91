package record

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // Berlin is there on every machine
)

// berlin is a Sunday noon shortly after summer time has ended: the day before had 25 hours.
func berlin(t testing.TB) time.Time {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 10, 26, 12, 0, 0, 0, zone)
}

// In UTC; now is 2026-10-26T11:00:00Z.
var validTimes = []struct{ text, want string }{
	{"now", "2026-10-26T11:00:00Z"},
	{"today", "2026-10-25T23:00:00Z"},
	{"yesterday", "2026-10-24T22:00:00Z"}, // the day of 25 hours
	{"1d", "2026-10-25T11:00:00Z"},        // 24 hours, whatever the clocks did
	{"0s", "2026-10-26T11:00:00Z"},
	{"500ms", "2026-10-26T10:59:59.5Z"},
	{"90s", "2026-10-26T10:58:30Z"},
	{"1h", "2026-10-26T10:00:00Z"},
	{"1h30m", "2026-10-26T09:30:00Z"},
	{"1.5h", "2026-10-26T09:30:00Z"},
	{"7d", "2026-10-19T11:00:00Z"},
	{"2w", "2026-10-12T11:00:00Z"},
	{"1w1d12h", "2026-10-17T23:00:00Z"},
	{" 1h ", "2026-10-26T10:00:00Z"},
	{"2026-07-22", "2026-07-21T22:00:00Z"},
	{"2026-11-22T10:00:00", "2026-11-22T09:00:00Z"},
	{"2026-11-22T10:00", "2026-11-22T09:00:00Z"},
	{"2026-11-22 10:00:00", "2026-11-22T09:00:00Z"},
	{"2026-11-22T10:00:00.123", "2026-11-22T09:00:00.123Z"},
	{"2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"},
	{"2026-11-22 10:00:00.5Z", "2026-11-22T10:00:00.5Z"},
	{"2026-11-22T10:00:00+05:30", "2026-11-22T04:30:00Z"},
	{"2026-11-22T10:00-03:00", "2026-11-22T13:00:00Z"},
	{"10:00", "2026-10-26T09:00:00Z"},
	{"9:05", "2026-10-26T08:05:00Z"},
	{"10:00:05", "2026-10-26T09:00:05Z"},
	{"1790000000123", "2026-09-21T14:13:20.123Z"},
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	now := berlin(t)
	for _, tt := range validTimes {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := ParseTime(tt.text, now)
			if err != nil {
				t.Fatal(err)
			}
			if text := got.UTC().Format(time.RFC3339Nano); text != tt.want {
				t.Errorf("got %s, want %s", text, tt.want)
			}
		})
	}
}

func TestParseTimeErrors(t *testing.T) {
	t.Parallel()
	now := berlin(t)
	for _, text := range []string{
		"", "tomorrow", "-1h", "1", "h", "1hh", "1h-3m", "1h 3m", "1.2.3s", ".5h", "1y", "5min", "1790000000",
		"99999999999999w", "106751d106751d", "2026-02-30", "2026-13-01", "22.11.2026", "2026-11-22T", "2026-11-22T25:00",
		"2026-11-22T10:00:00+0530", "24:00", "10:60", "NaNs", "1e3s",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := ParseTime(text, now)
			if err == nil {
				t.Fatalf("read as %v", got)
			}
			for _, want := range []string{"time \"" + text + `"`, "90s", "yesterday", "2006-01-02T15:04:05", "milliseconds"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not say %q", err, want)
				}
			}
		})
	}
}

// A duration never leads into the future, whatever overflows; other times read the
// same when they are written out in full.
func FuzzParseTime(f *testing.F) {
	for _, tt := range validTimes {
		f.Add(tt.text)
	}
	for _, text := range []string{"9223372036854775807ns", "99999999999999w", "1h-3m", "0000-01-01", "1h\x00"} {
		f.Add(text)
	}
	now := berlin(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTime(text, now)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is more than a line", err)
			}
			return
		}
		if back, err := parseDurationBack(strings.TrimSpace(text)); err == nil && (back < 0 || got.After(now)) {
			t.Errorf("%q leads to %v", text, got)
		}
		if year := got.UTC().Year(); year < 0 || year > 9999 {
			return // a zone led out of what has a form
		}
		again, err := ParseTime(got.UTC().Format(time.RFC3339Nano), now)
		if err != nil || !again.Equal(got) {
			t.Errorf("%v is read again as %v, %v", got, again, err)
		}
	})
}
