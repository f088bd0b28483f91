package kafkatest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// zooKeeperServer is one ZooKeeper server, alone or of an ensemble.
type zooKeeperServer struct {
	id           int // in the ensemble, from 1
	port         int
	peerPort     int // followers connect to the leader's
	electionPort int
	proc         *process
}

// newZooKeeper returns the server that ZooKeepers lists at index i.
func (c *Cluster) newZooKeeper(i int) (*zooKeeperServer, error) {
	ports, err := c.takePorts(3)
	if err != nil {
		return nil, err
	}
	name := "zookeeper"
	if c.shape.zookeepers > 1 {
		name = fmt.Sprintf("zookeeper-%d", i)
	}
	return &zooKeeperServer{
		id: i + 1, port: ports[0], peerPort: ports[1], electionPort: ports[2],
		proc: c.newProcess(name, plainLogConfig, "org.apache.zookeeper.server.quorum.QuorumPeerMain"),
	}, nil
}

// writeZooKeeperConfig writes the properties of z and, in an ensemble, the file with the number of
// the server.
func (c *Cluster) writeZooKeeperConfig(z *zooKeeperServer) error {
	dataDir := filepath.Join(c.dir, z.proc.name+"-data")
	props := map[string]string{
		"dataDir":            dataDir,
		"clientPort":         fmt.Sprint(z.port),
		"clientPortAddress":  "127.0.0.1",
		"maxClientCnxns":     "0",     // the default counts 60 by address, and here everyone has the same
		"admin.enableServer": "false", // it would want port 8080
		"tickTime":           "1000",  // default 3000, which allows no session below 6 s
	}
	if len(c.zks) > 1 {
		maps.Copy(props, c.ensembleProps())
		if err := os.Mkdir(dataDir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dataDir, "myid"), fmt.Append(nil, z.id), 0o644); err != nil {
			return err
		}
	}
	maps.Copy(props, c.opts.ZooKeeperProps)
	return writeProperties(filepath.Join(c.dir, z.proc.name+".properties"), props)
}

func (c *Cluster) ensembleProps() map[string]string {
	props := map[string]string{
		"initLimit": "20", // ticks that a follower may take to join; no default
		"syncLimit": "5",  // ticks without word from the leader after which it is gone; no default
	}
	for _, z := range c.zks {
		props[fmt.Sprintf("server.%d", z.id)] = fmt.Sprintf("%s:%d", address(z.peerPort), z.electionPort)
	}
	return props
}

// ZooKeeper returns the address of ZooKeeper as zookeeper.connect takes it: of an ensemble, all of
// ZooKeepers joined by commas. It is "" in KRaft.
func (c *Cluster) ZooKeeper() string { return strings.Join(c.ZooKeepers(), ",") }

// ZooKeepers returns the address of each ZooKeeper server, running or not; none in KRaft.
func (c *Cluster) ZooKeepers() []string {
	var addrs []string
	for _, z := range c.zks {
		addrs = append(addrs, address(z.port))
	}
	return addrs
}

// PauseZooKeeper freezes ZooKeeper, every server of it, as Pause does a broker. In KRaft this and
// the next five are errors.
func (c *Cluster) PauseZooKeeper() error {
	return c.onZooKeeper(func(p *process) error { return p.pause(true) })
}

// ResumeZooKeeper thaws every server of ZooKeeper.
func (c *Cluster) ResumeZooKeeper() error {
	return c.onZooKeeper(func(p *process) error { return p.pause(false) })
}

// StopZooKeeper ends every server of ZooKeeper (SIGTERM) and returns when they are gone; their data
// stays.
func (c *Cluster) StopZooKeeper() error { return c.onZooKeeper((*process).stop) }

// StartZooKeeper starts every server of ZooKeeper again on the data it had, and does not wait.
func (c *Cluster) StartZooKeeper() error { return c.onZooKeeper((*process).start) }

// StopZooKeeperServer is StopZooKeeper for one server: the one at index i of ZooKeepers. One of an
// ensemble that is left without its quorum keeps its port, ends its sessions and takes none.
func (c *Cluster) StopZooKeeperServer(i int) error { return c.onZooKeeperServer(i, (*process).stop) }

// StartZooKeeperServer is StartZooKeeper for one server: the one at index i of ZooKeepers.
func (c *Cluster) StartZooKeeperServer(i int) error { return c.onZooKeeperServer(i, (*process).start) }

// onZooKeeper calls do for every server at once: one after the other would be an election for each.
func (c *Cluster) onZooKeeper(do func(*process) error) error {
	if len(c.zks) == 0 {
		return fmt.Errorf("%s cluster has no ZooKeeper", c.opts.Flavour)
	}
	var procs []*process
	for _, z := range c.zks {
		procs = append(procs, z.proc)
	}
	return atOnce(procs, do)
}

func (c *Cluster) onZooKeeperServer(i int, do func(*process) error) error {
	if i < 0 || i >= len(c.zks) {
		return fmt.Errorf("%s cluster has no ZooKeeper server %d", c.opts.Flavour, i)
	}
	return do(c.zks[i].proc)
}
