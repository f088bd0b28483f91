package composefile

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// shellScript is what a container runs, as its shell reads it: one command where none does.
type shellScript struct {
	commands []shellCommand
	shell    string   // the name of the shell that is given a script, "" for none
	text     string   // the script
	lost     []string // words that the shell is given and runs nothing of: sh -c reads one
}

// shellCommand is one simple command.
type shellCommand struct {
	words    []string // without quotes and without the words of the grammar before them
	after    string   // what joins it to the next one: && || | & or ; (also for a new line), "" at the end
	asked    bool     // if, while, until or ! asks for its status
	loops    int      // how many loops it is in
	errexit  bool     // set -e holds
	pipefail bool
}

// shell reads the entrypoint and the command of the service. The image of kafkactl runs kafkactl.
func (s *service) shell() shellScript {
	if s.image.name() == "kafkactl" && len(s.Entrypoint) == 0 && len(s.Command) > 0 {
		return readShell(slices.Concat([]string{"kafkactl"}, s.Command))
	}
	return readShell(slices.Concat(s.Entrypoint, s.Command))
}

// readShell reads what the words run: the script that a shell among them is given, or themselves.
func readShell(words []string) shellScript {
	for i, word := range words {
		if !slices.Contains([]string{"sh", "bash", "ash", "dash"}, path.Base(word)) {
			continue
		}
		var options shellCommand
		given := false
		j := i + 1
		for ; j < len(words) && strings.HasPrefix(words[j], "-"); j++ {
			options.apply(words[j:])
			given = given || !strings.HasPrefix(words[j], "--") && strings.Contains(words[j], "c")
			if strings.HasSuffix(words[j], "o") {
				j++ // its name
			}
		}
		if given && j < len(words) {
			return shellScript{parseShell(words[j], options), path.Base(word), words[j], words[j+1:]}
		}
	}
	if len(words) == 0 {
		return shellScript{}
	}
	return shellScript{commands: []shellCommand{{words: words}}}
}

// apply heeds the options that a shell, or its set, is given: -e, -o pipefail.
func (c *shellCommand) apply(options []string) {
	for i, option := range options {
		on := strings.HasPrefix(option, "-")
		if option == "" || !on && option[0] != '+' || strings.HasPrefix(option, "--") {
			return
		}
		if strings.Contains(option, "e") {
			c.errexit = on
		}
		if strings.HasSuffix(option, "o") && i+1 < len(options) {
			switch options[i+1] {
			case "errexit":
				c.errexit = on
			case "pipefail":
				c.pipefail = on
			}
			c.apply(options[i+2:])
			return
		}
	}
}

// parseShell splits a script into its simple commands; options hold from the beginning.
func parseShell(script string, options shellCommand) []shellCommand {
	var commands []shellCommand
	state := options
	for _, raw := range splitShell(script) {
		c := raw
		c.errexit, c.pipefail = state.errexit, state.pipefail
		for len(c.words) > 0 {
			first := c.words[0]
			switch {
			case slices.Contains([]string{"if", "elif", "while", "until", "!"}, first):
				c.asked = true
			case first == "do":
				state.loops++
			case first == "done":
				state.loops = max(state.loops-1, 0)
				c.words = c.words[:1] // what the loop reads is no command
			case !slices.Contains([]string{"then", "else", "fi", "esac", "{", "}", "exec", "time", "command"}, first):
				first = ""
			}
			if first == "" {
				break
			}
			c.words = c.words[1:]
		}
		c.loops = state.loops
		if len(c.words) == 0 {
			continue
		}
		if c.words[0] == "set" {
			state.apply(c.words[1:])
		}
		commands = append(commands, c)
	}
	return commands
}

// programs returns the words that name a program: the first of each command, those of a script that
// it gives to a shell, and the one that timeout or NAME=value is before.
func (s shellScript) programs() []string {
	var programs []string
	for _, c := range s.commands {
		for i, word := range c.words {
			if strings.Contains(word, "=") {
				continue
			}
			programs = append(programs, word)
			if inner := readShell(c.words[i:]); len(inner.commands) != 1 || !slices.Equal(inner.commands[0].words, c.words[i:]) {
				programs = append(programs, inner.programs()...) // of sh -c
				break
			}
			if !slices.Contains([]string{"timeout", "nohup", "sudo", "time"}, word) {
				break
			}
			for _, later := range c.words[i+1:] {
				if firstTool(later) != "" {
					programs = append(programs, later)
				}
			}
			break
		}
	}
	return programs
}

// tool is the name of the program, without its directory and .sh.
func (c shellCommand) tool() string {
	for _, word := range c.words {
		if !strings.Contains(word, "=") { // NAME=value before the program
			return strings.TrimSuffix(path.Base(word), ".sh")
		}
	}
	return ""
}

// makesTopics reports a command that creates topics, or changes them.
func (c shellCommand) makesTopics() bool {
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(c.words, word) })
	}
	switch c.tool() {
	case "kafka-topics":
		return has("--create", "--alter")
	case "kafkactl":
		return has("apply", "create", "alter")
	case "rpk":
		return has("topic") && has("create")
	default:
		return false
	}
}

// factor is the number of replicas that a command creates a topic with, ok when it says one.
func (c shellCommand) factor() (n int, ok bool) {
	if !c.makesTopics() {
		return 0, false
	}
	for i, word := range c.words {
		value, found := strings.CutPrefix(word, "--replication-factor=")
		if word == "--replication-factor" && i+1 < len(c.words) {
			value, found = c.words[i+1], true
		}
		if found {
			n, err := strconv.Atoi(value)
			return n, err == nil
		}
	}
	return 0, false
}

// bootstrap is the addresses of the brokers that a command is given.
func (c shellCommand) bootstrap() []address {
	for i, word := range c.words {
		name, value, found := strings.Cut(word, "=")
		if !found && i+1 < len(c.words) {
			value = c.words[i+1]
		}
		if slices.Contains([]string{"-b", "--brokers", "--bootstrap-server"}, name) {
			return parseAddresses(value)
		}
	}
	return nil
}
