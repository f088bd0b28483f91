package health

import (
	"context"
	"errors"
	"fmt"
	"net"

	"kafkactl/internal/zookeeper"
)

// The stages of one ZooKeeper address.
const (
	stageZooTCP = iota
	stageServes
	zooKeeperStages
)

func zooKeeperStage(n int) func(context.Context, *climb) answer {
	return func(_ context.Context, c *climb) answer { return c.zookeepers.judge(n, c.ladder.tolerant) }
}

// approachZooKeeper asks Z1 and Z2 of one address.
//
// It asks srvr, and not ruok, which is answered with imok without a quorum too. A server that does
// not allow srvr is asked for a session, which it gives only with a quorum.
func (c *climb) approachZooKeeper(ctx context.Context, addr string, tell func(answer) bool) {
	conn, err := c.ladder.dial(ctx, "tcp", addr)
	if err != nil {
		a := dialFault(err, "is ZooKeeper started? `docker compose ps zookeeper` shows it")
		if dns, found := errors.AsType[*net.DNSError](err); found && dns.IsNotFound {
			a.hint = c.ladder.nameHint(dns.Name, "ZooKeeper is localhost:2181")
		}
		tell(a)
		return
	}
	defer conn.Close()
	defer interruptWith(ctx, conn)()
	if !tell(answer{verdict: Pass, evidence: "accepts"}) {
		return
	}
	a := serving(zookeeper.Srvr(conn))
	if errors.Is(a.err, errUnlisted) {
		a = c.ladder.takesSessions(ctx, addr)
	}
	if a.verdict == Pass {
		c.addServingZooKeeper(addr)
	}
	tell(a)
}

// serving judges the answer to srvr. Only a mode proves that the server serves, unless it is
// read-only.
func serving(status zookeeper.Status, err error) answer {
	const majority = "start the other ZooKeeper servers of the ensemble: a majority must be up"
	switch {
	case status.Mode == "read-only": // what it has may be old, and Kafka can register nothing
		a := unmet("has no quorum, and takes no writes: Mode: read-only", errNotServing)
		a.hint = majority
		return a
	case status.Mode != "":
		return answer{verdict: Pass, evidence: "Mode: " + status.Mode + withVersion(status)}
	case status.HasNoQuorum():
		a := unmet("process is up but has no quorum: "+oneLine(status.Text), errNotServing)
		a.hint = majority
		return a
	case status.IsRefused():
		return unmet("srvr is not whitelisted", errUnlisted)
	case status.IsCutShort():
		a := unmet("the answer to srvr breaks off", errors.Join(errNotServing, err))
		a.hint = "ZooKeeper is overloaded or going down: look at its log"
		return a
	case status.Text == "" && timedOut(err):
		a := unmet("accepts TCP, then no answer to srvr", err)
		a.hint = "ZooKeeper is frozen or still starting (`docker compose logs zookeeper`), or the port is its TLS port"
		return a
	case status.Text == "":
		a := unmet("accepts TCP, then closes without an answer to srvr", errors.Join(errNotServing, err))
		a.hint = "look whether ZooKeeper is up (`docker compose logs zookeeper`), and whether this is its client port"
		return a
	}
	a := unmet(fmt.Sprintf("answers srvr, but not as ZooKeeper does: %.48q", notKafkaError{[]byte(status.Text)}.text()), errNotServing)
	a.hint = "check the port: ZooKeeper's client port is 2181 unless configured"
	return a
}

func withVersion(status zookeeper.Status) string {
	if status.Version == "" {
		return ""
	}
	return ", version " + status.Version
}

// takesSessions is Z2 for a server that does not allow srvr.
func (l *Ladder) takesSessions(ctx context.Context, addr string) answer {
	err := l.inSession(ctx, addr, func(*zookeeper.Session) error { return nil })
	if err == nil {
		return answer{verdict: Pass, evidence: "takes sessions (srvr is not whitelisted, and not needed)"}
	}
	a := unmet("srvr is not whitelisted, and no session begins: "+symptom(err), err)
	a.hint = "has the ensemble a quorum? 4lw.commands.whitelist=srvr in ZooKeeper's configuration would tell"
	return a
}

var (
	errNotServing = errors.New("ZooKeeper does not serve")
	errUnlisted   = errors.New("ZooKeeper does not answer four-letter words")
)
