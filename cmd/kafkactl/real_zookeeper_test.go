package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// What real brokers leave in ZooKeeper: a cluster agrees with its own and not with
// another's, and the brokers that do not answer are explained by what stayed there.
func TestRealZooKeeperAgrees(t *testing.T) {
	own := kafkatest.Shared(t, kafkatest.ZK1)
	other := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.ZK1})
	on := func(brokers *kafkatest.Cluster, timeout, zookeeper string) []string {
		return []string{"wait", "--timeout", timeout, "-b", brokers.Bootstrap(), "--zookeeper", zookeeper}
	}
	readiness := kafkactl(t, append(on(own, "30s", own.ZooKeeper()), "-o", "json")...)
	readiness.want(t, exitDone, `"rung":"Z5",.*"verdict":"pass","evidence":"lists brokers 1 and controller 1, cluster \S{22}"`)

	another := `Z5 ZooKeeper agrees with the brokers: your brokers use another ZooKeeper: it says cluster \S{22}, they say \S{22}$`
	mixed := kafkactl(t, on(own, "1s", other.ZooKeeper())...)
	mixed.want(t, exitTimeout, `^pass +K5 `, `^wait +Z5 `)
	mixed.wantErr(t, `^kafkactl: not ready after .* `+another, `^hint: .*KAFKA_ZOOKEEPER_CONNECT`)
	rooted := kafkactl(t, on(own, "1s", own.ZooKeeper()+"/kafka")...)
	rooted.wantErr(t, `Z5 ZooKeeper agrees with the brokers: ZooKeeper has no /kafka/brokers/ids$`, `^hint: .*chroot`)

	if err := other.Kill(1); err != nil {
		t.Fatal(err)
	}
	killed := kafkactl(t, on(other, "1s", other.ZooKeeper())...)
	killed.want(t, exitTimeout, `^wait +K1 .*connection refused$`, `^wait +Z5 .*/brokers/ids lists 1, but no broker answers$`, `hint: a killed broker .*NodeExists`)
	killed.wantErr(t, `^hint: .*; ZooKeeper knows more: /brokers/ids lists 1, but no broker answers; a killed broker .*NodeExists`)
	for began := time.Now(); ; { // its session lives for 6 s yet
		gone := kafkactl(t, on(other, "500ms", other.ZooKeeper())...)
		if strings.Contains(gone.stdout, "no broker is registered, cluster ") {
			gone.want(t, exitTimeout, `hint: .*InconsistentClusterIdException`)
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("the broker is registered still: %v", gone)
		}
	}
	// By now the sessions of these runs would have timed out, had they been left.
	if left, dead := expiries(t, own), expiries(t, other); left != 0 || dead != 1 {
		t.Errorf("%d and %d sessions timed out, want none and the killed broker's", left, dead)
	}
}

// Row 7: a whitelist without a word of ours keeps nobody waiting. ZooKeeper itself needs
// srvr and answers it always; ruok is not asked, whatever it would say.
func TestRealZooKeeperWhitelist(t *testing.T) {
	kafkatest.Require(t)
	c := newCluster(t, kafkatest.Options{Flavour: kafkatest.ZK1, ZooKeeperProps: map[string]string{"4lw.commands.whitelist": "isro"}})
	_, wait := background(t, "wait", "--timeout", "60s", "-b", c.Bootstrap(), "--zookeeper", c.ZooKeeper(), "-o", "json")
	if err := c.Launch(); err != nil {
		t.Fatal(err)
	}
	wait().want(t, exitDone, `"rung":"Z2",[^}]*"verdict":"pass","evidence":"[^"]*: Mode: standalone`)
}

// expiries is how many sessions a cluster's ZooKeeper saw time out.
func expiries(t *testing.T, c *kafkatest.Cluster) int {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(c.Dir(), "zookeeper.log"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(log), "Expiring session")
}
