package health

import (
	"maps"

	"kafkactl/internal/kafka"
)

// sentences returns every hint by its id, as a format. An id stays when its sentence is worded
// anew: tests pin ids, and testdata/hints.golden the sentences.
func sentences() map[string]string {
	all := addressSentences()
	maps.Copy(all, brokerSentences())
	maps.Copy(all, zooKeeperSentences())
	return all
}

// addressSentences returns the hints about addresses: names, ports, listeners.
func addressSentences() map[string]string {
	return map[string]string{
		"address-left-out":         "every broker that the cluster names answers; start what should be at this address, or leave it out of --brokers",
		"advertised":               "clients are sent to the advertised address: make it reachable from here, or change advertised.listeners (KAFKA_ADVERTISED_LISTENERS)",
		"advertised-certificate":   "advertise a name that the certificate has (%s) in advertised.listeners, or give the broker one that has %q in its subjectAltName",
		"advertised-in-kubernetes": "%s is a name inside Kubernetes: run kafkactl there, as a Job, or give the brokers an external listener that advertises what is reached from here",
		"advertised-localhost":     "inside a container localhost is the container itself: this listener must advertise the broker's name, as in KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://%s",
		"advertised-name": "%[1]s is a name of the containers' network: the listener for the host must advertise what the host reaches, " +
			"KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://%[2]s,PLAINTEXT_HOST://%[3]s",
		"advertised-other-cluster": "%s sends clients on to %s, where another cluster answers: advertise an address that is this broker's alone",
		"advertised-port":          "advertised port %[1]s is not the port that was reached, %[2]s: publish it 1:1, as in \"%[1]s:%[1]s\", or advertise %[3]s",
		"another-port":             "check the port: Kafka's listener is another one",
		"broker-away":              "is broker %d started? look at its log; one that is gone stays listed until its session ends, and for as long as no controller acts",
		"check-address":            "check the address, and the network between here and there",
		"firewall":                 "a firewall drops the connection, or the host is down",
		"name":                     "check the spelling, and the DNS of the machine this runs on",
		"name-in-kubernetes":       "%s is a name inside Kubernetes: run kafkactl there, as a Job, or give the address of an external listener",
		"name-in-network": "a container has its name only while it runs, and only in its network: is %q started, and is this container " +
			"in the same network (docker run --network, or networks: in the Compose file)?",
		"name-of-container":             "a container's name such as %q resolves only inside its network; from the host the stack's %s",
		"neighbour":                     "%[1]s answers: use -b %[1]s",
		"neighbour-of-host-listener":    "%[2]s is the listener for the host; in the containers' network %[1]s answers: use -b %[1]s",
		"neighbour-of-localhost":        "inside a container localhost is the container itself; %[1]s answers: use -b %[1]s",
		"neighbour-of-network-listener": "%[2]s is the listener for the containers' network; from the host %[1]s answers: use -b %[1]s",
		"or-no-quorum":                  "if it is up, its KRaft quorum may not form: compare controller.quorum.voters, node.id and the controller listener",
		"or-fewer":                      "--min-brokers %d goes on without it",
		"one-address-each": "give each broker an address of its own (KAFKA_ADVERTISED_LISTENERS); of a broker that came back with another id " +
			"the old one goes when its session ends",
		"refused":                  "is the broker started? `docker compose ps kafka` shows it",
		"refused-localhost":        "inside a container localhost is the container itself: use the broker's name, such as %s",
		"refused-network-port":     "is the broker started? from the host the stack's listener is %s",
		"refused-port":             "is the broker started, and does it listen on port %s?",
		"stuck":                    "something on the way is stuck: try again, with a longer timeout if this machine is busy",
		"two-clusters-one-address": "brokers of two clusters answer behind this address: give each broker an address of its own",
	}
}

