package root

import (
	"fmt"
	"strings"
	"testing"

	"kafkactl/internal/properties"
)

// plant is one way to give a secret: where it stands, and what else is needed for it to be used.
type plant struct {
	name string
	// lines returns the client.properties that hold the secret of user n; "" for no file.
	lines func(t *testing.T, f *secretField, n int) string
	args  func(f *secretField, n int) []string
	env   func(f *secretField, n int) map[string]string
	// listener is the one that takes it; "" where no fake one does.
	listener string
	only     bool // the first canary alone: a store has it
}

// propertiesText writes a value as a properties file has it.
func propertiesText(value string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(value)
}

// jaasText writes an option's value as JAAS has it.
func jaasText(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

func (f *secretField) trust() string {
	return "ssl.truststore.type=PEM\nssl.truststore.location=" + f.at("certs/ca.crt") + "\n"
}

const (
	scramModule  = "org.apache.kafka.common.security.scram.ScramLoginModule"
	plainModule  = "org.apache.kafka.common.security.plain.PlainLoginModule"
	bearerModule = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
	bearerLogin  = "sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler\n"
	providers    = "org.apache.kafka.common.config.provider."
)

// login is a file that logs in; rest holds the secret.
func (f *secretField) login(mechanism, rest string) string {
	return "security.protocol=SASL_SSL\nsasl.mechanism=" + mechanism + "\n" + f.trust() + rest
}

// jaas is a login whose secret is an option of sasl.jaas.config.
func (f *secretField) jaas(mechanism, module, options string) string {
	return f.login(mechanism, "sasl.jaas.config="+propertiesText(module+" required "+options+";")+"\n")
}

// fromJAAS is a plant in sasl.jaas.config.
func fromJAAS(name, mechanism, module, more string) plant {
	return plant{name: name, listener: taking, lines: func(_ *testing.T, f *secretField, n int) string {
		return f.jaas(mechanism, module, fmt.Sprintf("username=%q password=%s%s", user(n), jaasText(f.all[n].text), more))
	}}
}

// fromProvider is a plant behind a variable of a config provider.
func fromProvider(kind, class string, variable func(t *testing.T, f *secretField, n int) string) plant {
	return plant{
		name: kind, listener: taking,
		lines: func(t *testing.T, f *secretField, n int) string {
			return f.login("PLAIN", fmt.Sprintf("config.providers=%s\nconfig.providers.%s.class=%s%s\nsasl.username=%s\nsasl.password=${%s:%s}\n",
				kind, kind, providers, class, user(n), kind, variable(t, f, n)))
		},
		env: func(f *secretField, n int) map[string]string { return map[string]string{"APP_PASSWORD": f.all[n].text} },
	}
}

// fromToken is a plant that a server of tokens gets.
func fromToken(name string, lines func(f *secretField, n int) string) plant {
	return plant{name: name, lines: func(_ *testing.T, f *secretField, n int) string { return lines(f, n) }}
}

// fromStore is a plant that opens a store, or a key, or is one.
func fromStore(name, lines string, keyed bool) plant {
	return plant{name: name, listener: mutual, only: true, lines: func(t *testing.T, f *secretField, _ int) string {
		replace := []string{"%d", f.dir, "%p", propertiesText(f.all[0].text)}
		if keyed {
			replace = append(replace, "%k", propertiesText(f.text(t, "certs/app.key")), "%c", propertiesText(f.text(t, "certs/app.crt")))
		}
		text := "security.protocol=SSL\n" + strings.NewReplacer(replace...).Replace(lines)
		if !strings.Contains(lines, "truststore") && !strings.Contains(lines, "ssl.ca") {
			text += f.trust()
		}
		return text
	}}
}

// plants are all ways to give a secret.
func plants() []plant {
	return []plant{
		fromJAAS("PLAIN in JAAS", "PLAIN", plainModule, ""),
		fromJAAS("SCRAM-SHA-256 in JAAS", "SCRAM-SHA-256", scramModule, ""),
		fromJAAS("SCRAM-SHA-512 in JAAS", "SCRAM-SHA-512", scramModule, ""),
		fromJAAS("delegation token", "SCRAM-SHA-512", scramModule, " tokenauth=true"),
		{name: "librdkafka", listener: taking, lines: func(_ *testing.T, f *secretField, n int) string {
			return f.login("SCRAM-SHA-512", "sasl.username="+user(n)+"\nsasl.password="+propertiesText(f.all[n].text)+"\n")
		}},
		fromProvider("env", "EnvVarConfigProvider", func(*testing.T, *secretField, int) string { return "APP_PASSWORD" }),
		fromProvider("directory", "DirectoryConfigProvider", func(t *testing.T, f *secretField, n int) string {
			f.write(t, fmt.Sprintf("secret%d", n), f.all[n].text)
			return fmt.Sprintf("%s:secret%d", f.dir, n)
		}),
		fromProvider("file", "FileConfigProvider", func(t *testing.T, f *secretField, n int) string {
			return f.write(t, fmt.Sprintf("secret%d.properties", n), "app="+propertiesText(f.all[n].text)+"\n") + ":app"
		}),
		{
			name: "variable", listener: taking,
			args: func(f *secretField, n int) []string { return f.flags(n) },
			env: func(f *secretField, n int) map[string]string {
				return map[string]string{"KAFKACTL_SASL_PASSWORD": f.all[n].text}
			},
		},
		{name: "file of the password", listener: taking, args: func(f *secretField, n int) []string {
			return append(f.flags(n), "--sasl-password-file", f.at(fmt.Sprintf("password%d", n)))
		}},
		fromToken("client secret", func(f *secretField, n int) string {
			return f.jaas("OAUTHBEARER", bearerModule, "") + bearerLogin + "sasl.oauthbearer.token.endpoint.url=" + f.tokens +
				"\nsasl.oauthbearer.client.credentials.client.id=app\nsasl.oauthbearer.client.credentials.client.secret=" + propertiesText(f.all[n].text) + "\n"
		}),
		fromToken("client secret of librdkafka, refused", func(f *secretField, n int) string {
			return f.login("OAUTHBEARER", "sasl.oauthbearer.method=oidc\nsasl.oauthbearer.token.endpoint.url="+f.refusing+
				"\nsasl.oauthbearer.client.id=app\nsasl.oauthbearer.client.secret="+propertiesText(f.all[n].text)+"\n")
		}),
		fromToken("client secret in JAAS, refused", func(f *secretField, n int) string {
			return f.jaas("OAUTHBEARER", bearerModule, "clientId=app clientSecret="+jaasText(f.all[n].text)) + bearerLogin +
				"sasl.oauthbearer.token.endpoint.url=" + f.refusing + "\n"
		}),
		fromToken("user in the address of tokens", func(f *secretField, n int) string {
			return f.jaas("OAUTHBEARER", bearerModule, "clientId=app clientSecret="+jaasText(f.all[n].text)) + bearerLogin +
				"sasl.oauthbearer.token.endpoint.url=" + strings.Replace(f.refusing, "://", "://app:"+propertiesText(f.all[n].text)+"@", 1) + "\n"
		}),
		{name: "token in a file", lines: func(t *testing.T, f *secretField, n int) string {
			return f.jaas("OAUTHBEARER", bearerModule, "") + bearerLogin + "sasl.oauthbearer.token.endpoint.url=file:" + f.write(t, fmt.Sprintf("token%d", n), f.all[n].text) + "\n"
		}},
		fromStore("PKCS12", "ssl.truststore.location=%d/certs/truststore.p12\nssl.truststore.password=%p\nssl.keystore.location=%d/certs/app.p12\nssl.keystore.password=%p\n", false),
		fromStore("JKS", "ssl.truststore.location=%d/certs/truststore.jks\nssl.truststore.password=%p\nssl.keystore.location=%d/certs/app.jks\nssl.keystore.password=%p\nssl.key.password=%p\n", false),
		fromStore("locked key", "ssl.keystore.type=PEM\nssl.keystore.location=%d/locked.pem\nssl.key.password=%p\n", false),
		fromStore("key in the file", "ssl.keystore.type=PEM\nssl.keystore.key=%k\nssl.keystore.certificate.chain=%c\n", true),
		fromStore("key in the file, librdkafka", "ssl.key.pem=%k\nssl.certificate.pem=%c\n", true),
	}
}

// keyPlants are the values of all keys that hold a secret, whether they fit together or not.
func keyPlants() []plant {
	var all []plant
	for _, key := range properties.SecretKeys() {
		all = append(all, plant{name: key, lines: func(_ *testing.T, f *secretField, n int) string {
			return f.login("SCRAM-SHA-512", "sasl.username="+user(n)+"\nsasl.password=another\n"+key+"="+propertiesText(f.all[n].text)+"\n")
		}})
	}
	return all
}

// flags are the login of user n as flags, without the password.
func (f *secretField) flags(n int) []string {
	return []string{"--tls-ca", f.at("certs/ca.crt"), "--sasl-mechanism", "SCRAM-SHA-512", "--sasl-username", user(n)}
}
