package access

import (
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/accessadmin"
	"kafkactl/internal/certificates"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

const accessLong = `What services need to know about their access. "kafkactl plan" and "kafkactl apply"
make users and ACLs as the topics file declares them, "kafkactl describe access" compares.`

const credentialsLong = `Prints a client.properties by which a service of the topics file logs in: for kafkactl
(--config) and for Java's clients and tools, 2.7 or newer. It has the password, which no
other command prints: keep what it prints in a file for its owner alone (umask 077).

The password is where services.SERVICE.scram.password of the file says. None is made
here, no broker is asked, and nothing is written. The addresses are those of --brokers;
whether connections are encrypted, and which authorities they trust, is as it is for
kafkactl itself (--config, --tls, --tls-ca). The authorities are in what is printed, so
that it can be copied to another machine.`

const credentialsExample = `  umask 077; kafkactl access credentials OrderService --config admin.properties > order-service.properties
  kafkactl access credentials OrderService --config admin.properties -b kafka:9092
  kafkactl whoami --config order-service.properties      # is it taken, and what may it do?`

type credentialsOptions struct {
	app *cli.App
	cli.Connection
	spec cli.SpecFlags
}

// NewAccessCmd returns the command access, which only has others below it.
func NewAccessCmd(a *cli.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "access",
		Short:   "Give a service what it logs in with",
		Long:    accessLong,
		Example: credentialsExample,
		Args:    cli.ExactArgs(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCredentialsCmd(a))
	return cmd
}

func newCredentialsCmd(a *cli.App) *cobra.Command {
	o := &credentialsOptions{app: a}
	cmd := &cobra.Command{
		Use:     "credentials SERVICE",
		Short:   "Print the client.properties of a service, with its password",
		Long:    credentialsLong,
		Example: credentialsExample,
		Args:    cli.ExactArgs("SERVICE"),
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(args[0]) },
	}
	o.AddAddressFlags(cmd)
	o.spec.AddFlags(cmd)
	return cmd
}

func (o *credentialsOptions) run(name string) error {
	spec, err := o.spec.Parse(o.app)
	if err != nil {
		return err
	}
	service, err := serviceOf(spec, o.spec.Profile, name)
	if err != nil {
		return err
	}
	password, err := o.password(service)
	if err != nil {
		return err
	}
	security := o.app.ClientConfig(&o.Connection).Security
	settings := append([][2]string{{"bootstrap.servers", strings.Join(o.Brokers, ",")}}, o.login(service, password, security.Protocol)...)
	settings = append(settings, trustSettings(security)...)
	if security.Trust().SkipsAll {
		o.app.Notef("note: kafkactl verifies no certificate of a broker here; Java's clients always do, and need its authority in what they trust")
	}
	text := certificates.PropertiesText(fmt.Sprintf("Made by kafkactl access credentials %s. It has a password.", name), settings)
	if _, err := o.app.Out.Write(text); err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	return nil
}

// password returns that of a service, from where the file says that it is.
func (o *credentialsOptions) password(service topicspec.DesiredService) (properties.Secret, error) {
	if service.Scram == nil {
		return properties.Secret{}, cli.WithHint(cli.Usagef("%s has no password: the topics file declares no scram for it", service.Name),
			fmt.Sprintf("write services.%s.scram: {password: {generate: FILE}}, and kafkactl apply makes the user", service.Name))
	}
	user, source := strings.TrimPrefix(service.Principal, userPrefix), service.Scram.Password
	password, err := accessadmin.Secrets{LookupEnv: o.app.LookupEnv}.Password(user, source)
	switch {
	case err != nil:
		return password, cli.AsUsage(err)
	case !password.IsSet():
		return password, cli.WithHint(fmt.Errorf("password of user %s: there is no file %s yet", user, source.Generate), "kafkactl apply makes it, with the user")
	}
	return password, nil
}

// login returns the settings by which the service logs in.
func (o *credentialsOptions) login(service topicspec.DesiredService, password properties.Secret, as properties.Protocol) [][2]string {
	protocol := properties.SASLSSL
	if !as.HasTLS() {
		protocol = properties.SASLPlaintext
		o.app.Notef("note: the connection has no TLS, and neither have these credentials: --tls, or --tls-ca FILE, makes it SASL_SSL")
	}
	mechanism := service.Scram.Mechanisms[0]
	if slices.Contains(service.Scram.Mechanisms, properties.ScramSHA512) {
		mechanism = properties.ScramSHA512
	}
	user := strings.TrimPrefix(service.Principal, userPrefix)
	return [][2]string{
		{"security.protocol", string(protocol)},
		{"sasl.mechanism", mechanism},
		{"sasl.jaas.config", properties.JAAS(mechanism, user, password).Reveal()},
	}
}

// trustSettings returns the settings that trust whom the connection trusts; none for the authorities of the system, and
// without TLS.
func trustSettings(security kafka.Security) [][2]string {
	var settings [][2]string
	trust := security.Trust()
	if trust.Authorities != nil {
		var text strings.Builder
		for _, certificate := range trust.Authorities {
			_ = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}) // a Builder takes everything
		}
		settings = append(settings, [2]string{"ssl.truststore.type", "PEM"}, [2]string{"ssl.truststore.certificates", strings.TrimSpace(text.String())})
	}
	if trust.SkipsName {
		settings = append(settings, [2]string{"ssl.endpoint.identification.algorithm", ""})
	}
	return settings
}
