package composefile

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// missingListeners: "advertised.listeners listener names must be a subset of listeners"
// (KafkaConfig); the broker does not start.
func missingListeners(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if !b.env("KAFKA_LISTENERS").known() || b.listeners == nil {
			continue
		}
		for _, adv := range b.advertised {
			if _, ok := named(b.listeners, adv.name); !ok {
				report.fault(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf(
					"%s is advertised but not in KAFKA_LISTENERS: the broker does not start", adv.name),
					fmt.Sprintf("KAFKA_LISTENERS: %s,%s://0.0.0.0:%d", b.env("KAFKA_LISTENERS").value, adv.name, adv.port))
			}
		}
	}
}

// listenerProtocols: every listener name needs a protocol, from listener.security.protocol.map or
// by being the name of one; so does the controllers' on a broker that only calls them. The map, when
// set, replaces Kafka's default whole. Without one a controller's listener is PLAINTEXT, so it needs
// none, unless some listener is called after a protocol with TLS or SASL (KafkaConfig).
func listenerProtocols(stack *Stack, report reporter) {
	const variable = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"
	for _, b := range stack.brokers {
		if !b.mapped || b.protocols == nil && !b.lacks(variable) {
			continue
		}
		var missing []string
		names := slices.Concat(endpointNames(b.listeners), endpointNames(b.advertised))
		if b.kraft() && b.rolesKnown() {
			names = append(names, b.controllerNames()...)
		}
		for _, name := range names {
			implied := b.protocols == nil && (securityProtocol(name) || slices.Contains(b.controllerNames(), name) && !b.namesSecurity())
			if _, ok := b.protocols[name]; !ok && !implied && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			where, fix := variable, b.env(variable).value
			if b.protocols == nil {
				where, fix = b.listenersVariable(), impliedMap(b)
			}
			for _, name := range missing {
				fix += "," + name + ":PLAINTEXT"
			}
			report.fault(b.service, b.atEnv(where), fmt.Sprintf("no security protocol for the listener %s: the broker does not start",
				strings.Join(missing, ", ")), variable+": "+strings.TrimPrefix(fix, ","))
		}
		wrongProtocols(b, report)
	}
}

// namesSecurity reports a listener that is called after a protocol with TLS or SASL.
func (b *broker) namesSecurity() bool {
	return slices.ContainsFunc(slices.Concat(endpointNames(b.listeners), b.controllerNames()), func(name string) bool {
		return securityProtocol(name) && name != "PLAINTEXT"
	})
}

// listenersVariable is where the names of the listeners are, in the first place.
func (b *broker) listenersVariable() string {
	if b.env("KAFKA_ADVERTISED_LISTENERS").set {
		return "KAFKA_ADVERTISED_LISTENERS"
	}
	return "KAFKA_LISTENERS"
}

// impliedMap is the part of Kafka's default map that the broker uses.
func impliedMap(b *broker) string {
	var rows []string
	for _, name := range endpointNames(b.listeners) {
		switch {
		case securityProtocol(name):
			rows = append(rows, name+":"+name)
		case slices.Contains(b.controllerNames(), name) && !b.namesSecurity():
			rows = append(rows, name+":PLAINTEXT")
		}
	}
	return strings.Join(rows, ",")
}

// wrongProtocols reports map entries whose protocol Kafka does not have.
func wrongProtocols(b *broker, report reporter) {
	const variable = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"
	var wrong []string
	for name, protocol := range b.protocols {
		if !securityProtocol(protocol) {
			wrong = append(wrong, name)
		}
	}
	slices.Sort(wrong)
	for _, name := range wrong {
		report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s is no security protocol: the broker does not start", b.protocols[name]),
			fmt.Sprintf("%s:PLAINTEXT (or SSL, SASL_PLAINTEXT, SASL_SSL) in %s", name, variable))
	}
}

