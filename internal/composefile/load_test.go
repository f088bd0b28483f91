package composefile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/yaml"
)

// deadUI is an image that is a finding wherever it is written.
const deadUI = "provectuslabs/kafka-ui:v0.7.2"

// TestPositions pins where a finding points to, by the ways in which Compose lets a setting be
// written.
func TestPositions(t *testing.T) {
	t.Parallel()
	runPlaces(t, []place{
		{
			name:  "the service",
			files: map[string]string{"a.yaml": "services:\n  ui:\n    image: " + deadUI + "\n"},
			args:  []string{"a.yaml"},
			want:  []string{"a.yaml:3:5"},
		},
		{
			name: "the last file that sets it",
			files: map[string]string{
				"a.yaml": "services:\n  ui:\n    image: example/ui\n",
				"b.yaml": "# over\nservices:\n  ui:\n    environment: {A: b}\n    image: " + deadUI + "\n",
				"c.yaml": "services:\n  ui:\n    environment: {C: d}\n",
			},
			args: []string{"a.yaml", "b.yaml", "c.yaml"},
			want: []string{"b.yaml:5:5"},
		},
		{
			name:  "an anchor",
			files: map[string]string{"a.yaml": "x-ui: &ui\n  image: " + deadUI + "\nservices:\n  ui:\n    <<: *ui\n"},
			args:  []string{"a.yaml"},
			want:  []string{"a.yaml:2:3"},
		},
		{
			name:  "one of several merged",
			files: map[string]string{"a.yaml": "x-a: &a\n  restart: always\nx-ui: &ui\n  image: " + deadUI + "\nservices:\n  ui:\n    <<: [*a, *ui]\n"},
			args:  []string{"a.yaml"},
			want:  []string{"a.yaml:4:3"},
		},
		{
			name: "extends in the same file",
			files: map[string]string{
				"a.yaml": "services:\n  base:\n    image: " + deadUI + "\n  ui:\n    extends: base\n",
			},
			args: []string{"a.yaml"},
			want: []string{"a.yaml:3:5", "a.yaml:3:5"},
		},
		{
			name: "extends in another file",
			files: map[string]string{
				"a.yaml":           "services:\n  ui:\n    extends: {file: common/base.yaml, service: base}\n",
				"common/base.yaml": "services:\n  base:\n    image: " + deadUI + "\n",
			},
			args: []string{"a.yaml"},
			want: []string{"common/base.yaml:3:5"},
		},
		{
			name: "include",
			files: map[string]string{
				"a.yaml":     "include:\n  - sub/b.yaml\nservices:\n  app: {image: app}\n",
				"sub/b.yaml": "services:\n\n  ui:\n    image: " + deadUI + "\n",
			},
			args: []string{"a.yaml"},
			want: []string{"sub/b.yaml:4:5"},
		},
	})
}

// TestPositionsOfSettings pins the same for a variable, and for a service that starts
// only on demand.
func TestPositionsOfSettings(t *testing.T) {
	t.Parallel()
	runPlaces(t, []place{
		{
			name: "the environment as a list",
			files: map[string]string{"a.yaml": "services:\n  kafka:\n    image: example/kafka:1\n    environment:\n" +
				"      - KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://kafka:9092\n" +
				"      - KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=3\n" +
				"      - KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR=1\n      - KAFKA_TRANSACTION_STATE_LOG_MIN_ISR=1\n"},
			args: []string{"a.yaml"},
			want: []string{"a.yaml:6:9"},
		},
		{
			name: "a variable that only env_file sets: its nearest ancestor",
			files: map[string]string{
				"a.yaml": "services:\n  kafka:\n    image: example/kafka:1\n    env_file: kafka.env\n",
				"kafka.env": "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://kafka:9092\nKAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=3\n" +
					"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR=1\nKAFKA_TRANSACTION_STATE_LOG_MIN_ISR=1\n",
			},
			args: []string{"a.yaml"},
			want: []string{"a.yaml:2:3"},
		},
		{
			name:  "a service behind a profile",
			files: map[string]string{"a.yaml": "services:\n  ui:\n    profiles: [ui]\n    image: " + deadUI + "\n"},
			args:  []string{"a.yaml"},
			want:  []string{"a.yaml:4:5"},
		},
	})
}

// place is where the findings of a project point to.
type place struct {
	name  string
	files map[string]string
	args  []string
	want  []string // FILE:LINE:COLUMN
}

