package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// RiskFlags are what the user accepts, and how replicas are copied.
type RiskFlags struct {
	Consent topicspec.Consent
	Moves   admin.Moves // Throttle, Limited and, with AddMoveTimeout, Timeout
}

// AddFlags adds --accept and --throttle.
func (r *RiskFlags) AddFlags(cmd *cobra.Command) {
	ConsentVar(cmd.Flags(), &r.Consent)
	cmd.Flags().Var((*throttleFlag)(&r.Moves), "throttle",
		"bytes a second that each broker may copy while replicas move, as 50MiB, or none; required when more than 1GiB is copied")
}

// AddMoveTimeout adds --move-timeout, for a command that moves replicas itself.
func (r *RiskFlags) AddMoveTimeout(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&r.Moves.Timeout, "move-timeout", 0, "time for copying replicas, which --timeout does not bound (default: no limit)")
}

// Check refuses a --move-timeout that leaves no time.
func (r *RiskFlags) Check() error {
	if r.Moves.Timeout < 0 {
		return Usagef("--move-timeout must be more than 0, got %s", r.Moves.Timeout)
	}
	return nil
}

// throttleFlag is the value of --throttle.
type throttleFlag admin.Moves

const (
	noThrottle    = "none"
	leastThrottle = 1 << 20
)

// String returns what was given; pflag asks a zero value for it as well.
func (f *throttleFlag) String() string {
	switch {
	case !f.Limited:
		return ""
	case f.Throttle == 0:
		return noThrottle
	default:
		return fmt.Sprint(f.Throttle)
	}
}

// Type is what the help calls the value.
func (f *throttleFlag) Type() string { return "rate" }

// Words lists what completion offers.
func (f *throttleFlag) Words() []string { return []string{noThrottle, "10MiB", "50MiB", "100MiB"} }

// Set takes a rate. One below 1 MiB a second is more likely a unit forgotten than meant, and brokers do not keep to it:
// they copy a whole fetch at a time.
func (f *throttleFlag) Set(text string) error {
	f.Limited, f.Throttle = true, 0
	if text == noThrottle {
		return nil
	}
	bytes, err := topicspec.ParseSize(text)
	switch {
	case err != nil:
		return fmt.Errorf("must be a size such as 50MiB, or none")
	case bytes < leastThrottle:
		return fmt.Errorf("must be at least 1MiB a second, or none")
	}
	f.Throttle = bytes
	return nil
}
