package composefile

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// listenerBinds: the host of a listener is the address that it binds, and has to be the container's
// own. On the loopback address no other container reaches it, and no published port leads to it;
// another one's address cannot be bound ("Cannot assign requested address").
func listenerBinds(stack *Stack, report reporter) {
	const variable = "KAFKA_LISTENERS"
	for _, b := range stack.brokers {
		if !b.env(variable).known() || !b.ownNetwork() || stack.sharesNetwork(b.Name) {
			continue
		}
		var loops, strange []string
		mended := slices.Clone(b.listeners)
		for i, e := range b.listeners {
			switch {
			case loopback(e.host) && stack.calledFromOutside(b, e):
				loops = append(loops, e.String())
			case stack.unbindable(b.service, e.host):
				strange = append(strange, e.String())
			default:
				continue
			}
			mended[i].host = ""
		}
		fix := variable + ": " + listenerList(mended)
		if len(loops) > 0 {
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s listens only inside the container of %s: no port leads to it, and no other container reaches it",
				strings.Join(loops, ", "), b.Name), fix)
		}
		if len(strange) > 0 {
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s is no address of the container of %s, and cannot be bound: the broker does not start",
				strings.Join(strange, ", "), b.Name), fix)
		}
	}
}

// calledFromOutside reports that some other process is meant to use a listener: a port is published
// for it, it is advertised under another container's or machine's name, or other nodes vote with it.
// The brokers' own listener of one that is alone is not, nor is the controller's of such a one.
func (s *Stack) calledFromOutside(b *broker, e endpoint) bool {
	if slices.Contains(b.controllerNames(), e.name) {
		return slices.ContainsFunc(b.quorum.voters, func(v voter) bool {
			return !loopback(v.host) && v.port == e.port && s.brokerAt(v.host) == b
		})
	}
	ports, _ := b.published()
	if slices.ContainsFunc(ports, func(p published) bool { return p.target == e.port }) {
		return true
	}
	adv, advertised := named(b.advertised, e.name)
	return advertised && !loopback(adv.host)
}

// unbindable reports a host that is certainly not the service's own: another container's name or
// address, nobody's name, or an address that no network of the service has.
func (s *Stack) unbindable(svc *service, host string) bool {
	if host == "" || loopback(host) {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsUnspecified() && !s.foreign && !s.mayHave(svc, ip)
	}
	if slices.Contains(svc.hosts(), host) {
		return false
	}
	return len(s.answering(host)) > 0 || containerName(host) && !s.resolvable(host)
}

// mayHave reports that a network gives the service the address, or may by chance: those of which it
// says nothing have addresses of Docker's pool.
func (s *Stack) mayHave(svc *service, ip netip.Addr) bool {
	var pools []string
	for name, network := range svc.Networks {
		if network != nil && network.Ipv4Address+network.Ipv6Address != "" {
			if network.Ipv4Address == ip.String() || network.Ipv6Address == ip.String() {
				return true
			}
			continue
		}
		pools = append(append(pools, "172.16.0.0/12"), s.subnets[name]...)
	}
	return slices.ContainsFunc(pools, func(pool string) bool {
		prefix, err := netip.ParsePrefix(pool)
		return err != nil || prefix.Contains(ip)
	})
}
