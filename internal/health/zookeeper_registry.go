package health

import (
	"context"
	"errors"
	"time"

	"kafkactl/internal/zookeeper"
)

// lookUp reads what Kafka has registered from the first of addrs that answers; they share ctx's
// time. A zero answer means that it was read. NoNode and NoAuth are answers: the next server would
// say the same.
func (l *Ladder) lookUp(ctx context.Context, addrs []string) (registry, answer) {
	var lost []answer
	for i, addr := range addrs {
		share, cancel := context.WithTimeout(ctx, timeLeft(ctx)/time.Duration(len(addrs)-i))
		r, err := l.readRegistry(share, addr)
		cancel()
		refusal, refused := errors.AsType[zookeeper.Error](err)
		switch {
		case err == nil:
			return registry{r}, answer{}
		case refused && refusal.IsForbidden():
			return registry{}, answer{verdict: Pass, evidence: "not proven: ZooKeeper does not show it to this user: " + refusal.Error()}
		case refused && refusal.Code == zookeeper.NoNode:
			a := unmet("ZooKeeper has no "+refusal.Path, err)
			a.hint = advise("zookeeper-root")
			return registry{}, a
		}
		a := unmet(addr+": answers srvr, but shows no znodes: "+symptom(err), err)
		a.hint = advise("zookeeper-connections")
		lost = append(lost, a)
	}
	return registry{}, combine(lost, len(lost))
}

// readRegistry reads from one server.
func (l *Ladder) readRegistry(ctx context.Context, addr string) (r zookeeper.Registry, err error) {
	err = l.inSession(ctx, addr, func(session *zookeeper.Session) error {
		r, err = session.Registry(l.chroot)
		return err
	})
	return r, err
}

// inSession calls read with a session at one server, and closes the session after it.
func (l *Ladder) inSession(ctx context.Context, addr string, read func(*zookeeper.Session) error) error {
	conn, err := l.dial(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	release := interruptWith(ctx, conn)
	defer release()
	session, err := zookeeper.Open(conn, l.attempt)
	if err != nil {
		return err
	}
	defer func() {
		release() // closing has the rest of the time, or a moment of its own
		session.Close(timeLeft(ctx))
	}()
	return read(session)
}
