package main

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
	defaultSpec   = "topics.yaml"
	// A command whose job is to wait may take so long; a cold three-broker stack on a
	// busy machine needs about 20 s.
	waitTimeout = 90 * time.Second
	// Any other command.
	askTimeout = 10 * time.Second
)

// envAnnotation marks the flags that an environment variable can set.
const envAnnotation = "kafkactl/env"

// withEnv lets KAFKACTL_<FLAG> set a flag that the command line does not.
func withEnv(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		flag := cmd.Flags().Lookup(name)
		variable := "KAFKACTL_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		flag.Annotations = map[string][]string{envAnnotation: {variable}}
		flag.Usage += " (env " + variable + ")"
	}
}

// bindEnv applies the variables of cmd's flags: flag, then environment, then default. A
// format that cmd cannot print, and another command can, leaves the default: it is a
// preference for all of them.
func (a *app) bindEnv(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		variable, ok := flag.Annotations[envAnnotation]
		if !ok || flag.Changed {
			return
		}
		value := a.env(variable[0])
		if output, ok := flag.Value.(*formatFlag); ok && output.lacks(value) {
			return
		}
		if value != "" {
			if err := cmd.Flags().Set(flag.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("%s=%q: %w", variable[0], value, errors.Unwrap(err)))
			}
		}
	})
	return errors.Join(errs...)
}

// setDefault gives a flag that several commands share another default in one.
func setDefault(cmd *cobra.Command, name, value string) {
	flag := cmd.Flags().Lookup(name)
	flag.DefValue = value
	_ = flag.Value.Set(value)
}

// connection is the flags that say where the cluster is.
type connection struct {
	brokers []string
	timeout time.Duration
}

// connectionFlags adds them; timeout is the command's default.
func (c *connection) addFlags(cmd *cobra.Command, timeout time.Duration) {
	cmd.Flags().StringSliceVarP(&c.brokers, "brokers", "b", []string{defaultBroker}, "bootstrap addresses, host:port, separated by commas")
	cmd.Flags().DurationVar(&c.timeout, "timeout", timeout, "time for the whole command, connecting included")
	withEnv(cmd, "brokers", "timeout")
}

// check refuses what cannot work before anything is dialled.
func (c *connection) check() error {
	if c.timeout <= 0 {
		return usagef("--timeout must be more than 0, got %s", c.timeout)
	}
	return nil
}

// clientConfig is how to reach the cluster that c names.
func (a *app) clientConfig(c *connection) kafka.Config {
	return kafka.Config{Brokers: c.brokers, Version: a.version}
}

// specFlags is the flags that name a spec.
type specFlags struct {
	file    string
	profile string
	flags   *pflag.FlagSet
}

func (s *specFlags) addFlags(cmd *cobra.Command) {
	s.flags = cmd.Flags()
	cmd.Flags().StringVarP(&s.file, "file", "f", defaultSpec, "the topics file; - reads stdin")
	cmd.Flags().StringVar(&s.profile, "profile", "", "profile of the file to merge over defaults and topics")
	withEnv(cmd, "file", "profile")
	_ = cmd.MarkFlagFilename("file", "yaml", "yml")
}

// loadIfThere is load for a command that can do without a file: nothing is declared
// when none was named and the default one does not exist.
func (s *specFlags) loadIfThere(a *app) (desired []topicspec.Desired, found bool, err error) {
	if _, err := os.Stat(s.file); errors.Is(err, fs.ErrNotExist) && !s.flags.Changed("file") {
		return nil, false, nil
	}
	desired, err = s.load(a)
	return desired, err == nil, err
}

// load reads, checks and folds the spec: [topicspec.Problems] for a bad one.
func (s *specFlags) load(a *app) ([]topicspec.Desired, error) {
	spec, err := s.parse(a)
	if err != nil {
		return nil, err
	}
	desired, err := spec.Desired(s.profile)
	if err != nil {
		return nil, asUsage(err)
	}
	return desired, nil
}

// parseIfThere is parse for a command that can do without a file, as loadIfThere.
func (s *specFlags) parseIfThere(a *app) (spec *topicspec.Spec, found bool, err error) {
	if _, err := os.Stat(s.file); errors.Is(err, fs.ErrNotExist) && !s.flags.Changed("file") {
		return nil, false, nil
	}
	spec, err = s.parse(a)
	return spec, err == nil, err
}

// parse reads and checks the spec: [topicspec.Problems] for a bad one.
func (s *specFlags) parse(a *app) (*topicspec.Spec, error) {
	in, name := a.in, "<stdin>"
	if s.file != "-" {
		file, err := os.Open(s.file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, withHint(usagef("no such file: %s", s.file), "-f FILE names the topics file; kafkactl schema describes it")
		}
		if err != nil {
			return nil, asUsage(fmt.Errorf("open the topics file: %w", err))
		}
		defer file.Close() //nolint:errcheck // only read
		in, name = file, s.file
	}
	spec, err := topicspec.Parse(in, topicspec.Source{File: name, Lookup: a.lookupEnv, Profile: s.profile})
	if err != nil {
		var problems topicspec.Problems
		if !errors.As(err, &problems) {
			err = asUsage(err)
		}
		return nil, err
	}
	return spec, nil
}
