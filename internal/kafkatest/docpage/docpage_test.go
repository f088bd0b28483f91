package docpage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every sentence of the page is compared with what the program prints, by a script or a test that
// provokes it. Whether the program prints it is for that script or test to find.
func TestNothingIsUnclaimed(t *testing.T) {
	t.Parallel()
	unclaimed, err := Unclaimed()
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range unclaimed {
		t.Errorf("%s: no script and no test provokes it", block)
	}
}

// A word that is changed, left out or put in is found, and so is another exit code.
func TestCompare(t *testing.T) {
	t.Parallel()
	quoted, err := parse("```text a-fault\nkafkactl: after <time>: <addr>: <n> of <n> fail\n… the end\n~ <topic>  set  <setting>\nexit 5\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	q := quoted["a-fault"]
	const output = "~ order.created   set       x\nkafkactl: after 1.2s: 127.0.0.1:1: 3 of 11 fail\nnot yet the end\n"
	for _, test := range []struct {
		name, output string
		exit         int
		good         bool
	}{
		{"as quoted", output, 5, true},
		{"indented", "     " + output, 5, true},
		{"exit code", output, 1, false},
		{"a word less", strings.Replace(output, "of ", "", 1), 5, false},
		{"a word more", strings.Replace(output, "fail", "fail now", 1), 5, false},
		{"a word before", strings.Replace(output, "kafkactl", "note: kafkactl", 1), 5, false},
		{"no number", strings.Replace(output, "11", "all", 1), 5, false},
		{"a line less", strings.Replace(output, "not yet the end\n", "", 1), 5, false},
	} {
		if err := q.compare(test.output, test.exit); (err == nil) != test.good {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A block that could not be claimed, or whose lines would be lost, is refused.
func TestParse(t *testing.T) {
	t.Parallel()
	got, err := parse("# Title\n```text one\na\nb\nexit 3\n```\ntext\n```sh\nls\n```\n```text two\nc\n```\n")
	want := map[string]quotation{"one": {number: 3, lines: []string{"a", "b"}, exit: 3}, "two": {number: 12, lines: []string{"c"}, exit: NoExit}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(quotation{})); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	for name, text := range map[string]string{
		"no id": "```text\na\n```\n", "twice": "```text x\na\n```\n```text x\na\n```\n",
		"no lines": "```text x\nexit 1\n```\n", "no code": "```text x\na\nexit one\n```\n",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
