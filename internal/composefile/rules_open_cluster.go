package composefile

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// reach is how far a listener of a broker is reached past the containers of the project.
type reach struct {
	at     position
	port   int        // on this machine
	entry  *published // of ports; nil where the container has the machine's network
	beyond bool       // by other machines, too
}

// reaches returns how a listener is reached: by every entry of ports that leads to it or, in the
// machine's own network, by what it binds.
func (b *broker) reaches(e endpoint) []reach {
	if b.NetworkMode == "host" {
		return []reach{{at: b.atEnv(b.listenersVariable()), port: e.port, beyond: !loopback(e.host)}}
	}
	ports, ok := b.published()
	if !ok || loopback(e.host) { // listenerBinds
		return nil
	}
	var all []reach
	for _, p := range ports {
		if p.target == e.port {
			all = append(all, reach{b.atPort(p), p.first, &p, !loopback(p.hostIP)})
		}
	}
	return all
}

// openSuperUser is a listener on which everybody is a super user.
type openSuperUser struct {
	reach
	listener, protocol string
}

// openSuperUsers returns those of a broker that are reached from outside the containers.
func (b *broker) openSuperUsers() []openSuperUser {
	if !b.authorized() || !b.superUser(anonymous) {
		return nil
	}
	var all []openSuperUser
	for _, e := range b.listeners {
		if b.letsIn(e.name) != anonymous {
			continue
		}
		for _, r := range b.reaches(e) {
			all = append(all, openSuperUser{r, e.name, b.protocol(e.name)})
		}
	}
	return all
}

// anonymousSuperUsers: who comes over PLAINTEXT, or over SSL without a certificate, is
// User:ANONYMOUS (DefaultKafkaPrincipalBuilder); as a super user that name passes every ACL. For the
// brokers' own listener that is a common choice, and harmless only as long as no one else reaches
// such a listener.
func anonymousSuperUsers(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		for _, open := range b.openSuperUsers() {
			who := "a program of this machine"
			if open.beyond {
				who = "any machine"
			}
			how := "PLAINTEXT asks nobody who it is"
			if open.protocol == "SSL" {
				how = "it asks for no certificate"
			}
			fix := fmt.Sprintf("%s without %s, and a certificate or a login for the brokers; or no port for %s", superUsersVariable, anonymous, open.listener)
			message := fmt.Sprintf("%s is a super user, and %s that dials %d comes as that (%s: %s): there the authorizer stops nobody", anonymous, who, open.port, open.listener, how)
			everyone, _ := b.open() // then nobody takes the cluster for closed
			report.byUse(open.beyond && !everyone, b.service, open.at, message, fix)
		}
	}
}

// everyoneAllowed: allow.everyone.if.no.acl.found lets everybody do everything with what has no ACL,
// and the first ACL of a topic shuts out all others (seen with 4.3.1 and 3.9.2: with an ACL for one
// user, another is refused).
func everyoneAllowed(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if open, _ := b.open(); !open || !b.authorized() || stack.saidBefore(b) {
			continue
		}
		more := ""
		for _, own := range stack.ownListeners(b) {
			users, known := b.superUsers()
			if who, lacking := lacks(users, stack.comesAs(b, own.name, own.mechanism)); known && lacking && who.name != "" {
				more = fmt.Sprintf("; the first ACL of the cluster shuts out the brokers, which come as %s", who.name)
			}
		}
		report.advice(b.service, b.atEnv(everyoneVariable), "a topic without an ACL is everybody's, and its first ACL shuts out all others at once"+more,
			everyoneVariable+`: "false", and an ACL for each service`)
	}
}

// saidBefore reports that an earlier broker of the same cluster lets everybody in, too.
func (s *Stack) saidBefore(b *broker) bool {
	for _, member := range s.cluster(b) {
		if member == b {
			return false
		}
		if open, _ := member.open(); open && member.authorized() {
			return true
		}
	}
	return false
}

// openZooKeeper is a ZooKeeper that is reached from outside the containers and holds ACLs.
type openZooKeeper struct {
	port   published
	broker *broker
}

