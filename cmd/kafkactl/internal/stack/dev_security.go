package stack

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
	"kafkactl/internal/embedded"
	"kafkactl/internal/properties"
)

// defaultUser is who may log in where nobody is named.
const defaultUser = "dev"

// devSecurity is what the command line of dev says about TLS and SASL. Its zero value is PLAINTEXT.
type devSecurity struct {
	tls, clientAuth, sasl bool
	mechanism             string   // of the files and variables; every mechanism is offered
	users                 []string // NAME or NAME=FILE
	dir                   string   // "" is one below the data directory, or a temporary one
}

func (s *devSecurity) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&s.tls, "tls", false, "encrypt: clients need ca.crt of the security directory")
	flags.BoolVar(&s.clientAuth, "tls-client-auth", false, "with --tls: let in only clients with a certificate of that CA")
	flags.BoolVar(&s.sasl, "sasl", false, "let in only who logs in, by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512")
	cli.ChoiceVar(flags, &s.mechanism, "sasl-mechanism", properties.ScramSHA512, "mechanism that the files and variables for clients name",
		properties.Plain, properties.ScramSHA256, properties.ScramSHA512)
	flags.StringArrayVar(&s.users, "user", nil,
		"who may log in, as `NAME[=FILE]` with a file that holds the password; repeatable (default: dev, and generated passwords)")
	flags.StringVar(&s.dir, "security-dir", "", "directory of certificates, passwords and client.properties (default: security in --data-dir, or a temporary one)")
	_ = cmd.MarkFlagDirname("security-dir")
}

// protocol is that of the listeners.
func (s *devSecurity) protocol() properties.Protocol {
	switch {
	case s.tls && s.sasl:
		return properties.SASLSSL
	case s.tls:
		return properties.SSL
	case s.sasl:
		return properties.SASLPlaintext
	}
	return properties.Plaintext
}

func (s *devSecurity) wanted() bool { return s.tls || s.sasl }

// check refuses flags that mean nothing, and names that cannot be; changed reports whether a flag was given.
func (s *devSecurity) check(changed func(flag string) bool, advertise embedded.Endpoint) error {
	for _, of := range []struct {
		flag, needs string
		has         bool
	}{
		{"tls-client-auth", "--tls", s.tls},
		{"user", "--sasl", s.sasl},
		{"sasl-mechanism", "--sasl", s.sasl},
		{"security-dir", "--tls or --sasl", s.wanted()},
	} {
		if changed(of.flag) && !of.has {
			return cli.Usagef("--%s needs %s", of.flag, of.needs)
		}
	}
	if s.tls && advertise.Host != "" {
		if err := certificates.CheckHost(advertise.Host); err != nil {
			return cli.AsUsage(fmt.Errorf("--advertise %s: %w", advertise.Host, err))
		}
	}
	return s.checkUsers()
}

func (s *devSecurity) checkUsers() error {
	var seen []string
	for _, user := range s.userFiles() {
		same := func(other string) bool { return strings.EqualFold(other, user.name) }
		var problem error
		switch {
		case slices.ContainsFunc(seen, same):
			problem = errors.New("named twice")
		case same(clientName):
			problem = errors.New(clientName + ".properties is another file")
		default:
			problem = checkUserName(user.name)
		}
		if problem != nil {
			return cli.AsUsage(fmt.Errorf("--user %q: %w", user.name, problem))
		}
		seen = append(seen, user.name)
	}
	return nil
}

// checkUserName takes what is the name of a file on every system, and the same text in all forms of a login.
func checkUserName(name string) error {
	legal := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-'
	}
	if name == "" || len(name) > 64 || name[0] == '.' || name[0] == '-' || strings.ContainsFunc(name, func(r rune) bool { return !legal(r) }) {
		return errors.New(`a name has up to 64 letters, digits, ".", "-" and "_", and begins with a letter or a digit`)
	}
	return nil
}

// userFile is who may log in; file holds the password, "" is one of the security directory.
type userFile struct{ name, file string }

// userFiles returns the users in their order; the first one is that of client.properties.
func (s *devSecurity) userFiles() []userFile {
	if !s.sasl {
		return nil
	}
	var users []userFile
	for _, text := range s.users {
		name, file, _ := strings.Cut(text, "=")
		users = append(users, userFile{name, file})
	}
	if users == nil {
		users = []userFile{{defaultUser, ""}}
	}
	return users
}

// directory returns the directory of the files, "" for a temporary one.
func (s *devSecurity) directory(dataDir string) string {
	if s.dir == "" && dataDir != "" {
		return filepath.Join(dataDir, "security")
	}
	return s.dir
}
