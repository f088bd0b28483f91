package composefile

import (
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
				report(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf(
					"%s is advertised but not in KAFKA_LISTENERS: the broker does not start", adv.name),
					fmt.Sprintf("KAFKA_LISTENERS: %s,%s://0.0.0.0:%d", b.env("KAFKA_LISTENERS").value, adv.name, adv.port))
			}
		}
	}
}

// listenerProtocols: every listener name needs a protocol, from listener.security.protocol.map or
// by being the name of one. The map, when set, replaces Kafka's default whole. Without one a
// controller's listener is PLAINTEXT (KIP-630), so it needs none.
func listenerProtocols(stack *Stack, report reporter) {
	const variable = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"
	for _, b := range stack.brokers {
		if !b.mapped || b.protocols == nil && !b.lacks(variable) {
			continue
		}
		var missing []string
		for _, name := range slices.Concat(endpointNames(b.listeners), endpointNames(b.advertised)) {
			implied := b.protocols == nil && (securityProtocol(name) || slices.Contains(b.controllerNames(), name))
			if _, ok := b.protocols[name]; !ok && !implied && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			where, fix := variable, b.env(variable).value
			if b.protocols == nil {
				where, fix = "KAFKA_ADVERTISED_LISTENERS", impliedMap(b)
			}
			for _, name := range missing {
				fix += "," + name + ":PLAINTEXT"
			}
			report(b.service, b.atEnv(where), fmt.Sprintf("no security protocol for the listener %s: the broker does not start",
				strings.Join(missing, ", ")), variable+": "+strings.TrimPrefix(fix, ","))
		}
		wrongProtocols(b, report)
	}
}

// impliedMap is the part of Kafka's default map that the broker uses.
func impliedMap(b *broker) string {
	var rows []string
	for _, name := range endpointNames(b.listeners) {
		switch {
		case securityProtocol(name):
			rows = append(rows, name+":"+name)
		case slices.Contains(b.controllerNames(), name):
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
		report(b.service, b.atEnv(variable), fmt.Sprintf("%s is no security protocol: the broker does not start", b.protocols[name]),
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
					report(b.service, b.atEnv("KAFKA_LISTENERS"), fmt.Sprintf(
						"the listeners %s and %s both bind port %d: the broker does not start", earlier.name, e.name, e.port),
						fmt.Sprintf("another port for %s, in KAFKA_LISTENERS and where it is advertised", e.name))
				} else if e.name == earlier.name {
					report(b.service, b.atEnv("KAFKA_LISTENERS"), fmt.Sprintf(
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

// interBrokerListeners: "inter.broker.listener.name must be a listener name defined in
// advertised.listeners"; without the setting it is the name of security.inter.broker.protocol,
// PLAINTEXT by default. Brokers of one cluster reach each other by the advertised address of that
// listener; localhost would lead each broker to itself.
func interBrokerListeners(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		name, protocol := b.env("KAFKA_INTER_BROKER_LISTENER_NAME"), b.env("KAFKA_SECURITY_INTER_BROKER_PROTOCOL")
		inter, where := strings.ToUpper(name.value), "KAFKA_INTER_BROKER_LISTENER_NAME"
		if b.lacks(where) && b.lacks("KAFKA_SECURITY_INTER_BROKER_PROTOCOL") {
			inter, where = "PLAINTEXT", "KAFKA_ADVERTISED_LISTENERS"
		}
		if b.advertised == nil || inter == "" || b.controllerOnly() || name.set && protocol.set {
			continue
		}
		adv, ok := named(b.advertised, inter)
		size, known := stack.clusterSize(b)
		switch {
		case !ok && !name.set:
			report(b.service, b.atEnv(where), fmt.Sprintf(
				"no listener is called PLAINTEXT, and KAFKA_INTER_BROKER_LISTENER_NAME names no other for the brokers (there are %s): the broker does not start",
				strings.Join(endpointNames(b.advertised), ", ")), "KAFKA_INTER_BROKER_LISTENER_NAME: "+b.advertised[0].name)
		case !ok:
			report(b.service, b.atEnv(where), fmt.Sprintf(
				"the brokers' own listener %s is not advertised (%s are): the broker does not start",
				inter, strings.Join(endpointNames(b.advertised), ", ")), "KAFKA_INTER_BROKER_LISTENER_NAME: "+b.advertised[0].name)
		case known && size > 1 && viaHost(adv.host) && b.ownNetwork():
			report(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf(
				"the other brokers are sent to %s, which is themselves: nothing is replicated", adv.address()),
				fmt.Sprintf("advertise %s://%s:%d for the brokers, and localhost under another name for this machine", inter, b.Name, adv.port))
		}
	}
}

// controllerListeners: a KRaft controller must listen under controller.listener.names, which must
// not be empty. Advertising it failed until 3.9 ("must not contain KRaft controller listeners",
// lifted by KIP-853), and the images' start scripts refuse any advertised listener on a process
// that is a controller alone.
func controllerListeners(stack *Stack, report reporter) {
	const variable = "KAFKA_CONTROLLER_LISTENER_NAMES"
	for _, b := range stack.brokers {
		if !slices.Contains(b.roles, "CONTROLLER") {
			continue
		}
		if b.lacks(variable) {
			report(b.service, b.atEnv("KAFKA_PROCESS_ROLES"), "a KRaft controller does not start without controller.listener.names",
				variable+": CONTROLLER")
		}
		for _, name := range b.controllerNames() {
			_, advertised := named(b.advertised, name)
			if _, ok := named(b.listeners, name); !ok && b.listeners != nil {
				report(b.service, b.atEnv(variable), fmt.Sprintf("the controller's listener %s is not in KAFKA_LISTENERS: the broker does not start", name),
					fmt.Sprintf("KAFKA_LISTENERS: %s,%s://:9093", listenerList(b), name))
			} else if advertised && !b.controllerOnly() && b.image.kafka().below(3, 9) {
				report(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf("the controller's listener %s is advertised: the broker does not start", name),
					"KAFKA_ADVERTISED_LISTENERS without "+name)
			}
		}
		if b.controllerOnly() && b.stock() && b.env("KAFKA_ADVERTISED_LISTENERS").known() {
			report(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), "the image refuses to start a controller that advertises listeners",
				"remove KAFKA_ADVERTISED_LISTENERS")
		}
	}
}

// listenerList is the listeners as KAFKA_LISTENERS writes them.
func listenerList(b *broker) string {
	list := make([]string, len(b.listeners))
	for i, e := range b.listeners {
		list[i] = e.String()
	}
	return strings.Join(list, ",")
}
