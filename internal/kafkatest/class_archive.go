package kafkatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// An archive is Java's class data sharing (JEP 310): the classes of a Kafka release, parsed and
// verified beforehand, in a file that the JVM maps. Most of a start is otherwise spent on them. A
// JVM that finds the file missing, damaged, or made by another Java or of other jars loads its
// classes as ever.
const archiveFile = "classes.jsa"

// resolveArchive returns the archive of a release for this Java, from beside the jars, and makes it
// first when it has to. It is "" for a Java that made none; that is not tried again, and what the
// Java said is kept there.
func resolveArchive(j jars, java string) (string, error) {
	build, err := javaBuild(java)
	if err != nil {
		return "", nil //nolint:nilerr // a Java whose build is not known starts without an archive
	}
	sum := sha256.Sum256(build)
	name := filepath.Join(filepath.Base(j.dir), fmt.Sprintf("classes-%x", sum[:6]))
	dir, err := Cached(name, func(dir string) error { return fillArchive(j, java, dir) })
	if err != nil {
		return "", fmt.Errorf("make the class archive of Kafka %s: %w", j.version, err)
	}
	path := filepath.Join(dir, archiveFile)
	if !exists(path) {
		return "", nil
	}
	return path, nil
}

// fillArchive makes dir/classes.jsa of the classes that servers and tools load. A JVM that refuses
// to is no error.
func fillArchive(j jars, java, dir string) error {
	//nolint:forbidigo // New takes no context, so the bound starts here
	ctx, cancel := context.WithTimeout(context.Background(), bootTimeout)
	defer cancel()
	traces, list := filepath.Join(dir, "traces"), filepath.Join(dir, "classes.txt")
	if err := os.Mkdir(traces, 0o755); err != nil {
		return err
	}
	if err := traceClasses(ctx, j.smallest(), traces); err != nil {
		return err
	}
	if err := mergeTraces(traces, list); err != nil {
		return err
	}
	sp := newSpawner()
	defer sp.end()
	dump := exec.CommandContext(ctx, java, "-Xshare:dump", "-Xmx512m", "-XX:+UseG1GC", // only G1 archives objects too
		"-XX:SharedClassListFile="+list, "-XX:SharedArchiveFile="+filepath.Join(dir, archiveFile), "-cp", j.classPath())
	if err := runQuiet(sp, dump); err != nil {
		return errors.Join(os.RemoveAll(filepath.Join(dir, archiveFile)),
			os.WriteFile(filepath.Join(dir, "refused.txt"), []byte(err.Error()), 0o644))
	}
	return os.RemoveAll(traces)
}

// traceClasses boots a cluster, uses it and ends it; each of its JVMs leaves in dir which classes
// it loaded.
func traceClasses(ctx context.Context, f Flavour, dir string) error {
	c, err := New(Options{Flavour: f, traceTo: dir})
	if err != nil {
		return err
	}
	return errors.Join(c.useForTrace(ctx), c.Close())
}

func (c *Cluster) useForTrace(ctx context.Context) error {
	if err := c.Launch(); err != nil {
		return err
	}
	if err := c.WaitReady(ctx); err != nil {
		return err
	}
	for _, tool := range [][]string{
		{"kafka-topics", "--create", "--topic", "traced", "--partitions", "1", "--replication-factor", "1"},
		{"kafka-console-producer", "--topic", "traced"},
		{"kafka-console-consumer", "--topic", "traced", "--group", "traced", "--timeout-ms", "500"},
		{"kafka-consumer-groups", "--describe", "--all-groups"},
		{"kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", "traced"},
	} {
		if _, err := c.CLI(ctx, tool[0], append(tool[1:], "--bootstrap-server", "{b}")...); err != nil {
			return err
		}
	}
	if err := Touch(ctx, c.Addrs(), "traced", 1); err != nil {
		return err
	}
	if _, err := Records(ctx, c.Addrs(), "traced"); err != nil {
		return err
	}
	// The traces are whole once the JVM ended in its own way.
	if err := c.Stop(1); err != nil || c.shape.zookeepers == 0 {
		return err
	}
	return c.StopZooKeeper()
}

// mergeTraces writes to path every class that a trace in dir names, once. Of a line it keeps the
// name: the ids behind it are one JVM's own. Classes that the class path does not hold are left
// out.
func mergeTraces(dir, path string) error {
	traces, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("find traced classes: %w", err)
	}
	var all bytes.Buffer
	seen := make(map[string]bool)
	for _, trace := range traces {
		text, err := os.ReadFile(filepath.Join(dir, trace.Name()))
		if err != nil {
			return fmt.Errorf("read traced classes: %w", err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") || strings.Contains(line, " source: ") {
				continue
			}
			name, _, _ := strings.Cut(line, " id: ")
			if !seen[name] {
				all.WriteString(name + "\n")
			}
			seen[name] = true
		}
	}
	if err := os.WriteFile(path, all.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write traced classes: %w", err)
	}
	return nil
}

// classFlags returns the flags with which the JVM called name uses the archive or, for
// traceClasses, lists the classes that it loads.
func (c *Cluster) classFlags(name string) []string {
	switch {
	case c.opts.traceTo != "":
		return []string{"-XX:DumpLoadedClassList=" + filepath.Join(c.opts.traceTo, name)}
	case c.archive != "":
		// What the JVM says of an archive that it cannot use would be part of a tool's answer on
		// standard output.
		return []string{"-XX:SharedArchiveFile=" + c.archive, "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"}
	}
	return nil
}
