package kafka

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPrintable(t *testing.T) {
	t.Parallel()
	got := make(map[string]string)
	want := map[string]string{
		"billing":                  "billing",
		"my group":                 "my group",
		"größe-東京":                 "größe-東京",
		`a"b\c`:                    `a"b\c`,
		"":                         `""`,
		"\x1b[31mred\x1b[0m":       `"\u001b[31mred\u001b[0m"`,
		"two\nlines\r\t":           `"two\nlines\r\t"`,
		"\u009b2J":                 `"\u009b2J"`,
		"a\u202eb":                 `"a\u202eb"`,
		"a\u2028b\u00a0c\u200bd":   `"a\u2028b\u00a0c\u200bd"`,
		"\xff\x00":                 `"\xff\u0000"`,
		"\ufffd\n":                 "\"\ufffd\\n\"",
		"say \"\x07\" and \\":      `"say \"\u0007\" and \\"`,
		"\U000e0001tag\U0010ffff.": `"\udb40\udc01tag\udbff\udfff."`,
	}
	for name := range want {
		got[name] = Printable(name)
		var again string
		if strings.HasPrefix(got[name], `"`) && !strings.Contains(got[name], `\x`) {
			if err := json.Unmarshal([]byte(got[name]), &again); err != nil || again != name {
				t.Errorf("%q is %s, which JSON reads as %q (%v)", name, got[name], again, err)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
