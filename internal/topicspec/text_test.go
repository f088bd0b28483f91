package topicspec

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// What is no YAML text is told with its place, wherever it stands.
func TestTextProblems(t *testing.T) {
	t.Parallel()
	const start = "version: 1\ntopics:\n  a:\n    description: "
	for _, test := range []struct{ name, document, want string }{
		{"Latin-1", start + "gr\xfc\xdfe\n", `4:20: not YAML: byte 0xFC is not UTF-8 ('ü' in Latin-1): save it as UTF-8`},
		{"Latin-1 after UTF-8", start + "grüß\xdf\n", `4:22: not YAML: byte 0xDF is not UTF-8 ('ß' in Latin-1): save it as UTF-8`},
		{"Windows-1252", start + "\x93a\x94\n", `4:18: not YAML: byte 0x93 is not UTF-8: save it as UTF-8`},
		{"cut off", start + "gr\xc3", `4:20: not YAML: byte 0xC3 is not UTF-8 ('Ã' in Latin-1): save it as UTF-8`},
		{"in a comment", "# gr\xfc\xdfe\n" + start, `1:5: not YAML: byte 0xFC is not UTF-8 ('ü' in Latin-1): save it as UTF-8`},
		{"in a key", "version: 1\r\ntopics:\r\n  caf\xe9: {}\r\n", `3:6: not YAML: byte 0xE9 is not UTF-8 ('é' in Latin-1): save it as UTF-8`},
		{"old line ends", "version: 1\rtopics:\r  caf\xe9: {}\r", `3:6: not YAML: byte 0xE9 is not UTF-8 ('é' in Latin-1): save it as UTF-8`},
		{"NUL", start + "a\x00b\n", `4:19: not YAML: a NUL byte, as UTF-16 has them: save it as UTF-8`},
		{"NUL at the end", "version: 1\ntopics: {a: }\n\x00\x00", `3:1: not YAML: a NUL byte, as UTF-16 has them: save it as UTF-8`},
		{"UTF-16 without a mark", "v\x00e\x00r\x00", `1:2: not YAML: a NUL byte, as UTF-16 has them: save it as UTF-8`},
		{"UTF-16, big end first", "\x00v\x00e\x00r", `1:1: not YAML: a NUL byte, as UTF-16 has them: save it as UTF-8`},
		{"UTF-32", "\xff\xfe\x00\x00v\x00\x00\x00", `1:1: not YAML: a NUL byte, as UTF-16 has them: save it as UTF-8`},
		{"a mark inside", "version: 1\n\uFEFFtopics: {a: }\n", `2:1: not YAML: a byte order mark (U+FEFF) inside the text: remove it`},
		{"backspace", start + "a\x08b\n", `4:19: not YAML: the control character U+0008: remove it`},
		{"escape", start + "\x1b[1mb\n", `4:18: not YAML: the control character U+001B: remove it`},
		{"delete", start + "\x7f\n", `4:18: not YAML: the control character U+007F: remove it`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(strings.NewReader(test.document), Source{File: "f"})
			if diff := cmp.Diff("f:"+test.want, errorText(err)); diff != "" || !errors.As(err, new(Problems)) {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A byte order mark is no fault: UTF-8 may have one, and UTF-16 is YAML with one.
func TestByteOrderMarks(t *testing.T) {
	t.Parallel()
	const document = "version: 1\ntopics:\n  a: {description: größer 👍, partitions: 3}\n"
	units := utf16.Encode([]rune("\uFEFF" + document))
	var little, big []byte
	for _, u := range units {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	for name, text := range map[string]string{"UTF-8": "\uFEFF" + document, "UTF-16LE": string(little), "UTF-16BE": string(big)} {
		spec := parse(t, text, Source{})
		desired, err := spec.Desired("")
		if diff := cmp.Diff([]Desired{want("a", 3, 0)}, desired); diff != "" || err != nil || spec.Topics["a"].Description != "größer 👍" {
			t.Errorf("%s: %v, %q %s", name, err, spec.Topics["a"].Description, diff)
		}
		_, err = Parse(strings.NewReader(strings.ReplaceAll(text, "3", "x")), Source{File: "f"})
		if got := errorText(err); !strings.HasPrefix(got, "f:3:") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Tabs that indent are told with their place; all others are none of YAML's faults.
func TestTabs(t *testing.T) {
	t.Parallel()
	const problem = ": not YAML: a tab in the indentation: indent with spaces"
	for _, test := range []struct{ name, document, want string }{
		{"alone", "version: 1\ntopics:\n\ta:\n\t\tpartitions: 3\n", "f:3:1" + problem},
		{"after spaces", "version: 1\ntopics:\n  a:\n  \tpartitions: 3\n", "f:4:3" + problem},
		{"before spaces", "version: 1\ntopics:\n  a:\n\t  partitions: 3\n", "f:4:1" + problem},
		{"the last line", "version: 1\ntopics:\n  a:\n    partitions: 3\n\tb:\n", "f:5:1" + problem},
		{"a list", "version: 1\ntopics:\n  a:\n    producers:\n\t- A\n", "f:5:1" + problem},
		{"after one that may be", "version: 1\nservices: {\n\tA: }\ntopics:\n\ta: {}\n", "f:5:1" + problem},
		{"inside brackets", "version: 1\ntopics: {\n\ta: }\n", ""},
		{"in a text", "version: 1\ntopics:\n  a:\n    description: |\n      x\n      \ty\n    partitions: 3\n", ""},
		{"after the colon", "version:\t1\ntopics:\t\n  a:\t{}\t# a\n", ""},
		{"a line of its own", "version: 1\ntopics:\n\t\n  a: {}\n", "f:3:1" + problem},
		{"before a comment", "version: 1\ntopics:\n  \t# a\n  a: {}\n", "f:3:3" + problem},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(strings.NewReader(test.document), Source{File: "f"})
			if diff := cmp.Diff(test.want, errorText(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A name is a string, as YAML has it: what is none without quotes is told.
func TestKeys(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, document, want string }{
		{"null", "topics: {null: {}}", `1:10: expected a string as key, got null: write "null" in quotes`},
		{"its short form", "topics: {~: {}}", `1:10: expected a string as key, got null: write "~" in quotes`},
		{"nothing", "topics:\n  ?\n  : {partitions: 1}", `2:4: a key is missing before the colon`},
		{"true", "topics: {true: {}}", `1:10: expected a string as key, got true (bool): write "true" in quotes`},
		{"a number", "topics: {1: {}}", `1:10: expected a string as key, got 1 (int): write "1" in quotes`},
		{"a hexadecimal number", "topics: {0x1F: {}}", `1:10: expected a string as key, got 0x1F (int): write "0x1F" in quotes`},
		{"a float", "topics: {1.5: {}}", `1:10: expected a string as key, got 1.5 (float): write "1.5" in quotes`},
		{"a day", "topics: {2026-01-02: {}}", `1:10: expected a string as key, got 2026-01-02 (timestamp): write "2026-01-02" in quotes`},
		{"a service", "topics: {a: }\nservices: {1: {}}", `2:12: expected a string as key, got 1 (int): write "1" in quotes`},
		{"a profile", "topics: {a: }\nprofiles: {1: {}}", `2:12: expected a string as key, got 1 (int): write "1" in quotes`},
		{"a topic of a profile", "topics: {a: }\nprofiles: {p: {topics: {null: {}}}}", `2:25: profile "p": expected a string as key, got null: write "null" in quotes`},
		{"a setting", "topics: {a: {config: {null: 1}}}", `1:23: topic "a": expected a string as key, got null: write "null" in quotes`},
		{"a variable", "topics: {'${P}.a': {}}", `1:10: the key "${P}.a": variables are replaced in values only`},
		{"in quotes", "topics: {'null': {}, \"1\": {}, 'true': {}}", ""},
		{"an old boolean is a string", "topics: {yes: {}, on: {}, n: {}}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(strings.NewReader(test.document+"\nversion: 1\n"), Source{File: "f"})
			wanted := test.want
			if wanted != "" {
				wanted = "f:" + wanted
			}
			if diff := cmp.Diff(wanted, errorText(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
