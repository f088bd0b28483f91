package cli

import (
	"fmt"
	"time"

	"kafkactl/internal/record"
)

// ParseTimeFlag is a flag's time, zero when it was not given.
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
