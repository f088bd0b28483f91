package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
)

// securityHelp is the hint of whoever gave settings that do not go together.
const securityHelp = "kafkactl help security has examples"

// ReadSecurity reads the file of --config, and what flags and variables say about TLS and SASL, into the
// connection of cmd. What is wrong with them is a usage error: nothing was dialled.
func (a *App) ReadSecurity(cmd *cobra.Command) error {
	c := connectionOf(cmd)
	if c == nil {
		return nil
	}
	client, err := c.security.read(a)
	if client == nil && err == nil {
		return nil
	}
	if err == nil {
		err = c.take(cmd, client)
	}
	if err != nil {
		if kafka.OwnFault(err) != nil {
			return err
		}
		return withDoubts(WithHint(AsUsage(err), cmp.Or(HintOf(err), securityHelp)), c.doubts, func(key string) bool { return strings.HasPrefix(key, "ssl.") })
	}
	c.warnings = client.Warnings
	return nil
}

// WarnOfSecurity tells what [App.ReadSecurity] found to have no effect, or to weaken the connection. Programs need to
// know that, too.
func (a *App) WarnOfSecurity(cmd *cobra.Command) {
	c := connectionOf(cmd)
	if c == nil {
		return
	}
	for _, warning := range c.warnings {
		if a.Format == FormatJSON {
			a.Warn(warning.String())
		} else {
			a.Notef("warning: %s", warning)
		}
	}
}

// take makes the connection what client says, except what the command line says itself.
func (c *Connection) take(cmd *cobra.Command, client *properties.Client) error {
	c.doubts = client.Doubts
	security, err := kafka.NewSecurity(*client, c.security.serverName)
	if err != nil {
		return err
	}
	c.secured, c.clientID, c.timeouts = security, client.ClientID, client.Timeouts
	if list, _ := cmd.Flags().Lookup("brokers").Value.(*addressList); len(client.Brokers) > 0 && !list.given {
		addrs, err := kafka.ParseAddresses(kafka.BrokerAddress, strings.Join(client.Brokers, ","))
		if err = errors.Join(kafka.CheckAddresses(kafka.BrokerAddress, addrs), err); err != nil {
			return fmt.Errorf("%s: bootstrap.servers: %w", c.security.config, err)
		}
		c.Brokers = addrs
	}
	for name, value := range map[string]string{
		"acks": client.Defaults.Acks, "compression": client.Defaults.Compression, "isolation": client.Defaults.Isolation,
	} {
		if flag := cmd.Flags().Lookup(name); flag != nil && !flag.Changed && value != "" {
			if err := flag.Value.Set(value); err != nil {
				return fmt.Errorf("%s: %s: %w", c.security.config, name, err)
			}
		}
	}
	return nil
}

// read returns the client that file, variables and flags describe together; nil where there is none of them.
func (s *securityFlags) read(a *App) (*properties.Client, error) {
	settings := s.settings()
	if s.config == "" && len(settings) == 0 && !s.wantsTLS() && s.passwordFile == "" {
		return nil, nil
	}
	if err := s.check(a); err != nil {
		return nil, err
	}
	password, err := s.password(a)
	if err != nil {
		return nil, err
	}
	var data []byte
	if s.config != "" {
		if data, err = os.ReadFile(s.config); err != nil {
			return nil, fmt.Errorf("%s: %w", s.configFlag(), err)
		}
	}
	source := properties.Source{
		File: s.config, LookupEnv: a.LookupEnv, ReadFile: os.ReadFile, Settings: append(settings, password...), Strict: s.strict,
	}
	if s.wantsTLS() {
		source.TLS = s.nameOf(cmp.Or(s.ofTLS(), "tls"))
	}
	client, err := properties.Parse(bytes.NewReader(data), source)
	return &client, err
}

