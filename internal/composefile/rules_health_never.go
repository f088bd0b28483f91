package composefile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// hopelessProbes: a check that cannot succeed. What waits for it with service_healthy never starts,
// and `up --wait` fails.
func hopelessProbes(stack *Stack, report reporter) {
	for _, s := range stack.services {
		fault, fix := unrunnableProbe(s)
		if b := stack.brokerOf(s); b != nil {
			fault, fix = stack.hopelessForBroker(b)
		} else if slices.Contains(stack.zookeepers, s) && fault == "" {
			fault, fix = hopelessForZooKeeper(s), srvrLine(s)
		} else if fault == "" {
			fault, fix = hopelessForServer(s)
		}
		if fault != "" {
			report.fault(s, s.atProbe(), "the check can never succeed: "+fault, fix)
		}
	}
}

// hopelessForBroker returns why the check of a broker never succeeds, "" when it may.
func (s *Stack) hopelessForBroker(b *broker) (fault, fix string) {
	if fault, fix = unrunnableProbe(b.service); fault != "" {
		return fault, fix
	}
	for _, why := range []func() string{
		func() string { return missingTool(b.service, b.probeShell()) },
		func() string { return addressless(b.probe(), b.probeTool()) },
		func() string { return s.unreachableProbe(b) },
		func() string { return webProbe(b) },
		func() string { return takenJMXPort(b.service, b.probeTool()) },
	} {
		if fault = why(); fault != "" {
			break
		}
	}
	return fault, portProbeLine(b)
}

// addressless: "Missing required argument \"[bootstrap-server]\"".
func addressless(probe, tool string) string {
	if !slices.Contains([]string{"kafka-topics", "kafka-broker-api-versions", "kafka-configs", "kafka-consumer-groups", "kafka-get-offsets"}, tool) ||
		containsAny(probe, "--bootstrap-server", "--bootstrap-controller", "--broker-list", "--zookeeper", "$") {
		return ""
	}
	return tool + " is given no --bootstrap-server"
}

// takenJMXPort: with JMX_PORT in the container's environment, or a port in KAFKA_JMX_OPTS, a tool of
// Kafka opens the port that the broker holds, and ends (wurstmeister/kafka-docker#171). KAFKA_JMX_PORT
// is for the broker alone: the start scripts of Confluent's and Apache's images make JMX_PORT of it.
func takenJMXPort(s *service, tool string) string {
	given := s.env("JMX_PORT").known() || strings.Contains(s.env("KAFKA_JMX_OPTS").value, "jmxremote.port=")
	if tool == "" || !given || strings.Contains(s.probe(), "JMX") {
		return ""
	}
	return tool + " opens the JMX port too, which the broker holds"
}

// webProbe: a listener of Kafka closes a connection that speaks HTTP, and curl and wget fail.
func webProbe(b *broker) string {
	for _, m := range regexp.MustCompile(`https?://([A-Za-z0-9_.\-]+):(\d+)`).FindAllStringSubmatch(b.probe(), -1) {
		port, _ := strconv.Atoi(m[2])
		if listener, bound := b.binding(port); bound && (loopback(m[1]) || slices.Contains(b.hosts(), m[1])) {
			return fmt.Sprintf("%d is the listener %s, which speaks no HTTP", port, listener.name)
		}
	}
	return ""
}

// hopelessForServer returns why the check of Schema Registry, Connect or a UI never succeeds, "" when
// it may.
func hopelessForServer(s *service) (fault, fix string) {
	port := webPort(s)
	if port == 0 || !s.ownNetwork() {
		return "", ""
	}
	form := regexp.MustCompile(`https?://(?:localhost|127\.0\.0\.1):(\d+)`)
	for _, m := range form.FindAllStringSubmatch(s.probe(), -1) {
		if asked, _ := strconv.Atoi(m[1]); asked != port && !s.mentions(asked) {
			return fmt.Sprintf("nothing listens on %d in %s", asked, s.Name), fmt.Sprintf("%d in place of %d", port, asked)
		}
	}
	return "", ""
}

