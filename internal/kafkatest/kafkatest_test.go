package kafkatest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// orphanEnv turns the test binary into the child of TestKilledTestProcessLeavesNoJVM.
const orphanEnv = "KAFKATEST_START_AND_HANG"

func TestMain(m *testing.M) {
	if os.Getenv(orphanEnv) != "" {
		os.Exit(startAndHang())
	}
	os.Exit(Main(m))
}

// startAndHang boots a cluster, prints its directory and waits to be killed.
func startAndHang() int {
	c, err := New(Options{Flavour: ZK1})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	if err := c.Launch(); err != nil {
		fmt.Println(err)
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(c.Dir())
	<-ctx.Done()
	return 1
}

// waitReady fails t when c is not ready in time.
func waitReady(t *testing.T, c *Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

// waitFor polls until holds does, and fails t when that takes 30 s.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	begun := time.Now()
	for !holds() {
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("waited 30 s for %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Logf("%s after %v", what, time.Since(begun).Round(time.Millisecond))
}

func admin(t *testing.T, c *Cluster) *kadm.Client {
	t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return kadm.NewClient(cl)
}

// Each flavour boots, and Apache's own tool sees what a client made.
func TestFlavours(t *testing.T) {
	t.Parallel()
	for _, f := range []Flavour{ZK1, ZK3, Kraft1, Kraft3, Kraft1Before4, Kraft3Before4} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			c := Start(t, Options{Flavour: f})
			t.Logf("%s was ready after %v", f, time.Since(begun).Round(10*time.Millisecond))

			rf := len(c.BrokerIDs())
			out, err := c.CLI(t.Context(), "kafka-topics", "--bootstrap-server", "{b}", "--create", "--topic", "orders",
				"--partitions", "2", "--replication-factor", fmt.Sprint(rf))
			if err != nil || out.Code != 0 {
				t.Fatalf("create: %v, %+v", err, out)
			}
			out, err = c.CLI(t.Context(), "kafka-topics", "--bootstrap-server", "{b}", "--describe", "--topic", "orders")
			if err != nil || out.Code != 0 {
				t.Fatalf("describe: %v, %+v", err, out)
			}
			want := fmt.Sprintf("PartitionCount: 2\tReplicationFactor: %d", rf)
			if !strings.Contains(out.Stdout, want) {
				t.Errorf("describe printed no %q:\n%s", want, out.Stdout)
			}
			if got, want := c.ZooKeeper() != "", strings.HasPrefix(string(f), "zk"); got != want {
				t.Errorf("has ZooKeeper: %v, want %v", got, want)
			}
			if f == Kraft3 {
				stopAndStart(t, c)
			}
		})
	}
}

// A tool's failure is an exit code, and a tool that is not there an error.
func TestCLIFailures(t *testing.T) {
	c := Shared(t, Kraft1)
	out, err := c.CLI(t.Context(), "kafka-topics", "--bootstrap-server", "{b}", "--describe", "--topic", "missing")
	if err != nil || out.Code != 1 || !strings.Contains(out.Stdout+out.Stderr, "does not exist") {
		t.Errorf("describe of a missing topic: %v, %+v; want code 1", err, out)
	}
	if _, err := c.CLI(t.Context(), "zookeeper-shell", c.ZooKeeper()); err == nil {
		t.Error("Kafka 4 has no zookeeper-shell, want an error")
	}
	if err := c.CLICommand("kafka-nothing").Start(); err == nil {
		t.Error("no tool is called kafka-nothing, want an error")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := c.CLI(ctx, "kafka-topics", "--bootstrap-server", "{b}", "--list"); err == nil {
		t.Error("want an error when ctx ends before the tool")
	}
}

func TestSharedIsOne(t *testing.T) {
	if a, b := Shared(t, Kraft1), Shared(t, Kraft1); a != b {
		t.Error("two clusters of one flavour")
	}
}

func TestFake(t *testing.T) {
	t.Parallel()
	_, addrs := Fake(t)
	if len(addrs) != 1 || !strings.HasPrefix(addrs[0], "127.0.0.1:") {
		t.Errorf("addresses are %v, want one of 127.0.0.1", addrs)
	}
}

// Each pom must resolve the version that its name and the Flavour promise.
func TestPomsMatchVersions(t *testing.T) {
	t.Parallel()
	for _, version := range []string{kafka39, kafka4} {
		pom, err := poms.ReadFile("jars/kafka-" + version + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		if want := "<kafka.version>" + version + "</kafka.version>"; !strings.Contains(string(pom), want) {
			t.Errorf("pom of %s has no %s", version, want)
		}
	}
}

func TestProperty(t *testing.T) {
	t.Parallel()
	got := property("ssl.principal.mapping.rules", "RULE:^CN=(\\w+)$/$1/,\nDEFAULT")
	want := "ssl.principal.mapping.rules=RULE:^CN=(\\\\w+)$/$1/,\\nDEFAULT\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
