package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// fakeKeeper has changes to make until they are made, and notes what it is asked for.
type fakeKeeper struct {
	due []topicspec.Change
	// refused and failing are answers to changes, by their subject.
	refused, failing map[string]error
	unknown          error // of Plan

	plans    int
	consents []topicspec.Consent
	asked    [][]string // what Validate was asked for
	made     []string   // "stage: subject", in order
}

func (k *fakeKeeper) Plan(_ context.Context, consent topicspec.Consent) ([]topicspec.Change, topicspec.AccessCompared, error) {
	k.plans++
	k.consents = append(k.consents, consent)
	return slices.Clone(k.due), topicspec.AccessCompared{Services: 2, Bindings: 7 - len(k.due)}, k.unknown
}

func (k *fakeKeeper) Validate(_ context.Context, changes []topicspec.Change) []error {
	var subjects []string
	errs := make([]error, len(changes))
	for i, c := range changes {
		subjects = append(subjects, c.Subject())
		errs[i] = k.refused[c.Subject()]
	}
	k.asked = append(k.asked, subjects)
	return errs
}

func (k *fakeKeeper) Make(_ context.Context, stage topicspec.Stage, changes []topicspec.Change) []error {
	errs := make([]error, len(changes))
	for i, c := range changes {
		k.made = append(k.made, fmt.Sprintf("%s: %s", stage, c.Subject()))
		if errs[i] = k.failing[c.Subject()]; errs[i] == nil {
			k.due = slices.DeleteFunc(k.due, func(due topicspec.Change) bool { return due.Key() == c.Key() })
		}
	}
	return errs
}

// allowing adds an ACL, revoking removes one.
func allowing(principal, topic string) topicspec.Change {
	return topicspec.Change{Kind: topicspec.KindACL, Action: topicspec.Create, Stage: topicspec.StageAllow, Access: &topicspec.AccessSubject{
		Principal: principal, Service: "S", Reasons: []string{}, Binding: &acl.Binding{
			Principal: principal, Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: topic}, Host: acl.Any, Operation: acl.Read, Permission: acl.Allow,
		},
	}}
}

func revoking(principal, topic string) topicspec.Change {
	c := allowing(principal, topic)
	c.Action, c.Stage, c.Risk = topicspec.Delete, topicspec.StageRevoke, topicspec.RiskRevoke
	return c
}

func credential(user string, action topicspec.Action) topicspec.Change {
	c := topicspec.Change{
		Kind: topicspec.KindUser, Field: "SCRAM-SHA-512", Action: action, After: topicspec.Count(4096), Stage: topicspec.StageUsers,
		Access: &topicspec.AccessSubject{Principal: "User:" + user, Service: "S", Reasons: []string{}},
	}
	if action == topicspec.Delete {
		c.Before, c.After, c.Stage, c.Risk = c.After, nil, topicspec.StageForget, topicspec.RiskRevoke
	}
	return c
}

func limiting(user string, after topicspec.Value) topicspec.Change {
	c := topicspec.Change{
		Kind: topicspec.KindQuota, Field: "producer_byte_rate", Action: topicspec.Set, After: after, Stage: topicspec.StageQuotas,
		Access: &topicspec.AccessSubject{Principal: "User:" + user, Service: "S", Reasons: []string{}},
	}
	if after == nil {
		c.Action, c.Before, c.Risk = topicspec.Delete, topicspec.Text("5"), topicspec.RiskRevoke
	}
	return c
}

// everyKind is changes of every kind, in the order of a plan.
func everyKind() []topicspec.Change {
	return []topicspec.Change{
		credential("a", topicspec.Create), allowing("User:a", "t"), limiting("a", topicspec.Text("5")), limiting("gone", nil),
		revoking("User:a", "old"), credential("gone", topicspec.Delete),
	}
}

