package properties

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const scramLogin = `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="app" password="secret";` + "\n"

const scramFile = "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n" + scramLogin

// testSource is a machine with two variables and the files of a directory of secrets.
func testSource() Source {
	files := map[string]string{
		"/run/secrets/password":        "of-directory",
		"/run/secrets/with-line-end":   "of-directory\n",
		"/run/secrets/app.properties":  "password = of\\u002dfile\nother=x",
		"/run/secrets/bad.properties":  "a=\\u00",
		"/run/secrets/utf8.properties": "password=é",
	}
	env := map[string]string{"APP_USER": "app", "APP_PASSWORD": "of-env"}
	return Source{
		File:      "client.properties",
		LookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
		ReadFile: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, &os.PathError{Op: "open", Path: path, Err: os.ErrNotExist}
		},
	}
}

// parsed is what Parse made of a file: the client, and all it said, a line each.
func parsed(file string, source Source) (client Client, problems, warnings []string) {
	client, err := Parse(strings.NewReader(file), source)
	var refused Problems
	if errors.As(err, &refused) {
		for _, p := range refused {
			problems = append(problems, p.String())
		}
	}
	for _, p := range client.Warnings {
		warnings = append(warnings, p.String())
	}
	client.Warnings, client.Places = nil, nil
	return client, problems, warnings
}

// parseCase is a file that is taken, and what it becomes.
type parseCase struct {
	name, file string
	want       Client
	warnings   []string
}

func plainCases() []parseCase {
	scram := SASL{Mechanism: ScramSHA512, Username: "app", Password: NewSecret("secret")}
	return []parseCase{
		{name: "nothing", want: Client{SecurityProtocol: Plaintext}},
		{
			name: "plaintext", file: "bootstrap.servers=a:9092, b:9092\nclient.id=me \nrequest.timeout.ms=1500\nlinger.ms=5\nacks=-1",
			want: Client{
				Brokers: []string{"a:9092", "b:9092"}, ClientID: "me", SecurityProtocol: Plaintext,
				Timeouts: Timeouts{Request: 1500 * time.Millisecond}, Defaults: Defaults{Acks: "all"},
			},
		},
		{
			name: "SCRAM over TLS", file: scramFile + "ssl.truststore.location=/t.jks\nssl.truststore.password=changeit \n",
			want: Client{
				SecurityProtocol: SASLSSL, SASL: scram,
				TLS: TLS{Truststore: Store{Location: "/t.jks", Password: NewSecret("changeit")}},
			},
		},
		{
			name: "librdkafka", file: "metadata.broker.list=a:9092\nsecurity.protocol=sasl_ssl\nsasl.mechanisms=PLAIN\nsasl.username=app\nsasl.password=secret\n" +
				"ssl.ca.location=/ca.pem\nssl.certificate.location=/c.pem\nssl.key.location=/k.pem\nssl.key.password=x\nssl.endpoint.identification.algorithm=https\n" +
				"socket.keepalive.enable=true\nlog_level=7\nssl.curves.list=P-256:X25519:no\n",
			want: Client{
				Brokers: []string{"a:9092"}, SecurityProtocol: SASLSSL,
				SASL: SASL{Mechanism: Plain, Username: "app", Password: NewSecret("secret")},
				TLS: TLS{
					Truststore: Store{Location: "/ca.pem"}, Keystore: Store{Location: "/c.pem", KeyLocation: "/k.pem"},
					KeyPassword: NewSecret("x"), Curves: curveIDs(23, 29),
				},
			},
		},
		{
			name: "mutual TLS, PEM", file: "security.protocol=SSL\nssl.keystore.type=PEM\nssl.keystore.location=/c.pem\nssl.key.password=x\nssl.truststore.type=PEM\nssl.truststore.certificates=-----BEGIN CERTIFICATE-----\\n\\\n  MII\\n\\\n  -----END CERTIFICATE-----\n",
			want: Client{SecurityProtocol: SSL, TLS: TLS{
				Truststore:  Store{Type: "PEM", PEM: NewSecret("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----")},
				Keystore:    Store{Type: "PEM", Location: "/c.pem"},
				KeyPassword: NewSecret("x"),
			}},
		},
		{
			name: "delegation token", file: "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=" + scramModule + " required username='id' password='aG1hYw==' tokenauth=\"true\";",
			want: Client{SecurityProtocol: SASLPlaintext, SASL: SASL{Mechanism: ScramSHA256, Username: "id", Password: NewSecret("aG1hYw=="), TokenAuth: true}},
		},
		{
			name: "Confluent style", file: "bootstrap.servers=SASL_SSL://a:9092\n" + scramFile + "schema.registry.url=x\nbasic.auth.user.info=a:b",
			want: Client{Brokers: []string{"a:9092"}, SecurityProtocol: SASLSSL, SASL: scram},
		},
	}
}

