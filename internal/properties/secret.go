package properties

import (
	"encoding/json"
	"fmt"
	"io"
)

// hidden stands for a secret wherever one would be printed.
const hidden = "[hidden]"

// Secret is a text that nothing prints: no verb of fmt, no JSON, no log. [Secret.Reveal] alone
// returns it. The zero value is no secret at all, which is not told apart from an empty one: Kafka
// does not know empty passwords either.
type Secret struct {
	// A pointer, because fmt prints the unexported fields of a struct that holds a Secret in an
	// unexported field without asking for its methods: it then shows an address.
	value *string
}

// NewSecret returns the secret that value is.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the text, "" for no secret. What it returns must not reach any output.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet reports whether there is a secret.
func (s Secret) IsSet() bool { return s.value != nil }

// Equal reports whether both are the same text.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String returns the same text for every secret, "" for none.
func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return hidden
}

// GoString is [Secret.String] for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("properties.Secret(%q)", s.String()) }

// Format writes the same for every verb but %#v.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'v' && f.Flag('#') {
		text = s.GoString()
	}
	_, _ = io.WriteString(f, text)
}

// MarshalText returns [Secret.String].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON returns [Secret.String] as JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }
