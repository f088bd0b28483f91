package properties

// tokenKind is what a token of a JAAS configuration is.
type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenWord             // a word, or a text in quotes
	tokenNumber           // what begins like a number; Kafka has no use for its value
	tokenOther            // any other character
)

// token is one token as java.io.StreamTokenizer makes it.
type token struct {
	kind     tokenKind
	word     string // of a tokenWord, with its escapes replaced
	r        rune   // of a tokenOther
	at, end  int    // where it stands in the text
	quoted   bool
	unclosed bool // its quote ends with the line, which Java does not mind by itself
}

// is reports whether t is that one character.
func (t token) is(r rune) bool { return t.kind == tokenOther && t.r == r }

// tokenizer is java.io.StreamTokenizer with the settings of Kafka's JaasConfig: words of letters,
// digits, - _ $ . and all above U+009F; numbers; quotes " and '; comments of C++ and of C. What one
// slash begins is a comment, too.
type tokenizer struct {
	in  text
	pos int
}

// endOfText is what read returns there.
const endOfText rune = -1

// read returns the next character and moves on, also past the end.
func (t *tokenizer) read() rune {
	t.pos++
	if t.pos > len(t.in) {
		return endOfText
	}
	return t.in[t.pos-1].r
}

// next returns the next token.
func (t *tokenizer) next() token {
	for {
		r := t.read()
		at := t.pos - 1
		switch {
		case r == endOfText:
			t.pos = len(t.in)
			return token{kind: tokenEnd, at: t.pos, end: t.pos}
		case r <= ' ':
			continue
		case r == '/':
			t.skipComment()
			continue
		case isDigit(r):
			return t.number(r, at)
		case isWordStart(r):
			return t.word(at)
		case r == '"' || r == '\'':
			return t.quoted(r, at)
		}
		return token{kind: tokenOther, r: r, at: at, end: t.pos}
	}
}

// isDigit reports whether a number may begin with r.
func isDigit(r rune) bool { return '0' <= r && r <= '9' || r == '.' || r == '-' }

func isWordStart(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_' || r == '$' || r >= 0xA0
}

// number reads what begins with a digit, a dot or a minus: a number, or a minus alone.
func (t *tokenizer) number(r rune, at int) token {
	if r == '-' {
		r = t.read()
		if r != '.' && (r < '0' || r > '9') {
			t.unread()
			return token{kind: tokenOther, r: '-', at: at, end: t.pos}
		}
	}
	for dot := false; r == '.' && !dot || '0' <= r && r <= '9'; r = t.read() {
		dot = dot || r == '.'
	}
	t.unread()
	return token{kind: tokenNumber, at: at, end: t.pos}
}

// unread goes back by one character, or to the end.
func (t *tokenizer) unread() { t.pos = min(t.pos-1, len(t.in)) }

func (t *tokenizer) word(at int) token {
	for r := t.read(); r != endOfText && (isWordStart(r) || isDigit(r)); r = t.read() {
	}
	t.unread()
	return token{kind: tokenWord, word: t.in[at:t.pos].String(), at: at, end: t.pos}
}

// quoted reads a text in quotes, which ends with the same quote or with the line.
func (t *tokenizer) quoted(quote rune, at int) token {
	var value []rune
	r := t.read()
	for r != endOfText && r != quote && !isLineEnd(r) {
		if r == '\\' {
			value = append(value, t.escape())
		} else {
			value = append(value, r)
		}
		r = t.read()
	}
	if r != quote {
		t.unread()
	}
	return token{kind: tokenWord, word: string(value), at: at, end: t.pos, quoted: true, unclosed: r != quote}
}

// escape reads what follows a backslash in quotes: up to three octal digits, a letter of C, or a
// character that stands for itself.
func (t *tokenizer) escape() rune {
	isOctal := func(r rune) bool { return '0' <= r && r <= '7' }
	r := t.read()
	if !isOctal(r) {
		return controlOf(r)
	}
	number, digits := r-'0', 2
	if r > '3' {
		digits = 1 // to allow \377, but not \477
	}
	for ; digits > 0; digits-- {
		if r = t.read(); !isOctal(r) {
			t.unread()
			break
		}
		number = number<<3 + r - '0'
	}
	return number
}

// controlOf is the character that r names after a backslash.
func controlOf(r rune) rune {
	switch r {
	case 'a':
		return '\a'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	}
	return r
}

// skipComment goes over a comment, of which the first slash was read. A line end right after that
// slash does not end it, as in Java.
func (t *tokenizer) skipComment() {
	switch t.read() {
	case '*':
		t.skipBlockComment()
	case endOfText:
		t.unread()
	default:
		t.skipToLineEnd()
	}
}

// skipToLineEnd goes to the line end, which stays to be read.
func (t *tokenizer) skipToLineEnd() {
	for r := t.read(); r != endOfText && !isLineEnd(r); r = t.read() {
	}
	t.unread()
}

// skipBlockComment goes behind the */ that ends a comment. Like Java's, it does not look at the
// character after a line end for the asterisk's slash.
func (t *tokenizer) skipBlockComment() {
	var before rune
	for {
		r := t.read()
		if r == '/' && before == '*' {
			return
		}
		if r == '\r' {
			if r = t.read(); r == '\n' {
				r = t.read()
			}
		} else if r == '\n' {
			r = t.read()
		}
		if r == endOfText {
			t.unread()
			return
		}
		before = r
	}
}
