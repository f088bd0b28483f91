package spec

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// adminPassword is that of kafkactl's own user.
const adminPassword = "admin-secret"

// paymentPassword and analyticsPassword come from the environment and from a file; the other services have generated ones.
const (
	paymentPassword   = "payment-secret"
	analyticsPassword = "analytics-secret"
)

// accessField is a cluster with an authorizer, and the access of the nine services as a file. kafkactl logs in as
// User:admin, who is no super user.
type accessField struct {
	*clitest.Field // a super user
	dir, file      string
	gate           *clitest.Gate // before the brokers, for kafkactl
	outputs        *bytes.Buffer // all that kafkactl printed
}

func startAccess(t *testing.T, flavour kafkatest.Flavour) accessField {
	t.Helper()
	authorizer := "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
	if flavour == kafkatest.ZK1 {
		authorizer = "kafka.security.authorizer.AclAuthorizer"
	}
	gate := clitest.NewGate(t)
	jaas := "org.apache.kafka.common.security.scram.ScramLoginModule required;"
	c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: map[string]string{
		"authorizer.class.name": authorizer, "super.users": "User:ANONYMOUS", // of the plain listener
		"sasl.enabled.mechanisms":                            "SCRAM-SHA-256,SCRAM-SHA-512",
		"listener.name.login.scram-sha-256.sasl.jaas.config": jaas, "listener.name.login.scram-sha-512.sasl.jaas.config": jaas,
		"listener.name.admin.scram-sha-512.sasl.jaas.config": jaas, "listener.name.admin.sasl.enabled.mechanisms": "SCRAM-SHA-512",
	}, Listeners: []kafkatest.Listener{
		{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}, {Name: "ADMIN", Protocol: "SASL_PLAINTEXT", Advertise: gate.Advertise},
	}})
	f := accessField{Field: clitest.NewField(t, c), dir: t.TempDir(), gate: gate, outputs: new(bytes.Buffer)}
	f.file = filepath.Join(f.dir, "topics.yaml")
	f.write("analytics.txt", analyticsPassword+"\n")
	f.write("topics.yaml", f.declaration(""))
	f.write("admin.properties", `security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="`+adminPassword+`";
`)
	f.setPassword("admin", adminPassword)
	f.Grant("User:admin", adminRights()...)
	return f
}

// adminRights are what the docs say that kafkactl needs for a file with access.
func adminRights() []clitest.Binding {
	var rights []clitest.Binding
	for _, op := range []kmsg.ACLOperation{kmsg.ACLOperationAlter, kmsg.ACLOperationAlterConfigs, kmsg.ACLOperationDescribe, kmsg.ACLOperationDescribeConfigs} {
		rights = append(rights, clitest.OnCluster(op))
	}
	for _, op := range []kmsg.ACLOperation{
		kmsg.ACLOperationAlter, kmsg.ACLOperationAlterConfigs, kmsg.ACLOperationCreate, kmsg.ACLOperationDescribe, kmsg.ACLOperationDescribeConfigs,
	} {
		rights = append(rights, clitest.OnTopic("*", op))
	}
	return rights
}

// declaration is the file: the nine services and the topics of the stack, with more services.
func (f accessField) declaration(more string) string {
	f.Helper()
	stack, err := os.ReadFile(clitest.StackFile())
	if err != nil {
		f.Fatal(err)
	}
	_, topics, _ := strings.Cut(string(stack), "\ntopics:\n")
	topics, _, _ = strings.Cut(topics, "\nprofiles:")
	text := fmt.Sprintf("version: 1\naccess: {acls: required, principal: \"User:{service}\"}\ndefaults: {partitions: 3, replicationFactor: %d}\nservices:\n",
		clitest.ReplicationFactor(f.Cluster))
	for _, service := range stackServices() {
		password, quota := fmt.Sprintf("{generate: %s}", f.passwordFile(service)), ""
		switch service {
		case "PaymentService":
			password = "{env: PAYMENT_PASSWORD}"
		case "AnalyticsService":
			password = fmt.Sprintf("{file: %s}", filepath.Join(f.dir, "analytics.txt"))
		case "OrderService":
			quota = ", transactionalId: order-*, quota: {produce: 5MiB, consume: 20MiB}"
		}
		text += fmt.Sprintf("  %s: {group: %[1]s-group, scram: {password: %s}%s}\n", service, password, quota)
	}
	return text + more + "topics:\n" + topics
}

func stackServices() []string {
	return strings.Fields("OrderService PaymentService CartService UserService NotificationService InventoryService RecommendationService AnalyticsService WelcomeService")
}

func (f accessField) passwordFile(service string) string {
	return filepath.Join(f.dir, service+".password")
}

// password is what a service logs in with.
func (f accessField) password(service string) string {
	f.Helper()
	switch service {
	case "PaymentService":
		return paymentPassword
	case "AnalyticsService":
		return analyticsPassword
	}
	text, err := os.ReadFile(f.passwordFile(service))
	if err != nil {
		f.Fatal(err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

func (f accessField) write(name, text string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
}

// setPassword is what somebody does who is a super user.
func (f accessField) setPassword(user, password string) {
	f.Helper()
	made, err := f.Adm.AlterUserSCRAMs(f.Context(), nil, []kadm.UpsertSCRAM{{User: user, Mechanism: kadm.ScramSha512, Iterations: 4096, Password: password}})
	if err == nil {
		err = made.Error()
	}
	if err != nil {
		f.Fatal(err)
	}
	for _, addr := range f.Cluster.ListenerAddrs("LOGIN") {
		f.Until(addr+" knows the password of "+user, func() bool {
			return clitest.AskSingle(f.Context(), addr, func(ctx context.Context, at *kgo.Broker) error {
				_, err := clitest.Metadata(ctx, at)
				return err
			}, login(user, password)) == nil
		})
	}
}

func login(user, password string) kgo.Opt {
	return kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha512Mechanism())
}

// command is kafkactl as User:admin.
func (f accessField) command(args ...string) (start func() (kill func()), wait func() clitest.RunResult) {
	f.Helper()
	cmd, result := clitest.Program(f.T, append(args, "-b", strings.Join(f.gate.Addrs(), ","), "--config", filepath.Join(f.dir, "admin.properties"))...)
	cmd.Env = append(cmd.Env, "PAYMENT_PASSWORD="+paymentPassword)
	start = func() func() {
		if err := cmd.Start(); err != nil {
			f.Fatal(err)
		}
		return func() { _ = cmd.Process.Kill() }
	}
	return start, func() clitest.RunResult {
		r := result(cmd.Wait())
		f.outputs.WriteString(r.Stdout + r.Stderr)
		return r
	}
}

// run runs kafkactl with the file to its end.
func (f accessField) run(command string, more ...string) clitest.RunResult {
	f.Helper()
	start, wait := f.command(append([]string{command, "-f", f.file}, more...)...)
	start()
	return wait()
}
