package topicspec

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
)

// bindingOf lets a principal use a topic.
func bindingOf(principal, topic string, operation acl.Operation) *acl.Binding {
	return &acl.Binding{
		Principal: principal, Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: topic},
		Host: acl.Any, Operation: operation, Permission: acl.Allow,
	}
}

func allow(topic string) Change {
	const principal = "User:a"
	return Change{
		Kind: KindACL, Action: Create, Stage: StageAllow,
		Access: &AccessSubject{Principal: principal, Service: "S", Binding: bindingOf(principal, topic, acl.Write), Reasons: []string{"producer of " + topic}},
	}
}

func revoke(principal, topic string) Change {
	return Change{
		Kind: KindACL, Action: Delete, Stage: StageRevoke, Risk: RiskRevoke,
		Access: &AccessSubject{Principal: principal, Binding: bindingOf(principal, topic, acl.Read), Reasons: []string{}},
	}
}

func credential(principal string, action Action, before Value) Change {
	c := Change{
		Kind: KindUser, Field: "SCRAM-SHA-512", Action: action, Before: before, After: Count(8192), Stage: StageUsers,
		Access: &AccessSubject{Principal: principal, Service: "S", Reasons: []string{}},
	}
	if action == Delete {
		c.After, c.Risk, c.Stage = nil, RiskRevoke, StageForget
	}
	return c
}

func quota(principal, key string, before, after Value) Change {
	c := Change{
		Kind: KindQuota, Field: key, Action: Set, Before: before, After: after, Stage: StageQuotas,
		Access: &AccessSubject{Principal: principal, Service: "S", ClientID: "c", Reasons: []string{}},
	}
	if after == nil {
		c.Action = Unset
	}
	return c
}

// Removals are accepted by how many there are, over ACLs, credentials and quotas; what takes nothing away needs nobody's
// consent, and a quota that the file declares null is none of them.
func TestWithholdRevocations(t *testing.T) {
	t.Parallel()
	lifted := quota("User:gone", "producer_byte_rate", Text("5"), nil)
	lifted.Risk, lifted.Action = RiskRevoke, Delete
	plan := Plan{Changes: []Change{
		credential("User:a", Create, nil), allow("t"), quota("User:a", "producer_byte_rate", Text("5"), nil), lifted,
		revoke("User:a", "old"), credential("User:gone", Delete, Count(4096)),
	}}
	for accepted, reasons := range map[int][]string{
		0: {
			"User:gone is not limited by it any more: --accept revoke=3 allows it", "takes rights away from User:a: --accept revoke=3 allows it",
			"User:gone cannot log in with SCRAM-SHA-512 any more: --accept revoke=3 allows it",
		},
		2: {"3 revocations are planned: --accept revoke=3", "3 revocations are planned: --accept revoke=3", "3 revocations are planned: --accept revoke=3"},
		3: nil,
		4: {"3 revocations are planned: --accept revoke=3", "3 revocations are planned: --accept revoke=3", "3 revocations are planned: --accept revoke=3"},
	} {
		consent := Consent{Revokes: accepted}
		got := plan.Withhold(consent)
		var blocked []string
		for _, c := range got.Blocked() {
			blocked = append(blocked, c.Reason)
		}
		if diff := cmp.Diff(reasons, blocked); diff != "" {
			t.Errorf("%d accepted (-want +got):\n%s", accepted, diff)
		}
		total := []RiskTotal{{Risk: RiskRevoke, Changes: 3, Records: new(int64(0)), Bytes: new(int64(0)), Accepted: accepted == 3}}
		if diff := cmp.Diff(total, got.Risks); diff != "" {
			t.Errorf("%d accepted: risks (-want +got):\n%s", accepted, diff)
		}
		if diff := cmp.Diff(got.Changes, got.Covered(consent).Changes); diff != "" {
			t.Errorf("%d accepted: covered (-want +got):\n%s", accepted, diff)
		}
		if needed := (Consent{Revokes: map[bool]int{true: 3}[accepted == 3]}); got.Needs() != needed {
			t.Errorf("%d accepted: needs %+v, want %+v", accepted, got.Needs(), needed)
		}
	}
	one := Plan{Changes: []Change{revoke("User:a", "old")}}
	if got := one.Withhold(Consent{Revokes: 2}).Changes[0].Reason; got != "1 revocation is planned: --accept revoke=1" {
		t.Error(got)
	}
	if unasked := one.Covered(Consent{Deletes: 1, Move: true, Rekey: true, Trim: true}).Makeable(); len(unasked) > 0 {
		t.Errorf("nobody accepted %v", lines(unasked))
	}
}

