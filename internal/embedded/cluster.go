package embedded

import (
	"context"
	"net"
	"os"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Config is what [Start] is asked for.
type Config struct {
	Port    int    // of the first broker, the others follow it; 0 picks free ones
	Brokers int    // how many, at least 1
	DataDir string // keeps what the brokers hold; "" is memory

	// Advertise is a second address of the first broker, for clients that cannot reach loopback; the
	// zero Endpoint is none.
	Advertise Endpoint
}

// Cluster is a Kafka that runs in this process.
type Cluster struct {
	kfake     *kfake.Cluster
	lock      *os.File // nil without a data directory
	listeners *listeners
}

// Start starts brokers on 127.0.0.1, and on a second address if one is advertised. The error wraps the [net.OpError] of a port that cannot be
// listened on; it is an [*InUseError] for a data directory that another process uses. The context is
// for the start alone.
func Start(ctx context.Context, c Config) (*Cluster, error) {
	opts := []kfake.Opt{kfake.NumBrokers(c.Brokers), kfake.DefaultNumPartitions(1), kfake.BrokerConfigs(map[string]string{
		// Where a client looks whether groups and transactions can work (wait, health), it finds that
		// they can.
		"offsets.topic.replication.factor": "1", "transaction.state.log.replication.factor": "1",
		"num.partitions": "1", "default.replication.factor": "1", // Kafka's defaults; see defaultReplication
	})}
	defects := upstreamDefects()
	listeners := &listeners{mends: mendAnswers(defects), advertise: c.advertised()}
	opts = append(opts, kfake.ListenFn(func(network, address string) (net.Listener, error) {
		return listeners.listen(ctx, network, address)
	}))
	if c.Port > 0 {
		ports := make([]int, c.Brokers)
		for i := range ports {
			ports[i] = c.Port + i
		}
		opts = append(opts, kfake.Ports(ports...))
	}
	var lock *os.File
	if c.DataDir != "" {
		var err error
		if lock, err = lockDir(c.DataDir); err != nil {
			return nil, err
		}
		opts = append(opts, kfake.DataDir(c.DataDir))
	}
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		unlock(lock)
		return nil, err
	}
	mendRequests(cluster, defects)
	cluster.ControlKey(int16(kmsg.CreateTopics), defaultReplication)
	return &Cluster{cluster, lock, listeners}, nil
}

// Addrs returns the address of each broker, as clients are told it.
func (c *Cluster) Addrs() []string { return c.kfake.ListenAddrs() }

// Advertised returns the second address of each broker, as clients that come by it are told it; nil
// without one.
func (c *Cluster) Advertised() []string { return c.listeners.advertised() }

// Close ends the brokers and frees the data directory.
func (c *Cluster) Close() {
	c.kfake.Close()
	unlock(c.lock)
}

// defaultReplication gives a topic whose replication factor is left to the brokers Kafka's default, 1.
// kfake has no setting for it, and takes up to 3.
func defaultReplication(req kmsg.Request) (kmsg.Response, error, bool) {
	create, _ := req.(*kmsg.CreateTopicsRequest)
	for i := range create.Topics {
		if topic := &create.Topics[i]; topic.ReplicationFactor == -1 && len(topic.ReplicaAssignment) == 0 {
			topic.ReplicationFactor = 1
		}
	}
	return nil, nil, false
}
