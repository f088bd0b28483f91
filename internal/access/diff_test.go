package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

const admin = "User:admin"

// line is a change as "allow create User:a may read topic t", "users set a SCRAM-SHA-512 4096 → 8192: why",
// "blocked ...": its stage or that it is blocked, what is done, its reason, and its risk in brackets.
func line(c topicspec.Change) string {
	what := fmt.Sprint(c.Access.Principal, " ", c.Field)
	if c.Access.ClientID != "" {
		what += " of client " + c.Access.ClientID
	}
	if c.Access.Binding != nil {
		what = c.Access.Binding.String()
	}
	if c.Before != nil || c.After != nil {
		what += fmt.Sprintf(" %v → %v", c.Before, c.After)
	}
	text := strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Stage, c.Action, strings.TrimSpace(what)))
	if c.Risk != topicspec.NoRisk {
		text += fmt.Sprintf(" (%s)", c.Risk)
	}
	if c.Reason != "" {
		text += ": " + c.Reason
	}
	return text
}

// lines is a difference as its changes, its extras and its notes.
func lines(d Difference) []string {
	var all []string
	for _, c := range d.Changes {
		all = append(all, line(c))
	}
	for _, e := range d.Compared.Extras {
		text := "? " + e.Binding.String()
		if e.Kept {
			text = "kept " + e.Binding.String()
		}
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		all = append(all, text)
	}
	for _, note := range d.Compared.Notes {
		all = append(all, "note: "+note)
	}
	if d.Compared.Skipped != "" {
		all = append(all, "skipped: "+d.Compared.Skipped)
	}
	return all
}

// rule is a binding, from "User:a allow READ TOPIC:t": a name that ends in * is a prefix, * alone is every name. A
// fifth word is the host.
func rule(t *testing.T, text string) acl.Binding {
	t.Helper()
	words := strings.Fields(text)
	kind, name, found := strings.Cut(words[3], ":")
	if !found || len(words) > 5 {
		t.Fatalf("no binding: %q", text)
	}
	b := acl.Binding{
		Principal: words[0], Host: acl.Any, Operation: acl.Operation(words[2]), Permission: acl.Permission(strings.ToUpper(words[1])),
		Resource: acl.Resource{Type: acl.ResourceType(kind), Pattern: acl.Literal, Name: name},
	}
	if prefix, cut := strings.CutSuffix(name, acl.Any); cut && prefix != "" {
		b.Pattern, b.Name = acl.Prefixed, prefix
	}
	if len(words) == 5 {
		b.Host = words[4]
	}
	return b
}

func rules(t *testing.T, texts ...string) []acl.Binding {
	t.Helper()
	var all []acl.Binding
	for _, text := range texts {
		all = append(all, rule(t, text))
	}
	return all
}

// producer is a service that writes to topics.
func producer(name string, topics ...string) topicspec.DesiredService {
	return topicspec.DesiredService{Name: name, Principal: "User:" + name, Hosts: from(), Produces: topics}
}

func absent(name string) topicspec.DesiredService {
	return topicspec.DesiredService{Name: name, Principal: "User:" + name, Absent: true}
}

func grant(resource acl.Resource, allow, deny []acl.Operation) topicspec.DesiredGrant {
	return topicspec.DesiredGrant{Resource: resource, Allow: allow, Deny: deny, Hosts: from()}
}

// granted is a producer of topic t with a grant besides.
func granted(name string, g topicspec.DesiredGrant) topicspec.DesiredService {
	s := producer(name, "t")
	s.Grants = []topicspec.DesiredGrant{g}
	return s
}

// diffCase is one comparison and what comes of it.
type diffCase struct {
	name     string
	desired  topicspec.DesiredAccess
	observed Observed
	revokes  int
	want     []string
}