// listenerPorts: "Each listener must have a different port" (and name); only an IPv4
// and an IPv6 address may share one (KIP-797).
func listenerPorts(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		for i, e := range b.listeners {
			for _, earlier := range b.listeners[:i] {
				if e.port == 0 || bothFamilies(e.host, earlier.host) {
					continue
				}
				if e.port == earlier.port {
					report.fault(b.service, b.atEnv("KAFKA_LISTENERS"), fmt.Sprintf(
						"the listeners %s and %s both bind port %d: the broker does not start", earlier.name, e.name, e.port),
						fmt.Sprintf("another port for %s, in KAFKA_LISTENERS and where it is advertised", e.name))
				} else if e.name == earlier.name {
					report.fault(b.service, b.atEnv("KAFKA_LISTENERS"), fmt.Sprintf(
						"two listeners are called %s: the broker does not start", e.name),
						fmt.Sprintf("another name for %s, in KAFKA_LISTENERS, where it is advertised and in the protocol map", e))
				}
			}
		}
	}
}

func bothFamilies(a, b string) bool {
	first, errA := netip.ParseAddr(a)
	second, errB := netip.ParseAddr(b)
	return errA == nil && errB == nil && first.Is4() != second.Is4()
}

// interBroker is the name of the listener that the brokers use between them, "" when it is not known.
func (b *broker) interBroker() string {
	const name, protocol = "KAFKA_INTER_BROKER_LISTENER_NAME", "KAFKA_SECURITY_INTER_BROKER_PROTOCOL"
	if b.lacks(name) && b.lacks(protocol) {
		return "PLAINTEXT"
	}
	return strings.ToUpper(cmp.Or(b.env(name).value, b.env(protocol).value))
}

// interBrokerListeners: "inter.broker.listener.name must be a listener name defined in
// advertised.listeners"; without the setting it is the name of security.inter.broker.protocol,
// PLAINTEXT by default. Brokers of one cluster reach each other by the advertised address of that
// listener; localhost would lead each broker to itself.
func interBrokerListeners(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		name, protocol := b.env("KAFKA_INTER_BROKER_LISTENER_NAME"), b.env("KAFKA_SECURITY_INTER_BROKER_PROTOCOL")
		inter, where := b.interBroker(), "KAFKA_INTER_BROKER_LISTENER_NAME"
		if !name.set {
			where = "KAFKA_ADVERTISED_LISTENERS"
		}
		if name.known() && protocol.known() && !b.controllerOnly() {
			report.fault(b.service, b.atEnv("KAFKA_SECURITY_INTER_BROKER_PROTOCOL"), "inter.broker.listener.name and security.inter.broker.protocol are both set: the broker does not start",
				"remove KAFKA_SECURITY_INTER_BROKER_PROTOCOL")
			continue
		}
		if b.advertised == nil || inter == "" || b.controllerOnly() || name.set && protocol.set {
			continue
		}
		adv, ok := named(b.advertised, inter)
		size, known := stack.clusterSize(b)
		switch {
		case !ok && !name.set:
			report.fault(b.service, b.atEnv(where), fmt.Sprintf(
				"no listener is called %s, and KAFKA_INTER_BROKER_LISTENER_NAME names no other for the brokers (there are %s): the broker does not start",
				inter, strings.Join(endpointNames(b.advertised), ", ")), "KAFKA_INTER_BROKER_LISTENER_NAME: "+b.advertised[0].name)
		case !ok:
			report.fault(b.service, b.atEnv(where), fmt.Sprintf(
				"the brokers' own listener %s is not advertised (%s are): the broker does not start",
				inter, strings.Join(endpointNames(b.advertised), ", ")), "KAFKA_INTER_BROKER_LISTENER_NAME: "+b.advertised[0].name)
		case known && size > 1 && viaHost(adv.host) && b.ownNetwork():
			report.fault(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf(
				"the other brokers are sent to %s, which is themselves: nothing is replicated", adv.address()),
				fmt.Sprintf("advertise %s://%s:%d for the brokers, and localhost under another name for this machine", inter, b.Name, adv.port))
		}
	}
}