// accessResults is a report as "subject result", in order.
func accessResults(r Report) []string {
	var lines []string
	for _, o := range r.Outcomes {
		lines = append(lines, fmt.Sprintf("%s %s", o.Subject(), o.Result))
	}
	return lines
}

// Users, ACLs and quotas are made after the topics, stage by stage; without consent nothing is taken from anybody, and a
// later apply makes nothing.
func TestConvergeWithAccess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		revokes    int
		want, made []string
	}{
		{"plain", 0, []string{
			`topic "a" done`, `user "a" done`, `ACL "User:a may read topic t" done`, `quota producer_byte_rate of "a" done`, `quota producer_byte_rate of "gone" blocked`,
			`ACL "User:a may read topic old" blocked`, `user "gone" blocked`,
		}, []string{`users: user "a"`, `allow: ACL "User:a may read topic t"`, `quotas: quota producer_byte_rate of "a"`}},
		{"another number", 2, []string{
			`topic "a" done`, `user "a" done`, `ACL "User:a may read topic t" done`, `quota producer_byte_rate of "a" done`, `quota producer_byte_rate of "gone" blocked`,
			`ACL "User:a may read topic old" blocked`, `user "gone" blocked`,
		}, []string{`users: user "a"`, `allow: ACL "User:a may read topic t"`, `quotas: quota producer_byte_rate of "a"`}},
		{"accepted", 3, []string{
			`topic "a" done`, `user "a" done`, `ACL "User:a may read topic t" done`, `quota producer_byte_rate of "a" done`, `quota producer_byte_rate of "gone" done`,
			`ACL "User:a may read topic old" done`, `user "gone" done`,
		}, []string{
			`users: user "a"`, `allow: ACL "User:a may read topic t"`, `quotas: quota producer_byte_rate of "a"`, `quotas: quota producer_byte_rate of "gone"`,
			`revoke: ACL "User:a may read topic old"`, `forget: user "gone"`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, _, c := dialFake(t)
			keeper := &fakeKeeper{due: everyKind()}
			consent := topicspec.Consent{Revokes: test.revokes}
			c = c.WithAccess(keeper).WithConsent(consent)
			report, err := c.Converge(ctx, topics("a"))
			if diff := cmp.Diff(test.want, accessResults(report)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff(test.made, keeper.made); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
			if report.Plan.Access == nil || report.Plan.Access.Services != 2 || keeper.plans != 1 || keeper.consents[0] != consent {
				t.Errorf("compared %+v, %d plans, %+v", report.Plan.Access, keeper.plans, keeper.consents)
			}
			if _, err := c.Converge(ctx, topics("a")); err != nil || len(keeper.made) != len(test.made) {
				t.Errorf("again: %v, made %v", err, keeper.made)
			}
		})
	}
}

// Without a keeper a plan has no access, and looks at none.
func TestPlanWithoutAccess(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	asked := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeACLs, kmsg.DescribeUserSCRAMCredentials, kmsg.DescribeClientQuotas}, Count: -1, Observe: true})
	report, err := c.Converge(ctx, topics("a"))
	if err != nil || report.Plan.Access != nil || asked.Hits() != 0 {
		t.Errorf("%v, %+v, %d questions", err, report.Plan.Access, asked.Hits())
	}
}

