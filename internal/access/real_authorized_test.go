package access

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// authorized is a broker that asks an authorizer. Whoever comes to its plain listener is a super user; at its listener
// LOGIN users log in by PLAIN, with their name and "-secret".
type authorized struct {
	cluster *kafkatest.Cluster
	client  *kgo.Client // a super user
}

// startAuthorized starts a broker whose authorizer logs each of its decisions.
func startAuthorized(t *testing.T, flavour kafkatest.Flavour, users ...string) authorized {
	t.Helper()
	authorizer := "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
	if flavour == kafkatest.ZK1 {
		authorizer = "kafka.security.authorizer.AclAuthorizer"
	}
	jaas := "org.apache.kafka.common.security.plain.PlainLoginModule required"
	for _, user := range users {
		jaas += fmt.Sprintf(" user_%s=%q", user, secret(user))
	}
	c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{
		"authorizer.class.name": authorizer, "super.users": "User:ANONYMOUS",
		"sasl.enabled.mechanisms": "PLAIN", "listener.name.login.plain.sasl.jaas.config": jaas + ";",
	}, Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}}})
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	a := authorized{c, client}
	for _, id := range c.BrokerIDs() {
		a.logDecisions(t, id)
	}
	return a
}

// logDecisions has a broker log what it allows, too (KIP-412).
func (a authorized) logDecisions(t *testing.T, broker int) {
	t.Helper()
	config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
	config.Name, config.Op, config.Value = "kafka.authorizer.logger", kmsg.IncrementalAlterConfigOpSet, kmsg.StringPtr("DEBUG")
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeBrokerLogger, fmt.Sprint(broker)
	resource.Configs = append(resource.Configs, config)
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	req.Resources = append(req.Resources, resource)
	resp, err := req.RequestWith(t.Context(), a.client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Resources[0].ErrorCode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// login is what a client.properties has of a user, each name after the prefix.
func (a authorized) login(user, prefix string) []string {
	return []string{
		prefix + "bootstrap.servers=" + a.cluster.ListenerAddrs("LOGIN")[0],
		prefix + "security.protocol=SASL_PLAINTEXT", prefix + "sasl.mechanism=PLAIN",
		prefix + fmt.Sprintf("sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=%q password=%q;", user, secret(user)),
	}
}

func secret(user string) string { return user + "-secret" }

// topics makes topics of one partition.
func (a authorized) topics(t *testing.T, names []string, configs map[string]*string) {
	t.Helper()
	made, err := kadm.NewClient(a.client).CreateTopics(t.Context(), 1, 1, configs, names...)
	if err == nil {
		err = made.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// grant gives the services of a topics file just what Derive says, and returns that.
func (a authorized) grant(t *testing.T, file string) []acl.Binding {
	t.Helper()
	spec, err := topicspec.Parse(strings.NewReader("version: 1\n"+file), topicspec.Source{File: "topics.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	desired, err := spec.Access("")
	if err != nil {
		t.Fatal(err)
	}
	var bindings []acl.Binding
	for _, wanted := range Derive(desired) {
		bindings = append(bindings, wanted.Binding)
	}
	a.put(t, bindings)
	return bindings
}

// put adds bindings, and returns once the broker goes by them.
func (a authorized) put(t *testing.T, bindings []acl.Binding) {
	t.Helper()
	req := kmsg.NewPtrCreateACLsRequest()
	for _, b := range bindings {
		creation := kmsg.NewCreateACLsRequestCreation()
		creation.ResourceType, creation.ResourceName, creation.ResourcePatternType = words(t, b)
		creation.Principal, creation.Host, creation.PermissionType = b.Principal, b.Host, kmsg.ACLPermissionTypeAllow
		creation.Operation = operation(t, b)
		req.Creations = append(req.Creations, creation)
	}
	resp, err := req.RequestWith(t.Context(), a.client)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range resp.Results {
		if err := kerr.ErrorForCode(one.ErrorCode); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range bindings {
		a.await(t, b, true)
	}
}

// take removes a binding, and returns once the broker goes without it.
func (a authorized) take(t *testing.T, b acl.Binding) {
	t.Helper()
	filter := kmsg.NewDeleteACLsRequestFilter()
	var name string
	filter.ResourceType, name, filter.ResourcePatternType = words(t, b)
	filter.ResourceName, filter.Principal, filter.Host = &name, &b.Principal, &b.Host
	filter.Operation, filter.PermissionType = operation(t, b), kmsg.ACLPermissionTypeAllow
	req := kmsg.NewPtrDeleteACLsRequest()
	req.Filters = append(req.Filters, filter)
	resp, err := req.RequestWith(t.Context(), a.client)
	if err == nil && len(resp.Results[0].MatchingACLs) != 1 {
		err = fmt.Errorf("%d bindings removed for %s", len(resp.Results[0].MatchingACLs), b)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.await(t, b, false)
}

// await waits until the broker shows a binding, or does not.
func (a authorized) await(t *testing.T, b acl.Binding, want bool) {
	t.Helper()
	req := kmsg.NewPtrDescribeACLsRequest()
	var name string
	req.ResourceType, name, req.ResourcePatternType = words(t, b)
	req.ResourceName, req.Principal, req.Host = &name, &b.Principal, &b.Host
	req.Operation, req.PermissionType = operation(t, b), kmsg.ACLPermissionTypeAllow
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		resp, err := req.RequestWith(t.Context(), a.client)
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Resources) > 0 == want {
			return
		}
		if time.Since(start) > 30*time.Second {
			t.Fatalf("not within 30 s: %s: %t", b, want)
		}
	}
}

func words(t *testing.T, b acl.Binding) (kmsg.ACLResourceType, string, kmsg.ACLResourcePatternType) {
	t.Helper()
	kind, err := kmsg.ParseACLResourceType(string(b.Type))
	if err != nil {
		t.Fatal(err)
	}
	pattern, err := kmsg.ParseACLResourcePatternType(string(b.Pattern))
	if err != nil {
		t.Fatal(err)
	}
	return kind, b.Name, pattern
}

func operation(t *testing.T, b acl.Binding) kmsg.ACLOperation {
	t.Helper()
	op, err := kmsg.ParseACLOperation(string(b.Operation))
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// decision is what the authorizer logged.
type decision struct {
	denied    bool
	operation acl.Operation
	// what is the operation, the resource with the name that the client gave, and the request.
	what string
	// rule is the binding that allowed it.
	rule acl.Binding
}

// decisions reads what the authorizer of the broker decided about a principal.
func (a authorized) decisions(t *testing.T, principal string) []decision {
	t.Helper()
	line := regexp.MustCompile(`(?m)kafka\.authorizer\.logger: Principal = ` + regexp.QuoteMeta(principal) +
		` is (\w+) operation = (\w+) from host = \S+ on resource = (\w+):LITERAL:(\S+) for request = (\w+) with \S+ = \d+( .*)?$`)
	rule := regexp.MustCompile(`resourceType=(\w+), resourceName=(\S+), patternType=(\w+), principal=(\S+), host=(\S+), operation=(\w+), permissionType=ALLOW`)
	text, err := os.ReadFile(filepath.Join(a.cluster.Dir(), "broker-1.log"))
	if err != nil {
		t.Fatal(err)
	}
	var found []decision
	for _, l := range line.FindAllStringSubmatch(string(text), -1) {
		d := decision{denied: l[1] == "Denied", operation: acl.Operation(l[2]), what: fmt.Sprintf("%s %s %s (%s)", l[2], l[3], l[4], l[5])}
		if r := rule.FindStringSubmatch(l[6]); r != nil {
			d.rule = acl.Binding{
				Principal: r[4], Resource: acl.Resource{Type: acl.ResourceType(r[1]), Name: r[2], Pattern: acl.PatternType(r[3])},
				Host: r[5], Operation: acl.Operation(r[6]), Permission: acl.Allow,
			}
		}
		found = append(found, d)
	}
	return found
}

// wantJust fails the test unless the broker denied the principal nothing but what is harmless, and allowed it something by
// each of the bindings that no weaker operation would have allowed.
func (a authorized) wantJust(t *testing.T, principal string, bindings []acl.Binding, harmless ...string) {
	t.Helper()
	unused := slices.Clone(bindings)
	denied := make(map[string]bool)
	for _, d := range a.decisions(t, principal) {
		if d.denied {
			denied[d.what] = true
		}
		unused = slices.DeleteFunc(unused, func(b acl.Binding) bool { return b == d.rule && b.Operation == d.operation })
	}
	if diff := cmp.Diff(harmless, slices.Sorted(maps.Keys(denied))); diff != "" {
		t.Errorf("denied (-want +got):\n%s", diff)
	}
	if len(unused) > 0 {
		t.Errorf("bindings that nothing needed: %v", unused)
	}
}
