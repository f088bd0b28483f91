package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/health"
)

// envAnnotation marks the flags that an environment variable can set.
const envAnnotation = "kafkactl/env"

// fromAnnotation marks the flags that a variable has set.
const fromAnnotation = "kafkactl/from"

// MarkEnv lets the variable KAFKACTL_<FLAG> set each of the named flags, and says so in the help:
// --min-brokers is KAFKACTL_MIN_BROKERS.
func MarkEnv(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		annotateEnv(cmd.Flags().Lookup(name), variableOf(name))
	}
}

// variableOf returns the variable of the flag of that name.
func variableOf(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func annotateEnv(flag *pflag.Flag, variable string) {
	if flag.Annotations == nil {
		flag.Annotations = make(map[string][]string)
	}
	flag.Annotations[envAnnotation] = []string{variable}
	flag.Usage += " (env " + variable + ")"
}

// BindEnv sets the flags of cmd that the command line does not from their variables. A format
// that another command can print and cmd cannot leaves the default: KAFKACTL_OUTPUT is a
// preference for all commands.
func (a *App) BindEnv(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		variable, ok := flag.Annotations[envAnnotation]
		if !ok || flag.Changed {
			return
		}
		value := a.Env(variable[0])
		if output, ok := flag.Value.(*Choice[Format]); ok {
			if !output.Allows(Format(value)) && slices.Contains(AllFormats(), Format(value)) {
				return
			}
			output.preferred = value != ""
		}
		if value != "" {
			if err := cmd.Flags().Set(flag.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("%s=%q: %w", variable[0], value, errors.Unwrap(err)))
			}
			flag.Annotations[fromAnnotation] = variable
			if list, ok := flag.Value.(*addressList); ok {
				list.variable = variable[0]
			}
		}
	})
	return errors.Join(errs...)
}

// OnCommandLine reports whether the command line itself sets a flag: a variable does not count.
func OnCommandLine(flags *pflag.FlagSet, name string) bool {
	flag := flags.Lookup(name)
	return flag.Changed && len(flag.Annotations[fromAnnotation]) == 0
}

// Env returns the value of a variable, "" when it is not set.
func (a *App) Env(name string) string {
	value, _ := a.LookupEnv(name)
	return value
}

// Place returns where the program runs, which decides what names and ports are advised:
// KAFKACTL_PLACE, or else what the machine looks like.
func (a *App) Place() health.Place {
	if place := a.Env("KAFKACTL_PLACE"); place != "" {
		return health.Place(place)
	}
	return health.FindPlace(os.DirFS("/"), a.LookupEnv)
}

// CheckPlace refuses a KAFKACTL_PLACE that names no place.
func (a *App) CheckPlace() error {
	place := a.Env("KAFKACTL_PLACE")
	if place == "" {
		return nil
	}
	return CheckWord("KAFKACTL_PLACE", health.Place(place), health.OnHost, health.InContainer)
}
