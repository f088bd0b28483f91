package cli

import (
	"fmt"
	"time"

	"kafkactl/internal/record"
)

// ParseTimeFlag returns the time that the flag of that name was given as text: a time, or a
// duration before now. It is zero when text is empty. zone is the error of [App.Now], for a zone
// that is not known: it is the error of a time that means another moment in every zone. An error is
// a usage error that names the flag.
func ParseTimeFlag(flag, text string, now time.Time, zone error) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := record.ParseTime(text, now)
	if err == nil && zone != nil {
		if elsewhere, _ := record.ParseTime(text, now.In(time.FixedZone("", 3600))); !elsewhere.Equal(t) {
			err = WithHint(fmt.Errorf("time %q: %w", text, zone), "write the zone with the time, as 2026-11-22T13:15+01:00; "+HintOf(zone))
		}
	}
	if err != nil {
		return t, AsUsage(fmt.Errorf("--%s: %w", flag, err))
	}
	return t, nil
}
