package yaml

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

const byteOrderMark = '\uFEFF'

// UTF8 returns the text of a file as UTF-8 without a byte order mark. YAML may be UTF-16, too, where
// a byte order mark says so: what PowerShell redirects into a file is.
func UTF8(data []byte) []byte {
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

// checkText returns the first character that no YAML has, with its place, nil when there is none. The
// library finds it too, but not its place.
func checkText(text []byte) error {
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if message := characterProblem(text[i:], r, size); message != "" {
			return &SyntaxError{line, column, message}
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
		return fmt.Sprintf("byte 0x%X is not UTF-8 (%q in Latin-1): save it as UTF-8", rest[0], rune(rest[0]))
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("byte 0x%X is not UTF-8: save it as UTF-8", rest[0])
	case r == 0:
		return "a NUL byte, as UTF-16 has them: save it as UTF-8"
	case r == byteOrderMark:
		return "a byte order mark (U+FEFF) inside the text: remove it"
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', 0x7F <= r && r <= 0x9F && r != 0x85, r == 0xFFFE, r == 0xFFFF:
		return fmt.Sprintf("the control character %U: remove it", r)
	default:
		return ""
	}
}

// checkTabs returns err, and in its place the tab that causes it. That is the first one in front of a
// line, if the library's error is another one with spaces in its place: a tab may stand inside [] and
// {}, and in a text of several lines.
func checkTabs(text []byte, err *SyntaxError) error {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i, line := range lines {
		rest := bytes.TrimLeft(line, " \t")
		indentation := line[:len(line)-len(rest)]
		tab := bytes.IndexByte(indentation, '\t')
		if tab < 0 {
			continue
		}
		lines[i] = append(bytes.ReplaceAll(indentation, []byte("\t"), []byte("  ")), rest...)
		if _, other := parse(bytes.Join(lines, nil)); other == nil || *other != *err {
			return &SyntaxError{i + 1, tab + 1, "a tab in the indentation: indent with spaces"}
		}
	}
	return err
}
