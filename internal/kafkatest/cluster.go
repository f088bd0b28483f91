package kafkatest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Cluster is a set of Kafka processes, and of ZooKeeper where the flavour has it. Its methods may
// be called from several goroutines at once, Launch, LaunchWithout and Close excepted.
type Cluster struct {
	opts    Options
	shape   shape
	dir     string
	jars    jars
	java    string
	archive string // of classes; "" for none
	spawner *spawner

	zks     []*zooKeeperServer // none in KRaft
	brokers []*broker          // by id, from 1
	ports   []int              // taken for all of these; a few are spare

	mu   sync.Mutex
	keep bool
}

// broker is one Kafka node; in KRaft it is a controller too.
type broker struct {
	id             int
	port           int
	controllerPort int   // 0 with ZooKeeper
	listenerPorts  []int // in the order of Options.Listeners
	proc           *process
}

// New makes a cluster's directory, ports and configuration and starts nothing, so that a test may
// start its client and the brokers at the same moment. The first call on a machine downloads the
// jars. End it with Close.
func New(opts Options) (*Cluster, error) {
	s, err := opts.shape()
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
	if c.opts.traceTo == "" {
		if c.archive, err = resolveArchive(c.jars, c.java); err != nil {
			return err
		}
	}
	if c.dir, err = os.MkdirTemp("", "kafkatest-"+string(c.opts.Flavour)+"-"); err != nil {
		return err
	}
	for i := range c.shape.zookeepers {
		z, err := c.newZooKeeper(i)
		if err != nil {
			return err
		}
		c.zks = append(c.zks, z)
	}
	for i := range c.shape.brokers {
		b, err := c.newBroker(i + 1)
		if err != nil {
			return err
		}
		c.brokers = append(c.brokers, b)
	}
	return c.writeConfig()
}

func (c *Cluster) newBroker(id int) (*broker, error) {
	ports, err := c.takePorts(2 + len(c.opts.Listeners))
	if err != nil {
		return nil, err
	}
	b := &broker{id: id, port: ports[0], listenerPorts: ports[2:]}
	b.proc = c.newProcess(fmt.Sprintf("broker-%d", id), c.brokerLogConfig(), "kafka.Kafka")
	if c.shape.zookeepers > 0 {
		b.proc.retry = sessionLingers
	} else {
		b.controllerPort = ports[1]
	}
	return b, nil
}

// takePorts returns n more ports for this cluster alone.
func (c *Cluster) takePorts(n int) ([]int, error) {
	ports, err := global.ports.take(n)
	c.ports = append(c.ports, ports...)
	return ports, err
}

// newProcess returns a server with the main class given, configured by NAME.properties and logging
// to NAME.log.
func (c *Cluster) newProcess(name, logConfig, mainClass string) *process {
	argv := append([]string{c.java, "-Xms128m", "-Xmx384m"}, quickJVM()...)
	if c.opts.AllCompilers {
		argv = append(argv, "-XX:TieredStopAtLevel=4")
	}
	argv = append(argv, c.classFlags(name)...)
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

// Bootstrap returns the address of each broker, running or not, as "127.0.0.1:p1,127.0.0.1:p2".
func (c *Cluster) Bootstrap() string { return strings.Join(c.Addrs(), ",") }

// Addrs returns the address of each broker, running or not, in the order of BrokerIDs.
func (c *Cluster) Addrs() []string {
	addrs := make([]string, 0, len(c.brokers))
	for _, b := range c.brokers {
		addrs = append(addrs, address(b.port))
	}
	return addrs
}

// BrokerIDs returns the id of each broker, running or not: 1, or 1, 2 and 3.
func (c *Cluster) BrokerIDs() []int {
	ids := make([]int, 0, len(c.brokers))
	for _, b := range c.brokers {
		ids = append(ids, b.id)
	}
	return ids
}

// Dir returns the cluster's directory. It holds NAME.properties, NAME.log and NAME-data, where NAME
// is zookeeper (of an ensemble zookeeper-0, ...), broker-1, ... A broker's other data directories
// are NAME-data-1, ... Close removes the directory.
func (c *Cluster) Dir() string { return c.dir }

// KeepLogs makes Close leave Dir where it is.
func (c *Cluster) KeepLogs() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep = true
}

// processes are the ZooKeeper servers, if any, and the brokers.
func (c *Cluster) processes() []*process {
	var all []*process
	for _, z := range c.zks {
		all = append(all, z.proc)
	}
	for _, b := range c.brokers {
		all = append(all, b.proc)
	}
	return all
}
