package composefile

import (
	"fmt"
	"slices"
	"strings"
)

// saslMechanisms: the mechanism by which brokers log in to each other is GSSAPI unless it is set, and so
// is the only one that is enabled; the one has to be among the others ("must be included in
// sasl.enabled.mechanisms", KafkaConfig; seen with 4.3.1). Of the controllers' Kafka checks nothing: it
// looks for the JAAS configuration of that mechanism (seen with 4.3.1), or the login is refused.
func saslMechanisms(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		inter := b.interBroker()
		if !b.controllerOnly() {
			b.checkMechanism(report, inter, "sasl.mechanism.inter.broker.protocol", "the brokers log in to each other", "the broker does not start")
		}
		if names := b.controllerNames(); b.kraft() && len(names) > 0 && names[0] != inter {
			b.checkMechanism(report, names[0], "sasl.mechanism.controller.protocol", "the nodes log in to the controllers", "no node reaches the controllers")
		}
	}
}

func (b *broker) checkMechanism(report reporter, listener, property, who, fails string) {
	if !strings.HasPrefix(b.protocol(listener), "SASL_") {
		return
	}
	used, enabled := "GSSAPI", []string{"GSSAPI"}
	byDefault := ""
	if value := b.env(variableOf(property)); value.known() {
		used = strings.ToUpper(value.value)
	} else if b.lacks(variableOf(property)) {
		byDefault = " by default"
	} else {
		return
	}
	value, variable, absent := b.ofListener(listener, "sasl.enabled.mechanisms")
	if value.known() {
		enabled = parseNames(value.value)
	} else if !absent {
		return
	}
	if placeholder(value.value) || slices.Contains(enabled, used) {
		return
	}
	at, fix := variableOf(property), variableOf(property)+": "+enabled[0]
	if byDefault == "" {
		at, fix = variable, variable+": "+strings.Join(append(enabled, used), ",")
		if absent {
			at, fix = variableOf(property), variable+": "+used
		}
	}
	report.fault(b.service, b.atEnv(at), fmt.Sprintf("%s with %s%s, and the listener %s takes %s: %s", who, used, byDefault, listener, strings.Join(enabled, ", "), fails), fix)
}

// listenerSettings: listener.name.NAME.… is of the listener NAME, and _ in a variable is a dot: an
// underscore of the name is written twice. For a listener that does not exist it sets nothing.
func listenerSettings(stack *Stack, report reporter) {
	const prefix = "KAFKA_LISTENER_NAME_"
	for _, b := range stack.brokers {
		if !b.stock() || b.listeners == nil {
			continue
		}
		names := slices.Concat(endpointNames(b.listeners), b.controllerNames())
		seen := make(map[string]bool)
		for _, variable := range sortedNames(b.Environment) {
			rest, found := strings.CutPrefix(variable, prefix)
			if !found || slices.ContainsFunc(names, func(name string) bool {
				return strings.HasPrefix(strings.ToUpper(variable), listenerVariable(name, ""))
			}) {
				continue
			}
			meant := slices.IndexFunc(names, func(name string) bool {
				return strings.HasPrefix(rest, strings.NewReplacer("-", "_").Replace(name)+"_")
			})
			name, _, _ := strings.Cut(strings.NewReplacer("___", "-", "__", "\x00").Replace(rest), "_")
			name = strings.ReplaceAll(name, "\x00", "_")
			if seen[name] {
				continue
			}
			seen[name] = true
			fix := fmt.Sprintf("%s… with one of %s, or no such variable", prefix, strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", "))
			if meant >= 0 {
				fix = listenerVariable(names[meant], "") + "…: an underscore of the name is written twice"
			}
			report.advice(b.service, b.atEnv(variable), fmt.Sprintf("%s is of a listener %s, which does not exist: it sets nothing", variable, name), fix)
		}
	}
}
