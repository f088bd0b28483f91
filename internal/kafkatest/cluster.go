package kafkatest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

const zookeeperName = "zookeeper"

// Options say which cluster New makes.
type Options struct {
	Flavour Flavour
	// Props are more broker properties, the same for each broker; they win over this package's defaults.
	Props map[string]string
	// RequestLog makes each broker log every request it completes, which Requests counts. It costs speed.
	RequestLog bool
}

// Cluster is a set of Kafka processes, and of ZooKeeper where the flavour has it. Its methods may be called from
// several goroutines at once, Launch and Close excepted.
type Cluster struct {
	opts    Options
	shape   shape
	dir     string
	jars    jars
	java    string
	spawner *spawner

	zk      *process // nil in KRaft
	zkPort  int
	brokers []*broker // by id, from 1

	mu   sync.Mutex
	keep bool
}

// broker is one Kafka node; in KRaft it is a controller too.
type broker struct {
	id             int
	port           int
	controllerPort int // 0 with ZooKeeper
	proc           *process
}

// New makes a cluster's directory, ports and configuration and starts nothing, so that a test may start its client
// and the brokers at the same moment. The first call on a machine downloads the jars. End it with Close.
func New(opts Options) (*Cluster, error) {
	s, err := opts.Flavour.shape()
	if err != nil {
		return nil, err
	}
	java, err := javaPath()
	if err != nil {
		return nil, fmt.Errorf("find java: %w", err)
	}
	c := &Cluster{opts: opts, shape: s, java: java, spawner: newSpawner()}
	if err := c.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("make a %s cluster: %w", opts.Flavour, err), c.Close())
	}
	return c, nil
}

func (c *Cluster) prepare() error {
	var err error
	if c.jars, err = resolveJars(c.spawner, c.shape.version); err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "kafkatest-"+string(c.opts.Flavour)+"-"); err != nil {
		return err
	}
	ports, err := global.ports.take(1 + 2*c.shape.brokers) // one too many in either mode
	if err != nil {
		return err
	}
	if c.shape.zookeeper {
		c.zkPort = ports[0]
		c.zk = c.newProcess(zookeeperName, plainLogConfig, "org.apache.zookeeper.server.quorum.QuorumPeerMain")
	}
	for i := range c.shape.brokers {
		b := &broker{id: i + 1, port: ports[1+2*i]}
		b.proc = c.newProcess(fmt.Sprintf("broker-%d", b.id), c.brokerLogConfig(), "kafka.Kafka")
		if c.shape.zookeeper {
			b.proc.retry = sessionLingers
		} else {
			b.controllerPort = ports[2+2*i]
		}
		c.brokers = append(c.brokers, b)
	}
	return c.writeConfig()
}

// newProcess is a server with the main class given, configured by NAME.properties and logging to NAME.log.
func (c *Cluster) newProcess(name, logConfig, mainClass string) *process {
	argv := append([]string{c.java, "-Xms128m", "-Xmx384m"}, quickJVM()...)
	argv = append(argv, logFlags(c.shape.version, filepath.Join(c.dir, logConfig), "INFO")...)
	argv = append(argv,
		"-Dkafkatest.requests="+c.requestLogPath(name),
		"-Dzookeeper.forceSync=no", // no fsync for data that is thrown away
		"-Djava.net.preferIPv4Stack=true",
		"-cp", c.jars.classPath(), mainClass, filepath.Join(c.dir, name+".properties"))
	return &process{name: name, logPath: filepath.Join(c.dir, name+".log"), argv: argv, spawner: c.spawner}
}

func (c *Cluster) brokerLogConfig() string {
	if c.opts.RequestLog {
		return requestLogConfig
	}
	return plainLogConfig
}

// Bootstrap is the address of each broker, running or not, as "127.0.0.1:p1,127.0.0.1:p2".
func (c *Cluster) Bootstrap() string { return strings.Join(c.Addrs(), ",") }

// Addrs is the address of each broker, running or not, in the order of BrokerIDs.
func (c *Cluster) Addrs() []string {
	addrs := make([]string, 0, len(c.brokers))
	for _, b := range c.brokers {
		addrs = append(addrs, address(b.port))
	}
	return addrs
}

// BrokerIDs is the id of each broker, running or not: 1, or 1, 2 and 3.
func (c *Cluster) BrokerIDs() []int {
	ids := make([]int, 0, len(c.brokers))
	for _, b := range c.brokers {
		ids = append(ids, b.id)
	}
	return ids
}

// ZooKeeper is the address of ZooKeeper, and "" in KRaft.
func (c *Cluster) ZooKeeper() string {
	if !c.shape.zookeeper {
		return ""
	}
	return address(c.zkPort)
}

// Dir is the cluster's directory: NAME.properties, NAME.log and NAME-data, where NAME is zookeeper, broker-1, ...
// Close removes it.
func (c *Cluster) Dir() string { return c.dir }

// KeepLogs makes Close leave Dir where it is.
func (c *Cluster) KeepLogs() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep = true
}

// processes are ZooKeeper, if any, and the brokers.
func (c *Cluster) processes() []*process {
	var all []*process
	if c.zk != nil {
		all = append(all, c.zk)
	}
	for _, b := range c.brokers {
		all = append(all, b.proc)
	}
	return all
}
