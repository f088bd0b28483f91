package kafka

import (
	"math"
	"testing"
	"time"
)

// No time is asked for as one of the numbers below 0, which mean places in the log to Kafka.
func TestAtTime(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int64]int64{
		0: 0, 1: 1, 1_790_000_000_123: 1_790_000_000_123, math.MaxInt64: math.MaxInt64,
		-1: LogStart, -2: LogStart, -3: LogStart, -4: LogStart, -5: LogStart, -6: LogStart, math.MinInt64: LogStart,
	} {
		if got := AtTime(time.UnixMilli(ms)); got != want {
			t.Errorf("%d is asked for as %d", ms, got)
		}
	}
	tokyo := time.FixedZone("JST", 9*3600)
	if got := AtTime(time.Date(1970, 1, 1, 0, 0, 0, 0, tokyo)); got != LogStart {
		t.Errorf("1970-01-01 in Tokyo is asked for as %d", got)
	}
}
