package composefile

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"kafkactl/internal/yaml"
)

// published is a TCP port of a container that the machine offers.
type published struct {
	hostIP      string
	first, last int // on the machine; 0 is any that is free
	target      int
}

// published returns the service's ports; ok is false when some number is not known.
func (s *service) published() (ports []published, ok bool) {
	for _, p := range s.Ports {
		if p.Protocol == "udp" {
			continue
		}
		first, last, ranged := strings.Cut(p.Published, "-")
		if !ranged {
			last = first
		}
		port := published{hostIP: p.HostIP, target: int(p.Target)}
		port.first, _ = strconv.Atoi(first)
		port.last, _ = strconv.Atoi(last)
		if p.Published == "" && len(s.blanks) > 0 {
			return nil, false // ${PORT}:9092, where PORT is set elsewhere, reads like this
		}
		ports = append(ports, port)
	}
	return ports, true
}

func (p published) covers(port int) bool { return p.first <= port && port <= p.last }

// open reports a port that other machines reach: published without an address, or on all.
func (p published) open() bool {
	ip, err := netip.ParseAddr(p.hostIP)
	return p.first > 0 && (p.hostIP == "" || err == nil && ip.IsUnspecified())
}

// atPort returns the place of an entry of ports.
func (s *service) atPort(p published) position {
	return s.at(key("ports"), item(func(n *yaml.Node) bool {
		if n = yaml.Resolve(n); n.Kind == yaml.MappingNode {
			_, target := child(n, "target")
			_, public := child(n, "published")
			return target != nil && s.source.expand(target.Value) == strconv.Itoa(p.target) &&
				(public == nil || p.hasPublished(s.source.expand(public.Value)))
		}
		parsed, err := types.ParsePortConfig(s.source.expand(n.Value))
		if err != nil {
			return false
		}
		for _, port := range parsed {
			if int(port.Target) == p.target && p.hasPublished(port.Published) && port.HostIP == p.hostIP {
				return true
			}
		}
		return false
	}))
}

func (p published) hasPublished(text string) bool {
	first, _, _ := strings.Cut(text, "-")
	return text == "" && p.first == 0 || first == strconv.Itoa(p.first)
}

// portLine returns an entry of ports that only this machine reaches.
func portLine(public, target int) string { return fmt.Sprintf(`- "127.0.0.1:%d:%d"`, public, target) }

// advertisedPorts: a client is sent to the advertised address, whatever address it dialled first.
// One that is reached through this machine must therefore be published under that very number, to
// the port that this listener binds. The listener that the brokers of a stack use between them may
// lead nowhere outside when there is but one broker, and another listener for clients.
func advertisedPorts(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		for _, fault := range stack.misdirections(b) {
			report.fault(b.service, fault.at, fault.message, fault.fix)
		}
	}
}

// misdirection is an advertised address by which clients do not come back to the broker.
type misdirection struct {
	at           position
	message, fix string
	rewritten    *published // the entry of ports that the fix writes anew
}

// misdirections returns those of a broker, by the order in which it advertises.
func (s *Stack) misdirections(b *broker) []misdirection {
	ports, ok := b.published()
	if !ok || !b.ownNetwork() || s.sharesNetwork(b.Name) {
		return nil
	}
	var faults []misdirection
	for _, adv := range b.advertised {
		listener, bound := named(b.listeners, adv.name)
		if !bound || !viaHost(adv.host) || s.innermost(b, adv.name) {
			continue
		}
		if fault, wrong := s.misdirect(b, adv, listener, ports); wrong {
			faults = append(faults, fault)
		}
	}
	return faults
}

// innermost reports the brokers' own listener of a broker that is alone and has another for clients.
func (s *Stack) innermost(b *broker, name string) bool {
	size, known := s.clusterSize(b)
	clients := slices.DeleteFunc(endpointNames(b.advertised), func(other string) bool { return slices.Contains(b.controllerNames(), other) })
	return known && size == 1 && len(clients) > 1 && name == b.interBroker()
}

// sharesNetwork reports whether another service uses the network of this one: localhost is the same
// for both.
func (s *Stack) sharesNetwork(name string) bool {
	for _, other := range s.services {
		if other.NetworkMode == "service:"+name {
			return true
		}
	}
	return false
}

