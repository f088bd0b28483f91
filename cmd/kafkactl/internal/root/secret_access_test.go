package root

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// The password of a service is printed by access credentials, which is asked for it, and by nothing else: whichever
// command reads the file that says where it is, and however that ends.
func TestServicePasswordIsPrintedOnRequestAlone(t *testing.T) {
	t.Parallel()
	f := newSecretField(t)
	offline := []string{"validate", "validate -o json", "access"}
	asking := []string{
		"plan", "plan -o json", "plan --check", "apply", "apply -o json", "wait --for topics", "health",
		"access credentials", "access credentials Nobody", "access credentials OrderService --help", "access credentials OrderService -o json",
		"access credentials OrderService --profile none", "__complete access credentials O",
	}
	for i, c := range f.all[:2] { // the other one has letters that SCRAM changes
		config := f.write(t, "secret.properties", "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"+f.trust()+
			"sasl.jaas.config="+propertiesText(scramModule+` required username="`+user(1-i)+`" password=`+jaasText(f.all[1-i].text)+";")+"\n")
		env := map[string]string{"SHOP_PASSWORD": c.text, "KAFKACTL_PLACE": "host", "KAFKACTL_BROKERS": f.addresses[taking]}
		file := f.at(fmt.Sprint("password", i))
		for _, source := range []string{"file: " + file, "generate: " + file, "env: SHOP_PASSWORD"} {
			spec := f.write(t, "secret.yaml", "version: 1\nservices:\n  OrderService: {principal: User:"+user(i)+", scram: {password: {"+source+"}}}\n"+
				"topics:\n  orders: {partitions: 1, replicationFactor: 1, producers: [OrderService]}\n")
			env["KAFKACTL_FILE"] = spec
			for _, line := range slices.Concat(offline, asking) {
				words := strings.Fields(line)
				if slices.Contains(asking, line) && words[0] != "__complete" {
					words = append(words, "--config", config)
				}
				f.wantHidden(t, line+" with the password in "+source, f.run(t, env, words...))
			}
			r := f.run(t, env, "access", "credentials", "OrderService", "--config", config)
			r.Want(t, cli.ExitDone)
			if !strings.Contains(r.Stdout, propertiesText(" password="+jaasText(c.text)+";")) || c.in(r.Stderr) != "" {
				t.Errorf("%s: want the password on stdout, and there alone: %v", source, r)
			}
			r.Stdout = strings.ReplaceAll(r.Stdout, propertiesText(jaasText(c.text)), "")
			f.wantHidden(t, "access credentials with the password in "+source, r)
		}
	}
}
