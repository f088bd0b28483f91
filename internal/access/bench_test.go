package access

import (
	"fmt"
	"testing"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// large is 1,000 services that each read and write five topics, and 20,000 bindings.
func large() topicspec.DesiredAccess {
	d := topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto}
	for i := range 1000 {
		name := fmt.Sprintf("service-%d", i)
		s := topicspec.DesiredService{
			Name: name, Principal: "User:" + name, Hosts: from("10.0.0.1", "10.0.0.2"), Groups: names(acl.Literal, name),
			Scram: &topicspec.DesiredScram{Password: topicspec.PasswordSource{Env: "PASS"}, Mechanisms: []string{sha512}, Iterations: 4096},
		}
		for j := range 10 {
			topic := fmt.Sprintf("%s.topic-%d", name, j)
			d.Topics = append(d.Topics, topic)
			if j < 5 {
				s.Produces = append(s.Produces, topic)
			} else {
				s.Consumes = append(s.Consumes, topicspec.Consumed{Topic: topic})
			}
		}
		d.Services = append(d.Services, s)
	}
	return d
}

func BenchmarkDiff(b *testing.B) {
	d := large()
	inSync := Observed{Own: admin}
	for _, w := range Derive(d) {
		inSync.Bindings = append(inSync.Bindings, w.Binding)
	}
	b.Logf("%d bindings", len(inSync.Bindings))
	for name, o := range map[string]Observed{"missing": {Own: admin, OpenToAll: true}, "in sync": inSync} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Diff(d, o, topicspec.Consent{})
			}
		})
	}
}
