package accessadmin

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/topicspec"
)

// Whoever was ended after any number of changes goes on where he was: nothing that is made is made again, and then nothing
// is left.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	files := func() topicspec.DesiredAccess {
		gone := topicspec.DesiredService{Name: "gone", Principal: "User:gone", Absent: true}
		return desired(producing("a", "t", "u"), producing("b", "t"), gone)
	}
	f := startFake(t, files())
	changes := f.plan(t)
	for n := range len(changes) + 1 {
		f := startFake(t, files())
		before := desired(producing("gone", "t"))
		gone := New(f.config, f.client, before, oneSecret())
		fake{f.Cluster, gone, f.ctx}.makeAll(t, fake{f.Cluster, gone, f.ctx}.plan(t))
		all, _, err := f.Plan(f.ctx, topicspec.Consent{Revokes: 4})
		if err != nil || len(all) != len(changes)+4 {
			t.Fatalf("%d changes, %v", len(all), err)
		}
		f.makeAll(t, all[:n])
		later := New(f.config, f.client, files(), oneSecret())
		left, _, err := later.Plan(f.ctx, topicspec.Consent{Revokes: 4})
		if diff := cmp.Diff(keys(all[n:]), keys(left)); diff != "" || err != nil {
			t.Fatalf("after %d changes: %v (-want +got):\n%s", n, err, diff)
		}
		if errs := errors.Join(later.Validate(f.ctx, left)...); errs != nil {
			t.Fatal(errs)
		}
		fake{f.Cluster, later, f.ctx}.makeAll(t, left)
		if left, _, err := later.Plan(f.ctx, topicspec.Consent{Revokes: 4}); len(left) > 0 || err != nil {
			t.Errorf("after %d changes and all others: %v, %v", n, left, err)
		}
	}
}

func keys(changes []topicspec.Change) []topicspec.ChangeKey {
	all := make([]topicspec.ChangeKey, len(changes))
	for i, c := range changes {
		all[i] = c.Key()
	}
	return all
}
