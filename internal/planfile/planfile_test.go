package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// random is a plan of a few topics with all kinds of changes.
func random(seed uint64) File {
	r := rand.New(rand.NewPCG(seed, 0))
	f := File{Profile: []string{"", "production"}[r.IntN(2)], Source: "a <b> & \"digest\": \"c\".yaml"}
	f.ClusterID = "kraft-" + fmt.Sprint(seed)
	for i := range r.IntN(6) {
		d := topicspec.Desired{Name: fmt.Sprintf("t%d", i), Partitions: r.IntN(4), ReplicationFactor: r.IntN(3), Config: topicspec.Config{
			"retention.ms": {Value: fmt.Sprint(r.IntN(9))}, "cleanup.policy": {Unset: true},
		}}
		s := topicspec.Seen{Name: d.Name, Config: map[string]topicspec.ObservedSetting{}}
		switch exists := r.IntN(3) > 0; {
		case i == 4:
			d = topicspec.Desired{Name: d.Name, Absent: true, Config: topicspec.Config{}}
			s.Exists, s.ID = true, "vhxZhw2xQ8yGz1u4b1J8Cw"
			f.Changes = append(f.Changes, topicspec.Change{Topic: d.Name, Field: topicspec.FieldTopic, Action: topicspec.Delete, TopicID: s.ID, Before: topicspec.Shape{}})
		case exists:
			s.Exists, s.ID = true, []string{"", "vhxZhw2xQ8yGz1u4b1J8Cw"}[r.IntN(2)]
			for range 1 + r.IntN(3) {
				s.Replicas = append(s.Replicas, r.Perm(1+r.IntN(3)))
			}
			s.Config["retention.ms"] = topicspec.ObservedSetting{Value: "7", Override: r.IntN(2) == 0}
			s.Config["cleanup.policy"] = topicspec.ObservedSetting{}
			f.Changes = append(f.Changes, topicspec.Change{Topic: d.Name, Field: "retention.ms", Action: topicspec.Set, Before: topicspec.Text("7"), After: topicspec.Text("8"), Stage: topicspec.StageTighten, Risk: topicspec.RiskTrim})
			f.Risks = []topicspec.RiskTotal{{Risk: topicspec.RiskTrim, Changes: len(f.Changes), Topics: 1, Bytes: new(int64(i)), Accepted: r.IntN(2) == 0}}
			f.Moving = append(f.Moving, topicspec.Moving{Topic: d.Name, Partitions: []int{0}, Adding: []int{1}, Removing: []int{}})
		default:
			f.Changes = append(f.Changes, topicspec.Change{Topic: d.Name, Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{
				Partitions: 1, ReplicationFactor: -1, Config: map[string]string{"retention.ms": "8"},
			}})
		}
		f.Desired, f.Seen = append(f.Desired, d), append(f.Seen, s)
	}
	f.Topics = len(f.Desired)
	randomAccess(&f, r)
	return f
}

// randomAccess adds a few services, and a change of each kind.
func randomAccess(f *File, r *rand.Rand) {
	f.Access = topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Prune: r.IntN(2) == 0, Owns: []string{"User:old-*"}, Protect: []string{"User:breakglass"}}
	for i := range r.IntN(4) {
		s := topicspec.DesiredService{Name: fmt.Sprintf("S%d", i), Principal: fmt.Sprintf("User:s%d", i), Hosts: []string{acl.Any}}
		switch i {
		case 0:
			s.Groups = []topicspec.NamePattern{{Name: "g", Pattern: acl.Prefixed}}
			s.Produces, s.Consumes = []string{"b", "a"}, []topicspec.Consumed{{Topic: "c", DLQ: "c.dlq"}, {Topic: "a"}}
			s.Scram = &topicspec.DesiredScram{Password: topicspec.PasswordSource{Env: "PASSWORD"}, Mechanisms: []string{"SCRAM-SHA-512"}, Iterations: 4096}
			s.Quota = map[string]topicspec.Setting{"producer_byte_rate": {Value: "5"}, "consumer_byte_rate": {Unset: true}}
			s.Grants = []topicspec.DesiredGrant{{
				Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: "audit"}, Allow: []acl.Operation{acl.Read}, Hosts: []string{"10.0.0.9"},
			}}
		case 1:
			s.Streams = &topicspec.DesiredStreams{ApplicationID: "app", ExactlyOnce: true}
			s.Connect = &topicspec.DesiredConnect{Group: "c", Connectors: []topicspec.DesiredConnector{{Name: "s3", Consumes: []string{"a"}, DLQ: "a.dlq"}}}
		default:
			s.Absent = true
		}
		f.Access.Services = append(f.Access.Services, s)
		f.Plan.Access = &topicspec.AccessCompared{Services: i, Extras: []topicspec.Extra{}, Notes: []string{}}
	}
}

