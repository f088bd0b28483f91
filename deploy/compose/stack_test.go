package compose_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// declared are the topics of the repository's topics.yaml, in the order of the file.
var declared = []string{
	"order.created", "order.updated", "order.cancelled",
	"payment.pending", "payment.completed", "payment.failed",
	"cart.item.added", "cart.item.removed", "cart.cleared",
	"user.registered", "user.updated",
}

// The life of each stack as people run it: from nothing, again, down and up, a killed broker, gone.
func TestStack(t *testing.T) {
	for _, tt := range []struct {
		file              string
		host              string // bootstrap addresses from the host
		replicationFactor int
		jvms              map[string]int // what a start of each container takes
	}{
		{"compose.yaml", "localhost:29092", 1, map[string]int{"zookeeper": 1, "kafka": 1}},
		{"compose.kraft.yaml", "localhost:29092", 1, map[string]int{"kafka": 2}}, // the storage is formatted first
		{
			"compose.cluster.yaml", "localhost:29092,localhost:29093,localhost:29094", 3,
			map[string]int{"zookeeper": 1, "kafka": 1, "kafka-2": 1, "kafka-3": 1},
		},
	} {
		t.Run(tt.file, func(t *testing.T) {
			s := newStack(t, tt.file)
			s.up()
			s.checkReady(tt.host, tt.replicationFactor)
			s.checkUI(tt.replicationFactor)
			s.checkJVMs(tt.jvms)
			s.checkVolumes()
			s.checkWrongAddresses()
			s.checkHealth(tt.host, tt.replicationFactor)
			s.checkProbe(0, "ready: ")
			s.produce(tt.host)

			before := s.containers()
			s.up()
			s.checkLastLine("11 topics in sync")
			after := s.containers()
			for service, c := range before {
				if after[service].ID != c.ID {
					t.Errorf("a second up made a new container for %s", service)
				}
			}

			s.must("down")
			s.up()
			s.checkLastLine("11 topics in sync")
			s.checkRecords(tt.host)

			s.must("kill", "kafka")
			s.up() // at once: the broker's old registration is still in ZooKeeper
			s.checkReady(tt.host, tt.replicationFactor)
			s.checkRecords(tt.host)

			s.must("stop", "kafka")
			s.checkProbe(1, "not ready: K0 name resolves: kafka:9092: ") // a container that is stopped has no name
			s.must("down", "--volumes")
			if left := s.leftovers(); len(left) > 0 {
				t.Errorf("down --volumes left %v", left)
			}
		})
	}
}

// checkReady looks at the topics from the host and from inside the network, with the binary of the image.
func (s *stack) checkReady(host string, replicationFactor int) {
	s.Helper()
	out, err := s.kafkactl("list", "-b", host, "-o", "json")
	if err != nil {
		s.Fatal(err)
	}
	var list struct {
		Topics []struct {
			Name              string
			Partitions        int
			ReplicationFactor int
		}
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		s.Fatal(err)
	}
	var names []string
	for _, topic := range list.Topics {
		names = append(names, topic.Name)
		if topic.Partitions != 3 || topic.ReplicationFactor != replicationFactor {
			s.Errorf("%s has %d partitions, replication factor %d", topic.Name, topic.Partitions, topic.ReplicationFactor)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(declared)), slices.Sorted(slices.Values(names))); diff != "" {
		s.Errorf("topics at %s (-want +got):\n%s", host, diff)
	}
	usable := s.must("run", "--rm", "-T", "--no-deps", "kafka-init", "wait", "--for", "topics", "--timeout", "5s")
	if !strings.Contains(usable, "ready") {
		s.Errorf("inside the network: %s", usable)
	}
}

// checkLastLine is the last line of kafka-init's answer. Its progress is on stderr, which docker logs gives apart: the
// two are in no order between each other.
func (s *stack) checkLastLine(want string) {
	s.Helper()
	lines := strings.Split(docker(s.T, "logs", s.containers()["kafka-init"].ID), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, want) {
		s.Errorf("kafka-init ended with %q, want %q", last, want)
	}
}

// checkUI asks Kafka UI what it sees.
func (s *stack) checkUI(replicationFactor int) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost:8081/api/clusters/local/topics?perPage=100", http.NoBody)
	if err != nil {
		s.Fatal(err)
	}
	response, err := s.browser.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	var page struct {
		Topics []struct {
			Name                              string
			PartitionCount, ReplicationFactor int
		}
	}
	if err := json.Unmarshal(body, &page); err != nil {
		s.Fatalf("Kafka UI: %s: %v", response.Status, err)
	}
	seen := map[string]string{}
	for _, topic := range page.Topics {
		seen[topic.Name] = fmt.Sprint(topic.PartitionCount, topic.ReplicationFactor)
	}
	for _, name := range declared {
		if want := fmt.Sprint(3, replicationFactor); seen[name] != want {
			s.Errorf("Kafka UI shows %s as %q (partitions, replication factor), want %q", name, seen[name], want)
		}
	}
}

