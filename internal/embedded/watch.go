package embedded

import (
	"net"
	"sync"
	"time"
)

// watchEvery is how often a [watch] looks at what nobody tells it of.
const watchEvery = time.Second

// watch finds out what [Config.Notice] is called for. What it learns from, the connections and the
// log of kfake, is not kept waiting: a goroutine of its own makes notices of it.
type watch struct {
	tell     func(Notice)
	asked    *askedTopics
	failures *writeFailures
	memory   bool // whether records are kept in memory

	stopOnce        sync.Once
	stopping, ended chan struct{}
}

// newWatch returns a watch for a cluster that is to be started whose log its failures are, and
// whose listeners it follows.
func newWatch() *watch {
	return &watch{
		asked: newAskedTopics(), failures: newWriteFailures(),
		stopping: make(chan struct{}), ended: make(chan struct{}),
	}
}

// follow returns a listener like l, and follows what the clients that it accepts ask for.
func (w *watch) follow(l net.Listener) net.Listener { return followedListener{l, w.asked.request} }

// start begins to call c.Notice. The watch needs to be stopped before the cluster is.
func (w *watch) start(cluster *Cluster, c Config) {
	w.memory = c.DataDir == ""
	w.tell = func(n Notice) {
		if c.Notice != nil {
			c.Notice(cluster, n)
		}
	}
	go w.run(cluster.hasTopic)
}

func (w *watch) run(exists func(topic string) bool) {
	defer close(w.ended)
	look := time.NewTicker(watchEvery)
	defer look.Stop()
	for {
		select {
		case now := <-look.C:
			w.tellAsked(w.asked.due(now, exists))
			w.tellMemory(memoryInUse())
		case failure := <-w.failures.found:
			w.tellFailure(failure)
		case <-w.stopping:
			w.tellAsked(w.asked.rest(exists))
			return
		}
	}
}

func (w *watch) tellAsked(topics []AskedTopic) {
	for _, topic := range topics {
		w.tell(topic)
	}
}

func (w *watch) tellFailure(failure WriteFailure) {
	if w.failures.isNew(failure, time.Now()) {
		w.tell(failure)
	}
}

func (w *watch) tellMemory(use int64) {
	if w.memory && use > muchMemory {
		w.memory = false
		w.tell(MemoryUse{use})
	}
}

// stop ends the calls after one for each topic that is waited for still.
func (w *watch) stop() {
	w.stopOnce.Do(func() { close(w.stopping) })
	<-w.ended
}

// closed tells of what the cluster, which is closed by now, could not write.
func (w *watch) closed() {
	if failure, failed := w.failures.last(); failed {
		failure.Closing = true
		w.tell(failure)
	}
}