// full is a plan that makes one topic and changes another.
func full() File {
	for seed := uint64(0); ; seed++ {
		f := random(seed)
		if len(f.Changes) > 2 && f.Changes[0].Action == topicspec.Set && f.Changes[1].Action == topicspec.Create {
			f.ClusterID = "kraft"
			return f
		}
	}
}

// A plan reads back as it was written, and is written again as the same bytes.
func TestEncodeDecodeEqual(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		want := random(seed)
		text := encoded(t, want)
		got, err := Decode(text)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
		if again := encoded(t, got); !bytes.Equal(text, again) {
			t.Fatalf("seed %d: %s\nagain:\n%s", seed, text, again)
		}
	}
}

func encoded(t *testing.T, f File) []byte {
	t.Helper()
	text, err := Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Every byte counts, those that mean nothing in JSON too: changed, left out, doubled, or the rest cut off.
func TestDecodeRefusesEveryChangedByte(t *testing.T) {
	t.Parallel()
	text := encoded(t, full())
	for i, b := range text {
		for what, changed := range map[string][]byte{
			"flipped":  slices.Concat(text[:i], []byte{b ^ 1}, text[i+1:]),
			"case":     slices.Concat(text[:i], []byte{b ^ 0x20}, text[i+1:]),
			"tab":      slices.Concat(text[:i], []byte{'\t'}, text[i+1:]),
			"left out": slices.Concat(text[:i], text[i+1:]),
			"doubled":  slices.Concat(text[:i], []byte{b}, text[i:]),
			"cut off":  text[:i],
		} {
			if _, err := Decode(changed); err == nil {
				t.Fatalf("byte %d, %q, %s: accepted", i, b, what)
			}
		}
	}
	if _, err := Decode(append(bytes.Clone(text), '\n')); err == nil {
		t.Error("a line more: accepted")
	}
}

// What is no plan, or another version's, is told apart from what was edited.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	whole := string(encoded(t, full()))
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "it is no plan, or not a whole one"},
		{"YAML", "version: 1\n", "it is no plan, or not a whole one"},
		{"a report", `{"schemaVersion":1,"kind":"Report"}`, `its kind is "Report"`},
		{"newer", `{"schemaVersion":2,"kind":"Plan"}`, "its schemaVersion is 2, and this kafkactl reads 1"},
		{"plan -o json", `{"schemaVersion":1,"kind":"Plan","clusterId":"a"}`, "it has no digest"},
		{"edited", strings.Replace(whole, `"partitions": `, `"partitions":  `, 1), "its digest does not fit"},
		{"a field more", signed(strings.Replace(whole, `"inSync"`, `"races": [], "inSync"`, 1)), `another version of kafkactl wrote it: json: unknown field "races"`},
		{"an action more", signed(strings.Replace(whole, `"action": "set"`, `"action": "move"`, 1)), `another version of kafkactl wrote it: topic`},
		{"a topic twice", signed(strings.ReplaceAll(whole, `"name": "t1"`, `"name": "t0"`)), "its topics do not fit together"},
		{"a change of no topic of it", signed(strings.Replace(whole, `"topic": "t0"`, `"topic": "other"`, 1)), `it changes topic "other", which it does not declare`},
		{"no cluster", signed(strings.Replace(whole, `"clusterId": "kraft"`, `"clusterId": ""`, 1)), ErrNoCluster.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Decode([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
	if _, err := Encode(File{}); !errors.Is(err, ErrNoCluster) {
		t.Errorf("a plan of no cluster: %v", err)
	}
}

// signed gives a text the digest that it should have.
func signed(text string) string {
	i := strings.LastIndex(text, digestKey) + len(digestKey)
	return text[:i] + hashBytes([]byte(text[:i]+fileEnd)) + fileEnd
}

// The hash of a spec does not depend on the order of topics, and does on all that is declared.
func TestSpecHash(t *testing.T) {
	t.Parallel()
	var none topicspec.DesiredAccess
	topics := []topicspec.Desired{
		{Name: "a", Partitions: 3, Config: topicspec.Config{"retention.ms": {Value: "5"}}}, {Name: "b", ReplicationFactor: 1, Config: topicspec.Config{}},
	}
	if SpecHash(topics, none) != SpecHash([]topicspec.Desired{topics[1], topics[0]}, none) {
		t.Error("the order counts")
	}
	known := map[string]int{SpecHash(topics, none): -1}
	for i, other := range []topicspec.Desired{
		{Name: "c", Partitions: 3, Config: topicspec.Config{"retention.ms": {Value: "5"}}},
		{Name: "a", Partitions: 4, Config: topicspec.Config{"retention.ms": {Value: "5"}}},
		{Name: "a", Partitions: 3, ReplicationFactor: 1, Config: topicspec.Config{"retention.ms": {Value: "5"}}},
		{Name: "a", Partitions: 3, Config: topicspec.Config{"retention.ms": {Value: "6"}}},
		{Name: "a", Partitions: 3, Config: topicspec.Config{"retention.ms": {Unset: true}}},
		{Name: "a", Partitions: 3, Config: topicspec.Config{"retention.ms": {Value: ""}}},
		{Name: "a", Partitions: 3, Config: topicspec.Config{}},
	} {
		sum := SpecHash([]topicspec.Desired{other, topics[1]}, none)
		if same, found := known[sum]; found {
			t.Errorf("%d has the hash of %d", i, same)
		}
		known[sum] = i
	}
}

// So it is with access: the order of services and topics does not count, and all that is declared does.
func TestSpecHashOfAccess(t *testing.T) {
	t.Parallel()
	service := func(change func(*topicspec.DesiredService)) topicspec.DesiredAccess {
		s := topicspec.DesiredService{
			Name: "A", Principal: "User:a", Hosts: []string{acl.Any}, Produces: []string{"x", "y"}, Consumes: []topicspec.Consumed{{Topic: "x"}, {Topic: "y"}},
		}
		change(&s)
		return topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Services: []topicspec.DesiredService{s, {Name: "B", Principal: "User:b"}}}
	}
	same := func(*topicspec.DesiredService) {}
	first, turned := service(same), service(func(s *topicspec.DesiredService) {
		s.Produces, s.Consumes = []string{"y", "x"}, []topicspec.Consumed{{Topic: "y"}, {Topic: "x"}}
	})
	slices.Reverse(turned.Services)
	if SpecHash(nil, first) != SpecHash(nil, turned) {
		t.Error("the order counts")
	}
	if turned.Services[0].Name != "B" || turned.Services[1].Produces[0] != "y" {
		t.Errorf("it was changed by the look: %+v", turned)
	}
	off, pruning := service(same), service(same)
	off.ACLs, pruning.Prune = topicspec.ACLsOff, true
	if SpecHash(nil, off) != SpecHash(nil, topicspec.DesiredAccess{}) {
		t.Error("access that is not managed counts")
	}
	known := map[string]int{SpecHash(nil, first): -1, SpecHash(nil, off): -2}
	for i, other := range []topicspec.DesiredAccess{
		pruning,
		service(func(s *topicspec.DesiredService) { s.Principal = "User:c" }),
		service(func(s *topicspec.DesiredService) { s.Produces = s.Produces[:1] }),
		service(func(s *topicspec.DesiredService) { s.Consumes[0].DLQ = "x.dlq" }),
		service(func(s *topicspec.DesiredService) { s.Groups = oneGroup(acl.Literal) }),
		service(func(s *topicspec.DesiredService) { s.Groups = oneGroup(acl.Prefixed) }),
		service(func(s *topicspec.DesiredService) { s.Quota = map[string]topicspec.Setting{"k": {Unset: true}} }),
		service(func(s *topicspec.DesiredService) { s.Quota = map[string]topicspec.Setting{"k": {Value: ""}} }),
		service(func(s *topicspec.DesiredService) { s.Absent = true }),
	} {
		sum := SpecHash(nil, other)
		if same, found := known[sum]; found {
			t.Errorf("%d has the hash of %d", i, same)
		}
		known[sum] = i
	}
}

func oneGroup(pattern acl.PatternType) []topicspec.NamePattern {
	return []topicspec.NamePattern{{Name: "g", Pattern: pattern}}
}

// The hash of what was observed depends on all that a change depends on.
func TestObservedHash(t *testing.T) {
	t.Parallel()
	seen := func(replicas [][]int, value string, override bool) string {
		s := topicspec.Seen{Name: "a", Exists: true, ID: "X", Replicas: replicas, Config: map[string]topicspec.ObservedSetting{"retention.ms": {Value: value, Override: override}}}
		return newObserved(s).ObservedHash
	}
	known := map[string]bool{}
	for _, sum := range []string{
		seen([][]int{{1}}, "5", true), seen([][]int{{2}}, "5", true), seen([][]int{{1}, {1}}, "5", true), seen([][]int{{1, 2}}, "5", true),
		seen([][]int{{2, 1}}, "5", true), seen([][]int{{1}}, "6", true), seen([][]int{{1}}, "5", false),
	} {
		if known[sum] {
			t.Error("two states have one hash")
		}
		known[sum] = true
	}
}

// Nothing in the file is null but what is absent: lists and maps of nothing are empty.
func TestEncodeEmpty(t *testing.T) {
	t.Parallel()
	text := encoded(t, File{Reviewed: topicspec.Reviewed{Plan: topicspec.Plan{ClusterID: "a"}}})
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for key, value := range doc {
		if value == nil {
			t.Errorf("%s is null", key)
		}
	}
}
