package kafkatest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The listeners that this package makes itself: the one of Addrs, which the brokers use among
// themselves, and in KRaft the controller's.
const (
	plainListener      = "PLAINTEXT"
	controllerListener = "CONTROLLER"
)

// Listener is one more port of each broker, on 127.0.0.1: see ListenerAddrs.
type Listener struct {
	// Name is letters, digits and underscores, in capitals; not PLAINTEXT or CONTROLLER, which are
	// this package's.
	Name string
	// Protocol is PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. Keys, mechanisms and users come from
	// Options.Props, as listener.name.NAME.* with NAME in small letters, and
	// sasl.enabled.mechanisms.
	Protocol string
	// Advertise returns the "host:port" that broker id advertises to the clients of this listener,
	// instead of its own, 127.0.0.1:port; nil advertises that. New calls it once for each broker.
	// With ZooKeeper no two brokers may advertise the same: the second refuses to start.
	Advertise func(id, port int) string
}

func checkListeners(listeners []Listener) error {
	legal := regexp.MustCompile(`^[A-Z0-9_]+$`)
	names := []string{plainListener, controllerListener}
	for _, l := range listeners {
		if !legal.MatchString(l.Name) || slices.Contains(names, l.Name) {
			return fmt.Errorf("listener name %q is taken, or not made of A-Z, 0-9 and _", l.Name)
		}
		if !slices.Contains([]string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}, l.Protocol) {
			return fmt.Errorf("listener %s: unknown protocol %q (want PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL)",
				l.Name, l.Protocol)
		}
		names = append(names, l.Name)
	}
	return nil
}

// ListenerAddrs returns where each broker, running or not, listens for the listener of that name in
// Options.Listeners, in the order of BrokerIDs, whatever it advertises. There are none for an
// unknown name.
func (c *Cluster) ListenerAddrs(name string) []string {
	i := slices.IndexFunc(c.opts.Listeners, func(l Listener) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	var addrs []string
	for _, b := range c.brokers {
		addrs = append(addrs, address(b.listenerPorts[i]))
	}
	return addrs
}

// listeners returns the property of that name: where b listens.
func (c *Cluster) listeners(b *broker) string {
	all := []string{plainListener + "://" + address(b.port)}
	for i, l := range c.opts.Listeners {
		all = append(all, l.Name+"://"+address(b.listenerPorts[i]))
	}
	if b.controllerPort != 0 {
		all = append(all, controllerListener+"://"+address(b.controllerPort))
	}
	return strings.Join(all, ",")
}

// advertised returns the property advertised.listeners, the addresses that b gives to clients. The
// controller's is not for them.
func (c *Cluster) advertised(b *broker) string {
	all := []string{plainListener + "://" + address(b.port)}
	for i, l := range c.opts.Listeners {
		told := address(b.listenerPorts[i])
		if l.Advertise != nil {
			told = l.Advertise(b.id, b.listenerPorts[i])
		}
		all = append(all, l.Name+"://"+told)
	}
	return strings.Join(all, ",")
}

// protocols is the property listener.security.protocol.map.
func (c *Cluster) protocols() string {
	all := []string{plainListener + ":PLAINTEXT"}
	if c.shape.zookeepers == 0 {
		all = append(all, controllerListener+":PLAINTEXT")
	}
	for _, l := range c.opts.Listeners {
		all = append(all, l.Name+":"+l.Protocol)
	}
	return strings.Join(all, ",")
}