// webPort is where a server of a known image listens, 0 when a file may say something else.
func webPort(s *service) int {
	if !s.stock() {
		return 0
	}
	for _, row := range []struct {
		images []string
		vary   *regexp.Regexp // the variables that change the port
		port   int
	}{
		{[]string{"cp-schema-registry"}, regexp.MustCompile(`LISTENERS|PORT`), 8081},
		{[]string{"cp-kafka-connect", "cp-kafka-connect-base", "cp-server-connect", "cp-server-connect-base", "debezium/connect"}, regexp.MustCompile(`LISTENERS|REST_PORT`), 8083},
		{[]string{"provectuslabs/kafka-ui", "kafbat/kafka-ui"}, regexp.MustCompile(`^SERVER_|^MANAGEMENT_|^spring`), 8080},
	} {
		if !s.image.is(row.images...) {
			continue
		}
		for name := range s.Environment {
			if row.vary.MatchString(name) {
				return 0
			}
		}
		return row.port
	}
	return 0
}

// unrunnableProbe: CMD runs its first word as a program, without a shell; a text is for the shell, and
// needs neither CMD nor CMD-SHELL before it.
func unrunnableProbe(s *service) (fault, fix string) {
	if s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) == 0 {
		return "", ""
	}
	test := s.HealthCheck.Test
	whole := strings.Join(test[1:], " ")
	switch kind := test[0]; {
	case kind == "CMD" && len(test) == 2 && strings.ContainsAny(strings.TrimSpace(test[1]), " |&;"):
		return fmt.Sprintf("CMD takes %q for the name of a program", test[1]), fmt.Sprintf(`test: ["CMD-SHELL", %q]`, test[1])
	case kind == "CMD" && slices.Contains([]string{"nc", "ncat", "netcat", "curl", "wget"}, test[1]) &&
		slices.ContainsFunc(test[2:], func(word string) bool { return slices.Contains([]string{"||", "&&", "|", ";"}, word) }):
		return "CMD starts no shell, and " + test[1] + " takes the signs of one for arguments", fmt.Sprintf(`test: ["CMD-SHELL", %q]`, whole)
	case kind == "CMD-SHELL" && regexp.MustCompile(`^(CMD|CMD-SHELL)\s`).MatchString(whole):
		_, command, _ := strings.Cut(whole, " ")
		return "a text is for the shell, which has no command " + strings.Fields(whole)[0], fmt.Sprintf(`test: ["CMD-SHELL", %q]`, command)
	default:
		return "", ""
	}
}

// missingTool returns why the image has no such tool as the script calls, "" when it has or when
// that is not known. Confluent's images have the tools in /usr/bin without .sh, Apache's in
// /opt/kafka/bin with it and not in the PATH; apache/kafka-native has none. cub is gone from cp-kafka
// at 8.1, zookeeper-shell with ZooKeeper at Kafka 4.0.
func missingTool(s *service, script shellScript) string {
	v := s.image.kafka()
	for _, word := range script.programs() {
		name := word[strings.LastIndex(word, "/")+1:]
		tool := strings.TrimSuffix(name, ".sh")
		if firstTool(word) == "" || s.WorkingDir != "" && !strings.HasPrefix(word, "/") || len(s.volumesAt(word)) > 0 {
			continue
		}
		absent := false
		switch {
		case s.image.confluent():
			absent = tool != name || strings.HasPrefix(word, "/") && !strings.HasPrefix(word, "/usr/bin/") && !strings.HasPrefix(word, "/bin/") ||
				slices.Contains([]string{"cub", "dub"}, tool) && v.atLeast(4, 1) || tool == "zookeeper-shell" && v.atLeast(4, 0)
		case s.image.is("apache/kafka-native"):
			absent = true
		case s.image.apache():
			absent = word != "/opt/kafka/bin/"+tool+".sh" && !strings.HasPrefix(word, "./") && !strings.HasPrefix(word, "bin/") || tool == "zookeeper-shell" && v.atLeast(4, 0)
		}
		if absent {
			return fmt.Sprintf("%s has no %s", s.image.ref, word)
		}
	}
	return ""
}

// volumesAt returns the targets of the volumes that may bring a file of the container.
func (s *service) volumesAt(file string) []string {
	var targets []string
	for _, volume := range s.Volumes {
		if strings.HasPrefix(file, "/") && within(file, volume.Target) {
			targets = append(targets, volume.Target)
		}
	}
	return targets
}

