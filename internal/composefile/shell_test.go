package composefile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParseShell pins how a script is split: each command as its words in brackets, what joins it to
// the next, and "?" where its status is asked.
func TestParseShell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, script, want string }{
		{"nothing", "  \n# only a comment\n", ""},
		{"lines and lists", "a 1\nb && c || d; e | f &", "[a 1]; [b]&& [c]|| [d]; [e]| [f]&"},
		{"quotes", `echo "a; b" 'c && d' e\ f "\"g\""`, "[echo|a; b|c && d|e f|\"g\"]"},
		{"a continued line, a comment", "a \\\n  b # c; d\ne", "[a b]; [e]"},
		{"a substitution", "a $(b; c) `d; e`", "[a|$(b; c)|d; e]"},
		{"redirections", "a >/dev/null 2>&1 && b &>/dev/null", "[a >/dev/null 2>&1]&& [b &>/dev/null]"},
		{"conditions", "if ! a; then b; else c; fi\nuntil d; do e; done", "?[a]; [b]; [c]; ?[d]; [e];"},
		{"a group", "a || { b; exit 1; }", "[a]|| [b]; [exit 1];"},
		{"a quote that does not end", "a 'b", "[a b]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for _, c := range parseShell(test.script, shellCommand{}) {
				separator := " "
				if strings.ContainsAny(strings.Join(c.words, ""), " ;") {
					separator = "|"
				}
				if c.asked {
					text.WriteString("?")
				}
				text.WriteString("[" + strings.Join(c.words, separator) + "]" + c.after + " ")
			}
			if diff := cmp.Diff(test.want, strings.TrimSpace(text.String())); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReadShell pins which word is the script, and which options hold.
func TestReadShell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		words []string
		want  string // the options that hold, the commands, and how many words are lost
	}{
		{"no shell", []string{"kafka-topics", "--list"}, "kafka-topics --list, 0 lost"},
		{"sh -c", []string{"/bin/sh", "-c", "a; b"}, "a; b, 0 lost"},
		{"options in one word", []string{"bash", "-euo", "pipefail", "-c", "a"}, "errexit pipefail a, 0 lost"},
		{"an option behind -c", []string{"bash", "-c", "-a", "a b"}, "a b, 0 lost"},
		{"a text that was split", []string{"sh", "-c", "a", "b", "c"}, "a, 2 lost"},
		{"a script file", []string{"sh", "/run.sh"}, "sh /run.sh, 0 lost"},
		{"set in the script", []string{"sh", "-c", "set -e\na"}, "set -e; errexit a, 0 lost"},
		{"set -o, and off again", []string{"sh", "-c", "set -o errexit; a; set +e; b"}, "set -o errexit; errexit a; errexit set +e; b, 0 lost"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			script := readShell(test.words)
			var commands []string
			for _, c := range script.commands {
				text := strings.Join(c.words, " ")
				if c.pipefail {
					text = "pipefail " + text
				}
				if c.errexit {
					text = "errexit " + text
				}
				commands = append(commands, text)
			}
			got := strings.Join(commands, "; ") + ", " + string(rune('0'+len(script.lost))) + " lost"
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("script (-want +got):\n%s", diff)
			}
		})
	}
}