// brokerSentences returns the hints about brokers that answer, or should.
func brokerSentences() map[string]string {
	return map[string]string{
		"broker-frozen":          "the broker is frozen or overloaded: look at its log",
		"broker-log":             "look at the broker's log",
		"broker-starting":        "the broker is starting or frozen: look at its log",
		"brokers-agree-soon":     "brokers that are joining agree soon; if these do not, an address belongs to another cluster or an old broker",
		"connection-log":         "look at the broker's log for this connection",
		"controller-elected":     "none is elected yet; if it stays so, look at the brokers' logs for their ZooKeeper session",
		"controller-gone":        "the controller is gone and another is not elected yet",
		"credentials-unanswered": kafka.LoginUnanswered,
		"frozen-or-another-port": "the broker is frozen or still starting (`docker compose logs kafka`), or the port is not Kafka's",
		"more-brokers":           "start the missing brokers, or ask for fewer: --min-brokers, a lower replicationFactor, a profile that has one",
		"old-broker":             "this broker does not answer ApiVersions as Kafka 0.10 and later do: look at its log",
		"producer-ids-soon":      "a broker that has just started needs a moment; if it stays so, look at its log",
		"quorum-majority":        "a majority of the KRaft controllers must be up, and reachable for the brokers: look at their logs",
		"start-replicas":         "start the brokers that hold them",
		"start-voter":            "start that controller before another one stops: the quorum needs a majority",
		"state-topic-factor":     "start the missing brokers, or set %s: %q on the broker",
		"up-or-with-tls":         "look whether the broker is up (`docker compose logs kafka`); if its listener is SSL, connect with TLS: --tls, or --config FILE",
		"up-or-without-tls":      "look whether the broker is up (`docker compose logs kafka`), and whether this listener is SSL",
		"with-tls":               "connect with TLS (--tls, or --config FILE; kafkactl help security shows how), or give the address of a PLAINTEXT listener",
		"without-tls":            "connect without TLS (--security-protocol PLAINTEXT or SASL_PLAINTEXT), or give the address of an SSL listener",
	}
}

// zooKeeperSentences returns the hints about ZooKeeper and what is registered in it.
func zooKeeperSentences() map[string]string {
	const givesUp = "cp-kafka exits when ZooKeeper is more than 40 s late, KAFKA_CUB_ZK_TIMEOUT"
	const killed = "a killed broker stays registered until its session ends (zookeeper.session.timeout.ms, 18 s by default), and " +
		"one that starts before exits with NodeExists: start it again then"
	return map[string]string{
		"broker-killed": killed,
		"brokers-zookeeper": "give --zookeeper what the brokers have as KAFKA_ZOOKEEPER_CONNECT; if it is that, the data volumes of ZooKeeper " +
			"and Kafka are of different generations: remove both or restore both, never one",
		"registered-address":   "ask at an address that is registered, if one can be reached from here; " + killed,
		"registry-agrees-soon": "a broker that joins or leaves is noticed soon; if this stays, look at the brokers' logs for their ZooKeeper session",
		"start-kafka": "is Kafka started, and does it stay up? " + givesUp + ", and any broker on NodeExists: start it again now; if its log ends " +
			"in InconsistentClusterIdException or (since Kafka 3.7) Invalid cluster.id, its data volume is of another generation than " +
			"ZooKeeper's: remove both or restore both, never one",
		"start-zookeeper":       "is ZooKeeper started? `docker compose ps zookeeper` shows it",
		"zookeeper-connections": "look at ZooKeeper's log; it may have too many connections (maxClientCnxns), or have just lost its quorum",
		"zookeeper-frozen":      "ZooKeeper is frozen or still starting (`docker compose logs zookeeper`), or the port is its TLS port",
		"zookeeper-log":         "ZooKeeper is overloaded or going down: look at its log",
		"zookeeper-majority":    "start the other ZooKeeper servers of the ensemble: a majority must be up",
		"zookeeper-port":        "check the port: ZooKeeper's client port is 2181 unless configured",
		"zookeeper-quorum":      "has the ensemble a quorum? 4lw.commands.whitelist=srvr in ZooKeeper's configuration would tell",
		"zookeeper-root": "no Kafka ever started with this root of ZooKeeper: start it, or give the chroot of its " +
			"zookeeper.connect, as in --zookeeper zookeeper:2181/kafka; " + givesUp,
		"zookeeper-up": "look whether ZooKeeper is up (`docker compose logs zookeeper`), and whether this is its client port",
	}
}
