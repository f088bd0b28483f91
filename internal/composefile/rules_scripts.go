package composefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kafkactl/internal/yaml"
)

// uncheckedOneShots: a shell ends with the status of its last command. What a command before it came
// to is lost, unless && joins them or `set -e` holds; in a loop only the last round counts. The init
// then counts as done with a topic missing.
func uncheckedOneShots(stack *Stack, report reporter) {
	for _, s := range stack.services {
		commands := s.shell().commands
		if stack.longRunning(s) || s.startsBroker() || stays(s.script()) || defiesReading(s.script()) {
			continue
		}
		for i, c := range commands {
			if !c.makesTopics() || !statusLost(commands, i) {
				continue
			}
			report.advice(s, s.atScript(), fmt.Sprintf("%s goes on when a %s command fails, and ends with the status of the last command: it counts as done when topics are missing",
				s.Name, c.tool()), "`set -e` before the commands, or && between them")
			break
		}
	}
}

// defiesReading reports what a list of commands cannot show: functions, traps, here-documents.
func defiesReading(script string) bool {
	return regexp.MustCompile(`\w\s*\(\)\s*\{|\btrap\b|<<`).MatchString(script)
}

// statusLost reports that nobody asks what command i came to.
func statusLost(commands []shellCommand, i int) bool {
	c := commands[i]
	if c.asked || c.errexit && c.after != "|" {
		return false
	}
	for ; i < len(commands) && commands[i].after == "&&"; i++ {
		c = commands[i]
	}
	if i == len(commands) {
		return false
	}
	next := shellCommand{}
	if i+1 < len(commands) {
		next = commands[i+1]
	}
	switch after := commands[i].after; {
	case after == "|":
		return !c.pipefail && next.words != nil
	case after == "&" || after == "||": // backgroundOneShots, silencedOneShots
		return false
	case strings.Contains(strings.Join(next.words, " "), "$?"), slices.Equal(next.words, []string{"exit"}):
		return false
	default:
		return next.words != nil || commands[i].loops > 0
	}
}

// backgroundOneShots: the container ends with its shell, and takes what is still running in the
// background with it. `wait` alone waits, and is 0 whatever they came to.
func backgroundOneShots(stack *Stack, report reporter) {
	for _, s := range stack.services {
		commands := s.shell().commands
		if stack.longRunning(s) || s.startsBroker() || stays(s.script()) {
			continue
		}
		for i, c := range commands {
			if !c.makesTopics() || c.after != "&" {
				continue
			}
			j := slices.IndexFunc(commands[i+1:], func(later shellCommand) bool { return later.tool() == "wait" })
			switch {
			case j < 0:
				report.fault(s, s.atScript(), fmt.Sprintf("%s ends while its %s commands run in the background, and they end with it: topics are missing", s.Name, c.tool()),
					"the commands without &, and && between them")
			case len(commands[i+1+j].words) == 1:
				report.advice(s, s.atScript(), fmt.Sprintf("`wait` is 0 whatever the commands in the background came to: %s counts as done when topics are missing", s.Name),
					"the commands without &, and && between them; or `wait PID` for each")
			}
			break
		}
	}
}

// emptiedVariables: Compose fills in $NAME from its own environment before the shell sees it, and
// nothing where there is none. A name that the container has, or that the script sets, was meant for
// the shell, to which $$NAME goes.
func emptiedVariables(stack *Stack, report reporter) {
	for _, s := range stack.services {
		for _, place := range [][]step{{key("entrypoint")}, {key("command")}, {key("healthcheck"), key("test")}} {
			var names []string
			at := s.at(place...)
			for _, n := range scalars(s.source.value(s.Name, place...)) {
				for _, name := range s.source.unset(n.Value) {
					if !s.meantForShell(name, n.Value) {
						continue
					}
					if len(names) == 0 && n.Line > 0 {
						at.line, at.column = n.Line, n.Column
					}
					if !slices.Contains(names, name) {
						names = append(names, name)
					}
				}
			}
			if len(names) == 0 {
				continue
			}
			report.fault(s, at, fmt.Sprintf("Compose fills in $%s before the shell of %s sees it, and has no such variable: it is empty",
				strings.Join(names, ", $"), s.Name), "$$"+strings.Join(names, ", $$"))
		}
	}
}

// meantForShell reports a variable that the container has, or that the script sets itself.
func (s *service) meantForShell(name, script string) bool {
	_, set := s.Environment[name]
	sets := regexp.MustCompile(`\b(for|read|export|local)\s+(-\w+\s+)*` + name + `\b|(^|[\s;&|("'])` + name + `=`)
	return set || sets.MatchString(script) || slices.Contains([]string{"HOSTNAME", "RANDOM", "SECONDS"}, name)
}

// scalars returns the texts at and below a node.
func scalars(n *yaml.Node) []*yaml.Node {
	n = yaml.Resolve(n)
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		return []*yaml.Node{n}
	}
	var found []*yaml.Node
	for _, child := range n.Content {
		found = append(found, scalars(child)...)
	}
	return found
}