func tokenCases() []parseCase {
	oauthLogin := "sasl.jaas.config=" + oauthModule + " required %;\n"
	oauthFile := "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.login.callback.handler.class=" + oauthHandler + "\n"
	return []parseCase{
		{
			name: "OAUTHBEARER of an older file", file: strings.Replace(oauthFile, oauthHandler, oldOAuthHandler, 1) +
				"sasl.oauthbearer.token.endpoint.url=https://idp/token\n" +
				strings.Replace(oauthLogin, "%", `clientId='id' clientSecret='s' scope='kafka' extension_logicalCluster='lkc-1' ssl.truststore.location="/idp.p12" ssl.truststore.password="x"`, 1),
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: OAuthBearer, OAuth: OAuth{
				Source: TokenFromEndpoint, TokenURL: "https://idp/token", ClientID: "id", ClientSecret: NewSecret("s"), Scope: "kafka",
				Extensions: map[string]string{"logicalCluster": "lkc-1"},
				TLS:        TLS{Truststore: Store{Location: "/idp.p12", Password: NewSecret("x")}},
			}}},
		},
		{
			name: "OAUTHBEARER of 4.1, keys before options", file: oauthFile + "sasl.oauthbearer.token.endpoint.url=http://idp/token\n" +
				"sasl.oauthbearer.client.credentials.client.id=id\nsasl.oauthbearer.client.credentials.client.secret=s\nsasl.oauthbearer.scope=k\nsasl.login.connect.timeout.ms=100\n" +
				strings.Replace(oauthLogin, "%", `clientId="other" clientSecret="other"`, 1),
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: OAuthBearer, OAuth: OAuth{
				Source: TokenFromEndpoint, TokenURL: "http://idp/token", ClientID: "id", ClientSecret: NewSecret("s"), Scope: "k", ConnectTimeout: 100 * time.Millisecond,
			}}},
			warnings: []string{"client.properties:4: sasl.oauthbearer.token.endpoint.url: is not encrypted: client secret and token can be read on their way; use https"},
		},
		{
			name: "OAUTHBEARER of librdkafka", file: "security.protocol=sasl_ssl\nsasl.mechanisms=OAUTHBEARER\nsasl.oauthbearer.method=oidc\nsasl.oauthbearer.client.id=id\nsasl.oauthbearer.client.secret=s\nsasl.oauthbearer.token.endpoint.url=https://idp\nsasl.oauthbearer.extensions=a=b,c=d\nhttps.ca.location=/idp.pem\n",
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: OAuthBearer, OAuth: OAuth{
				Source: TokenFromEndpoint, TokenURL: "https://idp", ClientID: "id", ClientSecret: NewSecret("s"), Extensions: map[string]string{"a": "b", "c": "d"},
				TLS: TLS{Truststore: Store{Location: "/idp.pem"}},
			}}},
		},
		{
			name: "token in a file", file: oauthFile + "sasl.oauthbearer.token.endpoint.url=file:///run/token\n",
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: OAuthBearer, OAuth: OAuth{Source: TokenFromFile, TokenFile: "/run/token"}}},
		},
		{
			name: "unsecured token", file: "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n" +
				strings.Replace(oauthLogin, "%", `unsecuredLoginStringClaim_sub="app" unsecuredLoginLifetimeSeconds="60" unsecuredLoginListClaim_scope=",a,b" unsecuredLoginNumberClaim_n="1.5"`, 1),
			want: Client{SecurityProtocol: SASLPlaintext, SASL: SASL{Mechanism: OAuthBearer, OAuth: OAuth{Source: TokenUnsecured, Unsecured: Unsecured{
				PrincipalClaim: "sub", ScopeClaim: "scope", Lifetime: time.Minute, Strings: map[string]string{"sub": "app"},
				Numbers: map[string]float64{"n": 1.5}, Lists: map[string][]string{"scope": {"a", "b"}},
			}}}},
			warnings: []string{"client.properties:3: sasl.jaas.config: makes a token without a signature, which is for development only"},
		},
		{
			name: "MSK IAM", file: "security.protocol=SASL_SSL\nsasl.mechanism=AWS_MSK_IAM\nsasl.jaas.config=" + awsModule + ` required awsRoleArn="r" awsRoleSessionName="s" awsRoleExternalId="e" awsStsRegion="eu-west-1" awsDebugCreds="true" awsMaxRetries="0" awsMaxBackOffTimeMs="500";` + "\nsasl.client.callback.handler.class=" + awsClientHandler,
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: AWSMSKIAM, AWS: AWS{
				RoleARN: "r", RoleSessionName: "s", RoleExternalID: "e", STSRegion: "eu-west-1", Attempts: 1, MaxBackoff: 500 * time.Millisecond,
			}}},
		},
		{
			name: "MSK IAM by a token", file: "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.jaas.config=" + oauthModule + ` required awsRoleArn="r";` + "\nsasl.login.callback.handler.class=" + awsTokenHandler,
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: OAuthBearer, OAuth: OAuth{Source: TokenFromAWS}, AWS: AWS{RoleARN: "r"}}},
		},
	}
}