// What could not be given leaves all removals untried; a topic that failed is in nobody's way.
func TestNothingIsTakenWhenSomethingWasNotGiven(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, failing string
		want          []string
	}{
		{"a user", `user "a"`, []string{
			`topic "a" failed`, `user "a" failed`, `ACL "User:a may read topic t" done`, `quota producer_byte_rate of "a" done`,
			`quota producer_byte_rate of "gone" untried`, `ACL "User:a may read topic old" untried`, `user "gone" untried`,
		}},
		{"an ACL", `ACL "User:a may read topic t"`, []string{
			`topic "a" failed`, `user "a" done`, `ACL "User:a may read topic t" failed`, `quota producer_byte_rate of "a" done`,
			`quota producer_byte_rate of "gone" untried`, `ACL "User:a may read topic old" untried`, `user "gone" untried`,
		}},
		{"a quota", `quota producer_byte_rate of "a"`, []string{
			`topic "a" failed`, `user "a" done`, `ACL "User:a may read topic t" done`, `quota producer_byte_rate of "a" failed`,
			`quota producer_byte_rate of "gone" done`, `ACL "User:a may read topic old" done`, `user "gone" done`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cluster, c := dialFake(t)
			cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Count: -1, Err: kerr.PolicyViolation, When: kafkatest.ChangesTopics})
			keeper := &fakeKeeper{due: everyKind(), failing: map[string]error{test.failing: errors.New("no")}}
			report, err := c.WithAccess(keeper).WithConsent(topicspec.Consent{Revokes: 3}).Converge(ctx, topics("a"))
			if diff := cmp.Diff(test.want, accessResults(report)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			for _, o := range report.Outcomes {
				if (o.Result == Failed) != (o.Err != nil) {
					t.Errorf("%s %s: %v", o.Subject(), o.Result, o.Err)
				}
			}
		})
	}
}

// What cannot be made is refused before anything is changed, topics and access together; what is not known is no refusal.
func TestRefusedAccess(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	writes := cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Count: -1, Observe: true, When: kafkatest.ChangesTopics})
	keeper := &fakeKeeper{due: everyKind(), refused: map[string]error{`user "a"`: errors.New("$ORDER_PASSWORD is not set")}}
	c = c.WithAccess(keeper)
	_, err := c.Converge(ctx, topics("a"))
	refused, is := errors.AsType[*RefusedError](err)
	if !is || err.Error() != "1 change of users, ACLs and quotas cannot be made; nothing was changed" || len(keeper.made) > 0 || writes.Hits() > 0 {
		t.Fatalf("%v, made %v, %d writes", err, keeper.made, writes.Hits())
	}
	change, first := refused.First()
	if change.Subject() != `user "a"` || first.Error() != "$ORDER_PASSWORD is not set" || refused.MayHeal() {
		t.Errorf("%s: %v, may heal %v", change.Subject(), first, refused.MayHeal())
	}
	want := []string{
		`topic "a" untried`, `user "a" refused`, `ACL "User:a may read topic t" untried`, `quota producer_byte_rate of "a" untried`,
		`quota producer_byte_rate of "gone" blocked`, `ACL "User:a may read topic old" blocked`, `user "gone" blocked`,
	}
	if diff := cmp.Diff(want, accessResults(refused.Report())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`user "a"`, `ACL "User:a may read topic t"`, `quota producer_byte_rate of "a"`}, keeper.asked[0]); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	keeper.refused = map[string]error{`user "a"`: io.EOF}
	if _, err := c.Converge(ctx, topics("a")); errors.As(err, new(*RefusedError)) || !errors.Is(err, io.EOF) {
		t.Errorf("a broker that went away: %v", err)
	}
	keeper.refused = map[string]error{`user "a"`: &OverdueError{&kafka.UnansweredError{What: kafka.NoBroker}}}
	if _, err := c.Converge(ctx, topics("a")); errors.As(err, new(*RefusedError)) || !errors.As(err, new(*OverdueError)) {
		t.Errorf("nobody to ask until time ran out: %v", err)
	}
	keeper.unknown = errors.New("may not look")
	if _, err := c.Plan(ctx, topics("a")); !errors.Is(err, keeper.unknown) {
		t.Errorf("access that may not be looked at: %v", err)
	}
}

