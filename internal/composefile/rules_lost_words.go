package composefile

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"

	"kafkactl/internal/yaml"
)

// splitText is an entrypoint or a command that is one text, as Compose splits it: by go-shellwords, which
// knows words and quotes, but no commands: it stops at the first ; & | < or > outside of quotes.
type splitText struct {
	text string
	cut  string // the sign at which it stops before something else, "" for none
}

// splitText reads the text of a key; a list is not split, and has none.
func (s *service) splitText(name string) (split splitText) {
	n := yaml.Resolve(s.source.value(s.Name, key(name)))
	if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" {
		return splitText{}
	}
	split.text = s.source.expand(n.Value)
	parser := shellwords.NewParser()
	if _, err := parser.Parse(split.text); err != nil || parser.Position < 0 {
		return split
	}
	rest := string([]rune(split.text)[parser.Position:])
	sign := regexp.MustCompile(`&&|\|\||[;&|<>]`).FindStringIndex(rest)
	redirections := regexp.MustCompile(`^(\s*\d?&?[<>]+&?\s*[^\s;&|<>]+)+\s*$`).MatchString(rest)
	if sign != nil && !redirections && strings.TrimSpace(rest[sign[1]:]) != "" {
		split.cut = rest[sign[0]:sign[1]]
	}
	return split
}

// lostWords: a command that is one text is split into words by Compose itself, which drops what is behind
// the first && or ;. In a list they are arguments like any others. And `sh -c` runs one word; the rest are
// its $0, $1.
func lostWords(stack *Stack, report reporter) {
	for _, s := range stack.services {
		script := s.shell()
		cut := s.splitText("entrypoint").cut
		if cut == "" {
			cut = s.splitText("command").cut
		}
		switch {
		case script.shell != "":
			lostByShell(s, script, cut, report)
		case cut != "":
			report.fault(s, s.atScript(), fmt.Sprintf("no shell reads the command of %s: Compose stops at %s and drops what follows", s.Name, cut), wholeScript)
		case len(script.commands) == 1 && (s.tools() != "" || strings.Contains(s.script(), "kafkactl")):
			words := script.commands[0].words
			i := slices.IndexFunc(words, func(word string) bool { return slices.Contains([]string{"&&", "||", ";", "|", "&"}, word) })
			if i > 0 {
				report.fault(s, s.atScript(), fmt.Sprintf("no shell reads the command of %s: %s is an argument of %s, and what follows does not run",
					s.Name, words[i], script.commands[0].tool()), wholeScript)
			}
		}
	}
}

const wholeScript = `command: [sh, -c, "the whole script"]`

// lostByShell reports what `sh -c` does not run: what Compose dropped, and the words behind the first. A script
// that asks for $1 or $@ was given them, and one that is behind it and is no text with blanks may be its name.
func lostByShell(s *service, script shellScript, cut string, report reporter) {
	text := s.splitText(s.scriptKey(script)).text
	words := 1 + len(script.lost)
	why := fmt.Sprintf("`%s -c` takes one word, and ", script.shell)
	switch {
	case cut != "":
		why += fmt.Sprintf("Compose stops at %s and drops what follows", cut)
	case text != "":
		why += fmt.Sprintf("Compose makes %d of the text", words)
	case s.scriptKey(script) == "entrypoint" && len(s.Command) > 0:
		why += "the words of command are no part of it"
	default:
		why += fmt.Sprintf("the list has %d", words)
	}
	blank := func(word string) bool { return strings.ContainsAny(strings.TrimSpace(word), " \t\n") }
	switch {
	case words == 1 && cut == "":
	case !blank(script.text) && !strings.Contains(script.text, "$"):
		report.fault(s, s.atScript(), fmt.Sprintf("%s runs %s alone%s: %s", script.shell, shownWord(script.text), withoutArguments(script.text), why), oneItem(s, script, text))
	case cut != "":
		report.fault(s, s.atScript(), fmt.Sprintf("%s runs the first word of the command of %s alone: %s", script.shell, s.Name, why), oneItem(s, script, text))
	case positional(script.text) || !slices.ContainsFunc(script.lost, blank):
	case text == "":
		report.fault(s, s.atScript(), fmt.Sprintf("%s runs the first item of %s alone: %s", script.shell, s.Name, why), "command:\n  - |\n    set -e\n    each item as a line")
	default:
		report.fault(s, s.atScript(), fmt.Sprintf("the script of %s ends at a quote in it: %s", s.Name, why), "command:\n  - |\n    the script, without the quotes around it")
	}
}

// scriptKey returns the key that has the script.
func (s *service) scriptKey(script shellScript) string {
	if len(s.Command) > len(script.lost) {
		return "command"
	}
	return "entrypoint"
}

// positional reports a script that asks for its arguments.
func positional(script string) bool {
	return regexp.MustCompile(`\$\{?[0-9@*#]`).MatchString(script)
}

// shownWord is a word without the value that it sets, which may be a password.
func shownWord(word string) string {
	word = strings.TrimSpace(word)
	if name, _, found := strings.Cut(word, "="); found {
		return name + "=…"
	}
	return word
}

// withoutArguments says what comes of a program that is given none.
func withoutArguments(word string) string {
	if strings.TrimSuffix(path.Base(strings.TrimSpace(word)), ".sh") == "kafka-topics" {
		return ", which without arguments prints its help and exits 1"
	}
	return ""
}

// oneItem is the command as a list in which the script is one item; text is what Compose split.
func oneItem(s *service, script shellScript, text string) string {
	words := strings.Fields(script.text)
	first := "…"
	if len(words) > 0 {
		first = shownWord(words[0]) + " …"
	}
	switch {
	case s.scriptKey(script) == "entrypoint" && len(s.Command) > 0:
		return fmt.Sprintf("entrypoint: [%s, -c, %q]", script.shell, first)
	case len(s.Entrypoint) == 0 || len(s.Command) == 0:
		return fmt.Sprintf("%s: [%s, -c, %q]", s.scriptKey(script), script.shell, first)
	case strings.Contains(strings.TrimSpace(text), "\n"):
		return "command:\n  - |\n    " + first
	default:
		return fmt.Sprintf("command: [%q]", first)
	}
}
