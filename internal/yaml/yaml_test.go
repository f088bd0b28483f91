package yaml

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The documents before the place that is not YAML come with the error.
func TestDocuments(t *testing.T) {
	t.Parallel()
	type result struct {
		Roots []string // "" for a document without one
		Error *SyntaxError
	}
	for _, test := range []struct {
		name, text string
		want       result
	}{
		{"none", "", result{}},
		{"comments only", "# nothing\n", result{}},
		{"two", "a\n---\nb\n", result{Roots: []string{"a", "b"}}},
		{"the second is not YAML", "a\n---\nb: [\n", result{Roots: []string{"a"}, Error: &SyntaxError{3, 0, "did not find expected node content"}}},
		{"a tab", "a:\n\tb: 1\n", result{Error: &SyntaxError{2, 1, "a tab in the indentation: indent with spaces"}}},
		{"Latin-1", "a: \xfc\n", result{Error: &SyntaxError{1, 4, "byte 0xFC is not UTF-8 ('ü' in Latin-1): save it as UTF-8"}}},
		{"an error without a line", "*x\n", result{Error: &SyntaxError{0, 0, "unknown anchor 'x' referenced"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got result
			docs, err := Documents([]byte(test.text))
			for _, doc := range docs {
				root := ""
				if len(doc.Content) > 0 {
					root = doc.Content[0].Value
				}
				got.Roots = append(got.Roots, root)
			}
			if err != nil && !errors.As(err, &got.Error) {
				t.Fatalf("%T: %v", err, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	t.Parallel()
	got := []string{(&SyntaxError{3, 4, "bad"}).Error(), (&SyntaxError{0, 0, "bad"}).Error()}
	if diff := cmp.Diff([]string{"line 3: bad", "bad"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	docs, err := Documents([]byte("[&x a, *x, b]"))
	if err != nil {
		t.Fatal(err)
	}
	got := []*Node{Resolve(nil)}
	for _, item := range docs[0].Content[0].Content {
		got = append(got, Resolve(item))
	}
	items := docs[0].Content[0].Content
	for i, want := range []*Node{nil, items[0], items[0], items[2]} {
		if got[i] != want {
			t.Errorf("node %d: %v, want %v", i, got[i], want)
		}
	}
}

// A string keeps its quotes where YAML would read it as a number, true, false or null; the order of
// keys is kept.
func TestWriteJSON(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := WriteJSON(&out, []byte(`{"b":{"x":"1","y":1,"z":"true"},"a":["null",null,"text: more"],"none":[],"empty":{}}`)); err != nil {
		t.Fatal(err)
	}
	const want = `b:
  x: "1"
  y: 1
  z: "true"
a:
  - "null"
  - null
  - 'text: more'
none: []
empty: {}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
