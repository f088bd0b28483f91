package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/properties"
)

// securityAnnotation marks the flags of TLS and SASL. Help shows them in one place, kafkactl help
// security, and every command names it.
const securityAnnotation = "kafkactl/security"

// passwordVariable has the password. No flag has it: every user of a machine sees command lines.
const passwordVariable = envPrefix + "SASL_PASSWORD"

// securityFlags is what a command line, or its variables, says about TLS and SASL.
type securityFlags struct {
	config, protocol                  string
	tls, strict                       bool
	ca, certificate, key, serverName  string
	mechanism, username, passwordFile string

	flags *pflag.FlagSet
}

// AddSecurityFlags adds the flags of TLS and SASL to a command that connects, and nothing to any other.
// It is called for the one command that runs: for all of them it would cost every start some time.
func AddSecurityFlags(cmd *cobra.Command) {
	c := connectionOf(cmd)
	if c == nil || c.security.flags != nil {
		return
	}
	own, s := pflag.NewFlagSet("", pflag.ContinueOnError), &c.security
	s.flags = cmd.Flags()
	s.addConfig(own)
	own.BoolVar(&s.strict, "strict-config", false, "refuse a file with a key that no client of Kafka has")
	ChoiceVar(own, &s.protocol, "security-protocol", "", "how the brokers are spoken to: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL",
		string(properties.Plaintext), string(properties.SSL), string(properties.SASLPlaintext), string(properties.SASLSSL))
	own.BoolVar(&s.tls, "tls", false, "encrypt: SSL, or SASL_SSL with a login")
	own.StringVar(&s.ca, "tls-ca", "", "PEM file, or directory of them, of the authorities to trust (default those of the system)")
	own.StringVar(&s.certificate, "tls-cert", "", "PEM file of the client's certificate")
	own.StringVar(&s.key, "tls-key", "", "PEM file of its key")
	own.StringVar(&s.serverName, "tls-server-name", "", "name that the brokers' certificates must have, in place of the host that is dialled")
	ChoiceVar(own, &s.mechanism, "sasl-mechanism", "", "how to log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM",
		properties.Plain, properties.ScramSHA256, properties.ScramSHA512, properties.OAuthBearer, properties.AWSMSKIAM)
	own.StringVar(&s.username, "sasl-username", "", "user to log in as")
	own.StringVar(&s.passwordFile, "sasl-password-file", "", "file that holds the password; "+passwordVariable+" holds the password itself")
	own.VisitAll(func(flag *pflag.Flag) {
		flag.Annotations = map[string][]string{securityAnnotation: {}}
		if flag.Name != "command-config" {
			annotateEnv(flag, variableOf(flag.Name))
		}
	})
	cmd.Flags().AddFlagSet(own)
	for _, name := range []string{"command-config", "tls-ca", "tls-cert", "tls-key", "sasl-password-file"} {
		_ = cmd.MarkFlagFilename(name)
	}
	s.finishConfig()
}

// addConfig adds --config, and Apache's spelling of it, --command-config.
func (s *securityFlags) addConfig(own *pflag.FlagSet) {
	const usage = "Kafka's client.properties; other flags, and variables, win over it"
	own.StringVar(&s.config, "command-config", "", usage)
	if s.flags.Lookup("config") == nil {
		own.StringVar(&s.config, "config", "", usage)
	}
}

// finishConfig gives the flag its variable under the name that it goes by: --command-config where --config is a setting
// of a topic, as with kafka-topics.
func (s *securityFlags) finishConfig() {
	apache, config := s.flags.Lookup("command-config"), s.flags.Lookup("config")
	if !isSecurity(config) {
		annotateEnv(apache, variableOf("config"))
		return
	}
	apache.Hidden = true
	config.Annotations[cobra.BashCompFilenameExt] = []string{}
}

// configFlag returns the name of the flag that took the file, for messages.
func (s *securityFlags) configFlag() string {
	if config := s.flags.Lookup("config"); isSecurity(config) && config.Changed {
		return givenBy(config)
	}
	return givenBy(s.flags.Lookup("command-config"))
}

func isSecurity(flag *pflag.Flag) bool {
	if flag == nil {
		return false
	}
	_, is := flag.Annotations[securityAnnotation]
	return is
}

// HideSecurityFlags leaves the flags of TLS and SASL out of the help while show runs, and returns the line that
// stands for them; "" for a command that does not connect.
func HideSecurityFlags(cmd *cobra.Command, show func() error) (line string, err error) {
	var hidden []*pflag.Flag
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if isSecurity(flag) && !flag.Hidden {
			flag.Hidden = true
			hidden = append(hidden, flag)
		}
	})
	err = show()
	for _, flag := range hidden {
		flag.Hidden = false
	}
	if connectionOf(cmd) == nil {
		return "", err
	}
	config := "config"
	if flag := cmd.Flags().Lookup(config); flag != nil && !isSecurity(flag) {
		config = "command-config"
	}
	return fmt.Sprintf("TLS and SASL: --%s FILE, --tls, --sasl-mechanism and more; see kafkactl help security", config), err
}

// connectionOf returns the connection of a command, nil for one that does not connect.
func connectionOf(cmd *cobra.Command) *Connection {
	flag := cmd.Flags().Lookup("brokers")
	if flag == nil {
		return nil
	}
	list, ok := flag.Value.(*addressList)
	if !ok {
		return nil
	}
	return list.connection
}