// misdirect looks at one advertised address.
func (s *Stack) misdirect(b *broker, adv, listener endpoint, ports []published) (fault misdirection, wrong bool) {
	var same, elsewhere *published
	for i, p := range ports {
		switch {
		case p.covers(adv.port) && (p.target == listener.port || p.first != p.last):
			return misdirection{}, false
		case p.covers(adv.port):
			same = &ports[i]
		case p.target == listener.port:
			elsewhere = &ports[i]
		}
	}
	advertised := b.atEnv("KAFKA_ADVERTISED_LISTENERS")
	other, how := s.holder(b, adv.port)
	sentTo := fmt.Sprintf("metadata sends clients to %s", adv.address())
	wrongBroker := fmt.Sprintf("metadata sends clients of %s to %s, which is %s", b.Name, adv.address(), how)
	if other != nil {
		wrongBroker += " " + other.Name + ": they ask the wrong broker"
	}
	switch fix := portLine(adv.port, listener.port); {
	case same != nil:
		fault = misdirection{b.atPort(*same), fmt.Sprintf("%s leads to port %d of the container, but the listener %s binds %d",
			adv.address(), same.target, adv.name, listener.port), fix, same}
	case elsewhere != nil && elsewhere.first > 0 && other != nil:
		fault = misdirection{advertised, wrongBroker, fmt.Sprintf("%s://%s:%d in KAFKA_ADVERTISED_LISTENERS", adv.name, adv.host, elsewhere.first), nil}
	case elsewhere != nil && other == nil && elsewhere.first == 0:
		fault = misdirection{b.atPort(*elsewhere), fmt.Sprintf("%s, but port %d is published on a number that changes", sentTo, listener.port), fix, elsewhere}
	case elsewhere != nil && other == nil:
		fault = misdirection{b.atPort(*elsewhere), fmt.Sprintf("%s, which is not published (%d is): they reach the broker once and then lose it",
			sentTo, elsewhere.first), fix, elsewhere}
	case other != nil && s.brokerOf(other) != nil:
		fault = misdirection{advertised, wrongBroker, fmt.Sprintf("another port than %d for %s: in both lists of listeners, and published", adv.port, b.Name), nil}
	case other != nil: // a proxy
		return misdirection{}, false
	default:
		lines := fmt.Sprintf(`ports: ["127.0.0.1:%d:%d"]`, adv.port, listener.port)
		fault = misdirection{advertised, sentTo + ", which is not published: no client outside the container gets there", lines, nil}
	}
	return fault, true
}

// holder returns the other service that a port of the machine belongs to, and how: it publishes the
// port, or it is a broker that comes before b and advertises it, too. It returns nil for none.
func (s *Stack) holder(b *broker, port int) (svc *service, how string) {
	if svc := s.publisher(port); svc != nil && svc != b.service {
		return svc, "published by"
	}
	for _, other := range s.brokers {
		if other == b {
			return nil, ""
		}
		if slices.ContainsFunc(other.advertised, func(e endpoint) bool { return viaHost(e.host) && e.port == port }) &&
			!neverTogether(other.service, b.service) && other.ownNetwork() {
			return other.service, "the address of"
		}
	}
	return nil, ""
}

// publisher returns the service that publishes a port: the broker itself, or a proxy.
func (s *Stack) publisher(port int) *service {
	for _, svc := range s.services {
		if ports, _ := svc.published(); publishes(ports, port) {
			return svc
		}
	}
	return nil
}

// exposedPorts: a port published without an address is open to the whole network, past the
// machine's firewall (Docker writes its own iptables rules). ZooKeeper, a UI without a login and a
// PLAINTEXT listener ask nobody for a name; the UI by provectus runs any code it is sent
// (CVE-2023-52251). A listener that advertises an address of this machine is meant to be reached,
// and is no finding; nor is an entry that advertisedPorts writes anew, with its address.
func exposedPorts(stack *Stack, report reporter) {
	open := func(s *service, p published, what string) {
		report.advice(s, s.atPort(p), fmt.Sprintf("%s is published on every address of this machine, and asks nobody for a password", what),
			portLine(p.first, p.target))
	}
	eachOpen(stack.zookeepers, func(s *service, p published) {
		if !slices.ContainsFunc(stack.openZooKeepers(s), func(open openZooKeeper) bool { return open.port == p }) {
			open(s, p, "ZooKeeper")
		}
	})
	eachOpen(stack.uis, func(s *service, p published) {
		if !asksForLogin(s) {
			open(s, p, "the UI")
		}
	})
	for _, b := range stack.brokers {
		faults := stack.misdirections(b)
		eachOpen([]*service{b.service}, func(s *service, p published) {
			listener, ok := b.binding(p.target)
			adv, advertised := named(b.advertised, listener.name)
			rewritten := slices.ContainsFunc(faults, func(f misdirection) bool { return f.rewritten != nil && *f.rewritten == p })
			owned := slices.ContainsFunc(b.openSuperUsers(), func(open openSuperUser) bool { return open.entry != nil && *open.entry == p })
			if ok && advertised && !rewritten && !owned && b.protocol(listener.name) == "PLAINTEXT" && (viaHost(adv.host) || containerName(adv.host)) {
				open(s, p, "the listener "+listener.name)
			}
		})
	}
}

// asksForLogin reports whether a UI has, or may have, a login: by a variable, in a mounted file, or
// always.
func asksForLogin(ui *service) bool {
	if ui.image.is("conduktor-console") || strings.Contains(ui.env("AKHQ_CONFIGURATION").value, "security") {
		return true
	}
	for name := range ui.Environment {
		if containsAny(name, "AUTH", "LOGIN") && !strings.HasPrefix(name, "KAFKA_CLUSTERS_") && !strings.EqualFold(ui.env(name).value, "DISABLED") {
			return true
		}
	}
	for _, volume := range ui.Volumes {
		if slices.Contains([]string{".yml", ".yaml", ".conf", ".properties"}, path.Ext(volume.Target)) {
			return true
		}
	}
	return false
}

func eachOpen(services []*service, do func(*service, published)) {
	for _, s := range services {
		ports, _ := s.published()
		for _, p := range ports {
			if p.open() {
				do(s, p)
			}
		}
	}
}
