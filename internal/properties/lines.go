package properties

// logicalLine is a line of a properties file after lines that end with a backslash were joined, and
// without comments and the blanks at its beginning. Escapes are still in it.
type logicalLine struct {
	text  text
	first int // the number of its first line in the file
}

// lineReader is LineReader of java.util.Properties.
type lineReader struct {
	in  text
	pos int
}

// next returns the next line that is neither blank nor a comment; ok is false at the end.
func (l *lineReader) next() (line logicalLine, ok bool) {
	skipBlanks, continued, escaped := true, false, false
	for l.pos < len(l.in) {
		c := l.in[l.pos]
		l.pos++
		if skipBlanks {
			if c.r == ' ' || c.r == '\t' || c.r == '\f' || !continued && isLineEnd(c.r) {
				continue
			}
			skipBlanks, continued = false, false
		}
		if len(line.text) == 0 && (c.r == '#' || c.r == '!') {
			l.skipComment()
			skipBlanks = true
			continue
		}
		if line.first == 0 {
			line.first = c.line
		}
		switch {
		case !isLineEnd(c.r):
			line.text = append(line.text, c)
			escaped = c.r == '\\' && !escaped
		case len(line.text) == 0:
			skipBlanks = true
		case !escaped:
			return line, true
		case l.pos == len(l.in): // a backslash, a line end, and nothing after them
		default:
			line.text = line.text[:len(line.text)-1]
			skipBlanks, continued, escaped = true, true, false
			if c.r == '\r' && l.in[l.pos].r == '\n' {
				l.pos++
			}
		}
	}
	if len(line.text) == 0 {
		return line, false
	}
	if escaped {
		line.text = line.text[:len(line.text)-1]
	}
	return line, true
}

// skipComment goes to the end of the line.
func (l *lineReader) skipComment() {
	for l.pos < len(l.in) {
		l.pos++
		if isLineEnd(l.in[l.pos-1].r) {
			return
		}
	}
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// isBlank is what separates a key from its value, beside = and :.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\f' }
