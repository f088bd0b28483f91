package topics_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// whoAmI is what whoami -o json says, as far as these tests look at it.
type whoAmI struct {
	Principal, PrincipalDoubt, Protocol, Mechanism, Listener string
	Authorizer                                               *bool
	ClusterOperations                                        []string
	TLS                                                      *struct {
		Version                              string
		BrokerCertificate, ClientCertificate struct{ Subject string }
	}
	Topics, Groups []permitted
}

type permitted struct {
	Name, Error string
	Operations  []string
}

// Who one is on each kind of listener is judged by the broker: the rights of a topic are granted to the principal that
// is expected, and the broker tells them to nobody else.
func TestRealWhoAmI(t *testing.T) {
	for flavour, authorizer := range map[kafkatest.Flavour]string{
		kafkatest.Kraft1: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		kafkatest.ZK1:    "kafka.security.authorizer.AclAuthorizer",
	} {
		t.Run(string(flavour), func(t *testing.T) {
			r := startRights(t, flavour, authorizer)
			for _, s := range r.signIns(t) {
				t.Run(s.name, func(t *testing.T) { s.check(t, r) })
			}
		})
	}
}

// signIn is a client, and who it is.
type signIn struct {
	name, listener, file string
	holder               string // whom the broker knows it as
	want                 whoAmI // without rights
}

// signIns returns a client of each kind.
func (r rights) signIns(t *testing.T) []signIn {
	t.Helper()
	const jaas = "sasl.jaas.config=org.apache.kafka.common.security."
	login := "security.protocol=SASL_PLAINTEXT\n"
	token := r.delegationToken(t)
	return []signIn{
		{
			"PLAIN", "LOGIN", login + plainLogin("app"), "User:app",
			whoAmI{Principal: "User:app", PrincipalDoubt: "principal.builder.class", Protocol: "SASL_PLAINTEXT", Mechanism: "PLAIN"},
		},
		{
			"PLAIN, settings readable", "LOGIN", login + plainLogin("reader"), "User:reader",
			whoAmI{Principal: "User:reader", Protocol: "SASL_PLAINTEXT", Mechanism: "PLAIN", Listener: "LOGIN"},
		},
		{
			"SCRAM", "LOGIN", login + "sasl.mechanism=SCRAM-SHA-512\n" + jaas + `scram.ScramLoginModule required username="scram" password="scram-secret";` + "\n", "User:scram",
			whoAmI{Principal: "User:scram", PrincipalDoubt: "principal.builder.class", Protocol: "SASL_PLAINTEXT", Mechanism: "SCRAM-SHA-512"},
		},
		{
			"a token's owner", "LOGIN", login + token, "User:owner",
			whoAmI{Protocol: "SASL_PLAINTEXT", Mechanism: "SCRAM-SHA-512"},
		},
		{
			"OAUTHBEARER", "LOGIN", login + "sasl.mechanism=OAUTHBEARER\n" + jaas + `oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="bearer";` + "\n", "User:bearer",
			whoAmI{Principal: "User:bearer", PrincipalDoubt: "sasl.oauthbearer.sub.claim.name", Protocol: "SASL_PLAINTEXT", Mechanism: "OAUTHBEARER"},
		},
		{
			"certificate", "MUTUAL", r.certificate(t, "app"), "User:app-by-rule",
			whoAmI{Principal: "User:CN=app", PrincipalDoubt: "ssl.principal.mapping.rules", Protocol: "SSL"},
		},
		{
			"certificate, rules readable", "MUTUAL", r.certificate(t, "reader"), "User:reader-by-rule",
			whoAmI{Principal: "User:reader-by-rule", Protocol: "SSL", Listener: "MUTUAL"},
		},
		{
			"certificate without rules", "UNMAPPED", r.certificate(t, "reader"), "User:CN=reader",
			whoAmI{Principal: "User:CN=reader", Protocol: "SSL", Listener: "UNMAPPED"},
		},
		{
			"certificate that nobody asks for", "ENCRYPTED", r.certificate(t, "app"), "User:ANONYMOUS",
			whoAmI{Principal: "User:ANONYMOUS", Protocol: "SSL", Listener: "ENCRYPTED"},
		},
	}
}

