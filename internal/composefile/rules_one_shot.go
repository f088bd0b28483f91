package composefile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"kafkactl/internal/yaml"
)

// adopters returns the services that start when of has completed.
func (s *Stack) adopters(of *service) []*service {
	var found []*service
	for _, other := range s.services {
		if other.DependsOn[of.Name].Condition == types.ServiceConditionCompletedSuccessfully {
			found = append(found, other)
		}
	}
	return found
}

// createsTopics reports whether the service makes topics, by whatever tool.
func (s *service) createsTopics() bool {
	script := s.script()
	apply := slices.ContainsFunc(strings.Fields(script), func(word string) bool { return word == "apply" || word == "create" })
	return apply && (strings.Contains(script, "kafkactl") || s.image.name() == "kafkactl") ||
		strings.Contains(script, "kafka-topics") && strings.Contains(script, "--create")
}

// topicCreator returns the service that makes the stack's topics, nil for none.
func (s *Stack) topicCreator() *service {
	i := slices.IndexFunc(s.services, func(svc *service) bool { return svc.createsTopics() && !s.longRunning(svc) })
	if i < 0 {
		return nil
	}
	return s.services[i]
}

// longRunning reports a service that is certainly no one-shot.
func (s *Stack) longRunning(svc *service) bool {
	return s.brokerOf(svc) != nil || slices.Contains(s.zookeepers, svc) || slices.Contains(s.uis, svc)
}

// oneShot reports a service that is meant to end: a service waits for its completion, it makes
// topics, or it is called one and given a task. A restart policy alone is no sign: many an app has
// on-failure.
func (s *Stack) oneShot(svc *service) bool {
	if s.longRunning(svc) {
		return false
	}
	serves := len(svc.Ports)+len(svc.Expose) > 0 || svc.HealthCheck != nil
	words := strings.FieldsFunc(svc.Name, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	called := slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains([]string{"init", "setup", "migrate", "migration", "migrations", "seed"}, word)
	}) || strings.Contains(svc.Name, "create-topics")
	given := svc.overridden() || svc.Build != nil || svc.Restart == "no" || strings.HasPrefix(svc.Restart, "on-failure")
	return len(s.adopters(svc)) > 0 || svc.createsTopics() || called && given && !serves
}

// stays reports a script that does not end when its work is done.
func stays(script string) bool {
	return containsAny(script, "sleep infinity", "tail -f", "sleep inf", "while true", "while :")
}

// unadoptedOneShots: `up --wait` waits until every service runs or is healthy; a service that
// ended, even with 0, fails it (docker/compose#10596), unless another depends on it with
// service_completed_successfully (getDependencyCondition in Compose). Services with a profile are
// not there to do so.
func unadoptedOneShots(stack *Stack, report reporter) {
	for _, s := range stack.services {
		adopted := slices.ContainsFunc(stack.adopters(s), func(other *service) bool { return len(other.Profiles) == 0 })
		if !stack.oneShot(s) || adopted || len(s.Profiles) > 0 || restartsForEver(s) || stays(s.script()) {
			continue
		}
		report.advice(s, s.at(), fmt.Sprintf("`docker compose up --wait` exits 1 once %s has ended, even with 0: nothing that starts with it waits for its completion", s.Name),
			fmt.Sprintf("depends_on: {%s: {condition: service_completed_successfully}} in %s", s.Name, stack.possibleAdopter(s)))
	}
}

// possibleAdopter returns the name of a service that stays and could wait for svc.
func (s *Stack) possibleAdopter(svc *service) string {
	for _, candidates := range [][]*service{s.uis, s.services} {
		for _, other := range candidates {
			_, circular := svc.DependsOn[other.Name]
			if other != svc && len(other.Profiles) == 0 && !circular && !s.oneShot(other) &&
				!slices.Contains(s.zookeepers, other) && !slices.Contains(s.unread, other) && s.brokerOf(other) == nil {
				return other.Name
			}
		}
	}
	return "a service that stays, kafka-ui say"
}

func restartsForEver(s *service) bool {
	return s.restart() == "always" || s.restart() == "unless-stopped"
}

// restartedOneShots: always and unless-stopped start a container again when it ended with 0. An
// init then runs for ever, and is never completed for the services that wait for it. Where none
// waits, its work is done again and again.
func restartedOneShots(stack *Stack, report reporter) {
	for _, s := range stack.services {
		if stack.oneShot(s) && restartsForEver(s) && !stays(s.script()) {
			report.byUse(len(stack.adopters(s)) > 0, s, s.at(key("restart")), fmt.Sprintf("restart: %s starts %s again each time it has ended, for ever", s.restart(), s.Name), `restart: "no"`)
		}
	}
}

// silencedOneShots: an init whose errors are thrown away, or that goes on sleeping after them,
// counts as done whether or not the topics are there.
func silencedOneShots(stack *Stack, report reporter) {
	for _, s := range stack.services {
		if stack.longRunning(s) || !s.createsTopics() {
			continue
		}
		script := s.script()
		switch {
		case silenced(script):
			report.advice(s, s.atScript(), fmt.Sprintf("%s throws the errors of its topic commands away: it counts as done when topics are missing", s.Name),
				"the command without `|| true`; --if-not-exists, or kafkactl apply, may run twice")
		case containsAny(script, "sleep infinity", "sleep inf", "tail -f /dev/null"):
			report.advice(s, s.atScript(), fmt.Sprintf("%s stays after its work: nothing can wait for its completion, nor see that it failed", s.Name),
				`the command without the sleep, restart: "no", and service_completed_successfully where it is waited for`)
		}
	}
}

// silenced reports whether a command that makes or awaits topics has || true behind it.
func silenced(script string) bool {
	commands := strings.FieldsFunc(strings.ReplaceAll(script, "&&", ";"), func(r rune) bool { return r == ';' || r == '\n' })
	return slices.ContainsFunc(commands, func(command string) bool {
		work, rest, found := strings.Cut(command, "||")
		rest = strings.TrimSpace(rest)
		ignored := rest == ":" || strings.HasPrefix(rest, "true") || strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, "echo ")
		return found && ignored && containsAny(work, "kafka-topics", "kafkactl")
	})
}

// atScript returns the place of the part of the script that has the tools.
func (s *service) atScript() position {
	if len(s.Command) > 0 {
		return s.at(key("command"), item(runsTool))
	}
	return s.at(key("entrypoint"), item(runsTool))
}

func runsTool(n *yaml.Node) bool {
	value := yaml.Resolve(n).Value
	return firstTool(value) != "" || strings.Contains(value, "kafkactl")
}
