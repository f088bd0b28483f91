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
	settings := append([][2]string{{"security.protocol", "SSL"}}, StoreSettings(name, dir)...)
	return PropertiesText("Made by kafkactl certs for "+principal(name)+".", settings)
}

// StoreSettings returns the settings by which a client trusts the CA of a directory and, unless its name
// is empty, has its certificate from there.
func StoreSettings(client, dir string) [][2]string {
	settings := [][2]string{
		{"ssl.truststore.type", "PEM"},
		{"ssl.truststore.location", filepath.Join(dir, caCertFile)},
	}
	if client == "" {
		return settings
	}
	return append(settings,
		[2]string{"ssl.keystore.type", "PEM"},
		[2]string{"ssl.keystore.location", filepath.Join(dir, client+".pem")},
	)
}

// PropertiesText writes settings in their order, below a comment of one line, as java.util.Properties reads
// them.
func PropertiesText(comment string, settings [][2]string) []byte {
	var text strings.Builder
	text.WriteString("# " + comment + "\n")
	for _, setting := range settings {
		text.WriteString(setting[0] + "=" + propertyValue(setting[1]) + "\n")
	}
	return []byte(text.String())
}

// propertyValue escapes a value as java.util.Properties reads it, in ASCII: Kafka's tools take the
// bytes for ISO-8859-1. Each line of a value, as of PEM, has a line of its own.
func propertyValue(value string) string {
	var text strings.Builder
	begins := true // a line, whose blanks Java would not read
	for i, r := range value {
		blank := begins && r == ' '
		begins = false
		switch {
		case r == '\\':
			text.WriteString(`\\`)
		case r == '\n' && i < len(value)-1:
			text.WriteString("\\n\\\n")
			begins = true
		case blank:
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
