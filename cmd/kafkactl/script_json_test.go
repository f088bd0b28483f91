package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// checkJSON is "json FILE [PATH [VALUE]]".
func checkJSON(ts *testscript.TestScript, _ *stage, args []string) error {
	if err := usage(args, 1, "json FILE [PATH [VALUE]]"); err != nil {
		return err
	}
	return matchJSON([]byte(ts.ReadFile(args[0])), args[1:])
}

// checkJSONLines is "jsonlines FILE [PATH [VALUE]]".
func checkJSONLines(ts *testscript.TestScript, _ *stage, args []string) error {
	if err := usage(args, 1, "jsonlines FILE [PATH [VALUE]]"); err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	for i, line := range lines {
		var want []string
		if i == len(lines)-1 {
			want = args[1:]
		}
		if err := matchJSON([]byte(line), want); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

// matchJSON checks that text is one object, with want as path and value in it.
func matchJSON(text []byte, want []string) error {
	var doc map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&doc); err != nil {
		return fmt.Errorf("not a JSON object: %w\n%s", err, text)
	}
	if decoder.More() {
		return fmt.Errorf("more than one JSON value:\n%s", text)
	}
	if len(want) == 0 {
		return nil
	}
	got, err := follow(doc, strings.Split(want[0], "."))
	if err != nil {
		return fmt.Errorf("%s: %w", want[0], err)
	}
	if len(want) > 1 && fmt.Sprint(got) != want[1] {
		return fmt.Errorf("%s is %v, want %s", want[0], got, want[1])
	}
	return nil
}

// follow walks down a document: field names, indexes, and len for a list's length.
func follow(value any, path []string) (any, error) {
	for _, step := range path {
		switch v := value.(type) {
		case map[string]any:
			field, ok := v[step]
			if !ok {
				return nil, fmt.Errorf("no field %q", step)
			}
			value = field
		case []any:
			if step == "len" {
				value = len(v)
				continue
			}
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil, fmt.Errorf("no item %q in a list of %d", step, len(v))
			}
			value = v[i]
		default:
			return nil, fmt.Errorf("%q leads into %v", step, reflect.TypeOf(value))
		}
	}
	return value, nil
}
