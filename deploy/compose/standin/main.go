// Standin is what runs in the images that stand in for those of the compose files where no registry is at hand: the
// real Kafka and ZooKeeper from Maven's jars, behind the environment variables, users, volumes and paths of the real
// images, and in Kafka UI's place an HTTP server that answers from the brokers it was told of.
//
// STAND_IN_ROLE says what an image is: zookeeper and cp-kafka as in Confluent's images, apache-kafka as in Apache's,
// kafka-ui. With arguments it is a program in one: "tool VERSION CLASS …" for Apache's tools, "get URL" for the wget that Kafka
// UI's image has.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Environ(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "stand-in:", err)
		os.Exit(1) //nolint:gocritic // the process is over: what stop would release ends with it
	}
}

// run plays one role. The Java roles do not return: the process becomes the JVM, and so gets the container's signals.
func run(ctx context.Context, stdout io.Writer, environ, args []string) error {
	env := newEnvironment(environ)
	if len(args) == 0 {
		args = []string{env.lookup["STAND_IN_ROLE"]}
	}
	switch role, rest := args[0], args[1:]; role {
	case "zookeeper":
		return runZooKeeper(env)
	case "cp-kafka":
		return runConfluentKafka(ctx, stdout, env)
	case "apache-kafka":
		return runApacheKafka(env)
	case "kafka-ui":
		return serveUI(ctx, stdout, env)
	case "tool":
		return env.runTool(rest)
	case "get":
		return get(ctx, stdout, rest)
	default:
		return fmt.Errorf("unknown role %q", role)
	}
}
