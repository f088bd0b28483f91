package accessadmin

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/access"
	"kafkactl/internal/acl"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// guarded are brokers with an authorizer, on which users log in. Who does not log in is a super user.
type guarded struct {
	*kafkatest.Cluster
	root *kafka.Client // a super user
}

const adminPassword = "admin-secret"

func guardedOptions(flavour kafkatest.Flavour) kafkatest.Options {
	authorizer := "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
	if flavour == kafkatest.ZK1 || flavour == kafkatest.ZK3 {
		authorizer = "kafka.security.authorizer.AclAuthorizer"
	}
	const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
	return kafkatest.Options{Flavour: flavour, Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}}, Props: map[string]string{
		"authorizer.class.name": authorizer, "super.users": "User:ANONYMOUS", // of the plain listener
		"sasl.enabled.mechanisms":                            "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
		"listener.name.login.plain.sasl.jaas.config":         fmt.Sprintf("org.apache.kafka.common.security.plain.PlainLoginModule required user_admin=%q;", adminPassword),
		"listener.name.login.scram-sha-256.sasl.jaas.config": scram,
		"listener.name.login.scram-sha-512.sasl.jaas.config": scram,
	}}
}

// startGuarded gives User:admin no more rights than access as code needs.
func startGuarded(t testing.TB, options kafkatest.Options) guarded {
	t.Helper()
	g := guarded{Cluster: kafkatest.Start(t, options)}
	g.root = dial(t, kafka.Config{Brokers: g.Addrs(), Version: "test"})
	var changes []topicspec.Change
	for _, b := range ownRights() {
		changes = append(changes, adding(b))
	}
	keeper := New(kafka.Config{}, g.root, topicspec.DesiredAccess{}, Secrets{})
	if err := errors.Join(keeper.Make(t.Context(), topicspec.StageAllow, changes)...); err != nil {
		t.Fatal(err)
	}
	return g
}

// adding is a new ACL.
func adding(b acl.Binding) topicspec.Change {
	return topicspec.Change{Kind: topicspec.KindACL, Action: topicspec.Create, Access: &topicspec.AccessSubject{Principal: b.Principal, Binding: &b}}
}

// ownRights are what kafkactl needs, in the order of [acl.Compare].
func ownRights() []acl.Binding {
	var all []acl.Binding
	for _, operation := range []acl.Operation{acl.Alter, acl.AlterConfigs, acl.Describe, acl.DescribeConfigs} {
		all = append(all, acl.Binding{
			Principal: "User:admin", Resource: acl.Resource{Type: acl.Cluster, Pattern: acl.Literal, Name: acl.ClusterName},
			Host: acl.Any, Operation: operation, Permission: acl.Allow,
		})
	}
	return all
}

func dial(t testing.TB, config kafka.Config) *kafka.Client {
	t.Helper()
	client, err := kafka.Dial(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// login is who logs in as User:admin.
func (g guarded) login(t testing.TB) kafka.Config {
	t.Helper()
	return kafka.Config{Brokers: g.ListenerAddrs("LOGIN"), Version: "test", Security: plainLogin(t, "admin", adminPassword)}
}

func plainLogin(t testing.TB, user, password string) kafka.Security {
	t.Helper()
	security, err := kafka.NewSecurity(properties.Client{
		SecurityProtocol: properties.SASLPlaintext,
		SASL:             properties.SASL{Mechanism: properties.Plain, Username: user, Password: properties.NewSecret(password)},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return security
}

// converge makes a file as apply does. It returns the outcomes as "stage subject result".
func converge(t testing.TB, config kafka.Config, desired topicspec.DesiredAccess, secrets Secrets, consent topicspec.Consent) []string {
	t.Helper()
	client := dial(t, config)
	keeper := New(config, client, desired, secrets)
	report, err := admin.New(client).WithAccess(keeper).WithConsent(consent).Converge(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, o := range report.Outcomes {
		line := fmt.Sprintf("%s %s %s", o.Stage, o.Subject(), o.Result)
		if o.Kind == topicspec.KindUser {
			line = fmt.Sprintf("%s %s %s %s", o.Stage, o.Subject(), o.Field, o.Result)
		}
		if o.Err != nil {
			t.Errorf("%s: %v", line, o.Err)
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// planned is the changes of a plan as "stage action subject: reason".
func planned(t testing.TB, config kafka.Config, desired topicspec.DesiredAccess, secrets Secrets) ([]string, topicspec.AccessCompared) {
	t.Helper()
	changes, compared, err := New(config, dial(t, config), desired, secrets).Plan(t.Context(), topicspec.Consent{})
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, c := range changes {
		lines = append(lines, strings.TrimSuffix(fmt.Sprintf("%s %s %s: %s", c.Stage, c.Action, c.Subject(), c.Reason), ": "))
	}
	return lines, compared
}

// derived is what a file asks for, and what is there for kafkactl itself, in order.
func derived(desired topicspec.DesiredAccess) []acl.Binding {
	all := ownRights()
	for _, w := range access.Derive(desired) {
		all = append(all, w.Binding)
	}
	slices.SortFunc(all, acl.Compare)
	return all
}

// toolBindings is what Apache's kafka-acls lists.
func (g guarded) toolBindings(t testing.TB) []acl.Binding {
	t.Helper()
	out, err := g.CLI(t.Context(), "kafka-acls", "--bootstrap-server", "{b}", "--list")
	if err != nil || out.Code != 0 {
		t.Fatalf("kafka-acls: %v, exit %d\n%s%s", err, out.Code, out.Stdout, out.Stderr)
	}
	resource := regexp.MustCompile(`resourceType=(\w+), name=(\S+), patternType=(\w+)`)
	rule := regexp.MustCompile(`principal=(\S+), host=(\S+), operation=(\w+), permissionType=(\w+)`)
	var on acl.Resource
	var all []acl.Binding
	for line := range strings.Lines(out.Stdout) {
		if found := resource.FindStringSubmatch(line); found != nil {
			on = acl.Resource{Type: acl.ResourceType(found[1]), Name: found[2], Pattern: acl.PatternType(found[3])}
		} else if found := rule.FindStringSubmatch(line); found != nil {
			all = append(all, acl.Binding{Principal: found[1], Resource: on, Host: found[2], Operation: acl.Operation(found[3]), Permission: acl.Permission(found[4])})
		}
	}
	slices.SortFunc(all, acl.Compare)
	return all
}

// wantLines compares lines, and shows what else there is.
func wantLines(t testing.TB, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
