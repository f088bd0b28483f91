package root

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/legacy"
)

// Every command line that the documents show is one that kafkactl takes: its command,
// its flags and the number of its arguments.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, d := range written(t) {
		for _, shown := range d.commandLines() {
			for _, words := range simpleCommands(shown.text) {
				args, isOurs := ourArguments(words)
				if !isOurs {
					continue
				}
				checked++
				if err := understood(args, shown.inline); err != nil {
					t.Errorf("%s:%d: kafkactl %s: %v", d.path, shown.line, strings.Join(args, " "), err)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("%d command lines were found: are the documents read as they are written?", checked)
	}
}

// Each line of the README's table of what people typed before is taken as it stands there, if it is
// one of Apache's tools.
func TestDocumentedOldCommands(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(clitest.InRepo("README.md"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, row := range regexp.MustCompile("(?m)^\\| `(docker exec [^`]*)`").FindAllStringSubmatch(string(text), -1) {
		line := row[1]
		if strings.HasSuffix(line, "--delete-config retention.ms") {
			line += " --alter --topic T" // the row above has the rest
		}
		args := strings.Fields(strings.ReplaceAll(line, "…", "--bootstrap-server localhost:9092"))
		modern, hint, refused := legacy.Modernize(args)
		if refused != nil || hint == "" {
			t.Errorf("%s: %v", line, refused)
			continue
		}
		checked++
		if err := understood(modern, false); err != nil {
			t.Errorf("%s is now kafkactl %s: %v", line, strings.Join(modern, " "), err)
		}
	}
	if checked < 12 {
		t.Errorf("%d lines were found: is the table read as it is written?", checked)
	}
}

// shownCommand is a command line in a document.
type shownCommand struct {
	line   int // from 1
	text   string
	inline bool // in a sentence, where it may be a bare name: `kafkactl consume`
}

// commandLines returns the shell lines of d: those of its sh blocks, those after a
// prompt in its console blocks, and the code in its prose.
func (d document) commandLines() []shownCommand {
	var shown []shownCommand
	for _, b := range d.blocks {
		for i, line := range b.lines {
			text, prompted := strings.CutPrefix(line, "$ ")
			if b.language == "sh" || b.language == "console" && prompted {
				shown = append(shown, shownCommand{b.line + i, text, false})
			}
		}
	}
	for i, line := range d.prose {
		for _, code := range inlineCode().FindAllStringSubmatch(line, -1) {
			shown = append(shown, shownCommand{i + 1, strings.ReplaceAll(code[1], `\|`, "|"), true})
		}
	}
	return shown
}

// simpleCommands splits a shell line into its commands and their words. It knows
// quotes, comments and operators, which is all that the documents use.
func simpleCommands(line string) [][]string {
	commands := [][]string{nil}
	operator := regexp.MustCompile(`^(\d?>|[|&;()<\n])`)
	for rest := line; rest != ""; {
		last := &commands[len(commands)-1]
		switch {
		case rest[0] == ' ':
			rest = rest[1:]
		case rest[0] == '#':
			rest = ""
		case operator.MatchString(rest):
			rest = rest[len(operator.FindString(rest)):]
			commands = append(commands, nil)
		default:
			var word string
			word, rest = shellWord(rest)
			*last = append(*last, word)
		}
	}
	return slices.DeleteFunc(commands, func(words []string) bool { return len(words) == 0 })
}

// shellWord takes the first word of text, without its quotes.
func shellWord(text string) (word, rest string) {
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote == 0 && strings.IndexByte(" |&;()<>\n", c) >= 0:
			return word, text[i:]
		default:
			word += string(c)
		}
	}
	return word, ""
}

func TestSimpleCommands(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][][]string{
		"kafkactl list 2>/dev/null || true # all":       {{"kafkactl", "list"}, {"/dev/null"}, {"true"}},
		`source <(kafkactl completion bash)`:            {{"source"}, {"kafkactl", "completion", "bash"}},
		`A=1 kafkactl consume T --jq 'a | b' | jq ".c"`: {{"A=1", "kafkactl", "consume", "T", "--jq", "a | b"}, {"jq", ".c"}},
		"kafkactl plan; echo \"exit $?\"":               {{"kafkactl", "plan"}, {"echo", "exit $?"}},
	} {
		if diff := cmp.Diff(want, simpleCommands(line)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

// ourArguments returns what follows kafkactl's name, where the words are a call of it.
func ourArguments(words []string) (args []string, isOurs bool) {
	before := regexp.MustCompile(`^([A-Z_]+=.*|do|then|time)$`)
	for len(words) > 0 && before.MatchString(words[0]) {
		words = words[1:]
	}
	if len(words) == 0 || path.Base(words[0]) != "kafkactl" || strings.HasPrefix(words[0], "cmd/") {
		return nil, false
	}
	return words[1:], true
}

// understood returns why kafkactl does not take the arguments, nil when it does. A
// bare name of a command is always taken in a sentence.
func understood(args []string, inline bool) error {
	if err := nestedCommand(args); err != nil {
		return err
	}
	args, _, refused := legacy.Modernize(args)
	if refused != nil {
		return refused
	}
	cmd, rest, err := newRootCmd(&cli.App{}).Find(args)
	if err != nil {
		return err
	}
	if inline && len(rest) == 0 {
		return nil
	}
	cmd.InitDefaultHelpFlag()
	cli.AddSecurityFlags(cmd)
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if help, err := cmd.Flags().GetBool("help"); err == nil && help {
		return nil
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// nestedCommand returns why kafkactl does not take the call of itself that args end
// with, as in dev -- kafkactl list; nil when there is none.
func nestedCommand(args []string) error {
	dash := slices.Index(args, "--")
	if dash < 0 {
		return nil
	}
	nested, isOurs := ourArguments(args[dash+1:])
	if !isOurs {
		return nil
	}
	if err := understood(nested, false); err != nil {
		return fmt.Errorf("kafkactl %s: %w", strings.Join(nested, " "), err)
	}
	return nil
}

// The check itself: a flag, a command, an argument that does not exist is found.
func TestUnderstood(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"consume T --from-beginning":       true,
		"topics --list --bootstrap-server": false,
		"topics --list":                    true,
		"consume T --from-begin":           false,
		"consum T":                         false,
		"list -o xml":                      false,
		"consume":                          false,
		"help exit-codes":                  true,
		"list --config client.properties":  true,
		"dev --config client.properties":   false,
		"help exit-code":                   false,
		"dev -- kafkactl list":             true,
		"dev -- kafkactl lst":              false,
	} {
		if err := understood(strings.Fields(line), false); (err == nil) != want {
			t.Errorf("kafkactl %s: %v", line, err)
		}
	}
}
