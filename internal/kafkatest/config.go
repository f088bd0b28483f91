package kafkatest

import (
	"embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed logging/*.properties
var logConfigs embed.FS

const (
	plainLogConfig   = "log.properties"
	requestLogConfig = "log-requests.properties"
)

// writeConfig fills the cluster's directory: logging, and of each server its properties and what
// its data directories must hold before it starts.
func (c *Cluster) writeConfig() error {
	if err := c.writeLogConfigs(); err != nil {
		return fmt.Errorf("write log configuration: %w", err)
	}
	for _, z := range c.zks {
		if err := c.writeZooKeeperConfig(z); err != nil {
			return fmt.Errorf("write ZooKeeper configuration: %w", err)
		}
	}
	clusterID, err := newUUID()
	if err != nil {
		return err
	}
	formatted, err := c.formatted()
	if err != nil {
		return err
	}
	for _, b := range c.brokers {
		path := filepath.Join(c.dir, b.proc.name+".properties")
		if err := writeProperties(path, c.brokerProps(b)); err != nil {
			return fmt.Errorf("write broker configuration: %w", err)
		}
		if c.shape.zookeepers > 0 {
			continue
		}
		for _, dir := range c.dataDirs(b) {
			if err := copyStorage(formatted, dir, clusterID, b.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// formatted returns the storage that each node gets a copy of, "" with ZooKeeper.
func (c *Cluster) formatted() (dir string, err error) {
	switch {
	case c.shape.zookeepers > 0:
		return "", nil
	case len(c.opts.Users) > 0:
		return c.formatUsers()
	default:
		return resolveFormatted(c.spawner, c.jars)
	}
}

func (c *Cluster) writeLogConfigs() error {
	kind := "log4j2"
	if c.shape.version == kafka39 {
		kind = "log4j1"
	}
	plain, err := logConfigs.ReadFile("logging/" + kind + ".properties")
	if err != nil {
		return err
	}
	requests, err := logConfigs.ReadFile("logging/" + kind + "-requests.properties")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.dir, plainLogConfig), plain, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.dir, requestLogConfig), append(plain, requests...), 0o644)
}

func (c *Cluster) brokerProps(b *broker) map[string]string {
	rf := min(3, c.shape.brokers)
	isr := min(2, c.shape.brokers)
	props := map[string]string{
		"listeners":                      c.listeners(b),
		"advertised.listeners":           c.advertised(b),
		"listener.security.protocol.map": c.protocols(),
		"inter.broker.listener.name":     plainListener,
		"log.dirs":                       strings.Join(c.dataDirs(b), ","),

		"auto.create.topics.enable":        "false", // a topic that nobody created is a bug to see
		"offsets.topic.replication.factor": fmt.Sprint(rf),
		"offsets.topic.num.partitions":     "3", // default 50, which makes the first group slow

		"transaction.state.log.replication.factor": fmt.Sprint(rf),
		"transaction.state.log.min.isr":            fmt.Sprint(isr),
		"transaction.state.log.num.partitions":     "3", // default 50

		"group.initial.rebalance.delay.ms":     "0",       // default 3000: a wait for members that never come
		"log.cleaner.dedupe.buffer.size":       "8388608", // default 128 MiB, a third of the heap
		"controlled.shutdown.retry.backoff.ms": "200",     // default 5000
		"num.network.threads":                  "2",
		"num.io.threads":                       "4",
		"background.threads":                   "4",
	}
	if c.opts.RequestLog {
		props["num.network.threads"] = "1" // so that Requests knows when the log is complete
	}
	if c.opts.LogDirs > 1 {
		props["replica.high.watermark.checkpoint.interval.ms"] = "500" // default 5000: how soon a broken one is noticed
	}
	if c.shape.zookeepers > 0 {
		maps.Copy(props, c.zookeeperModeProps(b))
	} else {
		maps.Copy(props, c.kraftModeProps(b, rf, isr))
	}
	maps.Copy(props, c.opts.Props)
	return props
}

func (c *Cluster) zookeeperModeProps(b *broker) map[string]string {
	return map[string]string{
		"broker.id":                    fmt.Sprint(b.id),
		"zookeeper.connect":            c.ZooKeeper(),
		"zookeeper.session.timeout.ms": "6000", // default 18000: how long a killed broker stays listed
		// Default the session's. ZooKeeper starts at the same moment: on a busy machine it takes longer, three servers of
		// it that elect one all the more, and the broker exits.
		"zookeeper.connection.timeout.ms": "60000",
	}
}

func (c *Cluster) kraftModeProps(b *broker, rf, isr int) map[string]string {
	var voters []string
	for _, v := range c.brokers {
		voters = append(voters, fmt.Sprintf("%d@%s", v.id, address(v.controllerPort)))
	}
	return map[string]string{
		"process.roles":             "broker,controller",
		"node.id":                   fmt.Sprint(b.id),
		"controller.listener.names": controllerListener,
		"controller.quorum.voters":  strings.Join(voters, ","),
		// Defaults 1000 and 2000; on loopback an election needs less.
		"controller.quorum.election.timeout.ms": "500",
		"controller.quorum.fetch.timeout.ms":    "1500",
		// Defaults 9000 and 2000. A broker that comes back is refused
		// (DUPLICATE_BROKER_REGISTRATION) until the session of its last life ends, after a
		// controlled stop too, and asks again at each heartbeat.
		"broker.session.timeout.ms":    "6000",
		"broker.heartbeat.interval.ms": "500",

		"share.coordinator.state.topic.replication.factor": fmt.Sprint(rf),
		"share.coordinator.state.topic.min.isr":            fmt.Sprint(isr),
		"share.coordinator.state.topic.num.partitions":     "3", // default 50
	}
}

// writeProperties writes a Java properties file, sorted by key.
func writeProperties(path string, props map[string]string) error {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(props)) {
		b.WriteString(property(key, props[key]))
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// property is one line of a Java properties file, where a backslash begins an escape.
func property(key, value string) string {
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	return key + "=" + escape.Replace(value) + "\n"
}
