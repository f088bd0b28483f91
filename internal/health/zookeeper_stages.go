package health

import (
	"context"
	"errors"
	"fmt"
	"net"

	"kafkactl/internal/kafka"
	"kafkactl/internal/zookeeper"
)

// The stages of one ZooKeeper address.
const (
	stageZooTCP = iota
	stageServes
	zooKeeperStages
)

// zooKeeperStage asks one stage of every address. One server that serves proves that a majority
// does: no server serves without a quorum.
func zooKeeperStage(n int) func(context.Context, *climb) answer {
	return func(_ context.Context, c *climb) answer {
		a := c.zookeepers.judge(c.zookeepers.stage(n), true)
		a.absent = nil // never waited for
		return a
	}
}

// approachZooKeeper asks Z1 and Z2 of one address.
//
// It asks srvr, and not ruok, which is answered with imok without a quorum too. A server that does
// not allow srvr is asked for a session, which it gives only with a quorum.
func (c *climb) approachZooKeeper(ctx context.Context, addr string, tell func(answer) bool) {
	conn, err := c.ladder.dial(ctx, "tcp", addr)
	if err != nil {
		a := dialFault(err, advise("start-zookeeper"))
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
	switch {
	case status.Mode == "read-only": // what it has may be old, and Kafka can register nothing
		a := unmet("has no quorum, and takes no writes: Mode: read-only", errNotServing)
		a.hint = advise("zookeeper-majority")
		return a
	case status.Mode != "":
		return answer{verdict: Pass, evidence: "Mode: " + status.Mode + withVersion(status)}
	case status.HasNoQuorum():
		a := unmet("process is up but has no quorum: "+oneLine(status.Text), errNotServing)
		a.hint = advise("zookeeper-majority")
		return a
	case status.IsRefused():
		return unmet("srvr is not whitelisted", errUnlisted)
	case status.IsCutShort():
		a := unmet("the answer to srvr breaks off", errors.Join(errNotServing, err))
		a.hint = advise("zookeeper-log")
		return a
	case status.Text == "" && kafka.TimedOut(err):
		a := unmet("accepts TCP, then no answer to srvr", err)
		a.hint = advise("zookeeper-frozen")
		return a
	case status.Text == "":
		a := unmet("accepts TCP, then closes without an answer to srvr", errors.Join(errNotServing, err))
		a.hint = advise("zookeeper-up")
		return a
	}
	a := unmet(fmt.Sprintf("answers srvr, but not as ZooKeeper does: %.48q", notKafkaError{[]byte(status.Text)}.text()), errNotServing)
	a.hint = advise("zookeeper-port")
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
	a.hint = advise("zookeeper-quorum")
	return a
}

var (
	errNotServing = errors.New("ZooKeeper does not serve")
	errUnlisted   = errors.New("ZooKeeper does not answer four-letter words")
)
