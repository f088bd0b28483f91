package properties

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// canary is a secret whose every part of four characters is found by leaks.
const canary = "Xq7wVz9kJp3mRt5b"

// leaks reports whether a text holds the canary, or four characters of it in a row.
func leaks(text string) bool {
	for i := range len(canary) - 3 {
		if strings.Contains(text, canary[i:i+4]) {
			return true
		}
	}
	return false
}

// shown is all that can be printed of what Parse returned.
func shown(t *testing.T, client Client, err error) string {
	t.Helper()
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "client", client, "err", err)
	document, jsonErr := json.Marshal(client)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	type holder struct{ client Client } // fmt does not ask the methods of what an unexported field holds
	in := holder{client}
	var refused Problems
	errors.As(err, &refused)
	problems, jsonErr := json.Marshal(refused)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	var all strings.Builder
	for _, verb := range []string{"%+v", "%#v", "%s", "%q"} {
		for _, value := range []any{client, in, err} {
			fmt.Fprintf(&all, verb+"\n", value)
		}
	}
	return all.String() + string(document) + string(problems) + log.String()
}

// Whatever the form of the file, and whether it is refused or not, the value of a secret key is in
// nothing that can be printed, not even in part.
func TestSecretsAreHidden(t *testing.T) {
	t.Parallel()
	values := []string{
		canary, `"` + canary + `"`, canary + `\`, canary + "\nsasl.mechanism", canary[:8] + "\n" + canary[8:], canary[:8] + "=" + canary[8:],
		`\u00` + canary, "-----BEGIN " + canary, "-----BEGIN PRIVATE KEY-----\n" + canary + "=\n-----END PRIVATE KEY-----", "${env:" + canary[:2] + "}" + canary,
		"${" + canary + ":x}", "é" + canary, " " + canary + " ", canary + ";" + canary, "\x00" + canary,
	}
	for _, start := range []string{"", plainFile, scramFile, "security.protocol=SSL\nssl.truststore.type=PEM\n", oauthStart, allProviders} {
		for key := range strings.FieldsSeq(secretKeys + " unknown.key ssl.key.passwd") {
			for _, value := range values {
				checkHidden(t, start+key+"="+value+"\nclient.id=x")
			}
		}
	}
}

const oauthStart = "security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.login.callback.handler.class=" + oauthHandler +
	"\nsasl.oauthbearer.token.endpoint.url=https://idp\nsasl.oauthbearer.client.id=id\n"

// The same for a password in a JAAS configuration, however its quotes and signs go wrong.
func TestSecretsInJAASAreHidden(t *testing.T) {
	t.Parallel()
	begins := []string{
		plainModule + ` required username="app" password=`, plainModule + ` required username=app password=`, scramModule + " ", oauthModule + ` required clientId="a" clientSecret=`,
		plainModule + ` required `, plainModule + ` required user_app=`, "", `required password=`, oauthModule + ` required ssl.keystore.password=`,
		`KafkaClient { ` + plainModule + ` required password=`, awsModule + ` required awsProfileName="p" password=`, plainModule + " required password =\\\n",
	}
	values := []string{
		`"%"`, `'%'`, `%`, `"%`, `%"`, `"a"%"`, `"%"%"`, `1%`, `.%`, `-%`, `#%`, `%=%`, `"%"=%`, `"a\\"%"`, `"a\\`, `"%\\n%"`, `"%` + "\n" + `%"`, "%\n%", `;%`, `"%";%`,
		`"a" %="b"`, `"a" %`, `/%`, `"%\\`, `"é%"`, `"${env:%"`, `{%}`, `%.%`,
	}
	for _, start := range []string{plainFile, oauthStart} {
		for _, begin := range begins {
			for _, value := range values {
				for _, end := range []string{";", "", "};", ` x="y";`} {
					checkHidden(t, start+"sasl.jaas.config="+begin+strings.ReplaceAll(value, "%", canary)+end)
				}
			}
		}
	}
}

func checkHidden(t *testing.T, file string) {
	t.Helper()
	client, err := Parse(strings.NewReader(file), testSource())
	if text := shown(t, client, err); leaks(text) {
		t.Errorf("the file\n%s\nshows its secret:\n%v\n%v", file, err, client.Warnings)
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	s := NewSecret(canary)
	switch {
	case s.Reveal() != canary, !s.IsSet(), !s.Equal(NewSecret(canary)), s.Equal(Secret{}):
		t.Error("the secret is not what it was made of")
	case Secret{}.IsSet(), NewSecret("").IsSet(), Secret{}.Reveal() != "", (Secret{}).String() != "":
		t.Error("no secret is one")
	}
	if got, want := fmt.Sprintf("%v %s %q %#v %d", s, s, s, s, s), `[hidden] [hidden] [hidden] properties.Secret("[hidden]") [hidden]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