// controllerListeners: a KRaft controller must listen under controller.listener.names, which must
// not be empty, and alone under nothing else; a broker alone needs the name to call the controllers
// by, and must not listen under it. Advertising it failed until 3.9 ("must not contain KRaft
// controller listeners", lifted by KIP-853), and the images' start scripts refuse any advertised
// listener on a process that is a controller alone.
func controllerListeners(stack *Stack, report reporter) {
	const variable = "KAFKA_CONTROLLER_LISTENER_NAMES"
	for _, b := range stack.brokers {
		if !b.rolesKnown() {
			continue
		}
		if b.lacks(variable) {
			report.fault(b.service, b.atEnv("KAFKA_PROCESS_ROLES"), "KRaft does not start without controller.listener.names",
				variable+": CONTROLLER")
		}
		if names := b.env(variable).value; names != strings.ToUpper(names) && !placeholder(names) {
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("Kafka makes the names of listeners upper case, and %s is compared as it is: it does not start", names),
				variable+": "+strings.ToUpper(names))
		}
		switch {
		case !b.plays("CONTROLLER"):
			if !stack.namedAsVoter(b) { // processRoles
				brokerAlone(b, report)
			}
			continue
		case b.controllerOnly():
			if !stack.onlyControllers(b) { // processRoles
				controllerAlone(b, report)
			}
		}
		for _, name := range b.controllerNames() {
			_, advertised := named(b.advertised, name)
			if _, ok := named(b.listeners, name); !ok && b.listeners != nil {
				report.fault(b.service, b.atEnv(variable), fmt.Sprintf("the controller's listener %s is not in KAFKA_LISTENERS: the broker does not start", name),
					fmt.Sprintf("KAFKA_LISTENERS: %s,%s://:%d", listenerList(b.listeners), name, freePort(b.listeners)))
			} else if advertised && !b.controllerOnly() && b.image.kafka().below(3, 9) {
				report.fault(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf("the controller's listener %s is advertised: the broker does not start", name),
					"KAFKA_ADVERTISED_LISTENERS without "+name)
			}
		}
	}
}

func brokerAlone(b *broker, report reporter) {
	var rest []endpoint
	for _, e := range b.listeners {
		if !slices.Contains(b.controllerNames(), e.name) {
			rest = append(rest, e)
		}
	}
	if len(rest) < len(b.listeners) && b.env("KAFKA_LISTENERS").set {
		report.fault(b.service, b.atEnv("KAFKA_LISTENERS"), "a broker alone must not listen under the controllers' name: it does not start",
			"KAFKA_LISTENERS: "+listenerList(rest))
	}
}

func controllerAlone(b *broker, report reporter) {
	if b.stock() && b.env("KAFKA_ADVERTISED_LISTENERS").known() {
		report.fault(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), "the image refuses to start a controller that advertises listeners",
			"remove KAFKA_ADVERTISED_LISTENERS")
	}
	var rest, own []endpoint
	for _, e := range b.listeners {
		if slices.Contains(b.controllerNames(), e.name) {
			own = append(own, e)
		} else {
			rest = append(rest, e)
		}
	}
	if len(rest) > 0 && len(own) > 0 {
		report.fault(b.service, b.atEnv("KAFKA_LISTENERS"), fmt.Sprintf("a controller alone listens under controller.listener.names and nothing else, so not %s: it does not start",
			strings.Join(endpointNames(rest), ", ")), "KAFKA_LISTENERS: "+listenerList(own))
	}
}

// freePort is a port for a controller's listener that no other has.
func freePort(listeners []endpoint) int {
	port := 9093
	for slices.ContainsFunc(listeners, func(e endpoint) bool { return e.port == port }) {
		port++
	}
	return port
}
