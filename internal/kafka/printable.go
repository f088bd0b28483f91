package kafka

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable returns a name that anybody may have chosen (of a group, a client or a member) for a
// line of text: as it is, or in quotes and escaped as JSON has it where it is empty or holds what a
// terminal does not show as a letter: control characters, line ends, what turns the direction of
// what follows, and bytes that are not UTF-8, as \xNN.
func Printable(name string) string {
	if name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, isUnprintable) {
		return name
	}
	var text strings.Builder
	text.WriteByte('"')
	for i, r := range name {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(name[i:], string(utf8.RuneError)):
			fmt.Fprintf(&text, `\x%02x`, name[i])
		case r == '"' || r == '\\':
			text.WriteByte('\\')
			text.WriteRune(r)
		case r == '\n':
			text.WriteString(`\n`)
		case r == '\r':
			text.WriteString(`\r`)
		case r == '\t':
			text.WriteString(`\t`)
		case isUnprintable(r):
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&text, `\u%04x`, unit)
			}
		default:
			text.WriteRune(r)
		}
	}
	text.WriteByte('"')
	return text.String()
}

// isUnprintable reports whether r is no letter, mark, number, sign or blank.
func isUnprintable(r rune) bool { return !strconv.IsPrint(r) }
