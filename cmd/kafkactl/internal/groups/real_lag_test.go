package groups

import (
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Every row of the measured comparison, on three brokers of both kinds: ours beside Apache's tool.
// Where its number misleads, ours differs, and says so here.
func TestRealLag(t *testing.T) {
	t.Parallel() // it looks at its own topics and groups alone
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft3, kafkatest.ZK3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			testRealLag(t, flavour)
		})
	}
}

func testRealLag(t *testing.T, flavour kafkatest.Flavour) {
	f := newLagField(t, kafkatest.Shared(t, flavour), "lagged-")
	orders := f.topic("orders", 6, 1, 10)
	trimmed := f.topic("trimmed", 1, 1, 20)
	gone := f.topic("gone", 1, 1, 10)
	all := func(o int64) map[int32]int64 { return map[int32]int64{0: o, 1: o, 2: o, 3: o, 4: o, 5: o} }

	stable := f.member("stable", orders)
	one := f.commit("one", orders, all(1))
	half := f.commit("half", orders, map[int32]int64{0: 2, 1: 2})
	past := f.commit("past", orders, map[int32]int64{0: 999, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0})
	behind := f.commit("trimmed-below", trimmed, map[int32]int64{0: 2})
	emptied := f.commit("of-gone", gone, map[int32]int64{0: 3})
	kept := f.commit("partly-of-gone", gone, map[int32]int64{0: 3})
	f.commit("partly-of-gone", orders, all(7))
	groups := []string{stable, one, half, past, behind, kept}
	if flavour == kafkatest.Kraft3 {
		groups = append(groups, f.member("next", orders, kgo.ServerSideBalancer()))
	}
	start := make(kadm.Offsets)
	start.AddOffset(trimmed, 0, 10, -1)
	if _, err := f.adm.DeleteRecords(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	f.forget(gone, emptied, kept)

	never := apacheLag{"-", "10", "10", "-", "-", "-"}
	differ := map[string]apacheLag{
		past + " " + orders + " 0":    {"999", "10", "0", "-", "-", "-"}, // Apache: -989
		behind + " " + trimmed + " 0": {"2", "20", "10", "-", "-", "-"},  // Apache: 18, of which 8 are gone
	}
	var absent []string
	for p := 2; p < 6; p++ { // Apache leaves out what was not committed: a total of 16 for 56
		key := fmt.Sprintf("%s %s %d", half, orders, p)
		differ[key], absent = never, append(absent, key)
	}
	doc := f.lag()
	f.agree(doc, differ, absent...)

	f.rows(doc, map[string]int64{stable: 0, one: 54, half: 56, past: 50, behind: 10, kept: 18})
	if flavour == kafkatest.Kraft3 { // before 4.0 a group ends with its last topic
		f.rows(doc, map[string]int64{emptied: 0})
	} else {
		clitest.Kafkactl(t, "lag", emptied, "-b", f.c.Bootstrap()).Want(t, cli.ExitNotFound)
	}
	clitest.Kafkactl(t, "lag", past, "-b", f.c.Bootstrap()).Want(t, cli.ExitDone, `^`+orders+` +0 +999 +0 +10 +0 +0s +- +committed 989 past the end$`)
	clitest.Kafkactl(t, "lag", behind, "-b", f.c.Bootstrap()).Want(t, cli.ExitDone, `^`+trimmed+` +0 +2 +10 +20 +10 +\S+ +- +8 deleted unread$`)
	clitest.Kafkactl(t, "lag", half, "-b", f.c.Bootstrap()).Want(t, cli.ExitDone, `^`+orders+` +5 +- +0 +10 +10 +\S+ +- +nothing committed$`)
	r := clitest.Kafkactl(t, "lag", f.prefix+"nope", "-b", f.c.Bootstrap())
	r.Want(t, cli.ExitNotFound)
	r.WantErr(t, `^kafkactl: group "lagged-nope" does not exist$`)
	if flavour == kafkatest.Kraft3 {
		clitest.Kafkactl(t, "lag", f.prefix+"next", "-b", f.c.Bootstrap()).Want(t, cli.ExitDone,
			`^lagged-next: Stable, 1 member, lag 0$`, `^`+orders+` +0 +10 +0 +10 +0 +0s +reader@127\.0\.0\.1$`)
	}
	clitest.Kafkactl(t, "lag", one, "--max-lag", "53", "-b", f.c.Bootstrap()).Want(t, cli.ExitCondition)
	clitest.Kafkactl(t, "lag", one, "--max-lag", "54", "-b", f.c.Bootstrap()).Want(t, cli.ExitDone)
	f.timeLag(one, orders)
	for _, group := range groups {
		if n := f.lag(group); len(n.Groups) != 1 {
			t.Errorf("%s alone: %+v", group, n)
		}
	}
}

// rows checks the totals of groups.
func (f *lagField) rows(doc LagDoc, want map[string]int64) {
	f.Helper()
	for _, g := range doc.Groups {
		if total, asked := want[g.Group]; asked {
			delete(want, g.Group)
			if g.TotalLag == nil || *g.TotalLag != total {
				f.Errorf("%s: lag %v of %d known, want %d", g.Group, g.TotalLag, g.KnownLag, total)
			}
		}
	}
	if len(want) > 0 {
		f.Errorf("not told of: %v", want)
	}
}

// timeLag checks it against the record itself.
func (f *lagField) timeLag(group, topic string) {
	f.Helper()
	records, err := kafkatest.Records(f.Context(), f.c.Addrs(), topic)
	if err != nil {
		f.Fatal(err)
	}
	doc := f.lag(group)
	for _, p := range doc.Groups[0].Partitions {
		for _, r := range records {
			if r.Partition == p.Partition && r.Offset == p.Committed {
				want := doc.Time.Sub(r.Timestamp).Milliseconds()
				if p.TimeLagMs == nil || *p.TimeLagMs < want-2 || *p.TimeLagMs > want+2 {
					f.Errorf("%s/%d: time lag %v, want %d ms", p.Topic, p.Partition, p.TimeLagMs, want)
				}
			}
		}
	}
}
