package kafkatest

import (
	"strings"
	"testing"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opts Options
		want string
	}{
		{"unknown flavour", Options{Flavour: "zk2"}, `unknown flavour "zk2"`},
		{"ZooKeeper in KRaft", Options{Flavour: Kraft3, ZooKeepers: 3}, "kraft3 has no ZooKeeper"},
		{"an ensemble of two", Options{Flavour: ZK1, ZooKeepers: 2}, "an ensemble of 2"},
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
