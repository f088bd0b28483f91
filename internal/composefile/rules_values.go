package composefile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// listenerSyntax: "Unable to parse … to a broker endpoint" (SocketServerConfigs): a part of the two
// lists that is not NAME://HOST:PORT, or of the map that is not NAME:PROTOCOL, ends the start; since
// 4.3 so does an empty part of a list ("values must not be empty", seen with 4.3.1 and not with 3.9.2).
func listenerSyntax(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if b.uncertain() {
			continue
		}
		for _, list := range []struct {
			variable string
			mended   []endpoint
			other    []endpoint
		}{
			{"KAFKA_LISTENERS", b.listeners, b.advertised},
			{"KAFKA_ADVERTISED_LISTENERS", b.advertised, b.listeners},
		} {
			value := b.env(list.variable).value
			_, wrong := readEndpoints(value, list.other)
			if len(wrong) == 0 && emptyPart(value) && b.image.kafka().atLeast(4, 3) {
				report.fault(b.service, b.atEnv(list.variable), "a part of the list is empty, which Kafka refuses since 4.3: the broker does not start", list.variable+": "+listenerList(list.mended))
			}
			if len(wrong) == 0 {
				continue
			}
			fix := list.variable + ": NAME://HOST:PORT, and a comma before the next"
			if list.mended != nil {
				fix = list.variable + ": " + listenerList(list.mended)
			}
			found := quotedList(wrong)
			if strings.Contains(value, "@") { // what stands before it may be a password, which is not repeated
				found = "an address with a user name (…@)"
			}
			report.fault(b.service, b.atEnv(list.variable), found+" is not NAME://HOST:PORT: the broker does not start", fix)
		}
		const protocols = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"
		if list := b.env(protocols); list.known() && !b.mapped && !placeholder(list.value) {
			report.fault(b.service, b.atEnv(protocols), fmt.Sprintf("%q is not NAME:PROTOCOL,NAME:PROTOCOL: the broker does not start", list.value),
				protocols+": "+wholeMap(b))
		}
	}
}

// wholeMap returns a map for all names that the broker uses, PLAINTEXT for those that say nothing.
func wholeMap(b *broker) string {
	var rows []string
	for _, name := range slices.Concat(endpointNames(b.listeners), b.controllerNames()) {
		protocol := "PLAINTEXT"
		if securityProtocol(name) {
			protocol = name
		}
		if row := name + ":" + protocol; !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return strings.Join(rows, ",")
}

// emptyPart reports a list with a comma that has nothing before or after it.
func emptyPart(list string) bool {
	parts := strings.Split(list, ",")
	return list != "" && slices.ContainsFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" })
}

// listenerList is endpoints as KAFKA_LISTENERS writes them.
func listenerList(endpoints []endpoint) string {
	list := make([]string, len(endpoints))
	for i, e := range endpoints {
		list[i] = e.String()
	}
	return strings.Join(list, ",")
}

func quotedList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return strings.Join(quoted, ", ")
}

// quotedValues: `- NAME="value"` is one YAML text without quotes of its own, so that those in it
// reach the program: KAFKA_NODE_ID is then "1" with its quotes, and no number.
func quotedValues(stack *Stack, report reporter) {
	for _, s := range stack.services {
		var names []string
		for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
			if value := s.Environment[name]; value != nil && unquoted(*value) != strings.TrimSpace(*value) && stack.kafkaVariable(s, name) {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			continue
		}
		rest := ""
		if len(names) > 1 {
			rest = ", and so in the others"
		}
		value := unquoted(*s.Environment[names[0]])
		if secretName(names[0]) || writtenPassword(value) {
			value = "…"
		}
		report.fault(s, s.at(key("environment"), key(names[0])), fmt.Sprintf("the quotes are part of the value of %s: the program sees them too",
			strings.Join(names, ", ")), fmt.Sprintf("%s=%s without the quotes%s", names[0], value, rest))
	}
}

// kafkaVariable reports a variable that configures Kafka or a client of it.
func (s *Stack) kafkaVariable(svc *service, name string) bool {
	if s.brokerOf(svc) != nil || slices.Contains(s.zookeepers, svc) {
		return strings.HasPrefix(name, "KAFKA_") || strings.HasPrefix(name, "ZOO") || name == "CLUSTER_ID"
	}
	return namesBrokers(name)
}

// foreignSettings: only images of Bitnami's line read KAFKA_CFG_ and KAFKA_KRAFT_. Elsewhere
// KAFKA_CFG_NODE_ID is the setting cfg.node.id, which nobody asks for. The other rules take it for
// what was meant.
func foreignSettings(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		names := slices.DeleteFunc(b.bitnamiVariables(), func(name string) bool {
			return slices.Contains(topicListVariables(), name) // createdTopics
		})
		first := slices.IndexFunc(names, func(name string) bool { return strings.HasPrefix(name, "KAFKA_") && name != "KAFKA_ENABLE_KRAFT" })
		if !b.image.confluent() && !b.image.apache() || first < 0 {
			continue // ALLOW_PLAINTEXT_LISTENER alone asks for nothing
		}
		fix := "CLUSTER_ID in place of KAFKA_KRAFT_CLUSTER_ID"
		if bare, found := strings.CutPrefix(names[first], "KAFKA_CFG_"); found {
			fix = fmt.Sprintf("KAFKA_%s in place of %s", bare, names[first])
		}
		what := fmt.Sprintf("%s is a variable of Bitnami's image, which %s does not read: it sets nothing", names[first], b.image.ref)
		if len(names) > 1 {
			what = fmt.Sprintf("%d variables of Bitnami's image (%s …), which %s does not read: they set nothing", len(names), names[first], b.image.ref)
			fix += ", and so for each; CLUSTER_ID for KAFKA_KRAFT_CLUSTER_ID"
		}
		report.fault(b.service, b.at(key("environment"), key(names[first])), what, fix)
	}
}
