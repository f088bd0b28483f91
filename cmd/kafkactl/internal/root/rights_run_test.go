package root

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// rightsStage is a broker with an authorizer, where each command logs in as a user of its own.
type rightsStage struct {
	*kafkatest.Cluster
	field *clitest.Field // a super user
	runs  *atomic.Int64
}

func startRights(t *testing.T, users int) rightsStage {
	t.Helper()
	jaas := "org.apache.kafka.common.security.plain.PlainLoginModule required"
	for i := range users {
		jaas += fmt.Sprintf(` user_user-%d="secret"`, i)
	}
	c := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1, Props: map[string]string{
		"authorizer.class.name":                      "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"super.users":                                "User:ANONYMOUS", // of the plain listener
		"sasl.enabled.mechanisms":                    "PLAIN",
		"listener.name.login.plain.sasl.jaas.config": jaas + ";",
	}, Listeners: []kafkatest.Listener{{Name: "LOGIN", Protocol: "SASL_PLAINTEXT"}}})
	return rightsStage{c, clitest.NewField(t, c), &atomic.Int64{}}
}

// run runs the command of a row as a user with these rights alone, with a topic and a group of its own.
func (s rightsStage) run(t *testing.T, row rightsRow, user string, rights []right) clitest.RunResult {
	t.Helper()
	suffix := fmt.Sprintf("%03d", s.runs.Add(1))
	topic, group := "orders-"+suffix, "billing-"+suffix
	if !row.absent {
		s.makeTopic(topic, group, row.age())
	}
	bindings := make([]clitest.Binding, len(rights))
	for i, r := range rights {
		bindings[i] = r.binding(topic, group)
	}
	s.field.SetRights("User:"+user, bindings...)
	file := filepath.Join(t.TempDir(), "client.properties")
	client := "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\"secret\";\n"
	if err := os.WriteFile(file, []byte(client), 0o600); err != nil {
		t.Fatal(err)
	}
	args := strings.Fields(strings.NewReplacer("orders", topic, "billing", group).Replace(row.command))
	cmd, result := clitest.Program(t, append(args, "-b", s.ListenerAddrs("LOGIN")[0], "--command-config", file)...)
	cmd.Dir, cmd.Stdin = t.TempDir(), strings.NewReader("hello\n")
	if row.declared != "" {
		spec := "version: 1\ntopics:\n  " + topic + ": " + row.declared + "\n"
		if err := os.WriteFile(filepath.Join(cmd.Dir, "topics.yaml"), []byte(spec), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := result(cmd.Run())
	r.Stdout, r.Stderr = s.shown(r.Stdout, topic, group), s.shown(r.Stderr, topic, group)
	return r
}

// shown returns output with the names of the page.
func (s rightsStage) shown(output, topic, group string) string {
	return strings.NewReplacer(topic, "orders", group, "billing").Replace(output)
}

// age is how old the record of the topic is.
func (row rightsRow) age() time.Duration {
	if row.old {
		return 48 * time.Hour
	}
	return 0
}

// makeTopic makes a topic of one partition with a record of that age, and a group that has a record of it yet to read.
func (s rightsStage) makeTopic(topic, group string, age time.Duration) {
	s.field.Helper()
	s.field.Topic(topic, 1)
	s.field.Write(s.field.Client, topic, 1, "record-", 1, func(r *kgo.Record) { r.Timestamp = time.Now().Add(-age) })
	var offsets kadm.Offsets
	offsets.Add(kadm.Offset{Topic: topic, At: 0, LeaderEpoch: -1})
	s.field.Until("the group can commit", func() bool {
		return s.field.Adm.CommitAllOffsets(s.field.Context(), group, offsets) == nil
	})
}
