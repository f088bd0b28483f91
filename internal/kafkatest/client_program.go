package kafkatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// ClientProgram is a program with another client library, in the language of that library. The
// libraries come from the registry of the language once, into the user's cache directory.
type ClientProgram struct {
	argv []string // without the last arguments
	env  []string // beside this process's own
}

// With returns the program with more in its environment, as NAME=value.
func (p ClientProgram) With(env ...string) ClientProgram {
	p.env = slices.Concat(p.env, env)
	return p
}

// Run runs the program to its end and returns its stdout. What it wrote to stderr is in the error
// only. The program cannot outlive ctx nor, on Linux, this process.
func (p ClientProgram) Run(ctx context.Context, stdin string, args ...string) ([]byte, error) {
	stdout, _, err := p.RunBoth(ctx, stdin, args...)
	return stdout, err
}

// RunBoth is Run, and returns what the program wrote to stderr too.
func (p ClientProgram) RunBoth(ctx context.Context, stdin string, args ...string) (out, errs []byte, err error) {
	const patience = 5 * time.Minute // longer than any of them waits itself
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	sp := newSpawner()
	defer sp.end()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, p.argv[0], append(p.argv[1:len(p.argv):len(p.argv)], args...)...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	cmd.WaitDelay = time.Second
	if err = sp.start(cmd); err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", p.argv[0], strings.Join(args, " "), err, stderr.Bytes())
	}
	return stdout.Bytes(), stderr.Bytes(), err
}

// Command returns the program with arguments, for what runs it itself, and what its environment has beside that of
// this process.
func (p ClientProgram) Command(args ...string) (argv, env []string) {
	return slices.Concat(p.argv, args), slices.Clone(p.env)
}

// NodeProgram is a script for Node.js with the [NodeModules] of its directory.
func NodeProgram(tb testing.TB, script string) ClientProgram {
	tb.Helper()
	return ClientProgram{
		argv: []string{"node", script},
		env:  []string{"NODE_PATH=" + NodeModules(tb, filepath.Dir(script))},
	}
}

// NodeModules returns the node_modules of the package.json and package-lock.json in dir, which it
// installs once on a machine for the same files. It requires the tier [KafkaJS].
func NodeModules(tb testing.TB, dir string) string {
	tb.Helper()
	Require(tb, KafkaJS)
	files := filesIn(tb, dir, "package.json", "package-lock.json")
	installed := installed(tb, "node", files, func(into string) error {
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(into, name), data, 0o600); err != nil {
				return err
			}
		}
		npm := ClientProgram{argv: []string{"npm", "--prefix", into}}
		_, err := npm.Run(tb.Context(), "", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
		return err
	})
	return filepath.Join(installed, "node_modules")
}

// PythonProgram is a script for Python with the [PythonPackages] of its directory.
func PythonProgram(tb testing.TB, script string) ClientProgram {
	tb.Helper()
	return ClientProgram{
		argv: []string{"python3", script},
		env:  []string{"PYTHONPATH=" + PythonPackages(tb, filepath.Dir(script))},
	}
}

// PythonPackages returns a directory for PYTHONPATH with what the requirements.txt in dir names, which
// it installs once on a machine for the same file and Python. The file names dependencies too. It
// requires the tier [KafkaPython].
func PythonPackages(tb testing.TB, dir string) string {
	tb.Helper()
	Require(tb, KafkaPython)
	python := ClientProgram{argv: []string{"python3"}}
	version, err := python.Run(tb.Context(), "", "-c", "import pip, sys; print(sys.version)")
	if err != nil {
		tb.Fatal(err)
	}
	files := filesIn(tb, dir, "requirements.txt")
	files["version"] = version
	return installed(tb, "python", files, func(into string) error {
		_, err := python.Run(tb.Context(), "", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
			"--only-binary", ":all:", "--target", into, "--requirement", filepath.Join(dir, "requirements.txt"))
		return err
	})
}

// JavaProgram is a class in a source file of its name, with the jars of Kafka 4.3. Beside it is
// pom.xml, which names a compiler that is a jar: a JRE has none. It requires the tier [Brokers].
func JavaProgram(tb testing.TB, source string) ClientProgram {
	tb.Helper()
	Require(tb, Brokers)
	jars, err := JarDir(Kraft1)
	if err != nil {
		tb.Fatal(err)
	}
	javaPath, err := javaPath()
	if err != nil {
		tb.Fatal(err)
	}
	java := ClientProgram{argv: []string{javaPath, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"}}
	classPath := filepath.Join(jars, "*")
	files := filesIn(tb, filepath.Dir(source), "pom.xml", filepath.Base(source))
	files["class path"] = []byte(classPath)
	classes := installed(tb, "java", files, func(dir string) error {
		mvn := ClientProgram{argv: []string{"mvn", "-B", "-q", "-f", filepath.Join(filepath.Dir(source), "pom.xml")}}
		_, err := mvn.Run(tb.Context(), "", "dependency:copy-dependencies", "-Dmdep.stripVersion", "-DoutputDirectory="+dir)
		if err != nil {
			return err
		}
		return compileJava(tb.Context(), java, filepath.Join(dir, "ecj.jar"), jars, dir, source)
	})
	java.argv = append(java.argv, "-classpath", classes+string(os.PathListSeparator)+classPath,
		strings.TrimSuffix(filepath.Base(source), ".java"))
	return java
}

// compileJava compiles source files into dir. The compiler takes no pattern in its class path.
func compileJava(ctx context.Context, java ClientProgram, compiler, jars, dir string, sources ...string) error {
	names, err := filepath.Glob(filepath.Join(jars, "*.jar"))
	if err != nil {
		return err
	}
	_, err = java.Run(ctx, "", append([]string{
		"-jar", compiler, "-17", "-proc:none", "-nowarn", "-parameters",
		"-classpath", strings.Join(names, string(os.PathListSeparator)), "-d", dir,
	}, sources...)...)
	return err
}

// filesIn returns what the named files in dir hold.
func filesIn(tb testing.TB, dir string, names ...string) map[string][]byte {
	tb.Helper()
	files := make(map[string][]byte)
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			tb.Fatal(err)
		}
		files[name] = data
	}
	return files
}

// installed returns the directory that fill fills, once for the same inputs on a machine.
func installed(tb testing.TB, language string, inputs map[string][]byte, fill func(dir string) error) string {
	tb.Helper()
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(inputs[name]), inputs[name])
	}
	dir, err := Cached(fmt.Sprintf("clients-%s-%x", language, sum.Sum(nil)[:6]), fill)
	if err != nil {
		tb.Fatalf("install what a client in %s needs: %v", language, err)
	}
	return dir
}
