package compose_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kafkactl/internal/kafkatest"
)

// Where images come from. By default local stand-ins, built from this machine's own files and Maven's jars, take the
// places of the published images, under tags of their own that no registry has: all but the images' contents is then
// what ships. KAFKACTL_TEST_IMAGES=real takes the published images instead.
const (
	standInTag   = "stand-in"
	standInLabel = "kafkactl.stand-in"
	baseImage    = "kafkactl-stand-in:"
	testImage    = "kafkactl:test"
)

// images is the variables that make the compose files use the images under test, kafkactl's own among them.
func images(t *testing.T) []string {
	t.Helper()
	env, err := prepareImages()
	if err != nil {
		t.Fatal(err)
	}
	return env
}

var prepareImages = sync.OnceValues(func() ([]string, error) {
	env := []string{"KAFKACTL_IMAGE=" + testImage, "KAFKACTL_VERSION=0.0.0-test"}
	if os.Getenv(kafkatest.ImagesVariable) != "real" {
		if err := buildStandIns(); err != nil {
			return nil, fmt.Errorf("build the stand-in images: %w", err)
		}
		for _, name := range []string{"CP_VERSION", "KAFKA_VERSION", "KAFKA_UI_VERSION", "GO_VERSION"} {
			env = append(env, name+"="+standInTag)
		}
	}
	if out, err := compose("compose.yaml", env, "build", "--quiet", "kafka-init"); err != nil {
		return nil, fmt.Errorf("build kafkactl's image: %w\n%s", err, out)
	}
	return env, nil
})

// What the published images run, and compose files may name.
const (
	confluentRun = "/etc/confluent/docker/run"
	apacheRun    = "/etc/kafka/docker/run"
)

// kafkaHome is what the stand-ins take from the test machine.
type kafkaHome struct{ java, kafka39, kafka4 string }

// buildStandIns makes one image of everything, and from it one for each name in the compose files.
func buildStandIns() error {
	home, program, err := buildProgram()
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(program)) //nolint:errcheck // a temporary directory
	base, err := importOnce("all", home.fingerprint(program), func(r *rootfs) { serverFiles(r, home, program) })
	if err != nil {
		return err
	}
	const plain, confluent = "/usr/bin", "/usr/bin:/opt/confluent/bin"
	for _, image := range []struct{ name, role, command, path, volumes string }{
		{"confluentinc/cp-zookeeper", "zookeeper", confluentRun, confluent, "/var/lib/zookeeper/data /var/lib/zookeeper/log /etc/zookeeper/secrets"},
		{"confluentinc/cp-kafka", "cp-kafka", confluentRun, confluent, "/var/lib/kafka/data /etc/kafka/secrets"},
		{"apache/kafka", "apache-kafka", apacheRun, plain, "/var/lib/kafka/data /etc/kafka/secrets /mnt/shared/config"},
		{"ghcr.io/kafbat/kafka-ui", "kafka-ui", "/stand-in", plain, ""},
	} {
		changes := []string{"USER 1000", "ENV STAND_IN_ROLE=" + image.role + " PATH=" + image.path, `CMD ["` + image.command + `"]`}
		if image.volumes != "" {
			changes = append(changes, "VOLUME "+image.volumes)
		}
		if err := tagWith(base, image.name+":"+standInTag, changes...); err != nil {
			return err
		}
	}
	if err := buildGolang(); err != nil {
		return err
	}
	// What an earlier version left without a name.
	_, err = output("docker", "image", "prune", "--force", "--filter", "label="+standInLabel)
	return err
}

// fingerprint changes when the image's contents would.
func (h kafkaHome) fingerprint(program string) string {
	content, _ := os.ReadFile(program) // an unreadable one fails when it is copied
	return fmt.Sprint(h, sha256.Sum256(content), rootfsVersion)
}

// rootfsVersion is raised when serverFiles or golangFiles put other files into an image.
const rootfsVersion = 5

