package properties

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	allProviders = "config.providers=env,file,dir\n" +
		"config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider\n" +
		"config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider\n" +
		"config.providers.dir.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider\n"
	plainFile = "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n"
)

// Passwords come from the environment, from other files and from directories of secrets.
func TestProviders(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, password, want string }{
		{"environment", "${env:APP_PASSWORD}", "of-env"},
		{"file", "${file:/run/secrets/app.properties:password}", "of-file"},
		{"file in UTF-8", "${file:/run/secrets/utf8.properties:password}", "é"},
		{"directory", "${dir:/run/secrets:password}", "of-directory"},
		{"line end at the end", "${dir:/run/secrets:with-line-end}", "of-directory"},
		{"several", "a${env:APP_USER}b${env:APP_USER}c", "aappbappc"},
		{"a name that is not in the list", "${vault:x}", "${vault:x}"},
		{"not a variable", "${env}$}{", "${env}$}{"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, problems, _ := parsed(allProviders+plainFile+"sasl.username=app\nsasl.password="+tt.password, testSource())
			if got := client.SASL.Password.Reveal(); got != tt.want || problems != nil {
				t.Errorf("%q, want %q; %v", got, tt.want, problems)
			}
		})
	}
}

func TestProvidersRefuse(t *testing.T) {
	t.Parallel()
	jaas := "sasl.jaas.config=" + plainModule + ` required username="app" password="`
	const user = "sasl.username=app\nsasl.password="
	tests := []struct{ name, file, want string }{
		{"unset variable", allProviders + plainFile + user + "${env:NOPE}", `8:15: sasl.password: wants the environment variable "NOPE", which is not set`},
		{
			"left out by a pattern", allProviders + "config.providers.env.param.allowlist.pattern=KAFKA_.*\n" + plainFile + user + "${env:APP_USER}x",
			`9:15: sasl.password: wants the environment variable "APP_USER", which allowlist.pattern leaves out`,
		},
		{"no file", allProviders + plainFile + user + "x${file:/x:password}", `8:16: sasl.password: wants a value of a file: open /x: file does not exist`},
		{"no key in the file", allProviders + plainFile + user + "x${file:/run/secrets/app.properties:x}", `8:16: sasl.password: wants the key "x" of "/run/secrets/app.properties", which is not there`},
		{"a file that Java refuses", allProviders + plainFile + user + "x${file:/run/secrets/bad.properties:a}", `8:16: sasl.password: reads "/run/secrets/bad.properties", where line 1 has \u without four hexadecimal digits`},
		{
			"outside of the allowed paths", allProviders + "config.providers.dir.param.allowed.paths=/etc,/run/secret\n" + plainFile + user + "x${dir:/run/secrets:password}",
			`9:16: sasl.password: wants "/run/secrets/password", which is not in allowed.paths`,
		},
		{"out of the directory", allProviders + plainFile + user + "x${dir:/run/secrets/a:../password}", `8:16: sasl.password: wants the file "../password" of a directory, and the name has a folder in it or is empty`},
		{"a path in the environment", allProviders + plainFile + user + "x${env:/a:B}", `8:16: sasl.password: has a variable of the environment with a path, which the provider does not take; write ${env:NAME}`},
		{"line end inside quotes", allProviders + plainFile + jaas + "${dir:/run/secrets:with-line-end}\";", "7:107: sasl.jaas.config: " + quoteOpen + "; close it; a file that ${directory:…} reads may end with a line end, which cannot be in a value"},
		{"no config.providers", plainFile + user + "${env:APP_PASSWORD}", "4:15: sasl.password: has ${env:…}, which is not replaced without config.providers; add config.providers=env and config.providers.env.class"},
		{"no class", "config.providers=env\n" + plainFile + user + "${env:APP_PASSWORD}", "1: config.providers: has no class for env, so that Java replaces nothing; add config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider"},
		{"blank in the list", strings.Replace(allProviders, "env,file", "env, file", 1), "1: config.providers: has a blank in its list, which Java takes for a part of the name; write the names with commas only"},
		{
			"another provider", "config.providers=vault\nconfig.providers.vault.class=com.x.Vault\n" + plainFile + user + "${vault:a:b}",
			"2: config.providers.vault.class: kafkactl has the config providers env, file and directory, and not this one; give the values in a file, in the environment, or as they are",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, got, _ := parsed(tt.file, testSource())
			if diff := cmp.Diff("client.properties:"+tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
