package health

import (
	"slices"
	"sync"
)

// learned is what the rungs of one climb tell each other. It is locked because an abandoned question may still write
// while the climb goes on without it.
type learned struct {
	mu     sync.Mutex
	spoken []string // addresses that speak Kafka
	kraft  bool     // one of them offers DescribeQuorum
	zoo    bool     // one of them offers what only brokers in ZooKeeper mode do
	views  []view   // what the answering addresses say of the cluster, in the given order

	overheard  map[string]view // what an address said over the connection that K2 used, where it could be asked there
	zooKeepers []string        // ZooKeeper's addresses that serve
}

func (k *learned) hearKafka(addr string, o offers) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.spoken = append(k.spoken, addr)
	k.kraft = k.kraft || o.has(keyDescribeQuorum)
	k.zoo = k.zoo || o.has(keyUpdateMetadata)
}

func (k *learned) hearZooKeeper(addr string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.zooKeepers = append(k.zooKeepers, addr)
}

func (k *learned) hearViews(views []view) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.views = views
}

func (k *learned) overhear(v view) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.overheard == nil {
		k.overheard = make(map[string]view)
	}
	k.overheard[v.addr] = v
}

// heard is what addr said over K2's connection; false when it was not, or could not be, asked.
func (k *learned) heard(addr string) (view, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, found := k.overheard[addr]
	return v, found
}

// speakers are the addresses that speak Kafka, as they came.
func (k *learned) speakers() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.spoken)
}

// servingZooKeepers are ZooKeeper's addresses that serve, as they came.
func (k *learned) servingZooKeepers() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.zooKeepers)
}

func (k *learned) isKRaft() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kraft
}

// mode is told by ApiVersions; what is compatible with Kafka and not Kafka shows neither.
func (k *learned) mode() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.kraft:
		return "kraft"
	case k.zoo:
		return "zookeeper"
	}
	return ""
}

func (k *learned) seen() []view {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.views
}

// cluster is the id the first answering address gives, and the fewest brokers any of them lists.
func (k *learned) cluster() (id string, brokers int) {
	for i, v := range k.seen() {
		if i == 0 || len(v.brokers) < brokers {
			brokers = len(v.brokers)
		}
		if id == "" {
			id = v.clusterID
		}
	}
	return id, brokers
}
