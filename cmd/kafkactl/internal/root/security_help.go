package root

import "github.com/spf13/cobra"

// newSecurityHelp returns the help topic security. cli/security_flags.go has the flags themselves.
func newSecurityHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "security",
		Short: "TLS, SASL and client.properties",
		Long: `Every command that connects takes these flags. A flag wins over its variable (kafkactl
help environment), a variable over the file.

  --config FILE              Kafka's client.properties, or a file with the keys of librdkafka
  --strict-config            refuse a file with a key that no client of Kafka has
  --security-protocol WORD   PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
  --tls                      encrypt: SSL, or SASL_SSL with a login
  --tls-ca FILE              authorities to trust, PEM; also a directory (default: the system's)
  --tls-cert FILE            the client's certificate, PEM
  --tls-key FILE             its key, PEM
  --tls-server-name NAME     name that the brokers' certificates must have, in place of the host
                             that is dialled
  --sasl-mechanism WORD      PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or
                             AWS_MSK_IAM
  --sasl-username NAME       user to log in as
  --sasl-password-file FILE  file that holds the password

No flag takes a password, since every user of a machine sees command lines: it is in one of
the files, or in KAFKACTL_SASL_PASSWORD.

--config takes the file that Kafka's own tools and services have, unchanged. Its
bootstrap.servers are asked where neither -b nor KAFKACTL_BROKERS names brokers, and relative
paths in it are relative to the working directory. With create and alter, where --config is a
setting of the topic, it is --command-config, as with kafka-topics; that name is taken
everywhere.

AWS_MSK_IAM takes the identity that the environment leads to, as AWS's own tools do:
AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, a web identity (EKS), or the role of a container
(ECS, EKS); awsRoleArn of a file is assumed with it. Profiles, SSO and the role of an EC2 instance
are not asked: the AWS CLI puts their keys into the environment, as the example below shows. The
region is that of the broker's name, or else AWS_REGION.

Time limits of the file hold, too: request.timeout.ms, or socket.timeout.ms, is what a broker
has to answer (5s without it), default.api.timeout.ms for how long a request that fails is
sent again (5s), and socket.connection.setup.timeout.ms, or its max where that is less, what
one address has to accept a connection with TLS (2s, or 1s for the question whether it is
ready). --timeout bounds all of them.

kafkactl whoami tells who you are to the brokers, and what you may do. Which rights each
command needs is in docs/guide/rights.md.

Examples:
  kafkactl list --config client.properties
  kafkactl list --tls -b kafka.example.com:9093
  kafkactl list --tls-ca ca.pem --tls-cert app.pem --tls-key app.key -b kafka.example.com:9093
  kafkactl list --tls --sasl-mechanism PLAIN --sasl-username app --sasl-password-file password.txt
  eval "$(aws configure export-credentials --profile NAME --format env)"
  kafkactl list --tls --sasl-mechanism AWS_MSK_IAM -b b-1.demo.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098
  kafkactl apply --config client.properties --sasl-username admin --sasl-password-file admin.txt
  kafkactl create order.created --command-config client.properties --config retention.ms=1d`,
	}
}
