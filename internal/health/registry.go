package health

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// registry is what a cluster has registered in ZooKeeper.
type registry struct {
	clusterID  string // "" while there is none
	controller int32  // -1 while none is elected
	migrating  bool   // the controller is one of KRaft's, which brokers in ZooKeeper mode do not name
	brokers    []registration
}

// registration is one broker in /brokers/ids. It stands from the broker's start until its session ends: when it shuts
// down, or when it has been dead for the session's timeout.
type registration struct {
	id        int32
	endpoints []string // as advertised: PLAINTEXT://kafka:9092
}

// ids reads "1, 2, 3", as a view's does.
func (r registry) ids() string {
	texts := make([]string, len(r.brokers))
	for i, b := range r.brokers {
		texts[i] = strconv.Itoa(int(b.id))
	}
	return strings.Join(texts, ", ")
}

// at tells whether the broker advertises a host:port, on whichever listener.
func (b registration) at(addr string) bool {
	return slices.ContainsFunc(b.endpoints, func(endpoint string) bool {
		_, registered, _ := strings.Cut(endpoint, "://")
		return strings.EqualFold(registered, addr)
	})
}

// lookUp reads the registry from the first of addrs that answers; they share ctx's time. A zero answer means that it was
// read. NoNode and NoAuth are answers: the next server would say the same.
func (l *Ladder) lookUp(ctx context.Context, addrs []string) (registry, answer) {
	var lost []answer
	for i, addr := range addrs {
		share, cancel := context.WithTimeout(ctx, timeLeft(ctx)/time.Duration(len(addrs)-i))
		r, err := l.readRegistry(share, addr)
		cancel()
		refusal, refused := errors.AsType[znodeError](err)
		switch {
		case err == nil:
			return r, answer{}
		case refused && refusal.forbidden():
			return r, answer{verdict: Pass, evidence: "not proven: ZooKeeper does not show it to this user: " + refusal.Error()}
		case refused && refusal.code == codeNoNode:
			a := unmet("ZooKeeper has no "+refusal.path, err)
			a.hint = "no Kafka ever started with this root of ZooKeeper: start it, or give the chroot of its " +
				"zookeeper.connect, as in --zookeeper zookeeper:2181/kafka; " + givesUp
			return r, a
		}
		a := unmet(addr+": answers srvr, but shows no znodes: "+symptom(err), err)
		a.hint = "look at ZooKeeper's log; it may have too many connections (maxClientCnxns), or have just lost its quorum"
		lost = append(lost, a)
	}
	return registry{}, tally(lost, len(lost))
}

// inSession reads within a session of its own at one server, which is closed after it.
func (l *Ladder) inSession(ctx context.Context, addr string, read func(*zooSession) error) error {
	conn, err := l.dial(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	release := hangUp(ctx, conn)
	defer release()
	session, err := openSession(conn, l.attempt)
	if err != nil {
		return err
	}
	defer func() {
		release() // closing has the rest of the time, or a moment of its own
		session.close(timeLeft(ctx))
	}()
	return read(session)
}

// readRegistry looks into one server. NoNode is an error of /brokers/ids alone: Kafka makes it before anything else.
func (l *Ladder) readRegistry(ctx context.Context, addr string) (r registry, err error) {
	err = l.inSession(ctx, addr, func(session *zooSession) error {
		r, err = session.registry(l.chroot)
		return err
	})
	return r, err
}

// registry reads what Kafka registers under a chroot.
func (s *zooSession) registry(chroot string) (r registry, err error) {
	if r.brokers, err = readBrokers(s, chroot+"/brokers/ids"); err != nil {
		return r, err
	}
	var cluster struct{ ID string }
	if _, err := s.read(chroot+"/cluster/id", &cluster); err != nil {
		return r, err
	}
	r.clusterID = cluster.ID
	controller := struct {
		BrokerID             int32
		KRaftControllerEpoch int32
	}{-1, -1} // the epoch is known since Kafka 3.4 and counts only while a cluster migrates
	_, err = s.read(chroot+"/controller", &controller)
	r.controller, r.migrating = controller.BrokerID, controller.KRaftControllerEpoch >= 0
	return r, err
}

func readBrokers(session *zooSession, path string) ([]registration, error) {
	names, err := session.children(path)
	if err != nil {
		return nil, err
	}
	var brokers []registration
	for _, name := range names {
		id, err := strconv.ParseInt(name, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		var broker struct{ Endpoints []string }
		there, err := session.read(path+"/"+name, &broker)
		if err != nil {
			return nil, err
		}
		if there { // else it went while the others were read
			brokers = append(brokers, registration{int32(id), broker.Endpoints})
		}
	}
	slices.SortFunc(brokers, func(a, b registration) int { return cmp.Compare(a.id, b.id) })
	return brokers, nil
}

// read takes a znode's JSON into what v points to, and leaves it be where there is no such znode.
func (s *zooSession) read(path string, v any) (there bool, err error) {
	data, err := s.get(path)
	if refusal, refused := errors.AsType[znodeError](err); refused && refusal.code == codeNoNode {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, fmt.Errorf("read %s: %w", path, err)
	}
	return true, nil
}
