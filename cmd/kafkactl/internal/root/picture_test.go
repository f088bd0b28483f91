package root

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
)

// Measures of a picture, in the SVG's units.
const (
	pictureFont   = 14.0
	pictureCell   = 8.43 // a place in a line: 0.602 of the font, as most monospaced fonts have it
	pictureLine   = 20.0
	pictureMargin = 20.0
	pictureBar    = 38.0 // the window's, with its title
)

// pictureStyle is the dark theme. No font is embedded: every reader has a monospaced one, and the
// pieces of a line have their own places and lengths, so that columns stand wherever they are
// shown.
const pictureStyle = `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9}` +
	`.bold{font-weight:700;fill:#f0f6fc}.faint{fill:#848d97}.red{fill:#ff7b72}.green{fill:#7ee787}.yellow{fill:#e3b341}.prompt{fill:#79c0ff}`

// glyph is one place of a line.
type glyph struct {
	r     rune
	class string
}

// pictureOf is what a terminal of so many columns shows, as an SVG.
func pictureOf(title, text string, columns int) (string, error) {
	lines, err := glyphsOf(strings.TrimSuffix(text, "\n"), columns)
	if err != nil {
		return "", err
	}
	width := 2*pictureMargin + float64(columns)*pictureCell
	height := pictureBar + 2*pictureMargin - (pictureLine - pictureFont) + float64(len(lines))*pictureLine
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&svg, "<title>%s</title>\n<style>%s</style>\n", escaped(title), pictureStyle)
	fmt.Fprintf(&svg, `<rect x=".5" y=".5" width="%.0f" height="%.0f" rx="10" fill="#0d1117" stroke="#30363d"/>`+"\n", width-1, height-1)
	for i, color := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(&svg, `<circle cx="%d" cy="20" r="6" fill="%s"/>`+"\n", 24+20*i, color)
	}
	fmt.Fprintf(&svg, `<text class="faint" x="%.0f" y="25" text-anchor="middle">%s</text>`+"\n", width/2, escaped(title))
	for i, line := range lines {
		writePieces(&svg, line, pictureBar+pictureMargin+pictureFont-4+float64(i)*pictureLine)
	}
	svg.WriteString("</svg>\n")
	return svg.String(), nil
}

// writePieces writes what stands between two blanks or more, or has another colour, each at its
// place.
func writePieces(svg *strings.Builder, line []glyph, y float64) {
	for at := 0; at < len(line); {
		if line[at].r == ' ' {
			at++
			continue
		}
		end := at + 1
		for end < len(line) && line[end].class == line[at].class && (line[end].r != ' ' || line[end-1].r != ' ') {
			end++
		}
		var piece strings.Builder
		for _, g := range line[at:end] {
			piece.WriteRune(g.r)
		}
		text := strings.TrimRight(piece.String(), " ")
		class := ""
		if line[at].class != "" {
			class = fmt.Sprintf(` class="%s"`, line[at].class)
		}
		fmt.Fprintf(svg, `<text%s x="%.1f" y="%.0f" textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
			class, pictureMargin+float64(at)*pictureCell, y, float64(utf8.RuneCountInString(text))*pictureCell, escaped(text))
		at = end
	}
}

// glyphsOf are the lines of text, wrapped as a terminal wraps them. Of the escape sequences it
// knows those that colour; another one would move what is drawn, and is an error.
func glyphsOf(text string, columns int) ([][]glyph, error) {
	var lines [][]glyph
	var classes []string
	for line := range strings.SplitSeq(text, "\n") {
		var drawn []glyph
		for line != "" {
			if rest, found := strings.CutPrefix(line, "\x1b["); found {
				codes, after, ended := strings.Cut(rest, "m")
				var err error
				if classes, err = classesAfter(classes, codes); err != nil || !ended {
					return nil, cmp.Or(err, errors.New("an escape sequence has no end"))
				}
				line = after
				continue
			}
			r, size := utf8.DecodeRuneInString(line)
			if r < ' ' {
				return nil, fmt.Errorf("a picture cannot show %q", r)
			}
			drawn, line = append(drawn, glyph{r, strings.Join(classes, " ")}), line[size:]
		}
		for len(drawn) > columns {
			lines, drawn = append(lines, drawn[:columns]), drawn[columns:]
		}
		lines = append(lines, drawn)
	}
	return lines, nil
}

// classesAfter is the style after a sequence of such codes.
func classesAfter(classes []string, codes string) ([]string, error) {
	known := map[string]string{"1": "bold", "2": "faint", "31": "red", "32": "green", "33": "yellow", "34": "prompt"}
	for code := range strings.SplitSeq(codes, ";") {
		switch {
		case code == "0":
			classes = nil
		case known[code] == "":
			return nil, fmt.Errorf("a picture cannot show the escape sequence ESC[%sm", codes)
		default:
			classes = append(slices.Clone(classes), known[code])
		}
	}
	return classes, nil
}

func escaped(text string) string {
	var s strings.Builder
	_ = xml.EscapeText(&s, []byte(text)) // a Builder takes everything
	return s.String()
}

func TestPictureOf(t *testing.T) {
	t.Parallel()
	lines, err := glyphsOf("a \x1b[1;31m!\x1b[0m\nwrapped", 5)
	want := [][]glyph{
		{{'a', ""}, {' ', ""}, {'!', "bold red"}},
		{{'w', ""}, {'r', ""}, {'a', ""}, {'p', ""}, {'p', ""}},
		{{'e', ""}, {'d', ""}},
	}
	if diff := gocmp.Diff(want, lines, gocmp.AllowUnexported(glyph{})); diff != "" || err != nil {
		t.Error(err, diff)
	}
	svg, err := pictureOf("<t>", "one two  \x1b[32mthree & four\x1b[0m", 40)
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{">one two</text>", ` class="green" x="95.9"`, ">three &amp; four</text>", "<title>&lt;t&gt;</title>"} {
		if !strings.Contains(svg, piece) {
			t.Errorf("no %s in\n%s", piece, svg)
		}
	}
	for _, text := range []string{"\x1b[2A", "\x1b[38m", "\r", "\x1b[1"} {
		if _, err := pictureOf("", text, 40); err == nil {
			t.Errorf("%q can be shown", text)
		}
	}
}
