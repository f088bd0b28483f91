package composefile

import "strings"

// splitShell reads words, quotes, comments and what joins commands.
func splitShell(script string) []shellCommand {
	r := shellReader{text: script}
	for r.at < len(script) {
		r.step()
	}
	r.end("")
	return r.commands
}

// shellReader is the state of reading a script.
type shellReader struct {
	text     string
	at       int
	word     strings.Builder
	inWord   bool
	words    []string
	commands []shellCommand
}

func (r *shellReader) step() {
	c, rest := r.text[r.at], r.text[r.at:]
	switch {
	case strings.HasPrefix(rest, "\\\n"):
		r.at += 2
	case c == '\\' && len(rest) > 1:
		r.add(rest[1:2], 2)
	case c == '\'' || c == '"' || c == '`':
		r.quoted(c)
	case strings.HasPrefix(rest, "$("):
		r.add(substitution(rest), len(substitution(rest)))
	case c == ' ' || c == '\t' || c == '\r':
		r.endWord()
		r.at++
	case c == '#' && !r.inWord:
		if line := strings.IndexByte(rest, '\n'); line >= 0 {
			r.at += line
		} else {
			r.at = len(r.text)
		}
	case strings.HasPrefix(rest, "&&"), strings.HasPrefix(rest, "||"):
		r.end(rest[:2])
		r.at += 2
	case c == '&' && (strings.HasSuffix(r.text[:r.at], ">") || strings.HasPrefix(rest, "&>")):
		r.add("&", 1)
	case c == '&' || c == '|':
		r.end(string(c))
		r.at++
	case strings.ContainsRune(";\n()", rune(c)):
		r.end(";")
		r.at++
	default:
		r.add(rest[:1], 1)
	}
}

// add takes text into the word and goes on by n bytes.
func (r *shellReader) add(text string, n int) {
	r.word.WriteString(text)
	r.inWord = true
	r.at += n
}

// quoted reads to the closing quote; a missing one ends with the script.
func (r *shellReader) quoted(quote byte) {
	r.at++
	r.inWord = true
	for r.at < len(r.text) && r.text[r.at] != quote {
		if r.text[r.at] == '\\' && quote != '\'' && r.at+1 < len(r.text) {
			r.at++
		}
		r.word.WriteByte(r.text[r.at])
		r.at++
	}
	r.at = min(r.at+1, len(r.text))
}

// substitution is the $(…) that a text begins with.
func substitution(text string) string {
	depth := 0
	for i, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text[:i+1]
			}
		}
	}
	return text
}

func (r *shellReader) endWord() {
	if r.inWord {
		r.words = append(r.words, r.word.String())
	}
	r.word.Reset()
	r.inWord = false
}

// end closes a command. An empty one, as between "&&" and a new line, is none.
func (r *shellReader) end(join string) {
	r.endWord()
	if len(r.words) > 0 {
		r.commands = append(r.commands, shellCommand{words: r.words, after: join})
	}
	r.words = nil
}
