package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// choice is a flag with one of a few values; the first is the default.
type choice struct {
	value   string
	allowed []string
}

func (c *choice) addFlag(flags *pflag.FlagSet, name, usage string, allowed ...string) {
	c.value, c.allowed = allowed[0], allowed
	flags.Var(c, name, usage)
}

func (c *choice) String() string { return c.value }

func (c *choice) Type() string { return "choice" }

func (c *choice) Set(s string) error {
	if !slices.Contains(c.allowed, s) {
		return fmt.Errorf("must be one of %s", strings.Join(c.allowed, ", "))
	}
	c.value = s
	return nil
}
