package kafkatest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// verdict records how a test was ended in the place of ending it.
type verdict struct {
	testing.TB
	skipped, failed string
}

func (*verdict) Helper() {}

func (v *verdict) Skipf(format string, args ...any) {
	v.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (v *verdict) Fatalf(format string, args ...any) {
	v.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// required returns how a test that needs tier ends at its gate.
func required(tier Tier) verdict {
	var v verdict
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		Require(&v, tier)
	}()
	<-ended
	return v
}

// A machine with nothing but Go: each tier beyond it is skipped and says what it lacks, and with CI
// set it fails. Tests of real brokers once ended with "find java: executable file not found" there.
func TestRequireWhereOnlyGoIs(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv(ImagesVariable, "")
	for tier, want := range map[Tier]string{
		Terminal:    "tier 3, on a terminal: no script, no timeout: install ",
		OpenSSL:     "tier 3, certificates as OpenSSL reads them: no openssl: install ",
		Brokers:     "tier 4, real Kafka and ZooKeeper: no java, no mvn: install ",
		KafkaJS:     "tier 4, KafkaJS: no java, no mvn, no node, no npm: install ",
		KafkaPython: "tier 4, kafka-python: no java, no mvn, no python3: install ",
		Stack:       "tier 5, the stack (deploy/compose): no java, no mvn, no docker, no bash, no grep, no ldd: install ",
	} {
		if linuxProblem() != nil && (tier == Terminal || tier == Stack) {
			continue // lacks Linux too
		}
		t.Setenv("CI", "")
		if local := required(tier); !strings.HasPrefix(local.skipped, "SKIPPED "+want) || local.failed != "" {
			t.Errorf("%+v, want it skipped: %s", local, want)
		}
		t.Setenv("CI", "true")
		if ci := required(tier); !strings.Contains(ci.failed, "CI is set, so a tier that cannot run is a failure: "+want) || ci.skipped != "" {
			t.Errorf("%+v, want it failed: %s", ci, want)
		}
	}
}

// What is reported before the tests is what the tests then say, in their order.
func TestLacking(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	var names []string
	for _, err := range Lacking() {
		name, _, _ := strings.Cut(err.Error(), ":")
		names = append(names, name)
	}
	want := []string{
		"tier 3, on a terminal", "tier 3, certificates as OpenSSL reads them", "tier 4, real Kafka and ZooKeeper", "tier 4, KafkaJS", "tier 4, kafka-python",
		"tier 4, the stores of OpenSSL and keytool", "tier 5, the stack (deploy/compose)",
	}
	if linuxProblem() != nil {
		want = append([]string{"tier 3, what only Linux has"}, want...)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
