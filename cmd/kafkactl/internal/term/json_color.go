package term

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
)

// StyleCodes is what a style writes before and after a text. Rendering each word of a million
// records with lipgloss itself would take longer than reading them.
type StyleCodes struct{ Before, After string }

// NewStyleCodes returns what s writes before and after a text.
func NewStyleCodes(s lipgloss.Style) StyleCodes {
	before, after, _ := strings.Cut(s.Render("x"), "x")
	return StyleCodes{before, after}
}

// JSONPrinter prints JSON for a person, coloured and on one or many lines. Tokens keep their bytes,
// except for characters that a terminal would obey, which are escaped.
type JSONPrinter struct {
	name, text, null StyleCodes
	indent           bool // else on one line
}

// NewJSONPrinter returns a printer of JSON in the colours of st.
func NewJSONPrinter(st Styles, indent bool) JSONPrinter {
	return JSONPrinter{
		name:   NewStyleCodes(st.Bold.Foreground(lipgloss.Color("4"))),
		text:   NewStyleCodes(st.Good),
		null:   NewStyleCodes(st.Dim),
		indent: indent,
	}
}

// Append appends text, which is one valid JSON value.
func (p *JSONPrinter) Append(dst, text []byte) []byte {
	depth := 0
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
		case '{', '[':
			dst = append(dst, c)
			i = skipBlanks(text, i+1)
			if text[i] == '}' || text[i] == ']' {
				dst = append(dst, text[i])
				i++
				continue
			}
			depth++
			dst = p.newline(dst, depth)
		case '}', ']':
			depth--
			dst = append(p.newline(dst, depth), c)
			i++
		case ',':
			dst = p.newline(append(dst, c), depth)
			i++
		case ':':
			dst = append(dst, c)
			if p.indent {
				dst = append(dst, ' ')
			}
			i++
		default:
			end := tokenEnd(text, i)
			dst = p.Token(dst, text[i:end], text[end:])
			i = end
		}
	}
	return dst
}

// newline begins the next line of an indented value. Past 32 levels the indent stays the same: with
// thousands of levels there would be nothing but indent.
func (p *JSONPrinter) newline(dst []byte, depth int) []byte {
	if !p.indent {
		return dst
	}
	dst = append(dst, '\n')
	for range min(depth, 32) {
		dst = append(dst, "  "...)
	}
	return dst
}

// Token appends a string, a number or a word. rest is what follows it: a string before a colon is a
// name.
func (p *JSONPrinter) Token(dst, token, rest []byte) []byte {
	var ink StyleCodes
	switch {
	case token[0] == 'n':
		ink = p.null
	case token[0] != '"':
		return append(dst, token...)
	case bytes.HasPrefix(rest[skipBlanks(rest, 0):], []byte(":")):
		ink = p.name
	default:
		ink = p.text
	}
	dst = append(dst, ink.Before...)
	dst = AppendSafe(dst, token, "")
	return append(dst, ink.After...)
}

func skipBlanks(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n') {
		i++
	}
	return i
}

// tokenEnd returns where the string, number or word that begins at i ends.
func tokenEnd(text []byte, i int) int {
	if text[i] != '"' {
		end := bytes.IndexAny(text[i:], " \t\r\n,:]}")
		if end < 0 {
			return len(text)
		}
		return i + end
	}
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// AppendSafe appends text so that a terminal does nothing but show it. Control characters, and
// those that turn the direction of what follows, are escaped as in JSON; bytes that are not UTF-8
// as \xNN. The runes in keep stay as they are.
func AppendSafe(dst, text []byte, keep string) []byte {
	done := 0
	for i := 0; i < len(text); {
		if c := text[i]; c >= ' ' && c < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		broken := r == utf8.RuneError && size == 1
		if broken || IsUnsafe(r) && !strings.ContainsRune(keep, r) {
			dst = append(dst, text[done:i]...)
			dst = appendEscape(dst, r, text[i], broken)
			done = i + size
		}
		i += size
	}
	return append(dst, text[done:]...)
}

func appendEscape(dst []byte, r rune, c byte, broken bool) []byte {
	switch {
	case broken:
		return fmt.Appendf(dst, `\x%02x`, c)
	case r == '\n':
		return append(dst, `\n`...)
	case r == '\r':
		return append(dst, `\r`...)
	case r == '\t':
		return append(dst, `\t`...)
	default:
		return fmt.Appendf(dst, `\u%04x`, r)
	}
}

// IsUnsafe reports whether r is a control character (C0, DEL, C1), a line end that is not \n, or
// one that makes text read in another order than it is written (CVE-2021-42574).
func IsUnsafe(r rune) bool {
	if r < utf8.RuneSelf { // nearly all
		return r < ' ' || r == 0x7f
	}
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}