// Extras are no change: whether they are drift is the file's to say, and apply is done with them.
func TestDrifted(t *testing.T) {
	t.Parallel()
	kept, extra := Extra{Kept: true}, Extra{}
	for _, test := range []struct {
		name string
		plan Plan
		want bool
	}{
		{"nothing", Plan{}, false},
		{"a change", Plan{Changes: []Change{allow("t")}}, true},
		{"extras left alone", Plan{Access: &AccessCompared{Extras: []Extra{extra}}}, false},
		{"extras to prune", Plan{Access: &AccessCompared{Prune: true, Extras: []Extra{kept, extra}}}, true},
		{"extras that are never removed", Plan{Access: &AccessCompared{Prune: true, Extras: []Extra{kept}}}, false},
	} {
		if got := test.plan.Drifted(); got != test.want || test.plan.InSync() != (len(test.plan.Changes) == 0) {
			t.Errorf("%s: drifted is %v, in sync %v", test.name, got, test.plan.InSync())
		}
	}
}

// A change of who may do what reads back as it was written, and one that is not whole, or that removes something without
// the risk of that, is refused.
func TestAccessChangeJSON(t *testing.T) {
	t.Parallel()
	blocked := revoke("User:a", "t")
	blocked.block("no")
	ofNobody := Change{Kind: KindACL, Action: Blocked, Reason: "no authorizer", Access: &AccessSubject{Reasons: []string{}}}
	for _, change := range []Change{
		ofNobody, allow("t"), revoke("User:a", "t"), blocked, credential("User:a", Create, nil), credential("User:a", Set, Count(4096)),
		credential("User:a", Delete, Count(4096)), quota("User:a", "request_percentage", nil, Text("12.5")), quota("User:a", "request_percentage", Text("1"), nil),
	} {
		text, err := json.Marshal(change)
		if err != nil {
			t.Fatal(err)
		}
		var got Change
		if err := json.Unmarshal(text, &got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(change, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for name, spoil := range map[string]func(*Change){
		"a topic as well":        func(c *Change) { c.Topic = "t" },
		"nobody":                 func(c *Change) { c.Access.Principal = "" },
		"no subject":             func(c *Change) { c.Access = nil },
		"no binding":             func(c *Change) { c.Access.Binding = nil },
		"a removal without risk": func(c *Change) { c.Risk = NoRisk },
		"another risk":           func(c *Change) { c.Risk = RiskTrim },
		"grown":                  func(c *Change) { c.Action = Grow },
		"of a topic":             func(c *Change) { c.Kind = KindTopic },
	} {
		change := revoke("User:a", "t")
		spoil(&change)
		text, err := json.Marshal(change)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, new(Change)); err == nil {
			t.Errorf("%s: accepted: %s", name, text)
		}
	}
}

// What is made already is not made again, what was blocked stays so, and what nobody has reviewed makes the plan stale.
func TestAgainstAccess(t *testing.T) {
	t.Parallel()
	withheld := revoke("User:gone", "t")
	withheld.block("takes rights away from User:gone: --accept revoke=1 allows it")
	planned := []Change{credential("User:a", Create, nil), allow("t"), quota("User:a", "producer_byte_rate", Text("1048576"), Text("2097152")), withheld}
	denied := allow("t")
	denied.block("User:a must not write topic t")
	for _, test := range []struct {
		name              string
		now               []Change
		left, made, stale []string
	}{
		{"as planned", planned[:3], []string{"user a", "acl t", "quota a"}, []string{"acl t blocked"}, nil},
		{
			"half of it made",
			[]Change{planned[2], revoke("User:gone", "t")},
			[]string{"quota a", "acl t blocked"},
			[]string{"user a", "acl t"},
			nil,
		},
		{"denied meanwhile", []Change{planned[0], denied, planned[2]}, []string{"user a", "acl t blocked", "quota a"}, []string{"acl t blocked"}, nil},
		{"one grant more", append([]Change{allow("other")}, planned[:3]...), []string{"user a", "acl t", "quota a"}, []string{"acl t blocked"}, []string{
			"User:a write topic other: planned from in sync, now absent",
		}},
		{"one removal more", append([]Change{revoke("User:a", "other")}, planned[:3]...), []string{"user a", "acl t", "quota a"}, []string{"acl t blocked"}, []string{
			"User:a read topic other: planned from in sync, now there",
		}},
		{
			"others changed what the plan changes",
			[]Change{credential("User:a", Set, Count(4096)), planned[1], quota("User:a", "producer_byte_rate", nil, Text("2097152"))},
			[]string{"acl t"},
			[]string{"acl t blocked"},
			[]string{
				"User:a SCRAM-SHA-512: planned from absent, now 4096 iterations", "User:a producer_byte_rate: planned from 1MiB/s, now unset",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			review := Reviewed{Plan: Plan{Changes: planned, Access: &AccessCompared{}}}.Against(Plan{Changes: test.now, Access: &AccessCompared{Bindings: 7}}, nil)
			var stale []string
			for _, s := range review.Stale {
				stale = append(stale, s.Subject()+" "+s.Text())
			}
			for what, pair := range map[string][2][]string{
				"left": {test.left, subjects(review.Changes)}, "made": {test.made, subjects(review.Made)}, "stale": {test.stale, stale},
			} {
				if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			if review.Access.Bindings != 7 {
				t.Errorf("compared: %+v", review.Access)
			}
		})
	}
	unasked := Reviewed{Plan: Plan{Changes: planned}}.Against(Plan{}, nil)
	if diff := cmp.Diff(planned, unasked.Changes); diff != "" || len(unasked.Made)+len(unasked.Stale) > 0 {
		t.Errorf("not compared, made %d, stale %d (-want +got):\n%s", len(unasked.Made), len(unasked.Stale), diff)
	}
}

func subjects(changes []Change) []string {
	var all []string
	for _, c := range changes {
		line := string(c.Kind) + " "
		switch {
		case c.Kind == KindUser:
			line += c.Access.UserName() + ""
		case c.Kind == KindQuota:
			line += c.Access.UserName()
		default:
			line += c.Access.Binding.Name
		}
		if c.Action == Blocked {
			line += " blocked"
		}
		all = append(all, line)
	}
	return all
}

// A message names what a change is about.
func TestSubject(t *testing.T) {
	t.Parallel()
	got := strings.Join([]string{
		setting("a", "retention.ms", "1", "2").Subject(), allow("t").Subject(), credential("User:a", Create, nil).Subject(),
		quota("User:a", "producer_byte_rate", nil, Text("1")).Subject(),
	}, "\n")
	want := `topic "a"
ACL "User:a may write topic t"
user "a"
quota producer_byte_rate of "a"`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rates in bytes have the units that a topics file has.
func TestQuotaText(t *testing.T) {
	t.Parallel()
	for _, test := range [][3]string{
		{"producer_byte_rate", "5242880", "5MiB/s"},
		{"consumer_byte_rate", "1000.5", "1000.5/s"},
		{"consumer_byte_rate", "5.24288e+06", "5MiB/s"},
		{"request_percentage", "12.5", "12.5%"},
		{"controller_mutation_rate", "0.5", "0.5/s"},
	} {
		if got := QuotaText(test[0], test[1]); got != test[2] {
			t.Errorf("%s %s is %q, want %q", test[0], test[1], got, test[2])
		}
	}
}
