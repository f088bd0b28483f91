package kafkatest

import (
	"fmt"
	"os"
	"path/filepath"
)

// dataDirs are the data directories of b, in the order of log.dirs.
func (c *Cluster) dataDirs(b *broker) []string {
	dirs := []string{filepath.Join(c.dir, b.proc.name+"-data")}
	for n := 1; n < c.opts.LogDirs; n++ {
		dirs = append(dirs, fmt.Sprintf("%s-%d", dirs[0], n))
	}
	return dirs
}

// BreakLogDir breaks a data directory of a broker, n counting from 0 to Options.LogDirs-1, for
// good: the directory is moved away (to NAME.broken) and a plain file put in its place, which fails
// for every user, unlike permissions.
//
// A broker that runs notices when it next writes a checkpoint there, within 0.5 s if the directory
// holds a partition, else when it next creates one. It goes on with its other directories:
// DescribeLogDirs then answers KAFKA_STORAGE_ERROR for this one, and each partition that had its
// only replica there has leader -1. Kafka fills directories by turns, so on a fresh cluster a topic
// of four partitions has two in each of two. Call this when DescribeLogDirs lists them: a broker
// that finds the directory broken before puts them into the other.
//
// In KRaft directory 0 holds the metadata log, without which the node ends, so it is refused; so is
// the only one.
func (c *Cluster) BreakLogDir(id, n int) error {
	b, err := c.broker(id)
	if err != nil {
		return err
	}
	dirs := c.dataDirs(b)
	switch {
	case n < 0 || n >= len(dirs):
		return fmt.Errorf("break data directory %d of %s: it has %d", n, b.proc.name, len(dirs))
	case len(dirs) == 1 || n == 0 && c.shape.zookeepers == 0:
		return fmt.Errorf("break data directory %d of %s: it cannot run without that one", n, b.proc.name)
	}
	if err := os.Rename(dirs[n], dirs[n]+".broken"); err != nil {
		return fmt.Errorf("break data directory %d of %s: %w", n, b.proc.name, err)
	}
	if err := os.WriteFile(dirs[n], nil, 0o644); err != nil {
		return fmt.Errorf("break data directory %d of %s: %w", n, b.proc.name, err)
	}
	return nil
}
