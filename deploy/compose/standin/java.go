package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
)

// environment is the container's variables.
type environment struct {
	list   []string
	lookup map[string]string
}

func newEnvironment(environ []string) environment {
	env := environment{environ, map[string]string{}}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		env.lookup[name] = value
	}
	return env
}

// require tells which of the names are missing, as the real images do before they start.
func (e environment) require(names ...string) error {
	for _, name := range names {
		if e.lookup[name] == "" {
			return fmt.Errorf("%s is required", name)
		}
	}
	return nil
}

// properties turns PREFIX_A_B=value into a.b=value, __ into _ and ___ into -, but for the names in except, which mean
// something to the scripts and not to the server. The order is that of the names.
func (e environment) properties(prefix string, except ...string) string {
	var lines []string
	for name, value := range e.lookup {
		rest, ok := strings.CutPrefix(name, prefix)
		if ok && !slices.Contains(except, rest) {
			lines = append(lines, propertyName(rest)+"="+value)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

func propertyName(variable string) string {
	return strings.NewReplacer("___", "-", "__", "_", "_", ".").Replace(strings.ToLower(variable))
}

// jvmStarts gets a line for each JVM this container started: the proof that no health check is among them.
const jvmStarts = "/tmp/jvm-starts"

// execJava makes this process a JVM of the class and its arguments.
func (e environment) execJava(classPath, heap string, classAndArgs ...string) error {
	argv, err := e.javaArgv(classPath, heap, classAndArgs...)
	if err != nil {
		return err
	}
	return become(argv, e.list)
}

func become(argv, environ []string) error {
	return fmt.Errorf("become java: %w", syscall.Exec(argv[0], argv, environ))
}

// runJava runs the class to its end.
func (e environment) runJava(classPath, heap string, classAndArgs ...string) error {
	argv, err := e.javaArgv(classPath, heap, classAndArgs...)
	if err != nil {
		return err
	}
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput() //nolint:noctx // the container's end ends it
	if err != nil {
		return fmt.Errorf("run %s: %w: %s", classAndArgs[0], err, out)
	}
	return nil
}

// runTool becomes one of Apache's tools, of the Kafka 3.9 or 4 that the arguments begin with.
func (e environment) runTool(args []string) error {
	if len(args) < 2 {
		return errors.New("tool needs a version and a class")
	}
	argv, err := e.javaArgv("/opt/kafka-"+args[0]+"/*", "-Xmx256m", args[1:]...)
	if err != nil {
		return err
	}
	for i, arg := range argv[:len(argv)-len(args)+1] { // warnings on stderr, and nothing else
		argv[i] = strings.ReplaceAll(arg, "/etc/kafka/log4j", "/etc/kafka/tools-log4j")
	}
	return become(argv, e.list)
}

func (e environment) javaArgv(classPath, heap string, classAndArgs ...string) ([]string, error) {
	starts, err := os.OpenFile(jvmStarts, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, fmt.Errorf("count the JVM: %w", err)
	}
	_, err = fmt.Fprintln(starts, strings.Join(classAndArgs, " "))
	if err := cmp.Or(err, starts.Close()); err != nil {
		return nil, fmt.Errorf("count the JVM: %w", err)
	}
	argv := []string{
		"/opt/java/bin/java", heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
		"-Dlog4j.configuration=file:/etc/kafka/log4j.properties", "-Dlog4j2.configurationFile=/etc/kafka/log4j2.properties",
		"-Dlog4j2.disableJmx=true", "-Djava.awt.headless=true", "-cp", classPath,
	}
	return append(argv, classAndArgs...), nil
}
