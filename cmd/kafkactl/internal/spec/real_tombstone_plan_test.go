package spec

import (
	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// reviewed is about a deletion in a saved plan: it is of the topic and the records that were reviewed, or of none.
func (c tombCluster) reviewed() {
	const nothing = "map[]"
	c.topic("tomb.reviewed", 3, 2*day)
	p := c.declare("tomb.reviewed")

	again := p.plan("made again", "--accept", "delete=1")
	p.remake("tomb.reviewed")
	p.apply(again, cli.ExitCondition, nothing, `^tomb\.reviewed  topic was recreated: id \S{22} → \S{22}$`)
	c.there(true, "tomb.reviewed")

	written := p.plan("written to", "--accept", "delete=1")
	c.write("tomb.reviewed", 1, 2*day)
	p.apply(written, cli.ExitFailed, nothing, `^! tomb\.reviewed +blocked +.*somebody wrote to it after this was planned: plan its deletion anew$`)
	c.there(true, "tomb.reviewed")

	p.apply(p.plan("good", "--accept", "delete=1"), cli.ExitDone, "map[DELETE_TOPICS:1]", `^- tomb\.reviewed +deleted +.*it holds 1 record `)
	c.there(false, "tomb.reviewed")
	p.apply(written, cli.ExitDone, nothing, `^2 topics: 1 done already; 1 topic in sync`)
}

// noRight is about a topic of which the login does not see who uses it. The rights stay away: it is the last.
func (c tombCluster) noRight() {
	c.topic("tomb.hidden", 3, 2*day)
	for _, acl := range []*kadm.ACLBuilder{
		kadm.NewACLs().Clusters().Operations(kadm.OpAll).Allow("User:ANONYMOUS").AllowHosts("*"),
		kadm.NewACLs().Clusters().Operations(kadm.OpDescribe).Deny("User:ANONYMOUS").DenyHosts("*"),
		kadm.NewACLs().Groups("*").Operations(kadm.OpDescribe).Deny("User:ANONYMOUS").DenyHosts("*"),
	} {
		made, err := c.field.Adm.CreateACLs(c.t.Context(), acl.ResourcePatternType(kadm.ACLPatternLiteral))
		if err != nil || made[0].Err != nil {
			c.t.Fatal(err, made)
		}
	}
	p := c.declare("tomb.hidden")
	c.field.Until("the broker goes by the ACLs", func() bool {
		return clitest.Kafkactl(c.t, "plan", "-f", p.spec, "--accept", "delete=1", "-b", p.Bootstrap()).Code == int(cli.ExitFailed)
	})
	p.applyFile(cli.ExitFailed, "map[]", []string{"--accept", "delete=1"},
		`^! tomb\.hidden +blocked +.*whether anybody reads it is not known: .*Describe on all groups.*: only kafkactl delete tomb\.hidden deletes it$`)
	c.there(true, "tomb.hidden")
}
