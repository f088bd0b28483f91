package kafkatest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"
)

// Launch starts every process at the same time and waits for none: a broker waits for ZooKeeper,
// and WaitReady for all. A port that someone took since New is an error that names it, and nothing
// is started then.
func (c *Cluster) Launch() error { return c.LaunchWithout() }

// LaunchWithout is Launch, but leaves the brokers of these ids for StartBroker. WaitReady does not
// wait for them until then. An unknown id is an error, and nothing is started then.
//
// In KRaft each node is a voter too, and a broker opens its port only once most of the voters run:
// kraft3 gets ready without one of its nodes, and without two the third refuses connections.
func (c *Cluster) LaunchWithout(ids ...int) error {
	if err := c.launch(ids); err != nil {
		return fmt.Errorf("launch %s cluster: %w", c.opts.Flavour, err)
	}
	return nil
}

func (c *Cluster) launch(without []int) error {
	late := map[*process]bool{}
	for _, id := range without {
		b, err := c.broker(id)
		if err != nil {
			return err
		}
		late[b.proc] = true
	}
	for _, port := range c.ports {
		if err := portFree(port); err != nil {
			return err
		}
	}
	for _, p := range c.processes() {
		if late[p] {
			continue
		}
		if err := p.start(); err != nil {
			return err
		}
	}
	return nil
}

// Close kills every process, waits until each is gone, and removes Dir unless KeepLogs was called.
// It may be called again, and on a cluster that was never launched; nothing can be started
// afterwards.
func (c *Cluster) Close() error {
	err := atOnce(c.processes(), (*process).kill)
	c.spawner.end()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dir != "" && !c.keep {
		err = errors.Join(err, os.RemoveAll(c.dir))
	}
	return err
}

// atOnce does the same to several processes side by side, and returns what went wrong with any.
func atOnce(procs []*process, do func(*process) error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(procs))
	for i, p := range procs {
		wg.Go(func() { errs[i] = do(p) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Pause freezes a broker (SIGSTOP): it accepts connections and answers nothing, until the others
// drop it when its session ends (6 s). An unknown id or a broker that does not run is an error.
func (c *Cluster) Pause(id int) error {
	return c.onBroker(id, func(p *process) error { return p.pause(true) })
}

// Resume thaws a broker that Pause froze.
func (c *Cluster) Resume(id int) error {
	return c.onBroker(id, func(p *process) error { return p.pause(false) })
}

// Stop shuts a broker down (SIGTERM), which hands its partitions over, and returns when it is gone.
// After 20 s it is killed. A broker that does not run is left as it is.
func (c *Cluster) Stop(id int) error { return c.onBroker(id, (*process).stop) }

// Kill ends a broker at once (SIGKILL) and returns when it is gone. A broker that does not run is
// left as it is.
func (c *Cluster) Kill(id int) error { return c.onBroker(id, (*process).kill) }

// StartBroker starts a broker that was stopped, killed or left out by LaunchWithout, and does not
// wait; it is an error when the broker runs. In KRaft it joins once the session of its last life,
// if any, has ended, up to 6 s later.
//
// With ZooKeeper a killed broker stays registered until its session ends (6 s), and one started
// before that exits with NodeExists. It is then started again, for up to 20 s, and counts as
// running meanwhile.
func (c *Cluster) StartBroker(id int) error { return c.onBroker(id, (*process).start) }

func (c *Cluster) onBroker(id int, do func(*process) error) error {
	b, err := c.broker(id)
	if err != nil {
		return err
	}
	return do(b.proc)
}

func (c *Cluster) broker(id int) (*broker, error) {
	for _, b := range c.brokers {
		if b.id == id {
			return b, nil
		}
	}
	return nil, fmt.Errorf("%s cluster has no broker %d", c.opts.Flavour, id)
}

// sessionLingers reports from a broker's log whether it gave up because ZooKeeper still holds the
// session of its last life.
func sessionLingers(log []byte) bool { return bytes.Contains(log, []byte("NodeExists")) }
