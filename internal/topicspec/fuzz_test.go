package topicspec

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"kafkactl/internal/acl"
)

// Parse neither panics nor hangs, whatever it is given. It returns Problems that an editor can
// show, or a spec of which every profile can be applied.
func FuzzParse(f *testing.F) {
	for _, name := range append(invalidFiles(f), "../../topics.yaml") {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, tt := range validDocuments {
		f.Add([]byte(tt.document))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := Parse(bytes.NewReader(data), Source{
			File:   "fuzz.yaml",
			Lookup: func(name string) (string, bool) { return "3", !strings.HasPrefix(name, "UNSET") },
		})
		if err != nil {
			checkProblems(t, data, err)
			return
		}
		if len(spec.Topics) == 0 {
			t.Fatal("accepted without a topic")
		}
		for profile := range spec.Profiles {
			desired, err := spec.Desired(profile)
			if err != nil && !errors.As(err, new(unsetError)) {
				t.Fatalf("Desired(%q): %v", profile, err)
			}
			checkDesired(t, desired)
			access, err := spec.Access(profile)
			if err != nil && !errors.As(err, new(unsetError)) {
				t.Fatalf("Access(%q): %v", profile, err)
			}
			checkAccess(t, access)
		}
		access, err := spec.Access("")
		if err != nil {
			t.Fatal(err)
		}
		checkAccess(t, access)
		desired, err := spec.Desired("")
		if err != nil {
			t.Fatal(err)
		}
		checkDesired(t, desired)
	})
}

func checkProblems(t *testing.T, data []byte, err error) {
	t.Helper()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("%T %v is not Problems", err, err)
	}
	if again := slices.Clone(problems).sorted(); !slices.Equal(again, problems) {
		t.Fatalf("not in order, or one told twice:\n%v", err)
	}
	for _, p := range problems {
		if p.Line < 1 || p.Column < 1 || p.Message == "" || p.File != "fuzz.yaml" {
			t.Fatalf("%+v is no place or says nothing", p)
		}
		// YAML in UTF-16 has other line ends than its bytes show.
		if lines := yamlLines(data); utf8.Valid(data) && p.Line > len(lines) {
			t.Fatalf("%v is past the end, at line %d", p, len(lines))
		}
	}
}

// yamlLines splits at what YAML 1.1 takes for the end of a line.
func yamlLines(data []byte) []string {
	ends := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	return strings.Split(ends.Replace(string(data)), "\n")
}

// checkDesired asks what the brokers would: that what was accepted is legal, and that
// values are in the form in which they come back.
func checkDesired(t *testing.T, desired []Desired) {
	t.Helper()
	for _, d := range desired {
		again, err := NewDesired(d.Name, d.Partitions, d.ReplicationFactor, d.Config)
		if err != nil {
			t.Fatalf("accepted in a file, refused as flags: %v", err)
		}
		for key, setting := range d.Config {
			if again.Config[key] != setting {
				t.Fatalf("%s: %+v is not canonical: %+v", key, setting, again.Config[key])
			}
		}
	}
}

// checkAccess asks what the brokers would: that every binding that was accepted makes sense.
func checkAccess(t *testing.T, access DesiredAccess) {
	t.Helper()
	for _, s := range access.Services {
		resources := []acl.Resource{}
		add := func(kind acl.ResourceType, patterns ...NamePattern) {
			for _, p := range patterns {
				resources = append(resources, acl.Resource{Type: kind, Pattern: p.Pattern, Name: p.Name})
			}
		}
		add(acl.Group, s.Groups...)
		add(acl.TransactionalID, s.TransactionalIDs...)
		if s.Streams != nil {
			add(acl.Group, NamePattern{s.Streams.ApplicationID, acl.Literal})
			add(acl.Topic, NamePattern{s.Streams.ApplicationID + "-", acl.Prefixed})
		}
		for _, g := range s.Grants {
			resources = append(resources, g.Resource)
			for _, o := range append(slices.Clone(g.Allow), g.Deny...) {
				if err := acl.CheckOperation(g.Type, o); err != nil {
					t.Fatalf("%q: %v", s.Name, err)
				}
			}
		}
		for _, r := range resources {
			for _, host := range s.Hosts {
				operation := acl.OperationsOf(r.Type)[0]
				if err := acl.Check(acl.Binding{Principal: s.Principal, Resource: r, Host: host, Operation: operation, Permission: acl.Allow}); err != nil {
					t.Fatalf("%q: %v", s.Name, err)
				}
			}
		}
		for key, value := range s.Quota {
			if number, err := strconv.ParseFloat(value.Value, 64); !value.Unset && (err != nil || number <= 0) {
				t.Fatalf("%q: quota %s is %+v", s.Name, key, value)
			}
		}
	}
}
