package kafkatest

import "fmt"

// Flavour names one shape of cluster: which Kafka, with what holding its metadata, and how many
// brokers.
type Flavour string

// The flavours. Broker ids count from 1.
const (
	ZK1    Flavour = "zk1"    // Kafka 3.9, one broker, one ZooKeeper
	ZK3    Flavour = "zk3"    // Kafka 3.9, three brokers, one ZooKeeper
	Kraft1 Flavour = "kraft1" // Kafka 4, one node that is broker and controller
	Kraft3 Flavour = "kraft3" // Kafka 4, three nodes that are broker and controller each
	// Kraft1Before4 and Kraft3Before4 are Kraft1 and Kraft3 on Kafka 3.9, whose controllers judge reassignments otherwise.
	Kraft1Before4 Flavour = "kraft1-before-4"
	Kraft3Before4 Flavour = "kraft3-before-4"
)

// The Kafka releases; each has a pom of that name under jars/.
const (
	kafka39 = "3.9.2"
	kafka4  = "4.3.1"
)

// shape is what a Flavour stands for.
type shape struct {
	version    string
	brokers    int
	zookeepers int // 0 in KRaft
}

func (f Flavour) shape() (shape, error) {
	switch f {
	case ZK1:
		return shape{version: kafka39, brokers: 1, zookeepers: 1}, nil
	case ZK3:
		return shape{version: kafka39, brokers: 3, zookeepers: 1}, nil
	case Kraft1:
		return shape{version: kafka4, brokers: 1}, nil
	case Kraft3:
		return shape{version: kafka4, brokers: 3}, nil
	case Kraft1Before4:
		return shape{version: kafka39, brokers: 1}, nil
	case Kraft3Before4:
		return shape{version: kafka39, brokers: 3}, nil
	}
	return shape{}, fmt.Errorf("unknown flavour %q (want zk1, zk3, kraft1, kraft3, kraft1-before-4 or kraft3-before-4)", string(f))
}

// Version is the Kafka release the flavour runs, such as "3.9.2"; "" for an unknown flavour.
func (f Flavour) Version() string {
	s, err := f.shape()
	if err != nil {
		return ""
	}
	return s.version
}
