package kafkatest

import (
	"errors"
	"fmt"
)

// Options say which cluster New makes. What a field's comment does not allow is an error of New.
type Options struct {
	Flavour Flavour
	// Props are more broker properties, the same for each broker; they win over this package's
	// defaults.
	Props map[string]string
	// RequestLog makes each broker log every request it completes, which Requests counts. It costs
	// speed.
	RequestLog bool
	// ZooKeepers is how many ZooKeeper servers there are: 1, which 0 means too, or an ensemble of
	// 3, which serves as long as 2 of them run. In KRaft it must be 0.
	ZooKeepers int
	// ZooKeeperProps are more properties of each ZooKeeper server; they win over this package's
	// defaults.
	ZooKeeperProps map[string]string
	// Listeners are more ports of each broker, beside the plain one of Addrs.
	Listeners []Listener
	// LogDirs is how many data directories each broker has; 0 means 1. With more, BreakLogDir can
	// break one.
	LogDirs int

	// AllCompilers gives the brokers the JVM's optimizing compiler too, as Apache's scripts do. They
	// start later, and encrypt several times faster: for what is measured over TLS.
	AllCompilers bool

	// traceTo is a directory for the names of the classes that each JVM loads, which then uses no
	// archive of them.
	traceTo string
}

// shape is that of the flavour, with what the options change about it, or what is wrong with them.
func (o Options) shape() (shape, error) {
	s, err := o.Flavour.shape()
	if err != nil {
		return shape{}, err
	}
	switch {
	case s.zookeepers == 0 && o.ZooKeepers != 0:
		return shape{}, fmt.Errorf("%s has no ZooKeeper, so Options.ZooKeepers must be 0", o.Flavour)
	case o.ZooKeepers != 0 && o.ZooKeepers != 1 && o.ZooKeepers != 3:
		return shape{}, fmt.Errorf("an ensemble of %d ZooKeeper servers: Options.ZooKeepers is 0, 1 or 3", o.ZooKeepers)
	case o.LogDirs < 0:
		return shape{}, errors.New("Options.LogDirs is negative")
	}
	if o.ZooKeepers != 0 {
		s.zookeepers = o.ZooKeepers
	}
	return s, checkListeners(o.Listeners)
}