func warningCases() []parseCase {
	return []parseCase{
		{
			name: "TLS loosened", file: "security.protocol=SSL\nssl.endpoint.identification.algorithm=\nenable.ssl.certificate.verification=false\nssl.enabled.protocols=TLSv1.1,TLSv1.2\nssl.cipher.suites=TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,ECDHE-RSA\n",
			want: Client{SecurityProtocol: SSL, TLS: TLS{
				SkipNameVerification: true, SkipVerification: true, MinVersion: 0x303, MaxVersion: 0x303, CipherSuites: []uint16{0xc02f},
			}},
			warnings: []string{
				"client.properties:2: ssl.endpoint.identification.algorithm: the names in the brokers' certificates are not verified: any certificate of a trusted authority will do; write https when the certificates have the brokers' names",
				"client.properties:3: enable.ssl.certificate.verification: no certificate of a broker is verified: anybody on the way can read and change everything; trust the authority with ssl.ca.location instead",
				"client.properties:4: ssl.enabled.protocols: has versions before TLS 1.2, which kafkactl does not speak",
				"client.properties:5: ssl.cipher.suites: has 1 of 3 cipher suites by names that Go's TLS has not; they are left out; the names are IANA's, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
			},
		},
		{
			name: "read otherwise by Java", file: strings.Replace(scramFile, `"secret"`, `"sécret"`, 1),
			want: Client{
				SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: ScramSHA512, Username: "app", Password: NewSecret("sécret")},
				Doubts: []Problem{{
					File: "client.properties", Line: 3, Key: "sasl.jaas.config",
					Message: "has characters beyond ASCII, which kafkactl reads as UTF-8 and Java as ISO-8859-1", Fix: `write each as \uXXXX, which both read alike`,
				}},
			},
		},
		{
			name: "unknown keys", file: "\ufeffssl.trustore.location=/t\nfoo.bar.baz=1\nHunter2=1\nmy.key",
			want: Client{SecurityProtocol: Plaintext},
			warnings: []string{
				"client.properties:1: the file begins with a byte order mark, which Java takes for a part of the first key; save it without",
				"client.properties:1: ssl.trustore.location: is no key of Kafka's clients, and has no effect; did you mean ssl.truststore.location?",
				"client.properties:2: foo.bar.baz: is no key of Kafka's clients, and has no effect",
				"client.properties:3: the line does not begin with a key of Kafka's clients",
				"client.properties:4: my.key: is no key of Kafka's clients, and has no effect",
			},
		},
		{
			name: "no effect with PLAINTEXT", file: scramLogin + "ssl.truststore.location=/t\nssl.crl.location=/x\nsasl.kerberos.service.name=kafka",
			want: Client{SecurityProtocol: Plaintext},
			warnings: []string{
				"client.properties:1: sasl.jaas.config: has no effect: security.protocol is PLAINTEXT; write security.protocol=SASL_SSL and sasl.mechanism to log in",
				"client.properties:2: ssl.truststore.location: has no effect: security.protocol is PLAINTEXT; write security.protocol=SSL, or SASL_SSL with a login, to encrypt",
			},
		},
		{
			name: "quotes and options that do nothing", file: "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + plainModule + ` required username="app" pasword="x" user_app="y" password="z";` + "\nssl.key.password=\"x\"\n",
			want: Client{SecurityProtocol: SASLSSL, SASL: SASL{Mechanism: Plain, Username: "app", Password: NewSecret("z")}, TLS: TLS{KeyPassword: NewSecret(`"x"`)}, Doubts: []Problem{{
				File: "client.properties", Line: 4, Key: "ssl.key.password", Fix: "take them out unless they are meant",
				Message: "begins and ends with a quote, which is part of the value: a properties file has no quotes",
			}}},
			warnings: []string{
				"client.properties:3:98: sasl.jaas.config: has an option here that the login module does not read; did you mean password?",
				"client.properties:3:110: sasl.jaas.config: has an option that makes a user, which only a broker's JAAS configuration does; give username and password",
				"client.properties:4: ssl.key.password: begins and ends with a quote, which is part of the value: a properties file has no quotes; take them out unless they are meant",
			},
		},
	}
}

