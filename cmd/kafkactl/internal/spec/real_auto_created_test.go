package spec

import (
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// A client that used a topic's name before apply is what made it: plan says so, with the
// setting that lets it, and apply repairs it. Near misses are not called that.
func TestRealAutoCreated(t *testing.T) {
	t.Parallel() // it has its own brokers
	const (
		looks  = `looks auto-created: .*\(1 partition, replication factor 1\), .*`
		env    = `; auto\.create\.topics\.enable=true .*`
		noKeys = `its records have no keys`
	)
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			c := kafkatest.Start(t, kafkatest.Options{Flavour: flavour, RequestLog: true, Props: map[string]string{
				"auto.create.topics.enable": "true", "num.partitions": "1",
			}})
			cluster := []string{"-f", clitest.SpecFile(t, 1, `  order.created: {}
  order.own: {}
  order.wide: {}
  order.declared: {partitions: 1}
`), "-b", c.Bootstrap()}
			touch := func(topic string, records int) {
				t.Helper()
				if err := kafkatest.Touch(t.Context(), c.Addrs(), topic, records); err != nil {
					t.Fatal(err)
				}
			}
			touch("order.created", 0)
			touch("order.declared", 0)
			clitest.CreateByHand(t, c, "order.wide", 2, 1)
			clitest.CreateByHand(t, c, "order.own", 1, 1)
			clitest.AlterByHand(t, c, "order.own", "retention.ms", "1000")

			plan := append([]string{"plan"}, cluster...)
			clitest.Kafkactl(t, plan...).Want(t, cli.ExitDone,
				`^~ order\.created +grow +partitions 1 → 3 \(`+looks+`, 0 records`+env+`\)$`,
				`^~ order\.own +grow +partitions 1 → 3$`,
				`^~ order\.wide +grow +partitions 2 → 3$`,
				`^plan: 3 to change; 1 topic in sync`)
			touch("order.created", 1)
			clitest.Kafkactl(t, plan...).Want(t, cli.ExitDone,
				`^~ order\.created +grow +partitions 1 → 3 \(`+looks+`, 1 record`+env+`; `+noKeys+`\)$`)

			clitest.Kafkactl(t, append([]string{"apply"}, cluster...)...).Want(t, cli.ExitDone,
				`^~ order\.created +changed +partitions 1 → 3 \(looks auto-created: `, `^4 topics: 3 changed; 1 topic in sync`)
			clitest.WantShapes(t, c, map[string]string{"order.created": "3 partitions, RF 1", "order.declared": "1 partitions, RF 1"})
			before, err := c.Requests()
			if err != nil {
				t.Fatal(err)
			}
			clitest.Kafkactl(t, append(plan, "--check")...).Want(t, cli.ExitDone, `\A4 topics in sync`)
			after, err := c.Requests()
			if err != nil {
				t.Fatal(err)
			}
			// Once, whether the leader acts as one: nothing is looked at closer.
			if asked := before["LIST_OFFSETS"]; asked == 0 || after["LIST_OFFSETS"] != asked+1 {
				t.Errorf("asked %d times for offsets by the plan in sync, %d before it", after["LIST_OFFSETS"]-asked, asked)
			}
		})
	}
}
