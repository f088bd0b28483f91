package health

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// The stages of one broker address.
const (
	stageName = iota
	stageTCP
	stageKafka
	brokerStages
)

func brokerStage(n int) func(context.Context, *climb) answer {
	return func(_ context.Context, c *climb) answer { return tally(c.brokers.stage(n), c.brokers.need) }
}

// approachBroker walks K0 to K2 for one address, on one connection. It uses no Kafka client: that would hide what came
// back, retry on its own, and set connections up without heeding ctx.
func (c *climb) approachBroker(ctx context.Context, addr string, tell func(answer) bool) {
	if !tell(c.ladder.resolve(ctx, addr)) {
		return
	}
	conn, err := c.ladder.dial(ctx, "tcp", addr)
	if err != nil {
		tell(dialFault(err, refusedHint(addr)))
		return
	}
	defer conn.Close()
	if !tell(answer{verdict: Pass, evidence: "accepts"}) {
		return
	}
	offers, a := c.ladder.speak(ctx, conn, addr)
	if a.verdict == Pass {
		c.hearKafka(addr, offers.has(keyDescribeQuorum))
	}
	tell(a)
}

// resolve is K0 for one address.
func (l *Ladder) resolve(ctx context.Context, addr string) answer {
	if l.dialResolves {
		return answer{verdict: Pass, evidence: "left to the dialer"}
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return unmet(oneLine(err.Error()), err) // New refused such addresses; only advertised ones come here
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return answer{verdict: Pass, evidence: "is an IP address"}
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		a := unmet(symptom(err), err)
		a.hint = nameHint(host)
		return a
	}
	names := make([]string, 0, len(ips))
	for _, ip := range ips {
		names = append(names, ip.Unmap().String())
	}
	return answer{verdict: Pass, evidence: "is " + strings.Join(names, ", ")}
}

func nameHint(host string) string {
	if !strings.Contains(host, ".") {
		return fmt.Sprintf("a container's name such as %q resolves only inside its network; from the host the stack's listener is localhost:29092", host)
	}
	return "check the spelling, and the DNS of the machine this runs on"
}

// dialFault is K1, and Z1, for an address that does not accept; refused is the hint when nobody listens there.
func dialFault(err error, refused string) answer {
	a := unmet(symptom(err), err)
	a.hint = "check the address, and the network between here and there"
	if timedOut(err) && !is[*net.DNSError](err) {
		a.evidence = "no answer to TCP connect"
		a.hint = "a firewall drops the connection, or the host is down"
	}
	if a.evidence == "connection refused" {
		a.hint = refused
	}
	return a
}

// refusedHint knows the stack's own listeners: 29092 for the host, 9092 inside the network.
func refusedHint(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	ip, _ := netip.ParseAddr(host)
	switch {
	case host != "localhost" && !ip.IsLoopback():
		return "is the broker started, and does it listen on port " + port + "?"
	case port == "9092":
		return "is the broker started? from the host the stack's listener is localhost:29092"
	}
	return "is the broker started? `docker compose ps kafka` shows it"
}