// check grants rights to whom the client should be, and runs whoami as the client.
func (s signIn) check(t *testing.T, r rights) {
	topic := r.field.Topic("of."+strings.ReplaceAll(strings.TrimPrefix(s.holder, "User:"), "=", "-"), 1)
	group := "group-" + topic
	r.field.Grant(s.holder, clitest.OnTopic(topic, kmsg.ACLOperationRead), clitest.OnGroup(group, kmsg.ACLOperationRead))
	got := r.whoAmI(t, s.file, s.listener, "-t", topic, "-g", group)
	checkTLS(t, got)
	want := s.want
	want.Authorizer, want.TLS = new(true), got.TLS
	want.Topics = []permitted{{Name: topic, Operations: []string{"DESCRIBE", "READ"}}}
	want.Groups = []permitted{{Name: group, Operations: []string{"DESCRIBE", "READ"}}}
	switch {
	case s.holder == "User:ANONYMOUS": // a super user here
		want.Topics[0].Operations, want.Groups[0].Operations, want.ClusterOperations = got.Topics[0].Operations, got.Groups[0].Operations, got.ClusterOperations
	case want.Listener != "": // whoever may read the settings
		want.ClusterOperations = []string{"DESCRIBE", "DESCRIBE_CONFIGS"}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// checkTLS holds what is said of the connection to the certificates of this test.
func checkTLS(t *testing.T, got whoAmI) {
	t.Helper()
	if (got.TLS != nil) != (got.Protocol == "SSL") {
		t.Fatalf("TLS: %v", got.TLS)
	}
	if got.TLS == nil {
		return
	}
	gave := got.Principal != "User:ANONYMOUS"
	if got.TLS.Version != "TLS 1.3" || got.TLS.BrokerCertificate.Subject != "CN=kafka" || strings.HasPrefix(got.TLS.ClientCertificate.Subject, "CN=") != gave {
		t.Errorf("TLS: %+v", *got.TLS)
	}
}

// Without an authorizer everybody may do everything, and is told so. A group has no coordinator yet, and whoami makes
// none.
func TestRealWhoAmIWithoutAuthorizer(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour})
			f := clitest.NewField(t, c)
			f.Topic("order.created", 1)
			f.Kafkactl("whoami", "-t", "order.created", "-g", "g").Want(t, cli.ExitDone,
				`^User:ANONYMOUS: nobody logs in on a PLAINTEXT listener$`, `^connected .*, broker 1, listener PLAINTEXT, cluster \S+$`,
				`^authorizer +none: everybody may do everything$`)
			if r := f.Kafkactl("whoami", "-t", "absent"); r.Code != int(cli.ExitNotFound) {
				t.Errorf("a topic that is not there: %v", r)
			}
			if topics := clitest.AskTopics(t, c.Addrs()[0]); len(topics) != 1 {
				t.Errorf("whoami made a topic: there are %d", len(topics))
			}
		})
	}
}

// rights is a broker with an authorizer and a listener for each kind of client.
type rights struct {
	*kafkatest.Cluster
	field *clitest.Field
	certs string
}

