package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Choice is a flag with one of a few values; the first is the default.
type Choice struct {
	Value   string
	Allowed []string
}

// AddFlag adds the flag; allowed are the words it takes, the first is its default.
func (c *Choice) AddFlag(flags *pflag.FlagSet, name, usage string, allowed ...string) {
	c.Value, c.Allowed = allowed[0], allowed
	flags.Var(c, name, usage)
}

func (c *Choice) String() string { return c.Value }

// Type is what pflag calls the flag's values.
func (c *Choice) Type() string { return "choice" }

// Set takes a word that is allowed.
func (c *Choice) Set(s string) error {
	if !slices.Contains(c.Allowed, s) {
		return fmt.Errorf("must be one of %s", strings.Join(c.Allowed, ", "))
	}
	c.Value = s
	return nil
}
