package spec

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/access"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Access as code on each kind of authorizer: what the nine services of the stack need is made, at once and in full, and
// what they do not need is refused; a second apply writes nothing.
func TestRealAccess(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.Kraft1Before4, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			f := startAccess(t, flavour)
			f.wantNoWrite("plan", func() { f.run("plan", "--check").Want(t, cli.ExitCondition, `OrderService`) })
			f.run("apply").Want(t, cli.ExitDone, `WelcomeService`)
			f.wantServices()
			f.wantListed()
			f.wantNoWrite("a second apply", func() { f.run("apply").Want(t, cli.ExitDone, `in sync`) })
			f.run("plan", "--check").Want(t, cli.ExitDone, `in sync`)
			f.foreign()
			f.ownRights()
			f.passwords()
			if flavour == kafkatest.Kraft3 {
				f.killed()
			}
			f.wantNoPassword()
		})
	}
}

// desired is what the file declares.
func (f accessField) desired() topicspec.DesiredAccess {
	f.Helper()
	text, err := os.ReadFile(f.file)
	if err != nil {
		f.Fatal(err)
	}
	spec, err := topicspec.Parse(bytes.NewReader(text), topicspec.Source{File: f.file})
	if err != nil {
		f.Fatal(err)
	}
	d, err := spec.Access("")
	if err != nil {
		f.Fatal(err)
	}
	return d
}

// derived lists the bindings that the file asks for, as listed does.
func (f accessField) derived() []string {
	f.Helper()
	var lines []string
	for _, w := range access.Derive(f.desired()) {
		lines = append(lines, fmt.Sprintf("%s %s:%s:%s %s %s %s", w.Principal, w.Type, w.Pattern, w.Name, w.Host, w.Operation, w.Permission))
	}
	slices.Sort(lines)
	return lines
}

// listed lists the bindings that Apache's tool shows, without those of kafkactl itself.
func (f accessField) listed() []string {
	f.Helper()
	resource := regexp.MustCompile(`^Current ACLs for resource .ResourcePattern\(resourceType=(\w+), name=(.+), patternType=(\w+)\)`)
	binding := regexp.MustCompile(`^\s+\(principal=(.+), host=(.+), operation=(\w+), permissionType=(\w+)\)`)
	var lines []string
	var on string
	for line := range strings.Lines(clitest.Apache(f.T, f.Cluster, "kafka-acls", "--list")) {
		if m := resource.FindStringSubmatch(line); m != nil {
			on = m[1] + ":" + m[3] + ":" + m[2]
		} else if m := binding.FindStringSubmatch(line); m != nil && m[1] != "User:admin" {
			lines = append(lines, fmt.Sprintf("%s %s %s %s %s", m[1], on, m[2], m[3], m[4]))
		}
	}
	slices.Sort(lines)
	return lines
}

// wantListed fails the test unless the brokers have just the derived bindings, and more.
func (f accessField) wantListed(more ...string) {
	f.Helper()
	want := slices.Sorted(slices.Values(slices.Concat(f.derived(), more)))
	if diff := cmp.Diff(want, f.listed()); diff != "" {
		f.Errorf("kafka-acls --list (-want +got):\n%s", diff)
	}
}

// wantNoWrite fails the test unless do, in which kafkactl runs, sends the brokers nothing that changes them.
func (f accessField) wantNoWrite(what string, do func()) {
	f.Helper()
	requests, sent := 0, []string(nil)
	f.gate.Watch(func(req kmsg.Request, answered bool) bool {
		if requests++; writes(req) && !answered {
			sent = append(sent, kmsg.NameForKey(req.Key()))
		}
		return true
	})
	do()
	f.gate.Watch(nil)
	if len(sent) > 0 || requests == 0 {
		f.Errorf("%s sent %d requests, of which these write: %v", what, requests/2, sent)
	}
}

// writes reports whether a request changes something.
func writes(req kmsg.Request) bool {
	return kafkatest.ChangesTopics(req) || kafkatest.ChangesAccess(req) || req.Key() == kmsg.Produce.Int16()
}

// wantServices fails the test unless each service can do through every broker what the file says, at the first try, and
// nothing else.
func (f accessField) wantServices() {
	f.Helper()
	topics := clitest.AskTopics(f.T, f.Cluster.Addrs()[0], clitest.StackTopics()...)
	services := f.desired().Services
	var groups []string
	for _, service := range services {
		groups = append(groups, service.Groups[0].Name)
	}
	for _, service := range services {
		var want []string
		for _, topic := range service.Produces {
			want = append(want, "write "+topic, "show "+topic)
		}
		for _, consumed := range service.Consumes {
			want = append(want, "read "+consumed.Topic, "show "+consumed.Topic)
		}
		if len(service.Consumes) > 0 {
			want = append(want, "join "+service.Groups[0].Name)
		}
		if len(service.TransactionalIDs) > 0 {
			want = append(want, "transact order-7")
		}
		slices.Sort(want)
		for i, addr := range f.Cluster.ListenerAddrs("LOGIN") {
			try := clitest.Trial{
				Node: int32(f.Cluster.BrokerIDs()[i]), Addr: addr, Topics: topics, Groups: groups, TransactionalIDs: []string{"order-7", "payment-7"},
			}
			got, err := try.Allowed(f.Context(), login(service.Name, f.password(service.Name)))
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				f.Errorf("%s at broker %d: %v (-want +got):\n%s", service.Name, try.Node, err, diff)
			}
		}
	}
}