func serverFiles(r *rootfs, home kafkaHome, program string) {
	// The users of the real images, and directories they own: a named volume takes its owner from the image.
	r.text("/etc/passwd", 0o644, "root:x:0:0:root:/root:/bin/bash\nappuser:x:1000:1000::/home/appuser:/bin/bash\n")
	r.text("/etc/group", 0o644, "root:x:0:\nappuser:x:1000:\n")
	r.text("/etc/nsswitch.conf", 0o644, "hosts: files dns\n")
	for _, dir := range []string{
		"/home/appuser", "/etc/kafka", "/etc/kafka/secrets", "/etc/zookeeper/secrets", "/mnt/shared/config",
		"/var/lib/kafka/data", "/var/lib/zookeeper/data", "/var/lib/zookeeper/log",
	} {
		r.dir(dir, 0o755, 1000)
	}
	r.text("/etc/kafka/log4j.properties", 0o644, log4j1)
	r.text("/etc/kafka/log4j2.properties", 0o644, log4j2)
	r.text("/etc/kafka/tools-log4j.properties", 0o644, forTools(log4j1)+"log4j.appender.out.Target=System.err\n")
	r.text("/etc/kafka/tools-log4j2.properties", 0o644, forTools(log4j2)+"appender.out.target=SYSTEM_ERR\n")

	r.programs("bash", "cat", "chmod", "chown", "grep", "head", "id", "ls", "mkdir", "mktemp", "mv", "rm", "sleep", "stat", "tail", "timeout", "wc")
	r.link("bash", "/usr/bin/sh")
	r.copy(program, "/stand-in")
	r.link("/stand-in", confluentRun)
	r.link("/stand-in", apacheRun)
	r.text("/usr/bin/wget", 0o755, "#!/bin/bash\nexec /stand-in get \"$@\"\n")
	// Confluent's images have the tools on the PATH, Apache's in a directory that is not on it.
	for tool, class := range map[string]string{
		"/opt/confluent/bin/kafka-topics":              "org.apache.kafka.tools.TopicCommand",
		"/opt/confluent/bin/kafka-broker-api-versions": "kafka.admin.BrokerApiVersionsCommand",
		"/opt/confluent/bin/kafka-configs":             "kafka.admin.ConfigCommand",
		"/opt/confluent/bin/kafka-acls":                "kafka.admin.AclCommand",
		"/opt/kafka/bin/kafka-topics.sh":               "org.apache.kafka.tools.TopicCommand",
		"/opt/kafka/bin/kafka-configs.sh":              "kafka.admin.ConfigCommand",
		"/opt/kafka/bin/kafka-acls.sh":                 "org.apache.kafka.tools.AclCommand",
	} {
		version := "3.9"
		if strings.HasSuffix(tool, ".sh") {
			version = "4"
		}
		r.text(tool, 0o755, "#!/bin/bash\nexec /stand-in tool "+version+" "+class+" \"$@\"\n")
	}

	r.tree(home.java, "/opt/java", "jmods", "legal", "man", "include", "demo", "lib/src.zip", "lib/ct.sym")
	natives := []string{filepath.Join(home.java, "bin", "java")}
	for _, pattern := range []string{"lib/*.so", "lib/server/*.so"} {
		found, _ := filepath.Glob(filepath.Join(home.java, pattern)) // the pattern is good
		natives = append(natives, found...)
	}
	r.libraries(home.java, natives...)
	r.tree(home.kafka39, "/opt/kafka-3.9")
	r.tree(home.kafka4, "/opt/kafka-4")
}

const (
	log4j1 = `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
`
	log4j2 = `appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
`
)

// forTools is a server's log for Kafka's tools, whose stdout is their answer.
func forTools(log string) string { return strings.ReplaceAll(log, "INFO", "WARN") }

