package access

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

const seeds = 4000

func makeable(d Difference) []topicspec.Change { return topicspec.Plan{Changes: d.Changes}.Makeable() }

// The law of the package: once every change is made that is not blocked, Diff finds the blocked ones again and nothing
// else, with consent to removals and without.
func TestDiffAfterApplyIsOnlyBlocked(t *testing.T) {
	t.Parallel()
	blocked, clean, changed := 0, 0, 0
	for seed := range uint64(seeds) {
		w := newWorld(seed)
		desired := w.desired()
		observed := w.observed(desired)
		consent := topicspec.Consent{Revokes: w.IntN(2)}
		first := Diff(desired, observed, consent)
		after := observed
		for _, c := range makeable(first) {
			after = made(after, c)
		}
		second := Diff(desired, after, consent)
		left := topicspec.Plan{Changes: first.Changes}.Blocked()
		if len(left)+len(second.Changes) > 0 && !reflect.DeepEqual(left, second.Changes) {
			t.Fatalf("seed %d: left after apply (-blocked +got):\n%s\ndesired %+v\nobserved %+v", seed, cmp.Diff(left, second.Changes), desired, observed)
		}
		if !reflect.DeepEqual(first.Compared.Extras, second.Compared.Extras) {
			t.Fatalf("seed %d: apply changed extras (-before +after):\n%s", seed, cmp.Diff(first.Compared.Extras, second.Compared.Extras))
		}
		if again := Diff(desired, observed, consent); !reflect.DeepEqual(first, again) {
			t.Fatalf("seed %d: not the same twice:\n%s", seed, cmp.Diff(first, again))
		}
		changed += min(1, len(makeable(first)))
		if len(second.Changes) == 0 {
			clean++
		} else {
			blocked++
		}
	}
	if min(blocked, clean, changed) < seeds/10 {
		t.Errorf("of %d worlds %d had something blocked, %d nothing and %d something to change: too few of one", seeds, blocked, clean, changed)
	}
}

// Changes are of principals that the file names, add what it declares and remove what it does not, and without consent
// they remove nothing but of those who shall have nothing.
func TestDiffTouchesNothingForeign(t *testing.T) {
	t.Parallel()
	removed := 0
	for seed := range uint64(seeds) {
		w := newWorld(seed)
		desired := w.desired()
		observed := w.observed(desired)
		declared := make(map[acl.Binding]bool)
		for _, wanted := range Derive(desired) {
			declared[wanted.Binding] = true
		}
		ours := func(principal string) (named, present bool) {
			for _, s := range desired.Services {
				named = named || s.Principal == principal
				present = present || s.Principal == principal && !s.Absent
			}
			named = named || principal == "User:d" && slices.Contains(desired.Owns, "User:d") || strings.HasPrefix(principal, "User:c") && slices.Contains(desired.Owns, "User:c*")
			return named, present
		}
		for revokes := range 2 {
			for _, c := range makeable(Diff(desired, observed, topicspec.Consent{Revokes: revokes})) {
				named, present := ours(c.Access.Principal)
				switch {
				case !named:
					t.Fatalf("seed %d: not ours: %s", seed, line(c))
				case c.Action != topicspec.Delete:
					if b := c.Access.Binding; b != nil && !declared[*b] || c.Risk != topicspec.NoRisk {
						t.Fatalf("seed %d: not declared: %s", seed, line(c))
					}
					continue
				case c.Risk != topicspec.RiskRevoke || revokes == 0 && (present || slices.Contains(desired.Owns, c.Access.Principal) && c.Access.Service == ""):
					t.Fatalf("seed %d: nobody has accepted: %s", seed, line(c))
				case slices.Contains([]string{observed.Own, everyone, anonymous}, c.Access.Principal) || slices.Contains(desired.Protect, c.Access.Principal):
					t.Fatalf("seed %d: not to be removed: %s", seed, line(c))
				}
				if b := c.Access.Binding; b != nil && (declared[*b] || b.Permission == acl.Deny || b.Operation == acl.ClusterAction || b.Operation == "15") {
					t.Fatalf("seed %d: not to be removed: %s", seed, line(c))
				}
				removed++
			}
		}
	}
	if removed < seeds/4 {
		t.Errorf("%d removals in %d worlds: too few", removed, seeds)
	}
}

