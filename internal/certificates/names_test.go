package certificates

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Names are refused with what to do about them.
func TestNames(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"kafka-1": "", "KAFKA.example.com": "", "*.kafka.svc": "", "127.0.0.1": "", "::1": "", "1a": "",
		"kafka_1":                       `"kafka_1" is no DNS name: Java refuses host names with _`,
		"kafka:9092":                    `"kafka:9092" is no DNS name: leave out the port`,
		"[::1]:9092":                    `"[::1]:9092" is no DNS name: leave out the port`,
		"fe80::1%eth0":                  `"fe80::1%eth0": a certificate has no zone of an IP address`,
		"127.0.0.300":                   `"127.0.0.300" is neither an IP address nor a DNS name`,
		"kafka.":                        `"kafka." is no DNS name: a part between dots is empty`,
		"-kafka":                        `"-kafka" is no DNS name: no part begins or ends with a hyphen`,
		"kafka 1":                       `"kafka 1" is no DNS name: it has letters, digits and hyphens between dots`,
		"*":                             `"*" is no DNS name: it has letters, digits and hyphens between dots`,
		"a.*.com":                       `"a.*.com" is no DNS name: it has letters, digits and hyphens between dots`,
		"bücher.example":                `"bücher.example" is no DNS name: it has letters, digits and hyphens between dots`,
		strings.Repeat("a", 64):         fmt.Sprintf("%q is no DNS name: a part between dots has more than 63 characters", strings.Repeat("a", 64)),
		strings.Repeat("a.", 127) + "a": fmt.Sprintf("%q is no DNS name: it has more than 253 characters", strings.Repeat("a.", 127)+"a"),
	} {
		got := ""
		if err := CheckHost(host); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", host, diff)
		}
	}
	got := []string{}
	for _, name := range []string{"a/b", ".hidden", "TrustStore", strings.Repeat("n", 65), "a b", "a=b", "a,O=b", ""} {
		if checkName("client", name) != nil {
			got = append(got, name)
		}
	}
	if len(got) != 8 || slices.Contains(got, "admin") {
		t.Errorf("refused %q", got)
	}
}
