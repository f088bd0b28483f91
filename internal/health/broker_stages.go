package health

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// The stages of one broker address.
const (
	stageName = iota
	stageTCP
	stageKafka
	stageView // no rung of its own: the broker view over K2's connection
	brokerStages
)

func brokerStage(n int) func(context.Context, *climb) answer {
	return func(_ context.Context, c *climb) answer {
		answers := c.brokers.stage(n)
		if n == stageTCP {
			c.ladder.reconsiderLocalhost(answers)
		}
		return c.brokers.judge(answers, c.asking.enough == 0)
	}
}

// approachBroker asks K0 to K2 of one address, on one connection. It uses no Kafka client: a client
// would hide what came back, retry on its own, and set up connections without heeding ctx.
func (c *climb) approachBroker(ctx context.Context, addr string, tell func(answer) bool) {
	l := c.ladder
	if !tell(l.resolve(ctx, addr)) {
		return
	}
	conn, err := l.dial(ctx, "tcp", addr)
	if err != nil {
		tell(l.withRedirect(ctx, addr, dialFault(err, l.refusedHint(addr))))
		return
	}
	defer conn.Close()
	defer interruptWith(ctx, conn)()
	if !tell(answer{verdict: Pass, evidence: "accepts"}) {
		return
	}
	r, a := l.speak(ctx, conn, addr)
	if a.verdict != Pass {
		tell(a)
		return
	}
	c.addSpeaker(addr, r.offers)
	tell(a)
	// Before it has logged in a client may ask nothing but ApiVersions, and to log in is a Kafka
	// client's business.
	if l.mechanism == "" && c.index("K3") >= 0 {
		c.addEarlyView(r.wire.brokerView(addr, c.asking.brief && r.offers.has(keyDescribeQuorum)))
		tell(answer{verdict: Pass})
	}
}

// brokerView asks for the brokers, and for the quorum if wanted, over the connection.
func (w *wire) brokerView(addr string, quorum bool) brokerView {
	req := kafka.MetadataRequest([]string{})
	req.SetVersion(4) // the first that can forbid auto-creation; Kafka 0.11
	resp, err := w.ask(req)
	if err != nil {
		return brokerView{addr: addr, err: err}
	}
	answered, _ := resp.(*kmsg.MetadataResponse)
	v := newBrokerView(addr, answered)
	if quorum {
		req := kafka.QuorumRequest()
		req.SetVersion(0)
		resp, err := w.ask(req)
		v.quorum, _ = resp.(*kmsg.DescribeQuorumResponse)
		v.quorumErr = err
	}
	return v
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
	if local := kafka.LocalFault(err); local != nil {
		return unmet(symptom(local), local)
	}
	if err != nil {
		a := unmet(symptom(err), err)
		a.hint = l.nameHint(host, "listener is localhost:"+hostPort)
		return l.withRedirect(ctx, addr, a)
	}
	names := make([]string, 0, len(ips))
	for _, ip := range ips {
		names = append(names, ip.Unmap().String())
	}
	return answer{verdict: Pass, evidence: "is " + strings.Join(names, ", ")}
}

// dialFault answers K1 or Z1 for an address that does not accept; refused is the hint for a refused
// connection.
func dialFault(err error, refused hint) answer {
	a := unmet(symptom(err), err)
	if kafka.LocalFault(err) != nil {
		return a
	}
	a.hint = advise("check-address")
	if kafka.TimedOut(err) && !hasError[*net.DNSError](err) {
		a.evidence = "no answer to TCP connect"
		a.hint = advise("firewall")
	}
	if a.evidence == "connection refused" {
		a.hint = refused
	}
	return a
}
