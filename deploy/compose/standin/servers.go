package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const serverHeap = "-Xmx512m"

// runZooKeeper is cp-zookeeper: a fixed table of variables, of which the stack uses these; others are ignored there too.
func runZooKeeper(env environment) error {
	if err := env.require("ZOOKEEPER_CLIENT_PORT"); err != nil {
		return err
	}
	config := "dataDir=/var/lib/zookeeper/data\ndataLogDir=/var/lib/zookeeper/log\nadmin.enableServer=false\n"
	for _, known := range []struct{ variable, property string }{
		{"ZOOKEEPER_CLIENT_PORT", "clientPort"},
		{"ZOOKEEPER_TICK_TIME", "tickTime"},
		{"ZOOKEEPER_MAX_CLIENT_CNXNS", "maxClientCnxns"},
	} {
		if value := env.lookup[known.variable]; value != "" {
			config += known.property + "=" + value + "\n"
		}
	}
	if err := writable("/var/lib/zookeeper/data", "/var/lib/zookeeper/log"); err != nil {
		return err
	}
	file, err := writeConfig("zookeeper.properties", config)
	if err != nil {
		return err
	}
	return env.execJava("/opt/kafka-3.9/*", serverHeap, "org.apache.zookeeper.server.quorum.QuorumPeerMain", file)
}

// runConfluentKafka is cp-kafka 7.9 under ZooKeeper: it waits for ZooKeeper for 40 s (KAFKA_CUB_ZK_TIMEOUT), then ends.
func runConfluentKafka(ctx context.Context, stdout io.Writer, env environment) error {
	if err := env.require("KAFKA_ZOOKEEPER_CONNECT", "KAFKA_ADVERTISED_LISTENERS"); err != nil {
		return err
	}
	for _, gone := range []string{"KAFKA_HOST", "KAFKA_PORT", "KAFKA_ADVERTISED_HOST", "KAFKA_ADVERTISED_PORT"} {
		if env.lookup[gone] != "" {
			return fmt.Errorf("%s is deprecated, use KAFKA_ADVERTISED_LISTENERS instead", gone)
		}
	}
	file, err := brokerConfig(env, "log.dirs=/var/lib/kafka/data\n")
	if err != nil {
		return err
	}
	limit := 40 * time.Second
	if seconds := env.lookup["KAFKA_CUB_ZK_TIMEOUT"]; seconds != "" {
		if limit, err = time.ParseDuration(seconds + "s"); err != nil {
			return fmt.Errorf("read KAFKA_CUB_ZK_TIMEOUT: %w", err)
		}
	}
	fmt.Fprintln(stdout, "===> Check if Zookeeper is healthy ...")
	if err := waitForZooKeeper(ctx, env.lookup["KAFKA_ZOOKEEPER_CONNECT"], limit); err != nil {
		return err
	}
	return env.execJava("/opt/kafka-3.9/*", serverHeap, "kafka.Kafka", file)
}

// runApacheKafka is apache/kafka 4, whose script sets a default for what is not set and formats an empty directory.
func runApacheKafka(env environment) error {
	id := env.lookup["CLUSTER_ID"]
	if id == "" {
		id = "5L6g3nShT-eMCtK--X86sw" // that image's own default
	}
	file, err := brokerConfig(env, "log.dirs=/tmp/kraft-combined-logs\n")
	if err != nil {
		return err
	}
	const classPath = "/opt/kafka-4/*"
	if err := env.runJava(classPath, "-Xmx256m", "kafka.tools.StorageTool", "format", "--ignore-formatted", "--cluster-id", id, "-c", file); err != nil {
		return err
	}
	return env.execJava(classPath, serverHeap, "kafka.Kafka", file)
}

// brokerConfig writes defaults and then the KAFKA_ variables: in a properties file the last one counts.
func brokerConfig(env environment, defaults string) (string, error) {
	if err := env.checkListenerNames(); err != nil {
		return "", err
	}
	properties := env.properties("KAFKA_", "HEAP_OPTS", "OPTS", "VERSION", "CUB_ZK_TIMEOUT")
	if strings.Contains(properties, "log.dirs=") {
		defaults = ""
	}
	dir := "/var/lib/kafka/data"
	if err := writable(dir); err != nil {
		return "", err
	}
	return writeConfig("kafka.properties", defaults+properties)
}

// checkListenerNames asks for what the real images ask for where the name of an advertised listener has SSL or SASL in
// it. They go by names, not by protocols, and what they then set cannot be a PEM file.
func (e environment) checkListenerNames() error {
	advertised := e.lookup["KAFKA_ADVERTISED_LISTENERS"]
	if strings.Contains(advertised, "SSL://") {
		if err := e.require("KAFKA_SSL_KEYSTORE_FILENAME", "KAFKA_SSL_KEYSTORE_CREDENTIALS", "KAFKA_SSL_KEY_CREDENTIALS"); err != nil {
			return err
		}
	}
	if strings.Contains(advertised, "SASL_") && !strings.Contains(e.lookup["KAFKA_OPTS"], "java.security.auth.login.config") {
		return errors.New("KAFKA_OPTS should contain 'java.security.auth.login.config' property")
	}
	return nil
}

func writeConfig(name, text string) (string, error) {
	path := filepath.Join("/etc/kafka", name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	return path, nil
}

// writable refuses a directory that the image's user may not write to, as the real images do.
func writable(dirs ...string) error {
	for _, dir := range dirs {
		probe, err := os.CreateTemp(dir, ".writable")
		if err != nil {
			return fmt.Errorf("%s is not writable: %w", dir, err)
		}
		if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
			return fmt.Errorf("%s is not writable: %w", dir, err)
		}
	}
	return nil
}

// waitForZooKeeper asks until a server serves, or ends after limit.
func waitForZooKeeper(ctx context.Context, connect string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	hosts, _, _ := strings.Cut(connect, "/")
	address, _, _ := strings.Cut(hosts, ",")
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		if servesZooKeeper(ctx, address) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("zookeeper at %s is not ready after %s", address, limit)
		case <-tick.C:
		}
	}
}

func servesZooKeeper(ctx context.Context, address string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	fmt.Fprint(conn, "srvr")
	answer, _ := io.ReadAll(conn)
	return strings.Contains(string(answer), "Mode:")
}
