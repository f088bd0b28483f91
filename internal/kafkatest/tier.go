package kafkatest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// Tier is a part of the tests that needs more of the machine than Go. [Require] is its gate.
type Tier int

// The tiers, in the order in which [Lacking] reports them.
const (
	// Linux has what a few tests take from it: /dev/full, all of 127.0.0.0/8, util-linux.
	Linux Tier = iota
	// Terminal runs the program on a terminal of its own.
	Terminal
	// OpenSSL judges certificates and keys as programs in C do.
	OpenSSL
	// Brokers are real Kafka and ZooKeeper. [Start], [Shared] and [Prepare] ask for it themselves.
	Brokers
	// KafkaJS are the clients in JavaScript against real Kafka, KafkaJS among them: [NodeProgram] asks
	// for it itself.
	KafkaJS
	// KafkaPython are those in Python, kafka-python among them, for [PythonProgram].
	KafkaPython
	// Stores are key stores that OpenSSL and Java's keytool make.
	Stores
	// Stack is deploy/compose in containers.
	Stack
)

// ImagesVariable names the environment variable that, set to "real", makes the tests of the stack
// pull the published images. Otherwise they make stand-ins of this machine's files.
const ImagesVariable = "KAFKACTL_TEST_IMAGES"

// tierNeeds is what a tier asks of the machine.
type tierNeeds struct {
	name    string // the number is that of the table of tests in the documentation
	install string
	slow    bool // left out by go test -short
	problem func() error
}

// needs returns the row of a tier. A tier that is built on another one reports the other's problem
// too.
func (t Tier) needs() tierNeeds {
	switch t {
	case Linux:
		return tierNeeds{"tier 3, what only Linux has", "Linux", false, linuxProblem}
	case Terminal:
		return tierNeeds{
			"tier 3, on a terminal", "script and timeout (on Debian: apt-get install --no-install-recommends bsdutils coreutils)",
			false, func() error { return errors.Join(linuxProblem(), programsProblem("script", "timeout")) },
		}
	case OpenSSL:
		return tierNeeds{
			"tier 3, certificates as OpenSSL reads them", "openssl (on Debian: apt-get install --no-install-recommends openssl)",
			false, func() error { return programsProblem("openssl") },
		}
	case Brokers:
		return tierNeeds{
			"tier 4, real Kafka and ZooKeeper",
			"Java 17 or newer, and Maven, which fetches Kafka's jars once (on Debian: apt-get install --no-install-recommends default-jre-headless maven)",
			true, brokersProblem,
		}
	case KafkaJS:
		return tierNeeds{
			"tier 4, KafkaJS", "Node.js 20 or newer with npm (on Debian 13: apt-get install --no-install-recommends nodejs npm)",
			true, func() error { return errors.Join(brokersProblem(), nodeProblem()) },
		}
	case KafkaPython:
		return tierNeeds{
			"tier 4, kafka-python", "Python 3.9 or newer with pip (on Debian: apt-get install --no-install-recommends python3-pip)",
			true, func() error { return errors.Join(brokersProblem(), pipProblem()) },
		}
	case Stores:
		return tierNeeds{
			"tier 4, the stores of OpenSSL and keytool",
			"OpenSSL 3 and Java 17 or newer (on Debian: apt-get install --no-install-recommends openssl default-jre-headless)",
			true, storesProblem,
		}
	case Stack:
		return tierNeeds{
			"tier 5, the stack (deploy/compose)",
			"Docker Engine 25 or newer and Compose v2, beside what tier 4 needs; as root on Debian .ci/run starts an engine of its own",
			true, func() error { return errors.Join(brokersProblem(), engineProblem(), standInProblem()) },
		}
	default:
		return tierNeeds{problem: func() error { return fmt.Errorf("no tier %d", t) }}
	}
}

// Require skips tb where a tier cannot run, or is not wanted (go test -short leaves out tiers 4 and
// 5), and says what to install. With the environment variable CI set, -short counts for nothing and
// a tier that cannot run fails tb.
func Require(tb testing.TB, tier Tier) {
	tb.Helper()
	needs := tier.needs()
	if err := needs.lacking(); err != nil {
		lack(tb, err)
	}
	if needs.slow && testing.Short() && !inCI() {
		tb.Skipf("SKIPPED %s: -short is set; run without it", needs.name)
	}
}

// lack ends tb, which cannot run for the want of something: one place decides whether that is a
// failure.
func lack(tb testing.TB, err error) {
	tb.Helper()
	if inCI() {
		tb.Fatalf("CI is set, so a tier that cannot run is a failure: %v", err)
	}
	tb.Skipf("SKIPPED %v", err)
}

// Lacking returns an error for each tier that cannot run here: which one, why, and what to install.
func Lacking() []error {
	var lacking []error
	for tier := Linux; tier <= Stack; tier++ {
		if err := tier.needs().lacking(); err != nil {
			lacking = append(lacking, err)
		}
	}
	return lacking
}

func (n tierNeeds) lacking() error {
	if err := n.problem(); err != nil {
		return fmt.Errorf("%s: %s: install %s", n.name, strings.ReplaceAll(err.Error(), "\n", ", "), n.install)
	}
	return nil
}

func inCI() bool { return os.Getenv("CI") != "" }

func linuxProblem() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("this is %s", runtime.GOOS)
	}
	return nil
}

// programsProblem names the programs that are not on the PATH.
func programsProblem(names ...string) error {
	var problems []error
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			problems = append(problems, fmt.Errorf("no %s", name))
		}
	}
	return errors.Join(problems...)
}

func brokersProblem() error {
	var javaProblem error
	if _, err := javaPath(); err != nil {
		javaProblem = errors.New("no java")
	}
	return errors.Join(javaProblem, programsProblem("mvn"))
}

func storesProblem() error {
	if err := programsProblem("openssl"); err != nil {
		return err
	}
	home, err := JavaHome()
	if err == nil {
		_, err = exec.LookPath(filepath.Join(home, "bin", "keytool"))
	}
	if err != nil {
		return errors.New("no keytool")
	}
	return nil
}

func nodeProblem() error {
	if err := programsProblem("node", "npm"); err != nil {
		return err
	}
	//nolint:noctx // local, and over at once
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		return errors.New("node does not run")
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < 20 {
		return fmt.Errorf("node is %s", version)
	}
	return nil
}

func pipProblem() error {
	if err := programsProblem("python3"); err != nil {
		return err
	}
	//nolint:noctx // local, and over at once
	if err := exec.Command("python3", "-c", "import pip").Run(); err != nil {
		return errors.New("python3 has no pip")
	}
	return nil
}

func engineProblem() error {
	if err := programsProblem("docker"); err != nil {
		return err
	}
	//nolint:noctx // the client has a timeout of its own
	out, err := exec.Command("docker", "version", "--format", "{{.Server.Version}}").Output()
	if err != nil {
		return errors.New(`no container engine answers "docker version"`)
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < 25 {
		return fmt.Errorf("the container engine is %s", version)
	}
	//nolint:noctx // as above
	if err := exec.Command("docker", "compose", "version").Run(); err != nil {
		return errors.New(`nothing answers "docker compose version"`)
	}
	return nil
}

// standInProblem is about the stand-ins of published images, which are made of a Linux machine's
// files.
func standInProblem() error {
	if os.Getenv(ImagesVariable) == "real" {
		return programsProblem("bash")
	}
	if err := linuxProblem(); err != nil {
		return fmt.Errorf("%w, and stand-in images are made of Linux files (%s=real pulls the published ones)", err, ImagesVariable)
	}
	return programsProblem("bash", "grep", "ldd")
}