// At no step does a declared right go that was there before, nor any right that kafkactl itself has: changes are made
// one by one, in the order of their stages.
func TestDiffTakesNoDeclaredRight(t *testing.T) {
	t.Parallel()
	checked := 0
	for seed := range uint64(seeds / 4) {
		w := newWorld(seed)
		desired := w.desired()
		observed := w.observed(desired)
		held := heldRights(desired, observed)
		plan := topicspec.Plan{Changes: Diff(desired, observed, topicspec.Consent{Revokes: 1}).Changes}
		after := observed
		for _, step := range plan.Stages() {
			for _, i := range step.Changes {
				after = made(after, plan.Changes[i])
				for q := range held {
					checked++
					if !acl.Decide(after.all(), q).Allowed {
						t.Fatalf("seed %d: %s: %+v is gone", seed, line(plan.Changes[i]), q)
					}
				}
			}
		}
	}
	if checked < 10*seeds {
		t.Errorf("%d rights looked at after a change of %d worlds: too few", checked, seeds/4)
	}
}

// all is what some broker shows.
func (o Observed) all() []acl.Binding { return slices.Concat(o.Bindings, o.Late) }

// heldRights is what is declared and can be done now, and whatever kafkactl itself can do.
func heldRights(desired topicspec.DesiredAccess, observed Observed) map[acl.Question]bool {
	held := make(map[acl.Question]bool)
	for _, wanted := range Derive(desired) {
		if wanted.Permission == acl.Allow {
			for _, q := range typical(wanted.Binding) {
				held[q] = true
			}
		}
	}
	if observed.Own != "" {
		for _, b := range observed.all() {
			for _, q := range typical(b) {
				for _, q.Host = range []string{"10.0.0.1", ""} {
					q.Principal = observed.Own
					held[q] = true
				}
			}
		}
	}
	for q := range held {
		if !acl.Decide(observed.all(), q).Allowed {
			delete(held, q)
		}
	}
	return held
}

// typical returns questions that an ALLOW is there for: its operation, and the one that comes with it and that clients
// need (a consumer asks DESCRIBE of its topic and group). Of a prefix, the name is one that nothing longer is about.
func typical(allow acl.Binding) []acl.Question {
	const other = "\x00" // no broker takes it as a name
	q := acl.Question{Principal: allow.Principal, Host: allow.Host, Type: allow.Type, Name: allow.Name}
	if q.Principal == everyone {
		q.Principal = userPrefix + other
	}
	if q.Host == acl.Any {
		q.Host = ""
	}
	switch {
	case allow.Pattern == acl.Prefixed:
		q.Name += other
	case q.Name == acl.Any:
		q.Name = other
	}
	operations := allow.Operation.Gives(allow.Type)
	if allow.Operation == acl.All {
		operations = []acl.Operation{other}
	}
	var all []acl.Question
	for _, q.Operation = range operations {
		all = append(all, q)
	}
	return all
}

// A plan without consent removes nothing, and neither does one with the consent for another number of removals; with that
// for just so many all of them go.
func TestDiffRemovesNothingUnaccepted(t *testing.T) {
	t.Parallel()
	withheld := 0
	for seed := range uint64(seeds) {
		w := newWorld(seed)
		desired := w.desired()
		observed := w.observed(desired)
		due := removals(Diff(desired, observed, topicspec.Consent{Revokes: 1}).Changes)
		for _, consent := range []topicspec.Consent{{}, {Revokes: due + 1}, {Revokes: max(0, due-1)}, {Move: true, Rekey: true, Trim: true, Deletes: due}} {
			plan := topicspec.Plan{Changes: Diff(desired, observed, consent).Changes}
			withheld += removals(plan.Changes)
			if got := plan.Withhold(consent); removals(got.Changes) > 0 {
				t.Fatalf("seed %d: %d removals are due, and with %+v there are %v", seed, due, consent, lines(Difference{Changes: got.Makeable()}))
			}
		}
		exact := topicspec.Consent{Revokes: due}
		if got := (topicspec.Plan{Changes: Diff(desired, observed, exact).Changes}).Withhold(exact); removals(got.Changes) != due {
			t.Fatalf("seed %d: %d removals are due and accepted, and %d are made", seed, due, removals(got.Changes))
		}
	}
	if withheld < seeds/2 {
		t.Errorf("%d removals were withheld in %d worlds: too few", withheld, seeds)
	}
}

// removals counts the changes that take something away.
func removals(changes []topicspec.Change) int {
	return len(slices.DeleteFunc(slices.Clone(changes), func(c topicspec.Change) bool { return c.Action != topicspec.Delete }))
}
