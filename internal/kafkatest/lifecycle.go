package kafkatest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// stopGrace is how long Stop waits for a controlled shutdown; one takes 1 to 3 s.
const stopGrace = 20 * time.Second

// Launch starts every process at the same time and waits for none: a broker waits for ZooKeeper, and WaitReady for
// all. A port that someone took since New is an error that names it, and nothing is started then.
func (c *Cluster) Launch() error {
	for _, port := range c.ports() {
		if err := portFree(port); err != nil {
			return fmt.Errorf("launch %s cluster: %w", c.opts.Flavour, err)
		}
	}
	for _, p := range c.processes() {
		if err := p.start(); err != nil {
			return fmt.Errorf("launch %s cluster: %w", c.opts.Flavour, err)
		}
	}
	return nil
}

func (c *Cluster) ports() []int {
	var ports []int
	if c.zkPort != 0 {
		ports = append(ports, c.zkPort)
	}
	for _, b := range c.brokers {
		ports = append(ports, b.port)
		if b.controllerPort != 0 {
			ports = append(ports, b.controllerPort)
		}
	}
	return ports
}

// Close kills every process, waits until each is gone, and removes Dir unless KeepLogs was called. It may be called
// again, and on a cluster that was never launched; nothing can be started afterwards.
func (c *Cluster) Close() error {
	var wg sync.WaitGroup
	procs := c.processes()
	errs := make([]error, len(procs), len(procs)+1)
	for i, p := range procs {
		wg.Go(func() { errs[i] = p.kill() })
	}
	wg.Wait()
	c.spawner.end()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dir != "" && !c.keep {
		errs = append(errs, os.RemoveAll(c.dir))
	}
	return errors.Join(errs...)
}

// Pause freezes a broker (SIGSTOP): it accepts connections and answers nothing, until the others drop it when its
// session ends (6 s). An unknown id or a broker that does not run is an error.
func (c *Cluster) Pause(id int) error {
	return c.onBroker(id, func(p *process) error { return p.pause(true) })
}

// Resume thaws a broker that Pause froze.
func (c *Cluster) Resume(id int) error {
	return c.onBroker(id, func(p *process) error { return p.pause(false) })
}

// Stop shuts a broker down (SIGTERM), which hands its partitions over, and returns when it is gone. After 20 s it is
// killed. A broker that does not run is left as it is.
func (c *Cluster) Stop(id int) error {
	return c.onBroker(id, func(p *process) error { return p.end(terminate, stopGrace) })
}

// Kill ends a broker at once (SIGKILL) and returns when it is gone. A broker that does not run is left as it is.
func (c *Cluster) Kill(id int) error { return c.onBroker(id, (*process).kill) }

// StartBroker starts a broker that was stopped or killed and does not wait; it is an error when the broker runs. In
// KRaft it joins once the session of its last life has ended, up to 6 s later.
//
// With ZooKeeper a killed broker stays registered until its session ends (6 s), and one started before that exits
// with NodeExists. It is then started again, for up to 20 s, and counts as running meanwhile.
func (c *Cluster) StartBroker(id int) error { return c.onBroker(id, (*process).start) }

// PauseZooKeeper freezes ZooKeeper, as Pause does a broker. In KRaft this and the next three are errors.
func (c *Cluster) PauseZooKeeper() error {
	return c.onZooKeeper(func(p *process) error { return p.pause(true) })
}

// ResumeZooKeeper thaws ZooKeeper.
func (c *Cluster) ResumeZooKeeper() error {
	return c.onZooKeeper(func(p *process) error { return p.pause(false) })
}

// StopZooKeeper ends ZooKeeper (SIGTERM) and returns when it is gone; its data stays.
func (c *Cluster) StopZooKeeper() error {
	return c.onZooKeeper(func(p *process) error { return p.end(terminate, stopGrace) })
}

// StartZooKeeper starts ZooKeeper again on the data it had, and does not wait.
func (c *Cluster) StartZooKeeper() error { return c.onZooKeeper((*process).start) }

func (c *Cluster) onBroker(id int, do func(*process) error) error {
	for _, b := range c.brokers {
		if b.id == id {
			return do(b.proc)
		}
	}
	return fmt.Errorf("%s cluster has no broker %d", c.opts.Flavour, id)
}

func (c *Cluster) onZooKeeper(do func(*process) error) error {
	if c.zk == nil {
		return fmt.Errorf("%s cluster has no ZooKeeper", c.opts.Flavour)
	}
	return do(c.zk)
}

// sessionLingers tells from a broker's log that it gave up because ZooKeeper still holds the session of its last life.
func sessionLingers(log []byte) bool { return bytes.Contains(log, []byte("NodeExists")) }