// openZooKeepers returns the ports of a ZooKeeper by which the ACLs of a cluster can be changed.
// With a login asked for, or with settings in a file, nothing is certain; and where everybody is allowed
// everything without an ACL, nobody takes the cluster for closed.
func (s *Stack) openZooKeepers(z *service) []openZooKeeper {
	i := slices.IndexFunc(s.brokers, func(b *broker) bool {
		zookeeperSet, setACL := b.env("KAFKA_ZOOKEEPER_CONNECT"), b.env("KAFKA_ZOOKEEPER_SET_ACL")
		everyone, known := b.open()
		return b.authorized() && !everyone && known && zookeeperSet.known() && !b.kraft() &&
			slices.ContainsFunc(parseAddresses(zookeeperSet.value), func(a address) bool { return slices.Contains(s.answering(a.host), z) }) &&
			(b.lacks("KAFKA_ZOOKEEPER_SET_ACL") || setACL.known() && !strings.EqualFold(setACL.value, "true"))
	})
	if i < 0 || z.mountsProperties() || z.asksZooKeeperLogin() {
		return nil
	}
	ports, _ := z.published()
	var open []openZooKeeper
	for _, p := range ports {
		if p.target == 2181 || p.target != 0 && p.target == clientPort(z) {
			open = append(open, openZooKeeper{p, s.brokers[i]})
		}
	}
	return open
}

// asksZooKeeperLogin reports a ZooKeeper that may ask clients who they are.
func (s *service) asksZooKeeperLogin() bool {
	for name := range s.Environment {
		value := s.env(name)
		if containsAny(strings.ToLower(name+" "+value.value), "requireclientauthscheme", "require_client_sasl", "requireclientsasl", "enforce") || value.set && !value.known() && strings.HasSuffix(name, "_OPTS") {
			return true
		}
	}
	return false
}

// zookeeperACLs: AclAuthorizer keeps ACLs in the znodes below /kafka-acl, and SCRAM users below
// /config/users. Without zookeeper.set.acl, which is off by default, everybody who reaches ZooKeeper may
// write them (ZkData.defaultAcls).
func zookeeperACLs(stack *Stack, report reporter) {
	for _, z := range stack.zookeepers {
		for _, open := range stack.openZooKeepers(z) {
			who := "any machine"
			if loopback(open.port.hostIP) {
				who = "a program of this machine"
			}
			message := fmt.Sprintf("%s that dials %s may write the ACLs and users of %s, which lie in ZooKeeper unprotected: the authorizer stops nobody", who, strconv.Itoa(open.port.first), open.broker.Name)
			if fix := "no ports for " + z.Name + "; or a login for ZooKeeper, and KAFKA_ZOOKEEPER_SET_ACL: \"true\""; loopback(open.port.hostIP) {
				report.advice(z, z.atPort(open.port), message, fix)
			} else {
				report.fault(z, z.atPort(open.port), message, fix)
			}
		}
	}
}

// plainLogins: SASL_PLAINTEXT encrypts nothing. PLAIN sends the password as it is (RFC 4616); SCRAM
// does not, but what is sent can be guessed at, and all records are read along the way.
func plainLogins(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		for _, e := range b.listeners {
			if b.protocol(e.name) != "SASL_PLAINTEXT" || slices.Contains(b.controllerNames(), e.name) {
				continue
			}
			for _, r := range b.reaches(e) {
				if !r.beyond || b.NetworkMode == "host" && !b.advertisesBeyond(e.name) {
					continue
				}
				what := "records"
				if mechanisms, _, _ := b.ofListener(e.name, "sasl.enabled.mechanisms"); slices.Contains(parseNames(mechanisms.value), "PLAIN") {
					what = "passwords and records"
				}
				fix := "SASL_SSL for " + e.name
				if r.entry != nil && r.entry.first > 0 {
					fix += "; or " + portLine(r.entry.first, r.entry.target)
				}
				report.advice(b.service, r.at, fmt.Sprintf("%s is published beyond this machine without TLS: %s cross the network for everybody to read", e.name, what), fix)
			}
		}
	}
}

// advertisesBeyond reports an advertised address that is not this machine alone.
func (b *broker) advertisesBeyond(listener string) bool {
	adv, ok := named(b.advertised, listener)
	ip, err := netip.ParseAddr(adv.host)
	return ok && !viaHost(adv.host) && (err != nil || !ip.IsUnspecified())
}
