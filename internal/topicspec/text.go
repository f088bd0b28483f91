package topicspec

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

const byteOrderMark = '\uFEFF'

// decodeText returns data as UTF-8 without a byte order mark. YAML may be UTF-16, too, where a byte
// order mark says so: what PowerShell redirects into a file is.
func decodeText(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case len(data) >= 3 && string(data[:3]) == string(byteOrderMark):
		return data[3:]
	case len(data) >= 2 && data[0] == 0xFF && data[1] == 0xFE:
		order = binary.LittleEndian
	case len(data) >= 2 && data[0] == 0xFE && data[1] == 0xFF:
		order = binary.BigEndian
	default:
		return data
	}
	var text []byte
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	for _, r := range utf16.Decode(units) {
		text = utf8.AppendRune(text, r)
	}
	return text
}

// textProblem returns the place of the first character that no YAML has, nil when there is none. The
// YAML library finds it too, but not its place.
func textProblem(text []byte, file string) *Problem {
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if message := characterProblem(text[i:], r, size); message != "" {
			return &Problem{file, line, column, message}
		}
		i, column = i+size, column+1
		if r == '\n' || r == '\r' && (i == len(text) || text[i] != '\n') {
			line, column = line+1, 1
		}
	}
	return nil
}

// characterProblem returns what is wrong with the character r of so many bytes at the start of rest,
// "" when YAML allows it.
func characterProblem(rest []byte, r rune, size int) string {
	switch {
	case r == utf8.RuneError && size == 1 && rest[0] >= 0xA0:
		return fmt.Sprintf("not UTF-8: byte 0x%X (%q in Latin-1): save it as UTF-8", rest[0], rune(rest[0]))
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("not UTF-8: byte 0x%X: save it as UTF-8", rest[0])
	case r == 0:
		return "not text: a NUL byte, as UTF-16 has them: save it as UTF-8"
	case r == byteOrderMark:
		return "a byte order mark (U+FEFF) inside the file: remove it"
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', 0x7F <= r && r <= 0x9F && r != 0x85, r == 0xFFFE, r == 0xFFFF:
		return fmt.Sprintf("the control character %U, which YAML does not allow: remove it", r)
	default:
		return ""
	}
}
