package topicspec

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
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
		}
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
