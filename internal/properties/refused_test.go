package properties

import (
	"crypto/tls"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func curveIDs(ids ...tls.CurveID) []tls.CurveID { return ids }

// refusedCase is a file and all problems of it, without the name of the file before them.
type refusedCase struct {
	name, file string
	want       []string
}

func refusedLogins() []refusedCase {
	return []refusedCase{
		{"all in one run", "security.protocol=SASL_SLL\nrequest.timeout.ms=30s\nisolation.level=red_committed\nsasl.mechanism=plain\nclient.id=\\u12", []string{
			"1: security.protocol: is none of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL; did you mean SASL_SSL?",
			"2: request.timeout.ms: is no number of milliseconds; write digits only, such as 30000",
			"3: isolation.level: is none of read_committed, read_uncommitted; did you mean read_committed?",
			"4: sasl.mechanism: is none of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, AWS_MSK_IAM; did you mean PLAIN?",
			`5:11: \u is not followed by four hexadecimal digits, and Java refuses the whole file; write \\ for a backslash`,
		}},
		{"mechanism without a protocol that logs in", "sasl.mechanism=PLAIN\nsasl.username=a\nsasl.password=b", []string{
			"1: sasl.mechanism: has no effect without security.protocol, which is PLAINTEXT by default; write security.protocol=SASL_SSL (or SASL_PLAINTEXT)",
		}},
		{"mechanism with SSL", "security.protocol=SSL\nsasl.mechanism=PLAIN", []string{
			"2: sasl.mechanism: has no effect with security.protocol=SSL; write security.protocol=SASL_SSL",
		}},
		{"no mechanism", "security.protocol=SASL_SSL\n" + scramLogin, []string{
			"1: security.protocol: is SASL_SSL, and no sasl.mechanism is given; Kafka's default, GSSAPI, is Kerberos, which is not built in; add sasl.mechanism=SCRAM-SHA-512 or SCRAM-SHA-256",
		}},
		{"Kerberos", "security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI\nsasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required;", []string{
			"2: sasl.mechanism: " + noKerberos + "; " + otherMechanisms,
			"3:18: sasl.jaas.config: " + noKerberos + "; " + otherMechanisms,
		}},
		{"module that does not fit", "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n" + scramLogin, []string{
			"3:18: sasl.jaas.config: has a login module that does not fit sasl.mechanism=PLAIN; this module is that of SCRAM-SHA-512 and SCRAM-SHA-256",
		}},
		{"unknown module", "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.PlainLoginModule required;", []string{
			"3:18: sasl.jaas.config: begins with a login module that kafkactl does not have; did you mean org.apache.kafka.common.security.plain.PlainLoginModule?",
		}},
		{"JAAS over several lines, and the place of its fault", "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + plainModule + " required \\\n  username=\"app\" \\\n  password=1234;", []string{
			"5:12: sasl.jaas.config: " + likeNumber + `; write it as "…"`,
		}},
		{"JAAS cut off", "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + plainModule + " required\n  username=\"app\"\n  password=\"x\";", []string{
			"3:81: sasl.jaas.config: does not end with a semicolon; write ; after the last option; a value of several lines has a backslash at the end of each but the last",
		}},
		{"jaas and librdkafka's keys differ", scramFile + "sasl.username=other\nsasl.password=secret", []string{
			"4: sasl.username: differs from what sasl.jaas.config says; keep one of them",
		}},
		{"no credentials", "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN", []string{
			"2: sasl.mechanism: has no password; give password=\"…\" in sasl.jaas.config, or sasl.password",
			"2: sasl.mechanism: has no user name; give username=\"…\" in sasl.jaas.config, or sasl.username",
		}},
		{"two names of one thing", "bootstrap.servers=a:1\nmetadata.broker.list=b:1", []string{
			"2: metadata.broker.list: and bootstrap.servers are two names of the same thing, with different values; keep one of them",
		}},
		{"another protocol in an address", "bootstrap.servers=SASL_SSL://a:1", []string{
			"1: bootstrap.servers: has an address with another protocol before it than security.protocol, which is PLAINTEXT; let both say the same; Java looks at security.protocol only",
		}},
		{"a broker's file", "node.id=1\nlisteners=PLAINTEXT://:9092\nlistener.name.x.sasl.jaas.config=y\n", []string{
			"1: node.id: this is a broker's key, as 2 more of the file are; give a client's file, which has bootstrap.servers and security.protocol",
		}},
		{"OAUTHBEARER without a source", "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.assertion.file=/x", []string{
			"2: sasl.mechanism: has no source of tokens: Java would make one without a signature; add sasl.login.callback.handler.class=" + oauthHandler + " and sasl.oauthbearer.token.endpoint.url",
			"3: sasl.oauthbearer.assertion.file: kafkactl does not log in with a signed assertion (jwt-bearer); use client_credentials with client id and secret, or a token in a file",
		}},
		{"OAUTHBEARER without its settings", "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.method=oidc\nsasl.oauthbearer.token.endpoint.url=https://user:pw@idp/", []string{
			"4: sasl.oauthbearer.token.endpoint.url: has a user or a password in it, which Java does not send; give client id and client secret by their keys",
			"4: sasl.oauthbearer.token.endpoint.url: wants a client id; add sasl.oauthbearer.client.credentials.client.id",
			"4: sasl.oauthbearer.token.endpoint.url: wants a client secret; add sasl.oauthbearer.client.credentials.client.secret",
		}},
		{"options of AWS", "security.protocol=SASL_SSL\nsasl.mechanism=AWS_MSK_IAM\nsasl.jaas.config=" + awsModule + ` required awsProfileName="p" awsMaxRetries="many";` + "\nsasl.client.callback.handler.class=" + awsClientHandler, []string{
			"3: sasl.jaas.config: has an awsMaxRetries that is no number; write digits only",
			"3: sasl.jaas.config: has awsProfileName, and kafkactl reads no profiles of ~/.aws; take it out, and set the variables of the profile: eval \"$(aws configure export-credentials --profile NAME --format env)\"",
		}},
		{"a token of STS", "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.method=oidc\nsasl.oauthbearer.metadata.authentication.type=aws_iam", []string{
			"4: sasl.oauthbearer.metadata.authentication.type: kafkactl asks AWS for no token but that of Amazon MSK; for MSK give sasl.login.callback.handler.class=" + awsTokenHandler + "; else have the token written to a file, and give " + tokenURLKey + "=file:///PATH",
		}},
		{"classes", "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.login.callback.handler.class=io.strimzi.X\nsasl.client.callback.handler.class=y", []string{
			"3: sasl.login.callback.handler.class: kafkactl does not run classes of Java; have the token written to a file, and give sasl.oauthbearer.token.endpoint.url=file:///PATH",
			"4: sasl.client.callback.handler.class: kafkactl does not run classes of Java; take the line out, and give the credentials by the other keys",
		}},
	}
}

func refusedTLS() []refusedCase {
	return []refusedCase{
		{"PEM with passwords", "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location=/t\nssl.truststore.password=x\nssl.keystore.type=PEM\nssl.keystore.location=/k\nssl.keystore.password=y", []string{
			"4: ssl.truststore.password: Kafka refuses a password of a store of the type PEM; take it out",
			"7: ssl.keystore.password: Kafka refuses a password of a store of the type PEM; take it out; the password of an encrypted key is ssl.key.password",
		}},
		{"stores as Java refuses them", "security.protocol=SSL\nssl.truststore.password=x\nssl.keystore.location=/k\nssl.keystore.certificate.chain=c", []string{
			"2: ssl.truststore.password: is the password of a truststore that is not given; add ssl.truststore.location",
			"4: ssl.keystore.certificate.chain: is a certificate without its key; add ssl.keystore.key",
			"4: ssl.keystore.certificate.chain: is for a keystore of the type PEM, and Kafka's default is JKS; add ssl.keystore.type=PEM",
		}},
		{"types of stores", "security.protocol=SSL\nssl.truststore.type=JCEKS\nssl.keystore.type=pem", []string{
			"2: ssl.truststore.type: kafkactl does not read JCEKS; convert it: keytool -importkeystore -srckeystore FILE -srcstoretype JCEKS -destkeystore FILE.p12 -deststoretype PKCS12",
			"3: ssl.keystore.type: is not how Kafka writes the type; write PEM",
		}},
		{"a key of several lines without backslashes", "security.protocol=SSL\nssl.keystore.type=PEM\nssl.keystore.certificate.chain=c\nssl.keystore.key=-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", []string{
			"4: ssl.keystore.key: has the beginning of a PEM and not its end; end each line of it but the last with \\n\\, or give a file by its location",
		}},
		{"old versions only", "security.protocol=SSL\nssl.enabled.protocols=TLSv1,TLSv1.1\nssl.crl.location=/x\nssl.endpoint.identification.algorithm=ldap", []string{
			"2: ssl.enabled.protocols: has only versions before TLS 1.2, which kafkactl does not speak; add TLSv1.2,TLSv1.3",
			"3: ssl.crl.location: revocation lists are not checked, and the file wants them to be; take the line out if that may be",
			"4: ssl.endpoint.identification.algorithm: is neither https nor empty; write https",
		}},
	}
}

// What Kafka refuses, ignores to the user's harm, or kafkactl cannot do: all of it in one run.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(refusedLogins(), refusedTLS()) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, got, _ := parsed(tt.file, testSource())
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], "client.properties:")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// An unknown key is a problem when it is to be one.
func TestStrict(t *testing.T) {
	t.Parallel()
	source := testSource()
	source.Strict = true
	_, got, warnings := parsed("ssl.trustore.location=/t", source)
	want := []string{"client.properties:1: ssl.trustore.location: is no key of Kafka's clients, and has no effect; did you mean ssl.truststore.location?"}
	if diff := cmp.Diff(want, got); diff != "" || warnings != nil {
		t.Errorf("(-want +got)\n%s%v", diff, warnings)
	}
}

