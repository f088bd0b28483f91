package composefile

import "fmt"

// advertisedAddresses: "advertised.listeners cannot use the nonroutable meta-address
// 0.0.0.0" (KafkaConfig): it is an address to bind, none to go to.
func advertisedAddresses(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		for _, adv := range b.advertised {
			if anyAddress(adv.host) {
				report.fault(b.service, b.atEnv("KAFKA_ADVERTISED_LISTENERS"), fmt.Sprintf(
					"%s is advertised, which is no address to go to: the broker does not start", adv),
					fmt.Sprintf("%s://%s:%d in KAFKA_ADVERTISED_LISTENERS, or localhost for clients on this machine", adv.name, b.Name, adv.port))
			}
		}
	}
}

// advertisedHosts: containers find each other only by service names, container_name, hostname and
// network aliases. An advertised name that is none of them, or that is another broker's, sends
// every client astray; so does a port that the listener does not bind. A name whose port is
// published may be this machine's own.
func advertisedHosts(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		ports, ok := b.published()
		for _, adv := range b.advertised {
			listener, bound := named(b.listeners, adv.name)
			if !ok || !containerName(adv.host) {
				continue
			}
			target, where := stack.brokerAt(adv.host), b.atEnv("KAFKA_ADVERTISED_LISTENERS")
			switch {
			case !stack.resolvable(adv.host) && !publishes(ports, adv.port):
				report.fault(b.service, where, fmt.Sprintf("metadata sends clients to %s, but no container is called %s", adv.address(), adv.host),
					fmt.Sprintf("%s://%s:%d in KAFKA_ADVERTISED_LISTENERS", adv.name, b.Name, adv.port))
			case target != nil && target.service != b.service:
				report.fault(b.service, where, fmt.Sprintf("metadata sends clients of %s to %s, which is another broker", b.Name, adv.address()),
					fmt.Sprintf("%s://%s:%d in KAFKA_ADVERTISED_LISTENERS", adv.name, b.Name, adv.port))
			case target != nil && bound && listener.port != adv.port:
				report.fault(b.service, where, fmt.Sprintf("metadata sends clients to %s, but the listener %s binds %d", adv.address(), adv.name, listener.port),
					fmt.Sprintf("%s://%s:%d in KAFKA_ADVERTISED_LISTENERS", adv.name, adv.host, listener.port))
			}
		}
	}
}

func publishes(ports []published, port int) bool {
	for _, p := range ports {
		if p.covers(port) {
			return true
		}
	}
	return false
}
