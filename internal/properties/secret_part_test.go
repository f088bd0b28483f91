package properties

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"testing"
)

// What a server repeats of a secret is found, in whatever form, and words that it has not are not.
func TestSecretPartIn(t *testing.T) {
	t.Parallel()
	for _, text := range []string{canary, `Zk4n"Wx8,p'Fv6:Lb\2q`, "жЩ9юфЫ4ўđßØ7"} {
		s, part := NewSecret(text), string([]rune(text)[3:9])
		for _, repeated := range []string{
			text, part, fmt.Sprintf("no client has %q", text), fmt.Sprintf("%+q", part), fmt.Sprintf("%x", part), fmt.Sprintf("%X", text),
			url.QueryEscape(text), url.PathEscape(text), base64.StdEncoding.EncodeToString([]byte("app:" + text)), base64.URLEncoding.EncodeToString([]byte("ap:" + text)),
		} {
			if !s.PartIn(repeated) {
				t.Errorf("%s is not found in %s", text, repeated)
			}
		}
		if s.PartIn("invalid_client: Client authentication failed (unknown client, no client authentication included)") {
			t.Errorf("%s is found where it is not", text)
		}
	}
	if short := NewSecret("ab"); !short.PartIn("it is ab") || short.PartIn("it is a b") || (Secret{}).PartIn("") {
		t.Error("a short secret, or none")
	}
}
