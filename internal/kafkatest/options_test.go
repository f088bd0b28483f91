package kafkatest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// What a broker can have more of, all in one boot of each flavour.
func TestListenersAndLogDirs(t *testing.T) {
	t.Parallel()
	authorizers := map[Flavour]string{
		ZK1:    "kafka.security.authorizer.AclAuthorizer",
		Kraft1: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
	}
	for _, f := range []Flavour{ZK1, Kraft1} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			root, props := tlsProps(t)
			maps.Copy(props, map[string]string{
				"authorizer.class.name":   authorizers[f],
				"super.users":             "User:ANONYMOUS",
				"sasl.enabled.mechanisms": "PLAIN",
				"listener.name.login.plain.sasl.jaas.config": `org.apache.kafka.common.security.plain.PlainLoginModule ` +
					`required user_alice="alice-secret";`,
			})
			c := Start(t, Options{Flavour: f, LogDirs: 2, Props: props, Listeners: []Listener{
				{Name: "EXTERNAL", Protocol: "PLAINTEXT", Advertise: func(int, int) string { return "nosuch.invalid:9092" }},
				{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"},
				{Name: "TLS", Protocol: "SSL"},
			}})
			createTopic(t, c, "orders", 4)
			checkAdvertised(t, c)
			checkLogin(t, c)
			checkTLS(t, c, root)
			checkBrokenLogDir(t, c, "orders")
		})
	}
}

// createTopic returns when the partitions are there; the answer to CreateTopics may come before.
func createTopic(t *testing.T, c *Cluster, name string, partitions int) {
	t.Helper()
	if _, err := admin(t, c).CreateTopic(t.Context(), int32(partitions), 1, nil, name); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "all partitions to have a leader and a log", func() bool {
		leaders, logs := partitionLeaders(t, c, name), 0
		for _, d := range logDirs(t, c) {
			logs += d.Partitions
		}
		return len(leaders) == partitions && !slices.Contains(leaders, -1) && logs == partitions
	})
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	listeners := func(ls ...Listener) Options { return Options{Flavour: Kraft1, Listeners: ls} }
	tests := []struct {
		name string
		opts Options
		want string
	}{
		{"unknown flavour", Options{Flavour: "zk2"}, `unknown flavour "zk2"`},
		{"ZooKeeper in KRaft", Options{Flavour: Kraft3, ZooKeepers: 3}, "kraft3 has no ZooKeeper"},
		{"an ensemble of two", Options{Flavour: ZK1, ZooKeepers: 2}, "an ensemble of 2"},
		{"users with ZooKeeper", Options{Flavour: ZK1, Users: map[string]string{"app": "x"}}, "zk1 formats no storage"},
		{"fewer directories than none", Options{Flavour: ZK1, LogDirs: -1}, "LogDirs is negative"},
		{"listener without a name", listeners(Listener{Protocol: "SSL"}), `listener name ""`},
		{"listener in small letters", listeners(Listener{Name: "tls", Protocol: "SSL"}), `listener name "tls"`},
		{"listener of this package", listeners(Listener{Name: "PLAINTEXT", Protocol: "SSL"}), `listener name "PLAINTEXT"`},
		{"listener twice", listeners(Listener{Name: "A", Protocol: "SSL"}, Listener{Name: "A", Protocol: "SSL"}), `listener name "A"`},
		{"listener without a protocol", listeners(Listener{Name: "A"}), `listener A: unknown protocol ""`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := New(test.opts)
			if err == nil {
				t.Fatalf("made a cluster; close it: %v", c.Close())
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %q, want one with %q", err, test.want)
			}
		})
	}
}
