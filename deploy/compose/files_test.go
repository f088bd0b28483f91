package compose_test

import (
	"fmt"
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
	return append([]string{"compose.yaml", "compose.kraft.yaml", "compose.cluster.yaml"}, secured()...)
}

func secured() []string { return []string{"compose.secure.yaml", "compose.secure.zookeeper.yaml"} }

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
		secure := slices.Contains(secured(), file)
		for name, differs := range map[string][]string{
			"zookeeper":  nil,
			"kafka-init": {"depends_on", "command", "environment"},
			"kafka-ui":   {"depends_on", "environment"},
		} {
			if secure { // who may, and what they log in with
				differs = append(differs, "user", "volumes", "networks")
			}
			if secure && name == "zookeeper" {
				differs = append(differs, "ports")
			}
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
			if diff := cmp.Diff(probe(base["kafka"], ""), probe(broker, "9095")); diff != "" {
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

// probe is the health check of a broker, with its port, where that is another one, as in compose.yaml.
func probe(broker service, port string) string {
	return strings.ReplaceAll(fmt.Sprint(broker["healthcheck"]), "/"+port+" ", "/9092 ")
}

// The two secure stacks differ in their brokers alone.
func TestSecureFilesAgree(t *testing.T) {
	t.Parallel()
	kraft, zookeeper := services(t, secured()[0]), services(t, secured()[1])
	for name, differs := range map[string][]string{
		"certs": nil, "kafka-init": nil, "kafka-ui": nil,
		"client-files": {"image", "tmpfs"},
		"kafka":        {"image", "tmpfs", "environment", "depends_on", "command", "networks"},
	} {
		if diff := cmp.Diff(kraft[name].without(differs...), zookeeper[name].without(differs...)); diff != "" {
			t.Errorf("%s differs between compose.secure.yaml (-) and compose.secure.zookeeper.yaml (+):\n%s", name, diff)
		}
	}
	for _, name := range []string{"kafka", "kafka-2", "kafka-3"} {
		without := func(all map[string]service) service {
			environment, _ := all[name]["environment"].(service)
			rest := service{}
			for variable, value := range environment {
				if !regexp.MustCompile(`ZOOKEEPER|PROCESS|CONTROLLE[RD]|_ID$|SHARE|LOG_DIRS|AUTHORIZER`).MatchString(variable) {
					rest[variable] = regexp.MustCompile(`,CONTROLLER:[^,]*`).ReplaceAllString(fmt.Sprint(value), "")
				}
			}
			return rest
		}
		if diff := cmp.Diff(without(kraft), without(zookeeper)); diff != "" {
			t.Errorf("variables of %s in compose.secure.yaml (-) and compose.secure.zookeeper.yaml (+):\n%s", name, diff)
		}
	}
}

// Kafka UI and kafka-init are told every broker, by the name that holds inside the network.
func TestAddressesInside(t *testing.T) {
	t.Parallel()
	for _, file := range shipped() {
		all := services(t, file)
		for name, told := range map[string]struct{ variable, listener string }{
			"kafka-ui":   {"KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS", "CLIENT|PLAINTEXT"},
			"kafka-init": {"KAFKACTL_BROKERS", "BROKER|PLAINTEXT"},
		} {
			var want []string
			for _, broker := range slices.Sorted(maps.Keys(all)) {
				environment, _ := all[broker]["environment"].(service)
				advertised, _ := environment["KAFKA_ADVERTISED_LISTENERS"].(string)
				if match := regexp.MustCompile(`(?:^|,)(?:` + told.listener + `)://([^,]+)`).FindStringSubmatch(advertised); match != nil {
					want = append(want, match[1])
				}
			}
			if len(want) == 0 {
				t.Fatalf("%s: no broker advertises anything for %s", file, name)
			}
			environment, _ := all[name]["environment"].(service)
			if got := environment[told.variable]; got != strings.Join(want, ",") {
				t.Errorf("%s: %s of %s is %v, want %s", file, told.variable, name, got, strings.Join(want, ","))
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