func runPlaces(t *testing.T, places []place) {
	t.Helper()
	for _, test := range places {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := writeFiles(t, test.files)
			stack, err := Load(context.Background(), Options{Files: inDir(dir, test.args)})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range stack.Diagnose() {
				place := fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
				got = append(got, strings.TrimPrefix(place, dir+string(filepath.Separator)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLoadErrors pins that an error names the file as the user did, and only that.
func TestLoadErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		files map[string]string
		args  []string
		want  string // DIR is the files' directory
	}{
		{"no such file", nil, []string{"a.yaml"}, "no such file: DIR/a.yaml"},
		{"a directory", map[string]string{"a.yaml/x": ""}, []string{"a.yaml"}, "DIR/a.yaml is a directory, not a compose file"},
		{"no YAML", map[string]string{"a.yaml": "services:\n  kafka: [\n"}, []string{"a.yaml"}, "DIR/a.yaml:2: not YAML: did not find expected node content"},
		{
			"an unknown key",
			map[string]string{"a.yaml": "services: {kafka: {imge: kafka}}\n"},
			[]string{"a.yaml"},
			"validating DIR/a.yaml: services.kafka.imge is no key that Compose knows",
		},
		{
			"an error of the second file",
			map[string]string{"a.yaml": "services: {kafka: {image: kafka}}\n", "b.yaml": "services: {kafka: {ports: 5}}\n"},
			[]string{"a.yaml", "b.yaml"},
			"validating DIR/b.yaml: services.kafka.ports must be a array",
		},
		{
			"an error that names no file",
			map[string]string{"a.yaml": "services: {kafka: {image: kafka, networks: [x]}}\n"},
			[]string{"a.yaml"},
			`DIR/a.yaml: service "kafka" refers to undefined network x: invalid compose project`,
		},
		{
			"a variable that must be set",
			map[string]string{"a.yaml": "services: {kafka: {image: \"${TAG:?which one}\"}}\n"},
			[]string{"a.yaml"},
			`DIR/a.yaml: error while interpolating services.kafka.image: required variable TAG is missing a value: which one`,
		},
		{"empty", map[string]string{"a.yaml": "\n"}, []string{"a.yaml"}, "DIR/a.yaml: empty compose file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := writeFiles(t, test.files)
			_, err := Load(context.Background(), Options{Files: inDir(dir, test.args)})
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(test.want, strings.ReplaceAll(err.Error(), dir, "DIR")); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSelfMerge pins that a look-up ends in a node that merges itself: yaml.v3 reads
// one without complaint.
func TestSelfMerge(t *testing.T) {
	t.Parallel()
	docs, err := yaml.Documents([]byte("kafka: &k {image: kafka, <<: *k}"))
	if err != nil {
		t.Fatal(err)
	}
	_, kafka := child(docs[0].Content[0], "kafka")
	if at, _ := child(kafka, "extends"); at != nil {
		t.Errorf("found at line %d what is not there", at.Line)
	}
	if at, _ := child(kafka, "image"); at == nil {
		t.Error("image not found")
	}
}

// TestInterpolation pins where values come from: the environment before .env, a default last.
func TestInterpolation(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"a.yaml": "services:\n  ui:\n    image: ${UI}/kafka-ui:${TAG:-v0.7.2}\n  zoo:\n    image: ${ZOO}\n",
		".env":   "UI=provectuslabs\nZOO=example/zoo\n",
	}
	dir := writeFiles(t, files)
	for _, test := range []struct {
		name string
		env  map[string]string
		want []string
	}{
		{"from .env", nil, []string{"ui provectuslabs/kafka-ui:v0.7.2"}},
		{"from the environment", map[string]string{"UI": "kafbat", "ZOO": "wurstmeister/zookeeper"}, []string{"zoo wurstmeister/zookeeper"}},
	} {
		stack, err := Load(context.Background(), Options{Files: inDir(dir, []string{"a.yaml"}), Env: test.env})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range stack.Diagnose() {
			got = append(got, f.Service+" "+strings.Fields(f.Message)[0])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: images (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestNoKafka pins that other people's projects are left alone.
func TestNoKafka(t *testing.T) {
	t.Parallel()
	stack := load(t, "services:\n  db-init:\n    image: postgres\n    command: [init]\n    restart: always\n")
	if stack.HasKafka() {
		t.Error("Kafka in a project without")
	}
	if diff := cmp.Diff([]Finding(nil), stack.Diagnose()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func writeFiles(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func inDir(dir string, names []string) []string {
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = filepath.Join(dir, name)
	}
	return paths
}
