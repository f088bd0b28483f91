package kafkatest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// JavaProject are Java programs with libraries of their own; [JavaProgram] has those of the brokers.
type JavaProject struct {
	java string
	dir  string // holds the classes, and the libraries in lib
}

// NewJavaProject compiles the sources in dir, of which there may be none, against the libraries that
// dir/pom.xml names and those that they need. One of them is the compiler. It requires the tier
// [Brokers].
func NewJavaProject(tb testing.TB, dir string) JavaProject {
	tb.Helper()
	Require(tb, Brokers)
	java, err := javaPath()
	if err != nil {
		tb.Fatal(err)
	}
	pom := filepath.Join(dir, "pom.xml")
	sources, err := filepath.Glob(filepath.Join(dir, "*.java"))
	if err != nil {
		tb.Fatal(err)
	}
	names := []string{"pom.xml"}
	for _, source := range sources {
		names = append(names, filepath.Base(source))
	}
	classes := installed(tb, "java-"+filepath.Base(dir), filesIn(tb, dir, names...), func(into string) error {
		mvn := ClientProgram{argv: []string{"mvn", "-B", "-q", "-f", pom}}
		lib := filepath.Join(into, "lib")
		_, err := mvn.Run(tb.Context(), "", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory="+lib)
		if err != nil || len(sources) == 0 {
			return err
		}
		compilers, err := filepath.Glob(filepath.Join(lib, "ecj-*.jar"))
		if err != nil || len(compilers) != 1 {
			return fmt.Errorf("%s names %d compilers, want 1 (%w)", pom, len(compilers), err)
		}
		compiler := ClientProgram{argv: append([]string{java, "-Xmx256m"}, quickJVM()...)}
		return compileJava(tb.Context(), compiler, compilers[0], lib, into, sources...)
	})
	return JavaProject{java, classes}
}

// Jars returns the names of the libraries, which end with their versions.
func (p JavaProject) Jars(tb testing.TB) []string {
	tb.Helper()
	jars, err := filepath.Glob(filepath.Join(p.dir, "lib", "*.jar"))
	if err != nil {
		tb.Fatal(err)
	}
	for i, jar := range jars {
		jars[i] = strings.TrimSuffix(filepath.Base(jar), ".jar")
	}
	return jars
}

// Program returns the program whose main class is given. JVM flags are in flags.
func (p JavaProject) Program(class string, flags ...string) ClientProgram {
	classPath := strings.Join([]string{p.dir, filepath.Join(p.dir, "lib", "*")}, string(os.PathListSeparator))
	return ClientProgram{argv: slices.Concat([]string{p.java, "-Xmx256m"}, quickJVM(), flags, []string{"-cp", classPath, class})}
}
