package health

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
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

// approachZooKeeper walks Z1 and Z2 for one address.
//
// It asks srvr, the one four-letter word that is allowed by default and tells a server with a quorum from one without.
// ruok answers imok in both cases. A server that does not allow srvr either is asked for a session, which it gives only
// with a quorum.
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
	defer hangUp(ctx, conn)()
	if !tell(answer{verdict: Pass, evidence: "accepts"}) {
		return
	}
	text, err := fourLetters(conn, "srvr")
	a := serving(text, err)
	if errors.Is(a.err, errUnlisted) {
		a = c.ladder.takesSessions(ctx, addr)
	}
	if a.verdict == Pass {
		c.hearZooKeeper(addr)
	}
	tell(a)
}

// fourLetters sends one word and reads until the server closes, as it does after its answer. What came before an error
// is returned with it.
func fourLetters(conn net.Conn, word string) (string, error) {
	if _, err := conn.Write([]byte(word)); err != nil {
		return "", err
	}
	const limit = 64 << 10 // srvr answers in a few hundred bytes; this only bounds a port that is not ZooKeeper's
	text, err := io.ReadAll(io.LimitReader(conn, limit))
	return string(text), err
}

// serving judges the answer to srvr. Only a Mode line proves that the server serves, unless that says that it only reads.
func serving(text string, err error) answer {
	const majority = "start the other ZooKeeper servers of the ensemble: a majority must be up"
	switch mode := line(text, "Mode:"); {
	case mode == "read-only": // readonlymode.enabled: what it has may be old, and Kafka can register nothing
		a := unmet("has no quorum, and takes no writes: Mode: read-only", errNotServing)
		a.hint = majority
		return a
	case mode != "":
		return answer{verdict: Pass, evidence: "Mode: " + mode + zooKeeperVersion(text)}
	case strings.Contains(text, "not currently serving requests"):
		a := unmet("process is up but has no quorum: "+oneLine(text), errNotServing)
		a.hint = majority
		return a
	case strings.Contains(text, "is not in the whitelist"):
		return unmet("srvr is not whitelisted", errUnlisted)
	case strings.HasPrefix(text, "Zookeeper version:"):
		a := unmet("the answer to srvr breaks off", errors.Join(errNotServing, err))
		a.hint = "ZooKeeper is overloaded or going down: look at its log"
		return a
	case text == "" && timedOut(err):
		a := unmet("accepts TCP, then no answer to srvr", err)
		a.hint = "ZooKeeper is frozen or still starting (`docker compose logs zookeeper`), or the port is its TLS port"
		return a
	case text == "":
		a := unmet("accepts TCP, then closes without an answer to srvr", errors.Join(errNotServing, err))
		a.hint = "look whether ZooKeeper is up (`docker compose logs zookeeper`), and whether this is its client port"
		return a
	}
	a := unmet(fmt.Sprintf("answers srvr, but not as ZooKeeper does: %.48q", notKafkaError{[]byte(text)}.text()), errNotServing)
	a.hint = "check the port: ZooKeeper's client port is 2181 unless configured"
	return a
}

// takesSessions is Z2 for a server that does not answer srvr to everybody.
func (l *Ladder) takesSessions(ctx context.Context, addr string) answer {
	err := l.inSession(ctx, addr, func(*zooSession) error { return nil })
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

// line gives the rest of the first line that begins with prefix.
func line(text, prefix string) string {
	for l := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(l, prefix); found {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// zooKeeperVersion is for people to read: distributions put all kinds of text behind the number.
func zooKeeperVersion(text string) string {
	version := line(text, "Zookeeper version:")
	if end := strings.IndexAny(version, "-, "); end >= 0 {
		version = version[:end]
	}
	if version == "" {
		return ""
	}
	return ", version " + version
}