func runDiff(t *testing.T, cases []diffCase) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := Diff(test.desired, test.observed, topicspec.Consent{Revokes: test.revokes})
			if diff := cmp.Diff(test.want, lines(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func services(all ...topicspec.DesiredService) topicspec.DesiredAccess {
	return topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Services: all}
}

// What is declared and missing is added, what is declared and there is counted, and what is neither is not looked at.
func TestDiffBindings(t *testing.T) {
	t.Parallel()
	bindings := func(texts ...string) Observed { return Observed{Own: admin, Bindings: rules(t, texts...)} }
	runDiff(t, []diffCase{
		{"missing", services(producer("a", "t", "s"), producer("b", "t")), bindings("User:a allow WRITE TOPIC:t"), 0, []string{
			"allow create User:a may write topic s", "allow create User:b may write topic t",
		}},
		{"in sync, beside foreign ones", services(producer("a", "t")), bindings(
			"User:a allow WRITE TOPIC:t", "User:x allow ALL TOPIC:t", "User:a2 allow READ TOPIC:t", "Group:a allow READ TOPIC:t", "User:x deny READ TOPIC:t",
		), 5, nil},
		{"a binding that some broker lacks is added", services(producer("a", "t")), Observed{Own: admin, Late: rules(t, "User:a allow WRITE TOPIC:t")}, 0, []string{
			"allow create User:a may write topic t",
		}},
		{"broader ones do not stand in for a declared one", services(producer("a", "order.x", "order.y")), bindings(
			"User:a allow WRITE TOPIC:*", "User:a allow ALL TOPIC:order.x", "User:a allow WRITE TOPIC:order.*", "User:a allow WRITE TOPIC:orders.*", "User:a allow READ GROUP:*",
		), 0, []string{
			"allow create User:a may write topic order.x",
			"allow create User:a may write topic order.y",
			"? User:a may read every group",
			"? User:a may write every topic: already allows what is declared: write topic order.x, and 1 more",
			"? User:a may write topics order.*: already allows what is declared: write topic order.x, and 1 more",
			"? User:a may do everything with topic order.x: already allows what is declared: write topic order.x",
			"? User:a may write topics orders.*",
		}},
		{"nothing is looked at", topicspec.DesiredAccess{ACLs: topicspec.ACLsOff, Services: []topicspec.DesiredService{producer("a", "t")}}, bindings("User:a allow READ TOPIC:x"), 1, nil},
		{"no authorizer", services(producer("a", "t")), Observed{NoAuthorizer: true}, 0, []string{"skipped: the brokers have no authorizer"}},
		{"no authorizer, though required", topicspec.DesiredAccess{ACLs: topicspec.ACLsRequired, Services: []topicspec.DesiredService{producer("a", "t")}}, Observed{NoAuthorizer: true}, 0, []string{
			"blocked: the brokers have no authorizer: set authorizer.class.name on brokers and controllers",
		}},
	})
}

// What our principals have and the file does not declare is listed, and goes with the consent alone; what only people
// remove stays.
func TestDiffExtras(t *testing.T) {
	t.Parallel()
	observed := Observed{Own: admin, Bindings: rules(t,
		"User:a allow WRITE TOPIC:t", "User:a allow READ TOPIC:old", "User:a allow READ GROUP:g", "User:a allow ALTER CLUSTER:kafka-cluster", "User:a allow CLUSTER_ACTION CLUSTER:kafka-cluster",
		"User:a deny READ TOPIC:secret", "User:a allow 15 TOPIC:t", "User:safe-1 allow READ TOPIC:t", "User:shop-9 allow READ TOPIC:t", "User:shop allow READ TOPIC:t", "User:* allow READ TOPIC:t",
		"User:admin allow ALL TOPIC:t", "User:a allow CREATE_TOKENS USER:b",
	), Late: rules(t, "User:a allow READ TOPIC:older")}
	desired := services(producer("a", "t"))
	desired.Owns, desired.Protect = []string{"User:shop-*", "User:safe-1", "User:*", admin}, []string{"User:safe*"}
	kept := []string{
		"kept User:a may alter the cluster: it is about the cluster: only people remove it, with kafka-acls --remove",
		"kept User:a may cluster action on the cluster: brokers may need it for each other: only people remove it, with kafka-acls --remove",
	}
	topics := []string{
		"kept User:a must not read topic secret: it is a DENY: only people remove it, with kafka-acls --remove",
		"kept User:a may 15 with topic t: operation 15 is of a newer Kafka: only people remove it, with kafka-acls --remove",
		"kept User:a may create tokens of user b: it is about the user: only people remove it, with kafka-acls --remove",
		"kept User:* may read topic t: User:* is not one client alone: nothing of it is removed",
		"kept User:admin may do everything with topic t: User:admin is who kafkactl itself is to the brokers: nothing of it is removed",
		"kept User:safe-1 may read topic t: access.protect has User:safe*: nothing of it is removed",
	}
	plain := append(append([]string{}, kept...), "? User:a may read group g", "? User:a may read topic old", "? User:a may read topic older")
	plain = append(append(plain, topics...), "? User:shop-9 may read topic t")
	revoking := append([]string{
		"revoke delete User:a may read group g (revoke)", "revoke delete User:a may read topic old (revoke)", "revoke delete User:a may read topic older (revoke)",
		"revoke delete User:shop-9 may read topic t (revoke)",
	}, append(append([]string{}, kept...), topics...)...)
	unknown := observed
	unknown.Own = ""
	var unknownLines []string
	for _, l := range plain {
		_, binding, _ := strings.Cut(l, " ")
		binding, _, _ = strings.Cut(binding, ": ")
		unknownLines = append(unknownLines, "kept "+binding+": who kafkactl itself is to the brokers is not known, so that nothing is removed")
	}
	runDiff(t, []diffCase{
		{"plain", desired, observed, 0, plain},
		{"with consent", desired, observed, 4, revoking},
		{"with consent, and nobody knows who we are", desired, unknown, 4, unknownLines},
	})
}
