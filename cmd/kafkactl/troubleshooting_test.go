package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
)

// TestTroubleshooting holds docs/troubleshooting.md to the program: what it quotes as
// kafkactl's words, in its text blocks, is made of what the sources' strings are made of.
// A sentence that is reworded in one place alone fails here.
func TestTroubleshooting(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(docsDir, "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	quoted := quotedLines(string(page))
	if len(quoted) < 100 {
		t.Errorf("%d lines are quoted: is the page read as it is written?", len(quoted))
	}
	said := spokenPieces(t)
	for _, line := range quoted {
		for _, part := range strings.FieldsFunc(varying().ReplaceAllString(line.text, "\x00"), func(r rune) bool { return r == 0 }) {
			if !said.make(part) {
				t.Errorf("docs/troubleshooting.md:%d: kafkactl does not say %q", line.number, strings.TrimSpace(part))
			}
		}
	}
}

// The check itself: a word that is changed, left out or put in is found.
func TestPieces(t *testing.T) {
	t.Parallel()
	said := pieces{"answers, but sends clients on to": true, "connection refused": true, "K8": true, "coordinators": true, "broker": true, "not": true}
	for text, want := range map[string]bool{
		" answers, but sends clients on to ":         true,
		"K8 coordinators: connection refused; ":      true,
		": connection refused (broker ":              true,
		"not, connection refused: coordinators":      true,
		" answers, but sends all clients on to ":     false,
		" answers, but sends clients on ":            false,
		"connection is refused":                      false,
		"connection refused, broker, coordinators":   false, // a short one inside may say anything
		"connection refused: connection refused yet": false,
	} {
		if got := said.make(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

// quotedLine is one line of a text block of the page.
type quotedLine struct {
	number int
	text   string
}

// quotedLines are the page's quotations without what begins every such line.
func quotedLines(page string) []quotedLine {
	var lines []quotedLine
	inside := false
	for i, line := range strings.Split(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```text"
		case inside && !regexp.MustCompile(`^exit [0-6]$`).MatchString(line):
			lines = append(lines, quotedLine{i + 1, heading().ReplaceAllString(line, "")})
		}
	}
	return lines
}

// heading is what tells the kind of a line.
func heading() *regexp.Regexp {
	return regexp.MustCompile(`^(kafkactl:|hint:|fix:|note:|warning:|[x!~] |(wait|-) +)`)
}

// varying is what stands for something that differs from run to run.
func varying() *regexp.Regexp { return regexp.MustCompile(`<[a-z]+>`) }

// pieces are the texts between the verbs of the program's format strings.
type pieces map[string]bool

// spokenPieces reads the sources.
func spokenPieces(t *testing.T) pieces {
	t.Helper()
	said := make(pieces)
	for code := range int16(200) {
		if err := kerr.TypedErrorForCode(code); err != nil {
			said[err.Message] = true
		}
	}
	for _, dir := range []string{"../../internal/health", "../../internal/kafka", "../../internal/admin", "../../internal/groups", "../../internal/topicspec", "../../internal/composefile", "../../internal/record", "."} {
		names, err := fs.Glob(os.DirFS(dir), "*.go")
		if err != nil || len(names) == 0 {
			t.Fatalf("no sources in %s: %v", dir, err)
		}
		for _, name := range slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") }) {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, said.learn)
		}
	}
	return said
}

// learn takes the pieces of a string, written as one literal or as several that are added up.
func (p pieces) learn(n ast.Node) bool {
	expr, isExpr := n.(ast.Expr)
	if !isExpr {
		return true
	}
	text, isText := constant(expr)
	if !isText {
		return true
	}
	verb := regexp.MustCompile(`%[-+# 0-9.]*(\[\d+\])?[a-z]|%%|\n`)
	for _, piece := range verb.Split(text, -1) {
		p[trimmed(heading().ReplaceAllString(piece, ""))] = true
	}
	return false
}

func constant(expr ast.Expr) (text string, ok bool) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		x, okX := constant(e.X)
		y, okY := constant(e.Y)
		return x + y, okX && okY && e.Op == token.ADD
	}
	return "", false
}

// glue is what may stand between two pieces and at either end of one.
const glue = ` :;,."()=-→`

func trimmed(text string) string { return strings.Trim(text, glue) }

// make tells whether text, which is all there is between two things that vary, is made of
// pieces: of one, or of several of which those inside are too long to say anything else.
func (p pieces) make(text string) bool {
	text = trimmed(text)
	return text == "" || p[text] || p.split(text, true)
}

// split is make for more than one piece; first tells that nothing stands before text.
func (p pieces) split(text string, first bool) bool {
	for end := range text {
		piece, rest := text[:end], trimmed(text[end:])
		if end == 0 || !strings.ContainsAny(text[end:end+1], glue) || trimmed(piece) != piece {
			continue
		}
		if p[piece] && (first || long(piece)) && (p[rest] || p.split(rest, false)) {
			return true
		}
	}
	return false
}

// long tells pieces that are a phrase, or a word that is not everywhere, or a rung.
func long(piece string) bool {
	return strings.Contains(piece, " ") || len(piece) >= 8 || regexp.MustCompile(`^[KZG][0-9]$`).MatchString(piece)
}