// Settings from outside win over the file, and what does not fit is named by where it came from.
func TestSettings(t *testing.T) {
	t.Parallel()
	source := testSource()
	source.Settings = []Setting{
		{"--sasl-username", "sasl.username", NewSecret("other")},
		{"KAFKACTL_SASL_PASSWORD", "sasl.password", NewSecret(`a\b`)},
		{"--tls-ca", "ssl.ca.location", NewSecret("/ca.pem")},
	}
	got, problems, _ := parsed(scramFile+"ssl.truststore.location=/t.jks", source)
	want := Client{
		SecurityProtocol: SASLSSL, TLS: TLS{Truststore: Store{Location: "/ca.pem"}},
		SASL: SASL{Mechanism: ScramSHA512, Username: "other", Password: NewSecret(`a\b`)},
	}
	if diff := cmp.Diff(want, got); diff != "" || problems != nil {
		t.Errorf("(-want +got)\n%s%v", diff, problems)
	}
	source.Settings = []Setting{{"--sasl-mechanism", "sasl.mechanism", NewSecret("PLAIN")}}
	_, problems, _ = parsed("", source)
	wantProblems := []string{"--sasl-mechanism: has no effect without security.protocol, which is PLAINTEXT by default; write security.protocol=SASL_SSL (or SASL_PLAINTEXT)"}
	if diff := cmp.Diff(wantProblems, problems); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
