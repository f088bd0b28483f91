package root

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// canary is a secret that a test plants, with the text of its every part in every form that a program could print
// it in.
type canary struct {
	text  string
	forms []string
}

// run is the length, in characters, of the parts of a canary that nothing may print.
const run = 4

// newCanary returns the canary of a text. window is how many characters in a row give it away: [run], or more for
// the base64 of a key, of which four letters also come by chance.
func newCanary(text string, window int) canary {
	c := canary{text: text}
	runes, seen := []rune(text), make(map[string]bool)
	add := func(form string, least int) {
		if len(form) >= least && !seen[form] {
			seen[form] = true
			c.forms = append(c.forms, form)
		}
	}
	for i := range len(runes) - window + 1 {
		part := string(runes[i : i+window])
		inner := func(quoted string) string { return quoted[1 : len(quoted)-1] }
		for _, form := range []string{part, inner(strconv.Quote(part)), inner(strconv.QuoteToASCII(part)), url.QueryEscape(part), url.PathEscape(part)} {
			add(form, run)
		}
		var misread strings.Builder // as Java reads a properties file
		for _, b := range []byte(part) {
			misread.WriteRune(rune(b))
		}
		add(misread.String(), run)
		encoded := hex.EncodeToString([]byte(part))
		add(encoded, 2*run)
		add(strings.ToUpper(encoded), 2*run)
		add(strings.Trim(fmt.Sprint([]byte(part)), "[]"), 2*run) // %v of bytes
		addBase64(part, add)
	}
	return c
}

// addBase64 adds the base64 of a part, wherever in a longer text it stands: without the letters that its neighbours
// have a share in.
func addBase64(part string, add func(form string, least int)) {
	for before := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + part))
		whole := encoded[(before*8+5)/6 : (before+len(part))*8/6]
		add(whole, run)
		add(strings.NewReplacer("+", "-", "/", "_").Replace(whole), run)
	}
}

// in returns the part of the canary that is in a text, "" for none.
func (c canary) in(text string) string {
	for _, form := range c.forms {
		if strings.Contains(text, form) {
			return form
		}
	}
	return ""
}

// canaries are secrets that go wrong in different ways: as a plain word; with quotes, backslash and the signs of
// properties, JAAS, URLs and lists; with letters beyond ASCII.
func canaries() []canary {
	return []canary{
		newCanary("Xq7wVz9kJp3mRt5b", run),
		newCanary(`Zk4n"Wx8,p'Fv6:Lb\2qTd=9;Hg@1#Ys`, run),
		newCanary("жЩ9юфЫ4ўđßØ7ηЯқ", run),
	}
}

// The oracle finds what it is for.
func TestCanaryForms(t *testing.T) {
	t.Parallel()
	for _, c := range canaries() {
		for _, text := range []string{
			c.text, fmt.Sprintf("%q", c.text), fmt.Sprintf("%+q", c.text), fmt.Sprintf("%x", c.text), fmt.Sprintf("%X", c.text), fmt.Sprintf("%v", []byte(c.text)),
			"a" + string([]rune(c.text)[3:3+run]) + "b", url.QueryEscape(c.text), "https://app:" + url.PathEscape(c.text) + "@h",
			base64.StdEncoding.EncodeToString([]byte(c.text)), base64.URLEncoding.EncodeToString([]byte("app:" + c.text)),
			base64.StdEncoding.EncodeToString([]byte("a:" + c.text + "b")), base64.StdEncoding.EncodeToString([]byte("ap:" + string([]rune(c.text)[5:]))),
		} {
			if c.in(text) == "" {
				t.Errorf("nothing of %s is found in %s", c.text, text)
			}
		}
		if part := c.in("login refused: check the user name and the password, AAAA/aaaa+0123456789"); part != "" {
			t.Errorf("%q is found in ordinary text", part)
		}
	}
}
