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
	// Notice is called for what the user should know, nil for nobody: by one goroutine at a time, and
	// not after Close. The cluster answers meanwhile, but for a WriteFailure of its closing.
	Notice func(*Cluster, Notice)

	// Advertise is a second address of the first broker, for clients that cannot reach loopback; the
	// zero Endpoint is none.
	Advertise Endpoint
	// Security is that of both addresses.
	Security Security
}

// Cluster is a Kafka that runs in this process.
type Cluster struct {
	kfake     *kfake.Cluster
	lock      *os.File // nil without a data directory
	listeners *listeners
	watch     *watch
	addrs     []string // kfake waits for ever to be asked once it is closed
}

// Start starts brokers on 127.0.0.1, and on a second address if one is advertised. The error wraps the
// [net.OpError] of a port that cannot be listened on; it is an [*InUseError] for a data directory that
// another process uses. The context is for the start alone.
func Start(ctx context.Context, c Config) (*Cluster, error) {
	entrance, err := c.Security.entrance()
	if err != nil {
		return nil, err
	}
	watch := newWatch()
	defects := upstreamDefects()
	listeners := &listeners{mends: mendAnswers(defects), asked: watch.asked.request, entrance: entrance, advertise: c.advertised()}
	opts := append(c.options(), kfake.WithLogger(watch.failures), kfake.ListenFn(func(network, address string) (net.Listener, error) {
		return listeners.listen(ctx, network, address)
	}))
	var lock *os.File
	if c.DataDir != "" {
		if lock, err = lockDir(c.DataDir); err != nil {
			return nil, err
		}
	}
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		unlock(lock)
		return nil, err
	}
	mendRequests(cluster, defects)
	cluster.ControlKey(int16(kmsg.CreateTopics), defaultReplication)
	if _, err = newJudge(cluster, listeners.dial, c.DataDir != ""); err != nil {
		cluster.Close()
		unlock(lock)
		return nil, err
	}
	started := &Cluster{cluster, lock, listeners, watch, cluster.ListenAddrs()}
	watch.start(started, c)
	return started, nil
}

// options returns what c says to kfake.
func (c Config) options() []kfake.Opt {
	opts := []kfake.Opt{kfake.NumBrokers(c.Brokers), kfake.DefaultNumPartitions(1), kfake.BrokerConfigs(map[string]string{
		// Where a client looks whether groups and transactions can work (wait, health), it finds that
		// they can.
		"offsets.topic.replication.factor": "1", "transaction.state.log.replication.factor": "1",
		"num.partitions": "1", "default.replication.factor": "1", // Kafka's defaults; see defaultReplication
	})}
	if c.Port > 0 {
		ports := make([]int, c.Brokers)
		for i := range ports {
			ports[i] = c.Port + i
		}
		opts = append(opts, kfake.Ports(ports...))
	}
	if c.DataDir != "" {
		opts = append(opts, kfake.DataDir(c.DataDir))
	}
	return opts
}

// Addrs returns the address of each broker, as clients are told it, also after Close.
func (c *Cluster) Addrs() []string { return c.addrs }

// hasTopic reports whether a topic exists. The cluster must not be closed.
func (c *Cluster) hasTopic(name string) bool { return c.kfake.TopicInfo(name) != nil }

// Advertised returns the second address of each broker, as clients that come by it are told it; nil
// without one.
func (c *Cluster) Advertised() []string { return c.listeners.advertised() }

// Close ends the brokers and frees the data directory.
func (c *Cluster) Close() {
	c.watch.stop()
	c.kfake.Close()
	c.watch.closed()
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
