package embedded_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// Apache's own tools print the same about the embedded Kafka as about a real one:
// testdata/apache-tools.txt has their command lines, each after a "$", and what they print.
func TestRealApacheTools(t *testing.T) {
	const transcript = "testdata/apache-tools.txt"
	text, err := os.ReadFile(transcript)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	eachKafka(t, func(t *testing.T, brokers string) {
		jars := kafkatest.Shared(t, kafkatest.Kraft1)
		var got []string
		for _, line := range want {
			command, ok := strings.CutPrefix(line, "$ ")
			if !ok {
				continue
			}
			if strings.HasPrefix(command, "kafka-console-consumer") {
				if err := kafkatest.Touch(t.Context(), []string{brokers}, "tools-orders", 5); err != nil {
					t.Fatal(err)
				}
			}
			args := strings.Fields(command)
			out, err := jars.CLI(t.Context(), args[0], append([]string{"--bootstrap-server", brokers}, args[1:]...)...)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, line)
			got = append(got, comparableLines(args, out)...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", transcript, diff)
		}
	})
}

// comparableLines returns the lines that a tool printed without what differs between any two clusters.
func comparableLines(args []string, out kafkatest.Output) []string {
	text := out.Stdout + out.Stderr
	for _, vary := range []struct{ pattern, by string }{
		{`TopicId: \S{22}`, "TopicId: ID"},
		{`(Leader|Replicas|Isr): \d+`, "$1: BROKER"},
		{`127\.0\.0\.1:\d+ *\(\d+\)`, "BROKER"},
		// Only where eligible leader replicas are kept: a broker answers without them too.
		{`Elr:( N/A)?\s*LastKnownElr:( N/A)?[ \t]*`, ""},
		{`min\.insync\.replicas=1,?`, ""},
		// The name of a default is that of the broker's setting, or of the topic's.
		{` synonyms=\{.*?\}`, ""},
		{`(?m)^(\s+at |\d{4}-).*\n|^[\w.]+Exception: .*\n`, ""}, // a stack trace
		{`[ \t]+`, " "},
	} {
		text = regexp.MustCompile(vary.pattern).ReplaceAllString(text, vary.by)
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		all := slices.Contains(args, "--list") || slices.Contains(args, "--all-groups") // of other tests too
		if line != "" && (!all || strings.Contains(line, "tools-")) {
			lines = append(lines, line)
		}
	}
	if out.Code != 0 {
		lines = append(lines, fmt.Sprint("exit ", out.Code))
	}
	return lines
}
