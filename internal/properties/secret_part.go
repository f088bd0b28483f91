package properties

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
)

// partLength is how many characters of a secret in a row are a part of it.
const partLength = 4

// PartIn reports whether a part of the secret is in a text, in one of the forms that others may repeat it in: as it
// is, quoted, as a URL or base64 has it, or in hexadecimal digits. A shorter secret is its own only part.
func (s Secret) PartIn(text string) bool {
	if !s.IsSet() {
		return false
	}
	runes, lower := []rune(s.Reveal()), strings.ToLower(text)
	length := min(partLength, len(runes))
	for i := range len(runes) - length + 1 {
		part := string(runes[i : i+length])
		if strings.Contains(lower, hex.EncodeToString([]byte(part))) {
			return true
		}
		for _, form := range partForms(part) {
			if form != "" && strings.Contains(text, form) {
				return true
			}
		}
	}
	return false
}

// partForms returns a text in the forms that are told apart by case.
func partForms(part string) []string {
	quoted, plain := strconv.Quote(part), strconv.QuoteToASCII(part)
	forms := []string{part, quoted[1 : len(quoted)-1], plain[1 : len(plain)-1], url.QueryEscape(part), url.PathEscape(part)}
	for before := range 3 { // bytes that stand before it in its group of three
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + part))
		whole := encoded[(before*8+5)/6 : (before+len(part))*8/6] // less the letters that neighbours have a share in
		if len(whole) >= partLength {
			forms = append(forms, whole, strings.NewReplacer("+", "-", "/", "_").Replace(whole))
		}
	}
	return forms
}