// unreachableProbe returns why nothing answers the check of a broker, "" when something may. The
// tools go on to the advertised address of the listener that they asked.
func (s *Stack) unreachableProbe(b *broker) string {
	if b.listeners == nil || !b.ownNetwork() {
		return ""
	}
	for _, addr := range probedAddresses(b.service, b.probe()) {
		listener, bound := b.binding(addr.port)
		tool := b.probeTool()
		adv, advertised := named(b.advertised, listener.name)
		_, back := b.binding(adv.port)
		switch {
		case !bound && !b.mentions(addr.port):
			return fmt.Sprintf("nothing listens on %d in %s", addr.port, b.Name)
		case bound && s.unbindable(b.service, listener.host): // listenerBinds
		case bound && loopback(addr.host) && listener.host != "" && !anyAddress(listener.host) && !loopback(listener.host):
			return fmt.Sprintf("%s binds %s, not %s", listener.name, listener.host, addr.host)
		case bound && !loopback(addr.host) && loopback(listener.host):
			return fmt.Sprintf("%s binds %s, not %s", listener.name, listener.host, addr.host)
		case bound && tool != "" && slices.Contains(b.controllerNames(), listener.name) && !strings.Contains(b.probe(), "--bootstrap-controller"):
			return fmt.Sprintf("%d is the controllers' port, and %s asks brokers", addr.port, tool)
		case bound && tool != "" && advertised && loopback(adv.host) && !back:
			return fmt.Sprintf("%s is sent on to %s, where nothing listens inside the container", tool, adv.address())
		}
	}
	return ""
}

// mentions reports a port that some variable or the command speaks of: an agent, JMX, a REST server.
func (s *service) mentions(port int) bool {
	text := regexp.MustCompile(`\b` + strconv.Itoa(port) + `\b`)
	for _, value := range s.Environment {
		if value != nil && text.MatchString(*value) {
			return true
		}
	}
	return port == 8090 && s.image.is("cp-server") || text.MatchString(s.script())
}

// probedAddresses returns the addresses of the container itself that a check asks.
func probedAddresses(s *service, probe string) []address {
	var found []address
	for _, form := range []*regexp.Regexp{
		regexp.MustCompile(`\bnc\s+(?:-\S+\s+(?:\d+\s+)?)*([A-Za-z][A-Za-z0-9_.\-]*|\d+(?:\.\d+){3})\s+(\d+)\b`),
		regexp.MustCompile(`/dev/tcp/([A-Za-z0-9_.\-]+)/(\d+)`),
		regexp.MustCompile(`(?:--bootstrap-server|--broker-list|-b|cub kafka-ready(?:\s+-\S+)*)[\s=]+([A-Za-z0-9_.\-]+):(\d+)`),
	} {
		for _, m := range form.FindAllStringSubmatch(probe, -1) {
			port, _ := strconv.Atoi(m[2])
			if loopback(m[1]) || slices.Contains(s.hosts(), m[1]) {
				found = append(found, address{m[1], port})
			}
		}
	}
	return found
}

// hopelessForZooKeeper: the AdminServer listens on 8080, too.
func hopelessForZooKeeper(z *service) string {
	port := clientPort(z)
	for _, addr := range probedAddresses(z, z.probe()) {
		if port != 0 && addr.port != port && addr.port != 8080 && !z.mentions(addr.port) {
			return fmt.Sprintf("nothing listens on %d in %s", addr.port, z.Name)
		}
	}
	return ""
}

// missingTools: a command that the image does not have ends the container with 127.
func missingTools(stack *Stack, report reporter) {
	for _, s := range stack.services {
		if fault := missingTool(s, s.shell()); fault != "" && stack.brokerOf(s) == nil {
			report.fault(s, s.atScript(), fault+": the command fails", toolPlace(s.image, fault))
		}
	}
}

// toolPlace is how the tools of an image are called, or what replaces one that is gone.
func toolPlace(i image, fault string) string {
	switch {
	case strings.HasSuffix(fault, "cub"), strings.HasSuffix(fault, "dub"):
		return "kafkactl wait, or a service that waits for service_healthy"
	case strings.HasSuffix(fault, "zookeeper-shell"):
		return "the command without ZooKeeper, which Kafka 4 does not have"
	case i.confluent():
		return "kafka-topics, without a directory and without .sh, and so for each tool"
	case i.is("apache/kafka-native"):
		return "image: apache/kafka, which has the tools in /opt/kafka/bin"
	default:
		return "/opt/kafka/bin/kafka-topics.sh, and so for each tool"
	}
}
