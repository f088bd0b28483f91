package embedded_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// javaDir holds the Java projects.
const javaDir = "testdata/java"

// eachKafka runs a test on a real Kafka, which shows that the test is right, and then on the embedded
// one. Tests that share the real one use topics and groups of their own.
func eachKafka(t *testing.T, test func(t *testing.T, brokers string)) {
	t.Helper()
	t.Run("kafka", func(t *testing.T) { test(t, sharedBootstrap(t)) })
	t.Run("embedded", func(t *testing.T) { test(t, embeddedBootstrap(t)) })
}

// javaProject returns one of the Java projects, and logs which Kafka and which Spring it uses.
func javaProject(t *testing.T, name string) kafkatest.JavaProject {
	t.Helper()
	project := kafkatest.NewJavaProject(t, filepath.Join(javaDir, name))
	named := regexp.MustCompile(`^(kafka-(clients|streams)|connect-runtime|spring-boot|spring-kafka)-\d`)
	t.Logf("on Kafka %s: %s", kafkatest.Kraft1.Version(),
		slices.DeleteFunc(project.Jars(t), func(jar string) bool { return !named.MatchString(jar) }))
	return project
}

// warnings makes a program log nothing less.
const warnings = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"

// wantPrinted fails the test unless the program ended well and printed what the named file in
// testdata/java holds.
func wantPrinted(t *testing.T, file string, printed []byte, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
	want, err := os.ReadFile(filepath.Join(javaDir, file))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(printed), "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nprinted:\n%s", file, diff, printed)
	}
}

// Kafka's own Admin, call by call: it refuses answers that are not whole, where other clients take
// them.
func TestRealJavaAdmin(t *testing.T) {
	program := javaProject(t, "clients").Program("AdminCalls", warnings)
	eachKafka(t, func(t *testing.T, brokers string) {
		printed, err := program.Run(t.Context(), "", brokers)
		wantPrinted(t, "clients/AdminCalls.txt", printed, err)
	})
}

// A Streams application makes its own topics, restores its state from them, and in the second case
// writes in transactions.
func TestRealStreamsWordCount(t *testing.T) {
	program := javaProject(t, "clients").Program("WordCount", warnings)
	for _, guarantee := range []string{"at_least_once", "exactly_once_v2"} {
		t.Run(guarantee, func(t *testing.T) {
			eachKafka(t, func(t *testing.T, brokers string) {
				printed, err := program.Run(t.Context(), "", brokers, t.TempDir(), guarantee)
				wantPrinted(t, "clients/WordCount-"+guarantee+".txt", printed, err)
			})
		})
	}
}

// A service with topics of its own (a context that cannot make them does not start), an error handler
// that publishes to a dead letter topic, and retry topics.
func TestRealSpringBoot(t *testing.T) {
	program := javaProject(t, "spring").Program("service.Service")
	eachKafka(t, func(t *testing.T, brokers string) {
		printed, err := program.Run(t.Context(), "", "--spring.kafka.bootstrap-servers="+brokers,
			"--logging.config="+filepath.Join(javaDir, "spring", "logback.xml"))
		wantPrinted(t, "spring/Service.txt", printed, err)
	})
}