func startRights(t *testing.T, flavour kafkatest.Flavour, authorizer string) rights {
	t.Helper()
	r := rights{certs: filepath.Join(t.TempDir(), "certs")}
	clitest.Kafkactl(t, "certs", "--out", r.certs, "--node", "kafka=127.0.0.1,localhost", "--client", "app,reader").Want(t, cli.ExitDone)
	const modules, login = "org.apache.kafka.common.security.", "listener.name.login."
	props := map[string]string{
		"authorizer.class.name": authorizer, "super.users": "User:ANONYMOUS;User:root", // of the plain listener
		"delegation.token.secret.key": "a-secret",
		"sasl.enabled.mechanisms":     "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
		login + "plain.sasl.jaas.config": modules +
			`plain.PlainLoginModule required user_app="app-secret" user_reader="reader-secret" user_owner="owner-secret";`,
		login + "scram-sha-512.sasl.jaas.config":           modules + "scram.ScramLoginModule required;",
		login + "oauthbearer.sasl.jaas.config":             modules + `oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
		"listener.name.mutual.ssl.client.auth":             "required",
		"listener.name.unmapped.ssl.client.auth":           "required",
		"listener.name.encrypted.ssl.client.auth":          "none",
		"listener.name.mutual.ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1-by-rule/,DEFAULT",
	}
	for _, listener := range []string{"mutual", "unmapped", "encrypted"} {
		ssl := "listener.name." + listener + ".ssl."
		props[ssl+"keystore.type"], props[ssl+"keystore.location"] = "PEM", filepath.Join(r.certs, "kafka.pem")
		props[ssl+"truststore.type"], props[ssl+"truststore.location"] = "PEM", filepath.Join(r.certs, "ca.crt")
	}
	r.Cluster = kafkatest.Start(t, kafkatest.Options{Flavour: flavour, Props: props, Listeners: []kafkatest.Listener{
		{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}, {Name: "MUTUAL", Protocol: "SSL"}, {Name: "UNMAPPED", Protocol: "SSL"}, {Name: "ENCRYPTED", Protocol: "SSL"},
	}})
	r.field = clitest.NewField(t, r.Cluster)
	if _, err := r.field.Adm.AlterUserSCRAMs(t.Context(), nil, []kadm.UpsertSCRAM{
		{User: "scram", Mechanism: kadm.ScramSha512, Iterations: 4096, Password: "scram-secret"},
	}); err != nil {
		t.Fatal(err)
	}
	for _, reader := range []string{"User:reader", "User:reader-by-rule", "User:CN=reader"} {
		r.field.Grant(reader, clitest.OnCluster(kmsg.ACLOperationDescribe), clitest.OnCluster(kmsg.ACLOperationDescribeConfigs))
	}
	// A coordinator for the groups: some group has committed once.
	var offsets kadm.Offsets
	offsets.Add(kadm.Offset{Topic: r.field.Topic("any", 1), At: 0, LeaderEpoch: -1})
	r.field.Until("a group can commit", func() bool {
		return r.field.Adm.CommitAllOffsets(t.Context(), "some-group", offsets) == nil
	})
	return r
}

func plainLogin(user string) string {
	return fmt.Sprintf("sasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=%q password=%q;\n", user, user+"-secret")
}

// certificate is the client.properties that certs wrote for a client.
func (r rights) certificate(t *testing.T, client string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.certs, client+".properties"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// delegationToken is the login with a token of the user owner.
func (r rights) delegationToken(t *testing.T) string {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(r.ListenerAddrs("LOGIN")[0]), kgo.SASL(plain.Auth{User: "owner", Pass: "owner-secret"}.AsMechanism()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	token, err := kadm.NewClient(client).CreateDelegationToken(t.Context(), kadm.CreateDelegationToken{})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("sasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=%q password=%q tokenauth=\"true\";\n",
		token.TokenID, base64.StdEncoding.EncodeToString(token.HMAC))
}

// whoAmI runs the command as the client of a client.properties.
func (r rights) whoAmI(t *testing.T, client, listener string, args ...string) whoAmI {
	t.Helper()
	file := filepath.Join(t.TempDir(), "client.properties")
	if err := os.WriteFile(file, []byte(client), 0o600); err != nil {
		t.Fatal(err)
	}
	var run clitest.RunResult
	r.field.Until("the broker knows the login", func() bool { // a token or a user that was made just now, it may not
		run = clitest.Kafkactl(t, append([]string{"whoami", "-o", "json", "--config", file, "-b", r.ListenerAddrs(listener)[0]}, args...)...)
		return run.Code != int(cli.ExitRefused)
	})
	run.Want(t, cli.ExitDone)
	var got whoAmI
	if err := json.Unmarshal([]byte(run.Stdout), &got); err != nil {
		t.Fatal(err)
	}
	return got
}
