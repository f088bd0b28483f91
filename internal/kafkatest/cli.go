package kafkatest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Output is what one of Apache's tools printed, and its exit code.
type Output struct {
	Stdout, Stderr string
	Code           int
}

// CLI runs one of Apache's own tools, such as "kafka-topics", in a JVM of its own, which takes half
// a second or more. In args "{b}" becomes Bootstrap().
//
// A non-zero exit is no error: it is in Output.Code. An error is a tool that this Kafka version
// does not have, a JVM that did not start, or ctx ending first, which kills the JVM; Output then
// holds what was printed until then.
func (c *Cluster) CLI(ctx context.Context, tool string, args ...string) (Output, error) {
	argv, err := c.toolArgv(tool, args, c.classFlags(tool))
	if err != nil {
		return Output{}, err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	if err := c.spawner.start(cmd); err != nil {
		return Output{}, fmt.Errorf("run %s: %w", tool, err)
	}
	err = cmd.Wait()
	out := Output{Stdout: stdout.String(), Stderr: stderr.String(), Code: cmd.ProcessState.ExitCode()}
	if ctx.Err() != nil {
		return out, fmt.Errorf("run %s: %w", tool, context.Cause(ctx))
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return out, fmt.Errorf("run %s: %w", tool, err)
	}
	return out, nil
}

// CLICommand is what CLI would run, not started: for tools that read stdin or do not end, and for
// benchmarks. It loads its classes as Apache's scripts do, without the archive that makes CLI
// quicker. The caller starts and ends it; it is not killed with the test process. A tool that this
// Kafka version does not have is the error of its Start.
func (c *Cluster) CLICommand(tool string, args ...string) *exec.Cmd {
	argv, err := c.toolArgv(tool, args, nil)
	if err != nil {
		return &exec.Cmd{Path: tool, Args: append([]string{tool}, args...), Err: err}
	}
	return &exec.Cmd{Path: argv[0], Args: argv}
}

func (c *Cluster) toolArgv(tool string, args, classFlags []string) ([]string, error) {
	class := toolClass(c.shape.version, tool)
	if class == "" {
		return nil, fmt.Errorf("run %s: Kafka %s has no such tool", tool, c.shape.version)
	}
	argv := append([]string{c.java, "-Xmx256m"}, quickJVM()...)
	argv = append(argv, classFlags...)
	argv = append(argv, logFlags(c.shape.version, filepath.Join(c.dir, plainLogConfig), "WARN")...)
	argv = append(argv, "-cp", c.jars.classPath(), class)
	if tool == "zookeeper-shell" {
		argv = append(argv, "-server") // as Apache's script of that name does
	}
	for _, arg := range args {
		argv = append(argv, strings.ReplaceAll(arg, "{b}", c.Bootstrap()))
	}
	return argv, nil
}

// toolClass is the main class behind one of Apache's scripts, and "" for a tool the version does
// not have. A name with a dot is a class itself.
func toolClass(version, tool string) string {
	if strings.Contains(tool, ".") {
		return tool
	}
	if version == kafka39 {
		if class, ok := tools39(tool); ok {
			return class
		}
	}
	switch tool {
	case "kafka-configs":
		return "kafka.admin.ConfigCommand"
	case "kafka-storage":
		return "kafka.tools.StorageTool"
	}
	class, ok := map[string]string{
		"kafka-acls":                "AclCommand",
		"kafka-broker-api-versions": "BrokerApiVersionsCommand",
		"kafka-cluster":             "ClusterTool",
		"kafka-console-consumer":    "consumer.ConsoleConsumer",
		"kafka-console-producer":    "ConsoleProducer",
		"kafka-consumer-groups":     "consumer.group.ConsumerGroupCommand",
		"kafka-consumer-perf-test":  "ConsumerPerformance",
		"kafka-delete-records":      "DeleteRecordsCommand",
		"kafka-dump-log":            "DumpLogSegments",
		"kafka-features":            "FeatureCommand",
		"kafka-get-offsets":         "GetOffsetShell",
		"kafka-groups":              "GroupsCommand",
		"kafka-leader-election":     "LeaderElectionCommand",
		"kafka-log-dirs":            "LogDirsCommand",
		"kafka-metadata-quorum":     "MetadataQuorumCommand",
		"kafka-producer-perf-test":  "ProducerPerformance",
		"kafka-reassign-partitions": "reassign.ReassignPartitionsCommand",
		"kafka-share-groups":        "consumer.group.ShareGroupCommand",
		"kafka-topics":              "TopicCommand",
		"kafka-transactions":        "TransactionsCommand",
	}[tool]
	if !ok {
		return ""
	}
	return "org.apache.kafka.tools." + class
}

// tools39 are the tools that in Kafka 3.9 are another class than in 4, or that only one of the two
// has ("").
func tools39(tool string) (class string, ok bool) {
	class, ok = map[string]string{
		"kafka-acls":                "kafka.admin.AclCommand",
		"kafka-broker-api-versions": "kafka.admin.BrokerApiVersionsCommand",
		"kafka-console-producer":    "kafka.tools.ConsoleProducer",
		"kafka-dump-log":            "kafka.tools.DumpLogSegments",
		"kafka-groups":              "", // since 4.0
		"kafka-share-groups":        "", // since 4.0
		"zookeeper-shell":           "org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka",
	}[tool]
	return class, ok
}