// settings returns the keys that flags and variables set.
func (s *securityFlags) settings() []properties.Setting {
	var settings []properties.Setting
	for _, of := range []struct{ flag, key, value string }{
		{"security-protocol", "security.protocol", s.protocol},
		{"tls-ca", "ssl.ca.location", s.ca},
		{"tls-cert", "ssl.certificate.location", s.certificate},
		{"tls-key", "ssl.key.location", s.key},
		{"sasl-mechanism", "sasl.mechanism", s.mechanism},
		{"sasl-username", "sasl.username", s.username},
	} {
		if of.value != "" {
			settings = append(settings, properties.Setting{Name: s.nameOf(of.flag), Key: of.key, Value: properties.NewSecret(of.value)})
		}
	}
	return settings
}

// nameOf returns what a message calls a setting: its flag, or the variable that set it.
func (s *securityFlags) nameOf(flag string) string {
	if s.flags == nil {
		return "--" + flag
	}
	return givenBy(s.flags.Lookup(flag))
}

func (s *securityFlags) wantsTLS() bool { return s.tls || s.ofTLS() != "" }

// ofTLS returns the first flag given that means something with TLS only, "" for none.
func (s *securityFlags) ofTLS() string {
	for _, of := range []struct{ flag, value string }{
		{"tls-ca", s.ca}, {"tls-cert", s.certificate}, {"tls-key", s.key}, {"tls-server-name", s.serverName},
	} {
		if of.value != "" {
			return of.flag
		}
	}
	return ""
}

func (s *securityFlags) wantsLogin() bool { return s.mechanism != "" || s.username != "" }

// check refuses flags that do not go together. What a file says may be missing here.
func (s *securityFlags) check(a *App) error {
	protocol := properties.Protocol(s.protocol)
	_, hasPassword := a.LookupEnv(passwordVariable)
	hasUser := s.mechanism == properties.Plain || strings.HasPrefix(s.mechanism, "SCRAM-")
	switch {
	case protocol != "" && !protocol.HasTLS() && s.tls:
		return fmt.Errorf("%s and %s %s contradict each other", s.nameOf("tls"), s.nameOf("security-protocol"), protocol)
	case protocol != "" && !protocol.HasTLS() && s.ofTLS() != "":
		return fmt.Errorf("%s has no effect with %s %s", s.nameOf(s.ofTLS()), s.nameOf("security-protocol"), protocol)
	case s.certificate != "" && s.key == "" && s.config == "":
		return fmt.Errorf("%s needs its key: --tls-key FILE", s.nameOf("tls-cert"))
	case s.config != "":
		return nil
	case s.wantsLogin() && protocol == "" && !s.wantsTLS():
		return errors.New("a login needs --tls, or --security-protocol SASL_PLAINTEXT to send it without encryption")
	case hasUser && s.username == "":
		return fmt.Errorf("%s %s needs a user: --sasl-username", s.nameOf("sasl-mechanism"), s.mechanism)
	case s.username != "" && s.mechanism == "":
		return fmt.Errorf("%s needs --sasl-mechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", s.nameOf("sasl-username"))
	case hasUser && s.passwordFile == "" && !hasPassword:
		return fmt.Errorf("%s %s needs a password: --sasl-password-file FILE, or %s", s.nameOf("sasl-mechanism"), s.mechanism, passwordVariable)
	case s.mechanism == properties.OAuthBearer:
		return errors.New("OAUTHBEARER needs to know where tokens come from: --config FILE")
	}
	return nil
}

// password returns the setting of the password, none where neither file nor variable has one.
func (s *securityFlags) password(a *App) ([]properties.Setting, error) {
	name, value := passwordVariable, a.Env(passwordVariable)
	if s.passwordFile != "" {
		name = s.nameOf("sasl-password-file")
		data, err := ReadPasswordFile(name, s.passwordFile)
		if err != nil {
			return nil, err
		}
		value = strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
		if value == "" {
			return nil, fmt.Errorf("%s: the file is empty", name)
		}
	}
	if value == "" {
		return nil, nil
	}
	return []properties.Setting{{Name: name, Key: "sasl.password", Value: properties.NewSecret(value)}}, nil
}

// givenBy returns what a message calls a flag: itself, or the variable that set it.
func givenBy(flag *pflag.Flag) string {
	if variable := flag.Annotations[fromAnnotation]; len(variable) > 0 {
		return variable[0]
	}
	return "--" + flag.Name
}