// buildGolang makes golang:stand-in, so that the Dockerfile's build stage runs as it is: this machine's Go, and the
// modules of go.sum behind a proxy that is a directory.
func buildGolang() error {
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return err
	}
	cache, err := output("go", "env", "GOMODCACHE")
	if err != nil {
		return err
	}
	if _, err := output("go", "mod", "download"); err != nil {
		return err
	}
	sums, err := os.ReadFile("../../go.sum")
	if err != nil {
		return err
	}
	base, err := importOnce("golang", fmt.Sprint(goroot, string(sums), rootfsVersion), func(r *rootfs) {
		golangFiles(r, goroot, filepath.Join(cache, "cache", "download"), string(sums))
	})
	if err != nil {
		return err
	}
	return tagWith(base, "golang:"+standInTag, "WORKDIR /go",
		"ENV PATH=/usr/local/go/bin:/usr/bin GOPATH=/go HOME=/root GOTOOLCHAIN=local GOPROXY=file:///modules GOSUMDB=off")
}

func golangFiles(r *rootfs, goroot, downloads, sums string) {
	r.programs("bash")
	r.link("bash", "/usr/bin/sh")
	r.tree(goroot, "/usr/local/go", "test", "doc", "api")
	r.text("/etc/ssl/certs/ca-certificates.crt", 0o644, "# no certificate is needed where nothing speaks TLS\n")
	for line := range strings.Lines(sums) {
		module, version, _ := strings.Cut(line, " ")
		version, _, _ = strings.Cut(strings.Fields(version)[0], "/")
		for _, kind := range []string{".info", ".mod", ".zip"} {
			name := filepath.Join(escapeModule(module), "@v", escapeModule(version)+kind)
			if file := filepath.Join(downloads, name); exists(file) {
				r.copy(file, filepath.Join("/modules", name))
			}
		}
	}
}

// escapeModule is the module cache's form of a path: A becomes !a, for file systems that do not tell case.
func escapeModule(name string) string {
	var escaped strings.Builder
	for _, c := range name {
		if 'A' <= c && c <= 'Z' {
			escaped.WriteByte('!')
			c += 'a' - 'A'
		}
		escaped.WriteRune(c)
	}
	return escaped.String()
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// importOnce makes an image of the files, unless the one there has the same fingerprint, and returns its name.
func importOnce(name, fingerprint string, fill func(*rootfs)) (string, error) {
	label := fmt.Sprintf("%s=%x", standInLabel, sha256.Sum256([]byte(fingerprint)))
	image := baseImage + name
	if id, err := output("docker", "image", "ls", "--quiet", "--filter", "label="+label, image); err != nil || id != "" {
		return image, err
	}
	read, write := io.Pipe()
	go func() {
		r := newRootfs(write)
		fill(r)
		write.CloseWithError(r.close())
	}()
	cmd := exec.Command("docker", "import", "--change", "LABEL "+label, "-") //nolint:noctx // bounded by the test's own timeout
	cmd.Stdin = read
	id, err := cmd.Output() // of half the files too, should the stream break: it gets its name when all is well
	if err != nil {
		return "", fmt.Errorf("docker import %s: %w: %s", image, err, id)
	}
	_, err = output("docker", "tag", strings.TrimSpace(string(id)), image)
	return image, err
}

// tagWith gives the base image a name, and the changes as a Dockerfile would write them.
func tagWith(base, name string, changes ...string) error {
	container, err := output("docker", "create", "--network", "none", base, "none")
	if err != nil {
		return err
	}
	args := []string{"commit"}
	for _, change := range changes {
		args = append(args, "--change", change)
	}
	_, err = output("docker", append(args, container, name)...)
	_, removeErr := output("docker", "rm", container)
	return errors.Join(err, removeErr)
}

// buildProgram compiles the program of the stand-ins, and names the Kafka and Java it needs beside it.
func buildProgram() (home kafkaHome, program string, err error) {
	dir, err := os.MkdirTemp("", "stand-in-")
	if err != nil {
		return home, "", err
	}
	program = filepath.Join(dir, "stand-in")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./standin") //nolint:noctx // as above
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return home, "", fmt.Errorf("compile the stand-in: %w: %s", err, out)
	}
	home.java, err = kafkatest.JavaHome()
	if err != nil {
		return home, "", err
	}
	if home.kafka39, err = kafkatest.JarDir(kafkatest.ZK1); err != nil {
		return home, "", err
	}
	home.kafka4, err = kafkatest.JarDir(kafkatest.Kraft1)
	return home, program, err
}
