package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const (
	defaultBroker = "localhost:29092" // the host listener of the stack
	DefaultSpec   = "topics.yaml"
	// A command whose job is to wait may take so long; a cold three-broker stack on a
	// busy machine needs about 20 s.
	WaitTimeout = 90 * time.Second
	// Any other command.
	AskTimeout = 10 * time.Second
)

// envAnnotation marks the flags that an environment variable can set.
const envAnnotation = "kafkactl/env"

// WithEnv lets KAFKACTL_<FLAG> set a flag that the command line does not.
func WithEnv(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		flag := cmd.Flags().Lookup(name)
		variable := "KAFKACTL_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		flag.Annotations = map[string][]string{envAnnotation: {variable}}
		flag.Usage += " (env " + variable + ")"
	}
}

// BindEnv applies the variables of cmd's flags: flag, then environment, then default. A
// format that cmd cannot print, and another command can, leaves the default: it is a
// preference for all of them.
func (a *App) BindEnv(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		variable, ok := flag.Annotations[envAnnotation]
		if !ok || flag.Changed {
			return
		}
		value := a.Env(variable[0])
		if output, ok := flag.Value.(*FormatFlag); ok {
			if output.lacks(value) {
				return
			}
			output.preferred = value != ""
		}
		if value != "" {
			if err := cmd.Flags().Set(flag.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("%s=%q: %w", variable[0], value, errors.Unwrap(err)))
			}
		}
	})
	return errors.Join(errs...)
}

// SetDefault gives a flag that several commands share another default in one.
func SetDefault(cmd *cobra.Command, name, value string) {
	flag := cmd.Flags().Lookup(name)
	flag.DefValue = value
	_ = flag.Value.Set(value)
}

// Connection is the flags that say where the cluster is.
type Connection struct {
	Brokers []string
	Timeout time.Duration
}

// connectionFlags adds them; timeout is the command's default.
func (c *Connection) AddFlags(cmd *cobra.Command, timeout time.Duration) {
	cmd.Flags().StringSliceVarP(&c.Brokers, "brokers", "b", []string{defaultBroker}, "bootstrap addresses, host:port, separated by commas")
	cmd.Flags().DurationVar(&c.Timeout, "timeout", timeout, "time for the whole command, connecting included")
	WithEnv(cmd, "brokers", "timeout")
}

// Check refuses what cannot work before anything is dialled.
func (c *Connection) Check() error {
	if c.Timeout <= 0 {
		return Usagef("--timeout must be more than 0, got %s", c.Timeout)
	}
	return nil
}

// ClientConfig is how to reach the cluster that c names.
func (a *App) ClientConfig(c *Connection) kafka.Config {
	return kafka.Config{Brokers: c.Brokers, Version: a.Version}
}

// SpecFlags is the flags that name a spec.
type SpecFlags struct {
	File    string
	profile string
	Flags   *pflag.FlagSet
}

// AddFlags adds --file and --profile.
func (s *SpecFlags) AddFlags(cmd *cobra.Command) {
	s.Flags = cmd.Flags()
	cmd.Flags().StringVarP(&s.File, "file", "f", DefaultSpec, "the topics file; - reads stdin")
	cmd.Flags().StringVar(&s.profile, "profile", "", "profile of the file to merge over defaults and topics")
	WithEnv(cmd, "file", "profile")
	_ = cmd.MarkFlagFilename("file", "yaml", "yml")
}

// LoadIfThere is load for a command that can do without a file: nothing is declared
// when none was named and the default one does not exist.
func (s *SpecFlags) LoadIfThere(a *App) (desired []topicspec.Desired, found bool, err error) {
	if _, err := os.Stat(s.File); errors.Is(err, fs.ErrNotExist) && !s.Flags.Changed("file") {
		return nil, false, nil
	}
	desired, err = s.Load(a)
	return desired, err == nil, err
}

// Load reads, checks and folds the spec: [topicspec.Problems] for a bad one.
func (s *SpecFlags) Load(a *App) ([]topicspec.Desired, error) {
	spec, err := s.Parse(a)
	if err != nil {
		return nil, err
	}
	desired, err := spec.Desired(s.profile)
	if err != nil {
		return nil, AsUsage(err)
	}
	return desired, nil
}

// ParseIfThere is parse for a command that can do without a file, as LoadIfThere.
func (s *SpecFlags) ParseIfThere(a *App) (spec *topicspec.Spec, found bool, err error) {
	if _, err := os.Stat(s.File); errors.Is(err, fs.ErrNotExist) && !s.Flags.Changed("file") {
		return nil, false, nil
	}
	spec, err = s.Parse(a)
	return spec, err == nil, err
}

// Parse reads and checks the spec: [topicspec.Problems] for a bad one.
func (s *SpecFlags) Parse(a *App) (*topicspec.Spec, error) {
	in, name := a.In, "<stdin>"
	if s.File != "-" {
		file, err := os.Open(s.File)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, WithHint(Usagef("no such file: %s", s.File), "-f FILE names the topics file; kafkactl schema describes it")
		}
		if err != nil {
			return nil, AsUsage(fmt.Errorf("open the topics file: %w", err))
		}
		defer file.Close() //nolint:errcheck // only read
		in, name = file, s.File
	}
	spec, err := topicspec.Parse(in, topicspec.Source{File: name, Lookup: a.LookupEnv, Profile: s.profile})
	if err != nil {
		var problems topicspec.Problems
		if !errors.As(err, &problems) {
			err = AsUsage(err)
		}
		return nil, err
	}
	return spec, nil
}
