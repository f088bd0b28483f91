package kafka

import (
	"encoding/asn1"
	"encoding/hex"
	"strings"
)

// distinguishedName writes the subject of a certificate as Java does (X500Principal.getName, RFC 2253), and so as
// brokers name who holds it: "CN=app,OU=Shop,O=Example". It returns "" for what is no subject. Go's own form knows
// other keywords, and pkix.Name loses the order.
func distinguishedName(subject []byte) string {
	var parts []nameSET
	if rest, err := asn1.Unmarshal(subject, &parts); err != nil || len(rest) > 0 {
		return ""
	}
	written := make([]string, 0, len(parts))
	for i := len(parts) - 1; i >= 0; i-- {
		attributes := make([]string, len(parts[i]))
		for k, attribute := range parts[i] {
			attributes[k] = attribute.String()
		}
		written = append(written, strings.Join(attributes, "+"))
	}
	return strings.Join(written, ",")
}

// nameSET is one part of a name; encoding/asn1 reads a SET by the end of this word.
type nameSET []nameAttribute

type nameAttribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

// String is such as "CN=app". An attribute without a keyword has its number, and its encoding in place of its text.
func (a nameAttribute) String() string {
	keyword, known := map[string]string{
		"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU",
		"0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
	}[a.Type.String()]
	var text string
	if _, err := asn1.Unmarshal(a.Value.FullBytes, &text); !known || err != nil {
		return a.Type.String() + "=#" + hex.EncodeToString(a.Value.FullBytes)
	}
	return keyword + "=" + escapedName(text)
}

// escapedName puts a backslash before what has a meaning in a name, and before spaces at either end.
func escapedName(text string) string {
	inner := strings.Trim(text, " ")
	before, after, _ := strings.Cut(text, inner)
	if inner == "" {
		before, after = text, ""
	}
	var out strings.Builder
	out.WriteString(strings.Repeat(`\ `, len(before)))
	for _, c := range inner {
		switch {
		case c == 0:
			out.WriteString(`\00`)
			continue
		case strings.ContainsRune(",=+<>#;\"\\", c):
			out.WriteByte('\\')
		}
		out.WriteRune(c)
	}
	out.WriteString(strings.Repeat(`\ `, len(after)))
	return out.String()
}
