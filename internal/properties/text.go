package properties

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// char is one character of a file or of a value, and where it stands in the file.
type char struct {
	r            rune
	line, column int
	raw          bool // it is beyond ASCII and stands in the file as itself: Java reads its bytes otherwise
}

// text is a value that remembers the place of each of its characters.
type text []char

func (t text) String() string {
	var b strings.Builder
	for _, c := range t {
		b.WriteRune(c.r)
	}
	return b.String()
}

// trim is String.trim of Java, which Kafka applies to the value of every key: what is not above a
// blank goes from both ends.
func (t text) trim() text {
	for len(t) > 0 && t[0].r <= ' ' {
		t = t[1:]
	}
	for len(t) > 0 && t[len(t)-1].r <= ' ' {
		t = t[:len(t)-1]
	}
	return t
}

// isRaw reports whether Java reads the value otherwise than it is here.
func (t text) isRaw() bool {
	for _, c := range t {
		if c.raw {
			return true
		}
	}
	return false
}

// placed is a text of which every character stands at the place of one other: where it came in by
// a variable.
func placed(s string, at char) text {
	t := make(text, 0, len(s))
	for _, r := range s {
		t = append(t, char{r: r, line: at.line, column: at.column})
	}
	return t
}

// byteOrderMark is what some editors put before a file in UTF-8.
const byteOrderMark = '\uFEFF'

// decode turns the bytes of a file into characters. Java reads ISO-8859-1; people write UTF-8. What
// is valid UTF-8 is taken for that, without its byte order mark; anything else is ISO-8859-1.
func decode(data []byte) (t text, hasMark bool) {
	isUTF8 := utf8.Valid(data)
	t = make(text, 0, len(data))
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, size := rune(data[i]), 1
		if isUTF8 {
			r, size = utf8.DecodeRune(data[i:])
		}
		if i += size; r == byteOrderMark && i == size {
			hasMark = true
			continue
		}
		t = append(t, char{r: r, line: line, column: column, raw: isUTF8 && r >= utf8.RuneSelf})
		isCRLF := r == '\r' && i < len(data) && data[i] == '\n'
		if (r == '\n' || r == '\r') && !isCRLF {
			line, column = line+1, 0
		}
		column++
	}
	return t, hasMark
}

// joinSurrogates makes one character of the two halves that \ud83d\ude00 is in a properties file. A
// half alone is no character.
func joinSurrogates(t text) text {
	joined := t[:0]
	for i := 0; i < len(t); i++ {
		c := t[i]
		if utf16.IsSurrogate(c.r) {
			low := rune(0)
			if i+1 < len(t) {
				low = t[i+1].r
			}
			if c.r = utf16.DecodeRune(c.r, low); c.r != utf8.RuneError {
				i++
			}
		}
		joined = append(joined, c)
	}
	return joined
}
