package spec

import (
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// The law of export --access, on each kind of authorizer: a plan from it is in sync and writes nothing, whether the ACLs
// came from a topics file or from somebody else, and nothing that the nine services have is missing in it.
func TestRealAccessExport(t *testing.T) {
	t.Parallel() // it has its own brokers
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			f := startAccess(t, flavour)
			f.run("apply").Want(t, cli.ExitDone, `WelcomeService`)
			f.wantExported("nine services", `^  OrderService:$`, `^    quota: \{produce: 5MiB, consume: 20MiB\}$`, `^    transactionalId: order-\*$`,
				`^  # left alone: user OrderService has SCRAM-SHA-512, 4096 iterations: `, `^    producers: \[OrderService\]$`)
			kept, extra, _, _ := undeclared()
			for _, made := range []rights{kept, extra} {
				for principal, bindings := range made {
					f.Grant(principal, bindings...)
				}
			}
			f.wantExported("foreign ACLs", `^  foreign:$`, `^      - \{topic: cart\.\*, deny: \[write\]\}$`, `^      - \{cluster: true, allow: \[cluster-action\]\}$`,
				`^      - \{topic: user.updated, allow: \[write\], hosts: \[10.0.0.9\]\}$`)
			f.wantNoPassword()
		})
	}
}

// wantExported fails the test unless an export has these lines, and is in sync with all that the brokers have.
func (f accessField) wantExported(what string, lines ...string) {
	f.Helper()
	var exported clitest.RunResult
	f.wantNoWrite("export of "+what, func() {
		start, wait := f.command("export", "--access")
		start()
		exported = wait()
	})
	exported.Want(f.T, cli.ExitDone, lines...)
	f.write("exported.yaml", exported.Stdout)
	by := f
	by.file = filepath.Join(f.dir, "exported.yaml")
	f.wantNoWrite("plan of "+what, func() {
		planned := by.run("plan", "--check")
		planned.Want(f.T, cli.ExitDone, `in sync`)
		if strings.Contains(planned.Stdout, "extra") {
			f.Errorf("%s: what is there is not in the export:\n%s\n%s", what, planned.Stdout, exported.Stdout)
		}
	})
	f.wantNoWrite("apply of "+what, func() { by.run("apply").Want(f.T, cli.ExitDone, `in sync`) })
}
