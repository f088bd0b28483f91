package spec

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// killed is about kafkactl that is killed at every step of an apply: before a broker has what is to be written, and after
// the broker has written it but kafkactl does not know. The next apply does the rest. Meanwhile nobody lacks what is
// declared, also where one binding takes the place of another.
func (f accessField) killed() {
	f.Helper()
	stop := f.pollRights()
	steps := 0
	for !f.killedAt(steps + 1) {
		steps++
	}
	stop()
	// A topic, two SCRAM credentials, ACLs, a quota, and ACLs that go; each before and after.
	if steps != 12 {
		f.Errorf("an apply has %d steps", steps)
	}
}

// killedAt kills the apply of a new service, and of other hosts for another one, at its nth step, and has another apply do
// the rest. It reports whether there was no such step.
func (f accessField) killedAt(step int) (ended bool) {
	f.Helper()
	f.write("topics.yaml", f.laterDeclaration(step))
	start, wait := f.command("apply", "-f", f.file, "--accept", "revoke=3")
	kill := make(chan func(), 1)
	seen := 0
	f.gate.Watch(func(req kmsg.Request, _ bool) bool {
		if !writes(req) {
			return true
		}
		if seen++; seen < step {
			return true
		}
		if seen == step {
			(<-kill)()
		}
		return false
	})
	kill <- start()
	r := wait()
	f.gate.Watch(nil)
	if ended = r.Code != -1; ended { // no signal
		r.Want(f.T, cli.ExitDone)
	}
	var accept []string
	if slices.ContainsFunc(f.Rights(f.Cluster.Addrs()[0], "User:CartService"), func(b clitest.Binding) bool { return b.Host != cartHost(step) }) {
		accept = []string{"--accept", "revoke=3"}
	}
	f.run("apply", accept...).Want(f.T, cli.ExitDone)
	for _, addr := range f.Cluster.Addrs() {
		if rights := f.Rights(addr, "User:CartService"); len(rights) != 3 {
			f.Errorf("killed at step %d, then again: %s has %v", step, addr, rights)
		}
	}
	f.wantNoWrite(fmt.Sprintf("the third apply after a kill at step %d", step), func() {
		f.run("apply").Want(f.T, cli.ExitDone, `in sync`)
	})
	return ended
}

// laterDeclaration is the file with one more topic and service, and with hosts for CartService each other time.
func (f accessField) laterDeclaration(step int) string {
	f.Helper()
	name := fmt.Sprintf("Late%d", step)
	text := f.declaration(fmt.Sprintf("  %s: {group: %[1]s-group, transactionalId: %[1]s-*, "+
		"scram: {password: {generate: %[2]s}, mechanisms: [SCRAM-SHA-256, SCRAM-SHA-512]}, quota: {produce: 1MiB}}\n", name, f.passwordFile(name)))
	text += fmt.Sprintf("  late.%d: {partitions: 1, producers: [%s], consumers: [%[2]s]}\n", step, name)
	if host := cartHost(step); host != "" {
		text = strings.Replace(text, "  CartService: {", "  CartService: {hosts: ["+host+"], ", 1)
	}
	return text
}

// cartHost is that of CartService at a step, "" for any.
func cartHost(step int) string {
	if step%2 == 1 {
		return "127.0.0.1"
	}
	return ""
}

// pollRights asks every broker for the bindings and credentials of the nine services, again and again. At stop it fails the
// test when one of them was missing; a binding may be for other hosts.
func (f accessField) pollRights() (stop func()) {
	f.Helper()
	addrs := f.Cluster.Addrs()
	want, err := f.AskRights(f.Context(), addrs[0], nil)
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(f.Context())
	polls, missing := 0, error(nil)
	var polling sync.WaitGroup
	polling.Go(func() {
		for ; missing == nil; time.Sleep(5 * time.Millisecond) {
			for _, addr := range addrs {
				shown, err := f.AskRights(ctx, addr, nil)
				if ctx.Err() != nil {
					return
				}
				missing = errors.Join(missing, err)
				for principal, bindings := range want {
					for _, b := range bindings {
						same := func(other clitest.Binding) bool { other.Host = b.Host; return other == b }
						if !slices.ContainsFunc(shown[principal], same) {
							missing = errors.Join(missing, fmt.Errorf("%s lacks %+v of %s", addr, b, principal))
						}
					}
				}
			}
			users, err := f.Adm.DescribeUserSCRAMs(ctx)
			if ctx.Err() != nil {
				return
			}
			missing = errors.Join(missing, err)
			for _, service := range stackServices() {
				if len(users[service].CredInfos) == 0 {
					missing = errors.Join(missing, fmt.Errorf("user %s is gone", service))
				}
			}
			polls++
		}
	})
	return func() {
		cancel()
		polling.Wait()
		f.T.Logf("looked %d times", polls)
		if missing != nil || polls < 10 {
			f.Errorf("after %d looks: %v", polls, missing)
		}
	}
}
