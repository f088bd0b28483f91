package root

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// docs/guide/rights.md is the table that [TestRealRights] holds to a broker; -update writes it.
func TestRightsPage(t *testing.T) {
	t.Parallel()
	file, want := clitest.InRepo("docs", "guide", "rights.md"), rightsPage()
	if *clitest.Update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run make generate", err)
	}
	if diff := cmp.Diff(string(have), want); diff != "" {
		t.Errorf("docs/guide/rights.md is not the table: run make generate (-page +table):\n%s", diff)
	}
}

func (row rightsRow) isHeading() bool { return strings.HasPrefix(row.command, "## ") }

func rightsPage() string {
	var page strings.Builder
	page.WriteString(rightsHead)
	for _, row := range rightsTable() {
		if row.isHeading() {
			fmt.Fprintf(&page, "\n%s\n\n| command | needs | without it |\n|---|---|---|\n", row.command)
			continue
		}
		page.WriteString(row.lines())
	}
	page.WriteString(rightsFoot)
	return page.String()
}

// lines is one line of the page's table for each right.
func (row rightsRow) lines() string {
	command := "`kafkactl " + row.command + "`"
	if row.when != "" {
		command += ", " + row.when
	}
	if len(row.least) == 0 {
		return fmt.Sprintf("| %s | none | |\n", command)
	}
	var lines strings.Builder
	for _, r := range row.least {
		fmt.Fprintf(&lines, "| %s | %s on the %s | %s |\n", command, r.operationName(), r.resource(), r.page())
		command = ""
	}
	return lines.String()
}

// page is what is lost, in words.
func (r right) page() string {
	if r.weaker.page == "" {
		return r.without.page
	}
	return r.without.page + "; with Describe alone " + r.weaker.page
}

// resource is what the right is on, for the page.
func (r right) resource() string {
	switch r.on {
	case "topic", "group", "cluster":
		return r.on
	case "all groups":
		return "groups `*`"
	case "topics with the prefix":
		return "topics' prefix"
	}
	return "topic `" + r.on + "`"
}

const rightsHead = `# Least rights

[README](../../README.md) · [guide](README.md) · previous: [who may do what](access.md) · next: [what it looks like](screenshots.md)

Your brokers have an authorizer, and you want to give a user what a command needs and no more. The tables below are
written by a test: on Kafka 4.3.1 with StandardAuthorizer it grants each command just these rights, which must be enough,
and takes them away one by one, which must show. The topic is ` + "`orders`" + `, the group is ` + "`billing`" + `.

Ask the brokers first who you are, and what you may do already:

` + "```sh" + `
kafkactl whoami --config client.properties --topic orders --group billing
` + "```" + `

- Read, Write, Alter and Delete imply Describe, and AlterConfigs implies DescribeConfigs. Create implies nothing.
- "exit 6" is a refusal: the message names what is missing, with the kafka-acls line that grants it. An administrator
  has to run it.
- "Not in the list" is how Kafka is: who may not Describe a topic or a group is not told that it exists.
- Where a command is about several topics, it needs the rights on each: grant them on a prefix.
- What a change does to records and to their readers is found out with Read on the topic and Describe on all groups, or on
  the cluster. Without these, ` + "`plan` and `apply`" + ` say what is not known, and make the same.
- A group is also shown to who may Describe the cluster, with its lag only to who may Describe the group.
`

const rightsFoot = `
## How to grant them

One binding is one line. On a prefix it holds for all topics whose names begin so, those to come included:

` + "```sh" + `
kafka-acls --bootstrap-server localhost:9092 --command-config admin.properties --add --allow-principal User:kafka-init \
  --operation Create --operation Alter --operation AlterConfigs --topic order. --resource-pattern-type prefixed
` + "```" + `

To make or change topics no command needs a right on the cluster: Create on the cluster would hold for topics of every name.

What moves replicas is not in the tables, as one broker can move none. Kafka asks for Alter on the cluster (to reassign, to elect,
to cancel) and Describe on the cluster (what is being moved, sizes); a throttle needs AlterConfigs and DescribeConfigs on the
cluster (the rates of brokers) and AlterConfigs on the topic (its lists). That is a right for an administrator, or for the
CI job that makes a [reviewed plan](apply.md#reviewed-plans), and not for the ` + "`apply`" + ` at every start.

## See also

- [kafkactl whoami](../reference/kafkactl_whoami.md)
- [kafkactl help security](../reference/kafkactl_security.md): TLS, SASL and client.properties
- [troubleshooting](../troubleshooting.md): each fault, found by the error that other clients give
`