// A topic that another client makes meanwhile has the topics planned anew, and not who may do what; the report keeps its
// order.
func TestRaceLeavesAccessAlone(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	keeper := &fakeKeeper{due: everyKind()[:2]}
	c = c.WithAccess(keeper)
	desired := topics("a", "b")
	plan, err := c.Plan(ctx, desired)
	if err != nil {
		t.Fatal(err)
	}
	createAside(ctx, t, c, "a", 1)
	created := counted(cluster, kmsg.CreateTopics, nil)
	report, err := c.ConvergeFrom(ctx, desired, plan)
	want := []string{`topic "a" done`, `topic "b" done`, `user "a" done`, `ACL "User:a may read topic t" done`}
	if diff := cmp.Diff(want, accessResults(report)); diff != "" || err != nil || keeper.plans != 1 || created.Hits() != 1 {
		t.Errorf("%v, %d plans, %d requests (-want +got):\n%s", err, keeper.plans, created.Hits(), diff)
	}
	if len(report.Plan.Changes) != 4 || report.Plan.Access == nil {
		t.Errorf("plan: %v", report.Plan)
	}
}

// A reviewed plan is made as it was reviewed: what is made already is not made again, and it is the consent for what it
// removes.
func TestConvergeReviewedAccess(t *testing.T) {
	t.Parallel()
	ctx, _, plain := dialFake(t)
	keeper := &fakeKeeper{due: everyKind()}
	plain = plain.WithAccess(keeper)
	reviewed, _ := review(ctx, t, plain.WithConsent(topicspec.Consent{Revokes: 3}), topics("a"))
	keeper.due = slices.Delete(keeper.due, 1, 5) // a run that was interrupted made them
	left, err := plain.PlanReviewed(ctx, reviewed)
	if err != nil {
		t.Fatal(err)
	}
	report, err := plain.ConvergeReviewed(ctx, reviewed, left)
	want := []string{
		`topic "a" done`, `user "a" done`, `ACL "User:a may read topic t" doneAlready`, `quota producer_byte_rate of "a" doneAlready`,
		`quota producer_byte_rate of "gone" doneAlready`, `ACL "User:a may read topic old" doneAlready`, `user "gone" done`,
	}
	if diff := cmp.Diff(want, accessResults(report)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{`users: user "a"`, `forget: user "gone"`}, keeper.made); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	if last := keeper.consents[len(keeper.consents)-1]; last.Revokes != 3 {
		t.Errorf("extras were looked for with %+v", last)
	}
}

// A right that is due now and that nobody has reviewed makes the plan stale.
func TestReviewedAccessIsStale(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	keeper := &fakeKeeper{due: everyKind()[:2]}
	c = c.WithAccess(keeper)
	reviewed, _ := review(ctx, t, c, topics("a"))
	keeper.due = append(keeper.due, allowing("User:b", "t"))
	_, err := c.PlanReviewed(ctx, reviewed)
	stale, is := errors.AsType[*StaleError](err)
	if !is || len(keeper.made) > 0 {
		t.Fatalf("%v, made %v", err, keeper.made)
	}
	if want := "the plan is stale: what 1 principal may do changed after it was made; nothing was written"; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if diff := cmp.Diff([]string{"User:b"}, topicspec.StalePrincipals(stale.Stale)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The law: a client whose user accepts no revocation takes nothing from anybody, whatever plan it is given.
func TestNothingIsTakenWithoutConsent(t *testing.T) {
	t.Parallel()
	ctx, _, plain := dialFake(t)
	keeper := &fakeKeeper{due: everyKind()}
	plain = plain.WithAccess(keeper)
	accepted, err := plain.WithConsent(topicspec.Consent{Revokes: 3}).Plan(ctx, topics("a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, consent := range []topicspec.Consent{{}, {Revokes: 2}, {Deletes: 9, Move: true, Rekey: true, Trim: true}} {
		keeper.due, keeper.made = everyKind(), nil
		plain.WithConsent(consent).Apply(ctx, accepted.Plan)
		want := []string{`users: user "a"`, `allow: ACL "User:a may read topic t"`, `quotas: quota producer_byte_rate of "a"`}
		if diff := cmp.Diff(want, keeper.made); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", consent, diff)
		}
	}
}
