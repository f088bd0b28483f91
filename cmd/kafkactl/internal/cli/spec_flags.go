package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/topicspec"
)

// SpecFlags is the flags that name a topics file and its profile.
type SpecFlags struct {
	File string
	// Profile is the profile of the file, "" for none.
	Profile string
	Flags   *pflag.FlagSet
	// Warn is what Load says of the file on stderr.
	Warn Warn
}

// Warn is which warnings about a topics file a command says.
type Warn int

const (
	// WarnNothing is for commands that only read what is declared.
	WarnNothing Warn = iota
	// WarnDoubts says what is hardly meant. It is for commands whose brokers judge the rest.
	WarnDoubts
	// WarnAll also says what only some Kafka takes, and is for commands without a real broker.
	WarnAll
)

// AddFlags adds --file and --profile.
func (s *SpecFlags) AddFlags(cmd *cobra.Command) {
	s.Flags = cmd.Flags()
	cmd.Flags().StringVarP(&s.File, "file", "f", DefaultSpec, "the topics file; - reads stdin")
	cmd.Flags().StringVar(&s.Profile, "profile", "", "profile of the file to merge over defaults and topics")
	MarkEnv(cmd, "file", "profile")
	_ = cmd.MarkFlagFilename("file", "yaml", "yml")
}

// Parse reads and checks the topics file. The error is [topicspec.Problems] for a bad one.
func (s *SpecFlags) Parse(a *App) (*topicspec.Spec, error) {
	in, name := a.In, "<stdin>"
	if s.File != "-" {
		file, err := OpenFile(s.File)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, WithHint(err, "-f FILE names the topics file; kafkactl schema describes it")
		}
		if err != nil {
			if inside := filepath.Join(s.File, DefaultSpec); isThere(inside) {
				err = WithHint(err, "name the file in it: -f "+inside)
			}
			return nil, err
		}
		defer file.Close() //nolint:errcheck // only read
		in, name = file, s.File
	}
	wantsSecret := false
	spec, err := topicspec.Parse(in, topicspec.Source{File: name, Profile: s.Profile, Lookup: func(variable string) (string, bool) {
		if wantsSecret = wantsSecret || variable == passwordVariable; variable == passwordVariable {
			return "", false
		}
		return a.LookupEnv(variable)
	}})
	if wantsSecret { // plans, reports and the topics themselves would show it
		return nil, Usagef("%s: ${%s} is a secret, and no part of a topics file is", name, passwordVariable)
	}
	if err != nil {
		var problems topicspec.Problems
		if !errors.As(err, &problems) {
			err = AsUsage(err)
		}
		return nil, err
	}
	return spec, nil
}

// Declared is what a topics file declares, with profile and defaults applied.
type Declared struct {
	Topics []topicspec.Desired
	// Access is who shall be able to do what. Without a principal in the file nothing of it is managed.
	Access topicspec.DesiredAccess
}

// Load reads and checks the topics file, and returns what it declares with profile and defaults
// applied. The error is [topicspec.Problems] for a bad one.
func (s *SpecFlags) Load(a *App) (Declared, error) {
	spec, err := s.Parse(a)
	if err != nil {
		return Declared{}, err
	}
	return s.Declared(a, spec)
}

// Declared returns what a spec declares with profile and defaults applied, and says its warnings.
func (s *SpecFlags) Declared(a *App, spec *topicspec.Spec) (Declared, error) {
	desired, err := spec.Desired(s.Profile)
	if err != nil {
		return Declared{}, AsUsage(err)
	}
	access, err := spec.Access(s.Profile)
	if err != nil {
		return Declared{}, AsUsage(err)
	}
	for _, w := range spec.Warnings() {
		chosen := w.Profile == "" || w.Profile == s.Profile
		if s.Warn == WarnAll && chosen || s.Warn == WarnDoubts && chosen && w.RefusedBy == "" {
			a.Notef("warning: %s", w)
		}
	}
	return Declared{desired, access}, nil
}

// ParseIfThere is Parse for a command that can do without a topics file: found is false when
// none was named and the default one does not exist.
func (s *SpecFlags) ParseIfThere(a *App) (spec *topicspec.Spec, found bool, err error) {
	return ifThere(a, s, s.Parse)
}

// LoadIfThere is Load for a command that can do without a topics file, as [SpecFlags.ParseIfThere].
func (s *SpecFlags) LoadIfThere(a *App) (declared Declared, found bool, err error) {
	return ifThere(a, s, s.Load)
}

func isThere(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func ifThere[T any](a *App, s *SpecFlags, read func(*App) (T, error)) (content T, found bool, err error) {
	if _, err := os.Stat(s.File); errors.Is(err, fs.ErrNotExist) && !s.Flags.Changed("file") {
		return content, false, nil
	}
	content, err = read(a)
	return content, err == nil, err
}
