package health

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata/hints.golden")

// Every sentence is pinned here and nowhere else; the other tests pin ids, and what stands in the
// places of a sentence.
func TestHintSentences(t *testing.T) {
	t.Parallel()
	const golden = "testdata/hints.golden"
	var all strings.Builder
	sentences := sentences()
	for _, id := range slices.Sorted(maps.Keys(sentences)) {
		fmt.Fprintf(&all, "%s\n\t%s\n", id, sentences[id])
	}
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("%s, written again with go test -run TestHintSentences -update (-want +got):\n%s", golden, diff)
	}
	if n := len(addressSentences()) + len(brokerSentences()) + len(zooKeeperSentences()); n != len(sentences) {
		t.Errorf("%d ids for %d sentences: an id is given twice", len(sentences), n)
	}
}

// A hint that no test meets must not fail for a user: each call of advise names a sentence and
// fills its places, and each sentence is used.
func TestHintsAreFilled(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	unused := sentences()
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			if name, is := call.Fun.(*ast.Ident); !is || name.Name != "advise" {
				return true
			}
			id, err := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if sentence, known := sentences()[id]; !known || len(call.Args)-1 != places(sentence) {
				t.Errorf("%s: hint %q has %d arguments, known %t with %d places", file, id, len(call.Args)-1, known, places(sentence))
			}
			if !strings.HasSuffix(file, "_test.go") {
				delete(unused, id)
			}
			return true
		})
	}
	if len(unused) > 0 {
		t.Errorf("nobody uses %q", slices.Sorted(maps.Keys(unused)))
	}
}

// places returns how many arguments a sentence takes: %s and %d each, %[1]s by its number.
func places(sentence string) int {
	most, plain := 0, 0
	for _, verb := range regexp.MustCompile(`%(?:\[(\d+)\])?[a-z]`).FindAllStringSubmatch(sentence, -1) {
		if verb[1] == "" {
			plain++
			continue
		}
		number, _ := strconv.Atoi(verb[1])
		most = max(most, number)
	}
	return max(most, plain)
}
