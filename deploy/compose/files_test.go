package compose_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/composefile"
)

// What holds of the files as they are written; no engine is asked.

func shipped() []string {
	return []string{"compose.yaml", "compose.kraft.yaml", "compose.cluster.yaml"}
}

func TestDoctorFindsNothing(t *testing.T) {
	t.Parallel()
	for _, file := range shipped() {
		stack, err := composefile.Load(t.Context(), composefile.Options{Files: []string{file}})
		if err != nil {
			t.Fatal(err)
		}
		if !stack.HasKafka() {
			t.Errorf("%s: the doctor sees no Kafka in it", file)
		}
		if diff := cmp.Diff([]composefile.Finding(nil), stack.Diagnose()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

type service map[string]any // and so are the mappings in it

func services(t *testing.T, file string) map[string]service {
	t.Helper()
	var project struct{ Services map[string]service }
	decodeFile(t, file, &project)
	return project.Services
}

// without is the service but for some keys.
func (s service) without(keys ...string) service {
	rest := maps.Clone(s)
	for _, key := range keys {
		delete(rest, key)
	}
	return rest
}

// The files stand alone, so that one can be copied; what they have in common must stay the same in all.
func TestFilesAgree(t *testing.T) {
	t.Parallel()
	base := services(t, "compose.yaml")
	for _, file := range shipped()[1:] {
		other := services(t, file)
		for name, differs := range map[string][]string{
			"zookeeper":  nil,
			"kafka-init": {"depends_on", "command", "environment"},
			"kafka-ui":   {"depends_on", "environment"},
		} {
			if other[name] == nil && name == "zookeeper" {
				continue
			}
			if diff := cmp.Diff(base[name].without(differs...), other[name].without(differs...)); diff != "" {
				t.Errorf("%s differs between compose.yaml (-) and %s (+):\n%s", name, file, diff)
			}
		}
		for name, broker := range other {
			if !strings.HasPrefix(name, "kafka") || name == "kafka-init" || name == "kafka-ui" {
				continue
			}
			if diff := cmp.Diff(base["kafka"]["healthcheck"], broker["healthcheck"]); diff != "" {
				t.Errorf("the health check of %s differs between compose.yaml (-) and %s (+):\n%s", name, file, diff)
			}
			if broker["command"] != nil {
				if diff := cmp.Diff(base["kafka"]["command"], broker["command"]); diff != "" {
					t.Errorf("the command of %s differs between compose.yaml (-) and %s (+):\n%s", name, file, diff)
				}
			}
		}
	}
}

// Kafka UI and kafka-init are told every broker, by the name that holds inside the network.
func TestAddressesInside(t *testing.T) {
	t.Parallel()
	for _, file := range shipped() {
		all := services(t, file)
		var inside []string
		for _, name := range slices.Sorted(maps.Keys(all)) {
			environment, _ := all[name]["environment"].(service)
			if advertised, ok := environment["KAFKA_ADVERTISED_LISTENERS"].(string); ok {
				first, _, _ := strings.Cut(advertised, ",")
				inside = append(inside, strings.TrimPrefix(first, "PLAINTEXT://"))
			}
		}
		if len(inside) == 0 {
			t.Fatalf("%s: no broker advertises anything", file)
		}
		want := strings.Join(inside, ",")
		for name, variable := range map[string]string{"kafka-ui": "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS", "kafka-init": "KAFKACTL_BROKERS"} {
			environment, _ := all[name]["environment"].(service)
			if got := environment[variable]; got != want {
				t.Errorf("%s: %s of %s is %v, want %s", file, variable, name, got, want)
			}
		}
	}
}

// .env.example names what can be set, with the defaults that hold without it.
func TestEnvExample(t *testing.T) {
	t.Parallel()
	documented := map[string]string{}
	for line := range strings.Lines(read(t, ".env.example")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			documented[name] = value
		}
	}
	used := map[string]string{}
	for _, file := range shipped() {
		for _, match := range regexp.MustCompile(`\$\{(\w+):-([^}]*)\}`).FindAllStringSubmatch(read(t, file), -1) {
			used[match[1]] = match[2]
		}
	}
	if diff := cmp.Diff(used, documented); diff != "" {
		t.Errorf("variables (-used +documented):\n%s", diff)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
