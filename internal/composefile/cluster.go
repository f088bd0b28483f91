package composefile

import (
	"slices"
	"strings"
)

// clusterLists returns the settings that name the other processes of a cluster, the one that counts
// first.
func clusterLists() []string {
	return []string{"KAFKA_CONTROLLER_QUORUM_VOTERS", "KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS", "KAFKA_ZOOKEEPER_CONNECT"}
}

// cluster returns the brokers and controllers that belong together, b among them, by name: those
// that name each other, or a third one that both name, as a voter or as their ZooKeeper. Lists that
// differ a little still make one cluster.
func (s *Stack) cluster(b *broker) []*broker {
	if s.clusters == nil {
		s.clusters = s.joinClusters()
	}
	return slices.Clone(s.clusters[b])
}

// joinClusters finds the cluster of every broker.
func (s *Stack) joinClusters() map[*broker][]*broker {
	naming := make(map[string][]*broker) // the brokers that name a peer
	for _, b := range s.brokers {
		peers, _, _ := s.peers(b)
		for _, peer := range peers {
			naming[peer] = append(naming[peer], b)
		}
	}
	clusters := make(map[*broker][]*broker)
	for _, b := range s.brokers {
		if clusters[b] != nil {
			continue
		}
		members, seen := []*broker{b}, map[*broker]bool{b: true}
		for i := 0; i < len(members); i++ {
			peers, _, _ := s.peers(members[i])
			for _, peer := range peers {
				for _, other := range naming[peer] {
					if !seen[other] {
						members, seen[other] = append(members, other), true
					}
				}
			}
		}
		slices.SortFunc(members, func(a, b *broker) int { return strings.Compare(a.Name, b.Name) })
		for _, member := range members {
			clusters[member] = members
		}
	}
	return clusters
}

// clusterSize returns how many brokers, at most, share the broker's cluster. ok is false when the
// files do not say.
func (s *Stack) clusterSize(b *broker) (size int, ok bool) {
	for _, other := range s.brokers {
		_, listed, complete := s.peers(other)
		if !complete || !listed && len(s.brokers) > 1 {
			return 0, false
		}
	}
	for _, member := range s.cluster(b) {
		if !member.controllerOnly() {
			size += member.containers()
		}
	}
	return size, len(s.unread) == 0
}

// peers returns what the broker's list of voters or ZooKeepers names, and the broker itself, as
// texts that are the same for all brokers that mean the same. listed is false where no list is set;
// complete is false where some peer is not in the files.
func (s *Stack) peers(b *broker) (peers []string, listed, complete bool) {
	peers, complete = []string{b.Name}, true
	for _, name := range clusterLists() {
		list := b.env(name)
		if !list.set {
			continue
		}
		hosts, chroot, _ := strings.Cut(list.value, "/")
		if name == "KAFKA_ZOOKEEPER_CONNECT" {
			peers = nil // two clusters may share a ZooKeeper; their brokers do not name each other
			chroot = "/" + chroot
		}
		for member := range strings.SplitSeq(strings.ReplaceAll(hosts, " ", ""), ",") {
			_, member = cutLast(member, "@")
			host, port, _ := strings.Cut(member, ":")
			found := s.answering(host)
			switch {
			case loopback(host) && b.NetworkMode == "host": // one for all that are there
				peers = append(peers, "localhost:"+port+chroot)
			case loopback(host):
				peers = append(peers, b.Name+chroot)
			case len(found) == 0:
				peers, complete = append(peers, member+chroot), false
			}
			for _, svc := range found {
				peers = append(peers, svc.Name+chroot)
			}
		}
		return peers, true, complete
	}
	return peers, false, complete
}

// cutLast splits at the last sep; without one all of text is after it.
func cutLast(text, sep string) (before, after string) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):]
	}
	return "", text
}
