package records

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"kafkactl/internal/kafkatest"
)

// interopClient is one of the client programs in testdata/interop, whose README.md says how they are
// called.
type interopClient struct {
	name string
	// install gets the program's libraries, if they are not there yet.
	install func(t *testing.T) kafkatest.ClientProgram
	// cannotWrite are the records that the library cannot write, and why.
	cannotWrite map[string]string
	// reads is what the library makes of a record's headers; nil for what they are.
	reads func(headers []interopHeader) []interopHeader
}

func interopClients() []interopClient {
	return []interopClient{
		{
			name: "kafkajs", install: installKafkaJS,
			cannotWrite: map[string]string{
				"null header":     "it asks null for its length: TypeError",
				"one name apart":  "headers are an object of lists, one for each name",
				"names in digits": "an object has such names first, in their order as numbers",
			},
			reads: asObject,
		},
		{
			name: "python", install: installPython,
			cannotWrite: map[string]string{
				"null header":        "TypeError: All headers items must be (str, bytes) tuples",
				"null key and value": "ValueError: Need at least one: key or value",
			},
		},
		{name: "java", install: installJava},
	}
}

// asObject returns the headers after they were the members of a JavaScript object: those of one
// name together, and names that are numbers first, in order.
func asObject(headers []interopHeader) []interopHeader {
	isIndex := func(name string) bool { return strings.Trim(name, "0123456789") == "" && name != "" }
	first := make(map[string]int)
	for i, h := range slices.Backward(headers) {
		first[h.Key] = i
	}
	object := slices.Clone(headers)
	slices.SortStableFunc(object, func(a, b interopHeader) int {
		switch {
		case isIndex(a.Key) && isIndex(b.Key):
			return cmp.Or(cmp.Compare(len(a.Key), len(b.Key)), cmp.Compare(a.Key, b.Key))
		case isIndex(a.Key):
			return -1
		case isIndex(b.Key):
			return 1
		}
		return cmp.Compare(first[a.Key], first[b.Key])
	})
	return object
}

func installKafkaJS(t *testing.T) kafkatest.ClientProgram {
	t.Helper()
	return kafkatest.NodeProgram(t, "testdata/interop/kafkajs/client.js")
}

func installPython(t *testing.T) kafkatest.ClientProgram {
	t.Helper()
	return kafkatest.PythonProgram(t, "testdata/interop/python/client.py")
}

func installJava(t *testing.T) kafkatest.ClientProgram {
	t.Helper()
	return kafkatest.JavaProgram(t, "testdata/interop/java/Client.java")
}
