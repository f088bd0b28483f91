package records

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// interopDir holds the client programs; its README.md says how they are called.
const interopDir = "testdata/interop"

// interopClient is one of the client programs.
type interopClient struct {
	name string
	// install gets the program's libraries, if they are not there yet.
	install func(t *testing.T) interopProgram
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

// interopProgram is a command that still lacks its last arguments.
type interopProgram struct {
	argv []string
	env  []string // beside this process's own
}

// run runs the program to its end and returns its stdout. What it told stderr is in the error only.
func (p interopProgram) run(t *testing.T, stdin string, args ...string) ([]byte, error) {
	t.Helper()
	const patience = 5 * time.Minute // longer than any of them waits itself
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, p.argv[0], append(p.argv[1:len(p.argv):len(p.argv)], args...)...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", p.argv[0], strings.Join(args, " "), err, stderr.Bytes())
	}
	return stdout.Bytes(), nil
}

func installKafkaJS(t *testing.T) interopProgram {
	t.Helper()
	return interopProgram{
		argv: []string{"node", interopDir + "/kafkajs/client.js"},
		env:  []string{"NODE_PATH=" + clitest.NodeModules(t, interopDir+"/kafkajs")},
	}
}

func installPython(t *testing.T) interopProgram {
	t.Helper()
	return interopProgram{
		argv: []string{"python3", interopDir + "/python/client.py"},
		env:  []string{"PYTHONPATH=" + clitest.PythonPackages(t, interopDir+"/python")},
	}
}

// installJava compiles with a compiler that is a jar: a JRE has none.
func installJava(t *testing.T) interopProgram {
	t.Helper()
	kafka, err := kafkatest.JarDir(kafkatest.Kraft1)
	if err != nil {
		t.Fatal(err)
	}
	home, err := kafkatest.JavaHome()
	if err != nil {
		t.Fatal(err)
	}
	jars, err := filepath.Glob(filepath.Join(kafka, "*.jar"))
	if err != nil {
		t.Fatal(err)
	}
	java := interopProgram{argv: []string{
		filepath.Join(home, "bin", "java"), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
	}}
	classPath := strings.Join(jars, string(os.PathListSeparator))

	files := clitest.Inputs(t, interopDir+"/java", "pom.xml", "Client.java")
	files["class path"] = []byte(classPath)
	dir := clitest.Installed(t, "java", files, func(dir string) error {
		mvn := interopProgram{argv: []string{"mvn", "-B", "-q", "-f", interopDir + "/java/pom.xml"}}
		_, err := mvn.run(t, "", "dependency:copy-dependencies", "-Dmdep.stripVersion", "-DoutputDirectory="+dir)
		if err != nil {
			return err
		}
		_, err = java.run(t, "", "-jar", filepath.Join(dir, "ecj.jar"), "-17", "-proc:none",
			"-classpath", classPath, "-d", dir, interopDir+"/java/Client.java")
		return err
	})
	java.argv = append(java.argv, "-classpath", dir+string(os.PathListSeparator)+classPath, "Client")
	return java
}