// Whoever wants TLS without saying which protocol gets the one that fits the login, whatever the file has.
func TestProtocolOfTLS(t *testing.T) {
	t.Parallel()
	user := Setting{Name: "--sasl-username", Key: "sasl.username", Value: NewSecret("app")}
	const login = "sasl.mechanism=PLAIN\nsasl.username=app\nsasl.password=x\n"
	for _, tt := range []struct {
		name, file string
		settings   []Setting
		want       Protocol
		problems   []string
	}{
		{name: "nothing", want: SSL},
		{name: "a file without TLS", file: "security.protocol=PLAINTEXT\n", want: SSL},
		{name: "a protocol that is none", file: "security.protocol=SLL\n", want: SSL},
		{name: "a login", file: "security.protocol=SASL_PLAINTEXT\n" + login, want: SASLSSL},
		{name: "a login without a protocol", file: login, want: SASLSSL},
		{name: "librdkafka's name", file: "sasl.mechanisms=PLAIN\nsasl.username=app\nsasl.password=x\n", want: SASLSSL},
		{name: "a mechanism in a comment", file: "# sasl.mechanism=PLAIN\n", want: SSL},
		{name: "half a login outside", settings: []Setting{user}, problems: []string{
			"--tls: is SASL_SSL, and no sasl.mechanism is given; Kafka's default, GSSAPI, is Kerberos, which is not built in; add sasl.mechanism=SCRAM-SHA-512, or the one that the listener has",
		}},
		{name: "a login without a mechanism", file: "security.protocol=SASL_PLAINTEXT\n", problems: []string{
			"--tls: is SASL_SSL, and no sasl.mechanism is given; Kafka's default, GSSAPI, is Kerberos, which is not built in; add sasl.mechanism=SCRAM-SHA-512, or the one that the listener has",
		}},
		{
			name: "a protocol outside", file: "security.protocol=SSL\n", want: SASLSSL,
			settings: []Setting{
				{Name: "--security-protocol", Key: "security.protocol", Value: NewSecret("SASL_SSL")},
				{Name: "m", Key: "sasl.mechanism", Value: NewSecret("PLAIN")},
				user,
				{Name: "p", Key: "sasl.password", Value: NewSecret("x")},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			source := testSource()
			source.TLS, source.Settings = "--tls", tt.settings
			got, problems, _ := parsed(tt.file, source)
			if diff := cmp.Diff(tt.problems, problems); diff != "" || got.SecurityProtocol != tt.want {
				t.Errorf("%q, want %q; problems (-want +got)\n%s", got.SecurityProtocol, tt.want, diff)
			}
		})
	}
}

// What files of the field are, as a client.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(plainCases(), tokenCases(), warningCases()) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, problems, warnings := parsed(tt.file, testSource())
			if len(problems) > 0 {
				t.Fatalf("refused:\n%s", strings.Join(problems, "\n"))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.warnings, warnings); diff != "" {
				t.Errorf("warnings (-want +got)\n%s", diff)
			}
		})
	}
}
