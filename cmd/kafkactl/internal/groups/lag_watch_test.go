package groups

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
)

// A rate is measured with the times of its snapshots.
func TestLagPace(t *testing.T) {
	t.Parallel()
	track, now := make(lagHistory), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	see := func(after time.Duration, partitions ...groups.PartitionLag) []string {
		now = now.Add(after)
		snapshot := lagSnapshot{LagView: groups.NewLagView(now, []groups.GroupLag{groups.NewGroupLag(groups.Group{Name: "g"}, partitions)})}
		return track.next(snapshot, []lagTable{groupTable(snapshot.Groups, hidden{})})["g"].cells()
	}
	at := func(committed, end int64) groups.PartitionLag {
		return groups.PartitionLag{Committed: committed, End: end, Lag: end - committed}
	}
	for _, step := range []struct {
		name string
		got  []string
		want []string
	}{
		{"the first look", see(0, at(100, 1000)), []string{"-", "-", "-"}},
		{"falling", see(2*time.Second, at(300, 1000)), []string{"-200", "100", "7s"}},
		{"read as fast as written", see(2*time.Second, at(500, 1200)), []string{"0", "100", "14s"}},
		{"unknown", see(2*time.Second, groups.PartitionLag{Lag: -1, End: -1}), []string{"-", "-", "-"}},
		{"known again: nothing to compare with", see(2*time.Second, at(500, 1200)), []string{"-", "-", "-"}},
		{"growing", see(time.Second, at(500, 1300)), []string{"+100", "0", "-"}},
		{"drained", see(time.Second, at(1300, 1300)), []string{"-800", "400", "0s"}},
	} {
		if diff := cmp.Diff(step.want, step.got); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
	for range 3 * lagSamples {
		see(time.Second, at(1300, 1300))
	}
	if len(track["g"]) != lagSamples {
		t.Errorf("%d samples kept", len(track["g"]))
	}
	if snapshot := (lagSnapshot{LagView: groups.LagView{At: now}}); len(track.next(snapshot, nil)) != 0 || len(track) != 0 {
		t.Error("a group that is gone is kept")
	}
}

func TestShortDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", 12 * time.Millisecond: "12ms", 1234 * time.Millisecond: "1.2s", 42*time.Second + 400*time.Millisecond: "42s",
		3*time.Minute + 12*time.Second: "3m12s", 5*time.Hour + 3*time.Minute: "5h3m", 292*time.Hour + time.Minute: "12d4h",
	} {
		if got := term.ShortDuration(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}
