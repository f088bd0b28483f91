package cli

import (
	"fmt"
	"time"

	"kafkactl/internal/record"
)

// ParseTimeFlag returns the time that the flag of that name was given as text: a time, or a
// duration before now. It is zero when text is empty. An error is a usage error that names the
// flag.
func ParseTimeFlag(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := record.ParseTime(text, now)
	if err != nil {
		return t, AsUsage(fmt.Errorf("--%s: %w", flag, err))
	}
	return t, nil
}
