package stack

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// embedded is a Kafka that runs in this process.
type embedded struct {
	*kfake.Cluster
	addrs []string
	lock  *os.File // nil without a data directory
}

// startEmbedded starts brokers on consecutive ports of 127.0.0.1 from port on, or
// on free ones for 0. dataDir keeps what they hold; "" is memory.
func startEmbedded(port, brokers int, dataDir string) (*embedded, error) {
	opts := []kfake.Opt{kfake.NumBrokers(brokers), kfake.DefaultNumPartitions(1), kfake.BrokerConfigs(map[string]string{
		// Where a client looks whether groups and transactions can work (wait, health), it finds that
		// they can.
		"offsets.topic.replication.factor": "1", "transaction.state.log.replication.factor": "1",
		"num.partitions": "1", "default.replication.factor": "1", // Kafka's defaults; see defaultReplication
	})}
	if port > 0 {
		ports := make([]int, brokers)
		for i := range ports {
			ports[i] = port + i
		}
		opts = append(opts, kfake.Ports(ports...))
	}
	var lock *os.File
	if dataDir != "" {
		var err error
		if lock, err = lockDir(dataDir); err != nil {
			return nil, err
		}
		opts = append(opts, kfake.DataDir(dataDir))
	}
	cluster, err := kfake.NewCluster(opts...)
	if err != nil {
		unlock(lock)
		return nil, startError(err)
	}
	cluster.ControlKey(int16(kmsg.CreateTopics), defaultReplication)
	return &embedded{cluster, cluster.ListenAddrs(), lock}, nil
}

// defaultReplication gives a topic whose replication factor is left to the brokers Kafka's default, 1.
// The embedded Kafka has no setting for it, and takes up to 3.
func defaultReplication(req kmsg.Request) (kmsg.Response, error, bool) {
	create, _ := req.(*kmsg.CreateTopicsRequest)
	for i := range create.Topics {
		if topic := &create.Topics[i]; topic.ReplicationFactor == -1 && len(topic.ReplicaAssignment) == 0 {
			topic.ReplicationFactor = 1
		}
	}
	return nil, nil, false
}

// Close ends the brokers and frees the data directory.
func (e *embedded) Close() {
	e.Cluster.Close()
	unlock(e.lock)
}

// lockDir makes sure that one process at a time uses a data directory: the embedded
// Kafka itself would let a second one write into it.
func lockDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	file, err := lockFile(filepath.Join(dir, "kafkactl-dev.lock"))
	switch {
	case errors.Is(err, errLocked):
		return nil, cli.WithHint(fmt.Errorf("data directory %s is in use by another kafkactl dev", dir), "end that one, or name another --data-dir")
	case err != nil:
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	return file, nil
}

// errLocked is the error of lockFile for a file that another process has locked.
var errLocked = errors.New("locked by another process")

// unlock ends a lock; nil is none.
func unlock(lock *os.File) {
	if lock != nil {
		_ = lock.Close()
	}
}

// startError says which address cannot be listened on, and why, without the calls that found it out.
func startError(err error) error {
	const what = "start the embedded Kafka: "
	network, ofNetwork := errors.AsType[*net.OpError](err)
	errno, named := errors.AsType[syscall.Errno](err)
	if !ofNetwork || !named || network.Addr == nil {
		return fmt.Errorf(what+"%w", err)
	}
	err = cli.WithText(err, what+network.Addr.String()+": "+errno.Error())
	switch {
	case errno == syscall.EADDRINUSE:
		return cli.WithHint(err, "something listens there already; --port 0 picks a free one")
	case errno == syscall.EACCES:
		return cli.WithHint(err, "ports below 1024 are for the administrator; --port 0 picks a free one")
	}
	return err
}
