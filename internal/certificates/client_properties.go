package certificates

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// clientProperties is a client.properties for Java's clients (2.7 or newer, KIP-651) and kafkactl. Its
// paths are absolute: relative ones would begin wherever the client was started.
func clientProperties(name, dir string) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "# Made by kafkactl certs for %s.\n", principal(name))
	for _, line := range [][2]string{
		{"security.protocol", "SSL"},
		{"ssl.truststore.type", "PEM"},
		{"ssl.truststore.location", filepath.Join(dir, caCertFile)},
		{"ssl.keystore.type", "PEM"},
		{"ssl.keystore.location", filepath.Join(dir, name+".pem")},
	} {
		text.WriteString(line[0] + "=" + propertyValue(line[1]) + "\n")
	}
	return []byte(text.String())
}

// propertyValue escapes a value as java.util.Properties reads it, in ASCII: Kafka's tools take the
// bytes for ISO-8859-1.
func propertyValue(value string) string {
	var text strings.Builder
	for i, r := range value {
		switch {
		case r == '\\':
			text.WriteString(`\\`)
		case r == ' ' && i == 0:
			text.WriteString(`\ `)
		case r >= ' ' && r <= '~':
			text.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&text, `\u%04x`, unit)
			}
		}
	}
	return text.String()
}
