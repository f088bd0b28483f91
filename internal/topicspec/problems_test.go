package topicspec

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// variables answers ${VAR} in tests from a map.
func variables(values map[string]string) Lookup {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// invalidFiles lists testdata/invalid/*.yaml.
func invalidFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/invalid/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/invalid: %v", err)
	}
	return files
}

// Every file of testdata/invalid is refused with exactly the lines of the .txt file beside it: all
// problems in one run, in file order, each at its own place.
func TestParseInvalid(t *testing.T) {
	t.Parallel()
	for _, file := range invalidFiles(t) {
		base := filepath.Base(file)
		t.Run(strings.TrimSuffix(base, ".yaml"), func(t *testing.T) {
			t.Parallel()
			golden, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			document, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			spec, err := Parse(bytes.NewReader(document), Source{
				File:    base,
				Lookup:  variables(map[string]string{"VERSION": "1", "WORD": "word", "EMPTY": ""}),
				Profile: map[string]string{"variables.yaml": "chosen"}[base],
			})
			var problems Problems
			if !errors.As(err, &problems) || spec != nil {
				t.Fatalf("Parse = %v, %v; want nil and Problems", spec, err)
			}
			if diff := cmp.Diff(string(golden), problems.Error()+"\n"); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseUnknownProfile(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, document, want string }{
		{
			"one is near", "version: 1\ntopics: {a: }\nprofiles:\n  production: {}\n",
			`topics.yaml:4:3: no profile "producton" (did you mean "production"?) (profiles: production)`,
		},
		{
			"there are none", "version: 1\ntopics: {a: }\n",
			`topics.yaml:1:1: no profile "producton": the file has none`,
		},
		{
			"it was refused", "version: 1\ntopics: {a: }\nprofiles:\n  producton: 3\n",
			`topics.yaml:4:14: profile "producton": expected a mapping, got 3 (int)`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(strings.NewReader(tt.document), Source{File: "topics.yaml", Profile: "producton"})
			if diff := cmp.Diff(tt.want, errorText(err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// What cannot be read is no problem of the file.
func TestParseReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	_, err := Parse(iotest.ErrReader(broken), Source{File: "<stdin>"})
	if !errors.Is(err, broken) || errors.As(err, new(Problems)) || err.Error() != "read <stdin>: broken pipe" {
		t.Errorf("Parse = %v", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
