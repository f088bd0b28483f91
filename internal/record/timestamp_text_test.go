package record

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// stamps are timestamps in milliseconds, and their text.
var stamps = []struct {
	ms   int64
	text string
}{
	{0, "1970-01-01T00:00:00.000Z"},
	{1, "1970-01-01T00:00:00.001Z"},
	{-1, "1969-12-31T23:59:59.999Z"},
	{-2, "1969-12-31T23:59:59.998Z"},
	{1_790_000_000_123, "2026-09-21T14:13:20.123Z"},
	{253_402_300_799_999, "9999-12-31T23:59:59.999Z"},
	{253_402_300_800_000, "+010000-01-01T00:00:00.000Z"},
	{1_790_000_000_123_456, "+058692-11-03T14:15:23.456Z"}, // microseconds
	{1_790_000_000_123_456_789, "1790000000123456789"},     // nanoseconds
	{kgoLastMillis, "2262-04-11T23:47:16.854Z"},
	{kgoLastMillis + 1, "2262-04-11T23:47:16.855Z"}, // where 64 bits of nanoseconds end
	{kgoFirstMillis - 1, "1677-09-21T00:12:43.145Z"},
	{-62_135_596_800_000, "0001-01-01T00:00:00.000Z"}, // .NET's DateTime.MinValue, Go's zero time
	{-62_167_219_200_000, "0000-01-01T00:00:00.000Z"},
	{-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"},
	{maxDateMillis, "+275760-09-13T00:00:00.000Z"},
	{maxDateMillis + 1, "8640000000000001"},
	{-maxDateMillis, "-271821-04-20T00:00:00.000Z"},
	{-maxDateMillis - 1, "-8640000000000001"},
	{math.MaxInt64, "9223372036854775807"},
	{math.MinInt64, "-9223372036854775808"},
}

// zones are where the same text may mean another moment: Greenwich, far east and far west of it,
// half an hour apart, and one that had other offsets in other years.
func zones(t testing.TB) []*time.Location {
	t.Helper()
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Europe/Berlin"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	return zones
}

// Every timestamp of 64 bits is shown as one thing, in every zone, and read back as itself: by
// --since as by produce --input json.
func TestTimestampText(t *testing.T) {
	t.Parallel()
	for _, zone := range zones(t) {
		for _, tt := range stamps {
			at := FromMillis(tt.ms).In(zone)
			if got := TimestampText(at); got != tt.text {
				t.Errorf("%d in %s is %s, want %s", tt.ms, zone, got, tt.text)
			}
			if at.IsZero() || at.UnixMilli() != tt.ms {
				t.Errorf("%d became %d", tt.ms, at.UnixMilli())
			}
			r, err := ParseJSON(AppendJSON(nil, &kgo.Record{Timestamp: at}))
			if err != nil || r.Timestamp.IsZero() || r.Timestamp.UnixMilli() != tt.ms {
				t.Errorf("%s is read by produce as %v, %v", tt.text, r, err)
			}
			if !IsDate(at) || tt.ms < 0 || tt.ms > 1e12 {
				now := time.Date(2026, 10, 26, 12, 0, 0, 0, zone)
				if got, err := ParseTime(tt.text, now); err != nil || got.IsZero() || got.UnixMilli() != tt.ms {
					t.Errorf("%s is read by --since in %s as %v, %v", tt.text, zone, got, err)
				}
			}
			if IsDate(at) { // as the line view shows it, in the local zone
				local := string(AppendDay(nil, at)) + at.Format(" 15:04:05.000")
				_, offset := at.Zone()
				if got, err := ParseTime(local, at); offset%60 == 0 && (err != nil || got.UnixMilli() != tt.ms) {
					t.Errorf("%s in %s is read as %v, %v", local, zone, got, err)
				}
			}
		}
	}
	if got := TimestampText(time.Time{}); got != "" {
		t.Errorf("no timestamp is %q", got)
	}
}

// Unix milliseconds are the number of a timestamp, whatever its size; the seconds that `date +%s`
// prints are not taken for them.
func TestParseTimeMillis(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 26, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]int64{
		"1790000000123": 1_790_000_000_123, "1790000000123456": 1_790_000_000_123_456, "-1790000000123": -1_790_000_000_123,
		"0000000000001": 1, "9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64,
	} {
		if got, err := ParseTime(text, now); err != nil || got.UnixMilli() != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"1790000000":          "; as Unix seconds it would be 1790000000000",
		"9223372036854775808": ": a timestamp is from -9223372036854775808 to 9223372036854775807 milliseconds",
	} {
		if _, err := ParseTime(text, now); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
