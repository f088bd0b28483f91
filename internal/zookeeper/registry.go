package zookeeper

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Where Kafka registers, below its chroot.
const (
	BrokersPath    = "/brokers/ids" // one child for each broker, by its id
	ClusterPath    = "/cluster/id"
	ControllerPath = "/controller"
)

// Registry is what a cluster has registered in ZooKeeper.
type Registry struct {
	ClusterID  string // "" while there is none
	Controller int32  // -1 while none is elected
	Migrating  bool   // the controller is one of KRaft's, which brokers in ZooKeeper mode do not name
	Brokers    []Registration
}

// Registration is one broker in /brokers/ids. It stands from the broker's start until its session
// ends: when it shuts down, or when it has been dead for the session's timeout.
type Registration struct {
	ID        int32
	Endpoints []string // as advertised: PLAINTEXT://kafka:9092
}

// Advertises reports whether the broker advertises a host:port, on whichever listener.
func (r Registration) Advertises(addr string) bool {
	return slices.ContainsFunc(r.Endpoints, func(endpoint string) bool {
		_, registered, _ := strings.Cut(endpoint, "://")
		return strings.EqualFold(registered, addr)
	})
}

// Registry reads what Kafka registers under a chroot, "" for none. NoNode is an error of
// /brokers/ids alone, which Kafka makes before anything else; brokers come by id.
func (s *Session) Registry(chroot string) (Registry, error) {
	brokers, err := s.registrations(chroot + BrokersPath)
	if err != nil {
		return Registry{}, err
	}
	var cluster struct{ ID string }
	if _, err := s.decode(chroot+ClusterPath, &cluster); err != nil {
		return Registry{}, err
	}
	controller := struct {
		BrokerID             int32
		KRaftControllerEpoch int32
	}{-1, -1} // the epoch is known since Kafka 3.4 and counts only while a cluster migrates
	if _, err := s.decode(chroot+ControllerPath, &controller); err != nil {
		return Registry{}, err
	}
	return Registry{
		ClusterID: cluster.ID, Controller: controller.BrokerID,
		Migrating: controller.KRaftControllerEpoch >= 0, Brokers: brokers,
	}, nil
}

func (s *Session) registrations(path string) ([]Registration, error) {
	names, err := s.Children(path)
	if err != nil {
		return nil, err
	}
	var brokers []Registration
	for _, name := range names {
		id, err := strconv.ParseInt(name, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		var broker struct{ Endpoints []string }
		exists, err := s.decode(path+"/"+name, &broker)
		if err != nil {
			return nil, err
		}
		if exists { // else it went while the others were read
			brokers = append(brokers, Registration{int32(id), broker.Endpoints})
		}
	}
	slices.SortFunc(brokers, func(a, b Registration) int { return cmp.Compare(a.ID, b.ID) })
	return brokers, nil
}

// decode reads a znode's JSON into what v points to, and leaves it as it is where there is no such
// znode.
func (s *Session) decode(path string, v any) (exists bool, err error) {
	data, err := s.Data(path)
	if refusal, refused := errors.AsType[Error](err); refused && refusal.Code == NoNode {
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
