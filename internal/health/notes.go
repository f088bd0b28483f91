package health

import (
	"slices"
	"sync"
)

// notes is what the rungs of one climb share. It is locked because an abandoned question may still
// write while the climb goes on without it.
type notes struct {
	mu       sync.Mutex
	speaking []string     // addresses that speak Kafka
	kraft    bool         // one of them offers DescribeQuorum
	zoo      bool         // one of them offers what only brokers in ZooKeeper mode do
	views    []brokerView // what the answering addresses say of the cluster, in the given order

	earlyViews map[string]brokerView // what an address said over the connection that K2 used, where it could be asked there
	zooKeepers []string              // ZooKeeper's addresses that serve
}

func (k *notes) addSpeaker(addr string, o offers) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.speaking = append(k.speaking, addr)
	k.kraft = k.kraft || o.has(keyDescribeQuorum)
	k.zoo = k.zoo || o.has(keyUpdateMetadata)
}

func (k *notes) addServingZooKeeper(addr string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.zooKeepers = append(k.zooKeepers, addr)
}

func (k *notes) setViews(views []brokerView) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.views = views
}

func (k *notes) addEarlyView(v brokerView) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.earlyViews == nil {
		k.earlyViews = make(map[string]brokerView)
	}
	k.earlyViews[v.addr] = v
}

// earlyView returns what addr said over K2's connection; false when it was not asked there, or
// could not be.
func (k *notes) earlyView(addr string) (brokerView, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, found := k.earlyViews[addr]
	return v, found
}

// speakers returns the addresses that speak Kafka, in the order in which they answered.
func (k *notes) speakers() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.speaking)
}

// servingZooKeepers returns the ZooKeeper addresses that serve, in the order in which they
// answered.
func (k *notes) servingZooKeepers() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.zooKeepers)
}

func (k *notes) isKRaft() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kraft
}

// mode returns "kraft" or "zookeeper", as ApiVersions shows it; "" for what is compatible with
// Kafka and offers neither's requests.
func (k *notes) mode() string {
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

func (k *notes) brokerViews() []brokerView {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.views
}

// cluster returns the id that the first answering address gives, and the fewest brokers that any
// address lists.
func (k *notes) cluster() (id string, brokers int) {
	for i, v := range k.brokerViews() {
		if i == 0 || len(v.brokers) < brokers {
			brokers = len(v.brokers)
		}
		if id == "" {
			id = v.clusterID
		}
	}
	return id, brokers
}
