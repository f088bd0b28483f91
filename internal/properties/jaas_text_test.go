package properties

import (
	"strings"
	"testing"
)

// What JAAS writes is read as it was meant, whatever the name and the password are made of.
func TestJAASIsReadBack(t *testing.T) {
	t.Parallel()
	for _, mechanism := range []string{Plain, ScramSHA256, ScramSHA512} {
		for _, word := range []string{"order-service", `a"b`, `a\b`, `\`, `"; required x="`, "a b=c;'d'", "CN=order,O=Shop"} {
			password := NewSecret("pw" + word)
			login := JAAS(mechanism, word, password)
			text := "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=" + mechanism + "\nsasl.jaas.config=" +
				strings.ReplaceAll(login.Reveal(), `\`, `\\`) + "\n"
			client, err := Parse(strings.NewReader(text), Source{File: "app.properties"})
			if err != nil || client.SASL.Username != word || !client.SASL.Password.Equal(password) {
				t.Errorf("%s: user %q is read as %q, the password as it was: %t, %v",
					mechanism, word, client.SASL.Username, client.SASL.Password.Equal(password), err)
			}
		}
	}
}