// checkJVMs counts the JVMs that each container started: the servers, and none by a health check.
func (s *stack) checkJVMs(want map[string]int) {
	s.Helper()
	if os.Getenv(kafkatest.ImagesVariable) == "real" {
		return // the published images keep no count
	}
	got := map[string]int{}
	for service := range want {
		starts := s.must("exec", "-T", service, "cat", "/tmp/jvm-starts")
		got[service] = strings.Count(starts, "\n")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("JVMs started (-want +got):\n%s", diff)
	}
	for service, c := range s.containers() {
		if _, ok := want[service]; ok && c.Health != "healthy" {
			s.Errorf("%s is %q", service, c.Health)
		}
	}
}

// checkVolumes wants every volume to be one that the file names: an anonymous one, which an image declares, would stay
// behind at each down.
func (s *stack) checkVolumes() {
	s.Helper()
	for service, c := range s.containers() {
		mounts := docker(s.T, "inspect", "--format", `{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name .Destination}}{{end}}{{end}}`, c.ID)
		for mount := range strings.Lines(mounts) {
			if !strings.HasPrefix(mount, s.project+"_") {
				s.Errorf("%s has an anonymous volume: %s", service, mount)
			}
		}
	}
}

// produce writes one record to each topic, as a service on the host would.
func (s *stack) produce(host string) {
	s.Helper()
	client := s.client(host)
	defer client.Close()
	for _, topic := range declared {
		record := &kgo.Record{Topic: topic, Value: []byte("kept")}
		if err := client.ProduceSync(s.Context(), record).FirstErr(); err != nil {
			s.Fatalf("produce to %s: %v", topic, err)
		}
	}
}

// checkRecords reads every topic from its start until the record of produce is there.
func (s *stack) checkRecords(host string) {
	s.Helper()
	client := s.client(host, kgo.ConsumeTopics(declared...), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer client.Close()
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	missing := map[string]bool{}
	for _, topic := range declared {
		missing[topic] = true
	}
	for len(missing) > 0 {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			s.Fatalf("records of %d topics are gone: %v", len(missing), missing)
		}
		fetches.EachRecord(func(r *kgo.Record) { delete(missing, r.Topic) })
	}
}

func (s *stack) client(host string, opts ...kgo.Opt) *kgo.Client {
	s.Helper()
	opts = append(opts, s.login...)
	client, err := kgo.NewClient(append(opts, kgo.SeedBrokers(strings.Split(host, ",")...))...)
	if err != nil {
		s.Fatal(err)
	}
	return client
}

// kafkactl runs kafkactl on the host, with the stack's client.properties where it has them.
func (s *stack) kafkactl(args ...string) (string, error) {
	s.Helper()
	if s.config != "" {
		args = append(args, "--command-config", s.config)
	}
	return output(s.binary(), args...)
}

// binary is kafkactl as it is in the image, on the host.
func (s *stack) binary() string {
	s.Helper()
	file := filepath.Join(s.TempDir(), "kafkactl")
	id := docker(s.T, "create", testImage)
	defer docker(s.T, "rm", id)
	docker(s.T, "cp", id+":/kafkactl", file)
	return file
}

// What kafka-init cannot make stops the stack: its exit code and its log tell why, and nothing that depends on it starts.
func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name, topics string
		code         int
		log          string
	}{
		{
			name:   "a file that is wrong",
			topics: "version: 1\ntopics:\n  order.created:\n    partition: 3\n",
			code:   2,
			log:    `topics.yaml:4:5: topic "order.created": unknown field "partition" (did you mean "partitions"?)`,
		},
		{
			name:   "a topic that cannot be made",
			topics: "version: 1\ntopics:\n  order.created: {replicationFactor: 3}\n",
			code:   1,
			log:    `order.created  refused  INVALID_REPLICATION_FACTOR: `,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "topics.yaml")
			if err := os.WriteFile(file, []byte(tt.topics), 0o644); err != nil {
				t.Fatal(err)
			}
			s := newStack(t, "compose.yaml", "TOPICS_FILE="+file)
			if out, err := s.compose("up", "--wait", "--wait-timeout", "180"); err == nil {
				t.Errorf("up --wait succeeded:\n%s", out)
			}
			containers := s.containers()
			if c := containers["kafka-init"]; c.State != "exited" || c.ExitCode != tt.code {
				t.Errorf("kafka-init is %s with exit code %d, want %d", c.State, c.ExitCode, tt.code)
			}
			if c := containers["kafka-ui"]; c.State != "created" {
				t.Errorf("kafka-ui is %s, want it not started", c.State)
			}
			log, err := exec.Command("docker", "logs", containers["kafka-init"].ID).CombinedOutput() //nolint:noctx // as in output
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(log), tt.log) {
				t.Errorf("docker logs does not say %q:\n%s", tt.log, log)
			}
		})
	}
}
