package kafkatest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// A broker outlives one of its two directories: it reports which one, and some partitions of topic
// have no leader.
func checkBrokenLogDir(t *testing.T, c *Cluster, topic string) {
	t.Helper()
	if err := c.BreakLogDir(1, 2); err == nil {
		t.Error("broke a third directory of two")
	}
	if c.ZooKeeper() == "" {
		if err := c.BreakLogDir(1, 0); err == nil {
			t.Error("broke the directory of KRaft's metadata log")
		}
	}
	if err := c.BreakLogDir(1, 1); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "half of the four partitions to have no leader", func() bool {
		leaders := partitionLeaders(t, c, topic)
		slices.Sort(leaders)
		return slices.Equal(leaders, []int32{-1, -1, 1, 1})
	})
	dirs := c.dataDirs(c.brokers[0])
	want := []logDir{{Path: dirs[0], Partitions: 2}, {Path: dirs[1], Broken: true}}
	if diff := cmp.Diff(want, logDirs(t, c)); diff != "" {
		t.Error("data directories (-want +got):\n" + diff)
	}
	waitReady(t, c)
}

// partitionLeaders are the leaders of the topic's partitions, in their order.
func partitionLeaders(t *testing.T, c *Cluster, topic string) []int32 {
	t.Helper()
	resp, err := metadata(t, c.Addrs()[0], topic)
	if err != nil {
		t.Fatal(err)
	}
	leaders := make([]int32, len(resp.Topics[0].Partitions))
	for _, p := range resp.Topics[0].Partitions {
		leaders[p.Partition] = p.Leader
	}
	return leaders
}

// logDir is what DescribeLogDirs answers for a data directory; Broken is KAFKA_STORAGE_ERROR.
type logDir struct {
	Path       string
	Partitions int
	Broken     bool
}

// logDirs are the data directories of all brokers, by path.
func logDirs(t *testing.T, c *Cluster) []logDir {
	t.Helper()
	described, err := admin(t, c).DescribeAllLogDirs(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var dirs []logDir
	described.Each(func(d kadm.DescribedLogDir) {
		n := 0
		d.Topics.Each(func(kadm.DescribedLogDirPartition) { n++ })
		dirs = append(dirs, logDir{d.Dir, n, errors.Is(d.Err, kerr.KafkaStorageError)})
	})
	slices.SortFunc(dirs, func(a, b logDir) int { return strings.Compare(a.Path, b.Path) })
	return dirs
}
